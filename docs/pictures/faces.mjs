// SPDX-License-Identifier: Apache-2.0
// Pictures of the three faces, as the browser shows a demonstration: a bill on a phone, a customer at the desk,
// the morning of operations.
//
//   node faces.mjs SANGDEN FOLDER
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pause, serve } from '../../tests/http/house.mjs';
import { desktop, launch, newPage } from '../../tests/web/browser.mjs';
import { bills, codeSent, demonstration, giveLogin, givePassword, password, phone } from '../../tests/web/demonstration.mjs';

const folder = resolve(process.argv[3]);
const QUALITY = 0.8, COUNTED_MS = 8000; // by then the worker has counted what has no bill
const env = demonstration({ customers: 500, months: 24 });
const household = bills(env).find(({ kwh }) => Number(kwh) > 250 && Number(kwh) < 400);
givePassword(env, 'QUANTRI');
const then = { ...env, SANGDEN_NOW: '2026-10-09T08:10:00+07:00' }; // before the bill is due
giveLogin(then, phone, household.agreement);
let server = await serve(then);
const address = (path) => `http://127.0.0.1:${server.port}${path}`;
const browser = await launch();

/** The part of a page down to a height, as WebP, which Chromium makes itself. */
async function keep(page, name, height) {
  const shot = await page.screenshot({ clip: { x: 0, y: 0, width: page.viewportSize().width, height } });
  const blank = await browser.newPage();
  const webp = await blank.evaluate(async ([source, quality]) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    canvas.getContext('2d').drawImage(image, 0, 0);
    const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/webp', quality })).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  }, ['data:image/png;base64,' + shot.toString('base64'), QUALITY]);
  writeFileSync(`${folder}/${name}.webp`, Buffer.from(webp, 'base64'));
  await blank.close();
}

const telephone = await newPage(browser, { viewport: { width: 390, height: 1180 }, isMobile: true, hasTouch: true });
await telephone.goto(address('/dang-nhap'));
await telephone.fill('#who', phone);
await telephone.click('form .main');
await telephone.fill('#code', codeSent(then));
await telephone.click('form .main');
await telephone.goto(address(`/khach-hang/hoa-don/${household.number}`));
await keep(telephone, 'bill-phone', 1180);

await server.stop();
server = await serve(env, ['--workers', '1']);
const desk = await newPage(browser, { ...desktop, viewport: { width: 1280, height: 860 } });
await desk.goto(address('/dang-nhap/nhan-vien'));
await desk.fill('#staff', 'QUANTRI');
await desk.fill('#password', password);
await desk.click('form .main');
const customer = address(`/ban-lam-viec/khach-hang/${household.agreement}`);
await desk.goto(customer);
for (const box of await desk.$$('form[action$="/xac-minh"] input[type=checkbox]')) await box.check();
await desk.click('form[action$="/xac-minh"] .main');
await desk.goto(customer);
await keep(desk, 'desk', 860);
await pause(COUNTED_MS);
await desk.goto(address('/van-hanh'));
await keep(desk, 'morning', 480);
await browser.close();
await server.stop();
