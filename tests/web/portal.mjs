// SPDX-License-Identifier: Apache-2.0
// What customers do beyond their bills: readings with photos, comparison, their data. And what others see
// of it: nothing.
//
//   node portal.mjs SANGDEN
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { end, folder, sangden, serve } from '../http/house.mjs';
import { equal, step, verdict } from './tap.mjs';
import { Client, bills, demonstration, giveLogin, phone } from './demonstration.mjs';

/** A grey PNG. */
function picture(width, height) {
  const chunk = (kind, bytes) => {
    const body = Buffer.concat([Buffer.from(kind, 'latin1'), bytes]), frame = Buffer.alloc(8);
    frame.writeUInt32BE(bytes.length, 0);
    frame.writeUInt32BE(sum(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((width + 1) * height, 0x80);
  for (let y = 0; y < height; y++) rows[y * (width + 1)] = 0;
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), chunk('IHDR', head),
                        chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** CRC-32 of a PNG's chunk. */
function sum(bytes) {
  let value = -1;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ -1) >>> 0;
}

process.chdir(folder); // the photo store lies below the folder in which the program runs
const env = demonstration({ months: 14 });
const [mine, other] = bills(env);
giveLogin(env, phone, mine.agreement);
giveLogin(env, '0987654321', mine.agreement, 'relative');
giveLogin(env, '0977777777', other.agreement);

const [{ meters: [{ serial }] }] = JSON.parse(sangden(['point', 'show', mine.agreement, '--json'], { env })).points;
mkdirSync('pictures');
writeFileSync(`pictures/${serial}_${mine.to.replaceAll('-', '')}-093000.png`, picture(1600, 1200));
sangden(['import', 'photos', 'pictures', '--unit', mine.unit, '--date', '2026-11-01', '--as', 'QUANTRI'], { env });

const server = await serve(env);
const { port } = server;
const customer = new Client(port), relative = new Client(port), stranger = new Client(port);
await customer.signInCustomer(env, phone);
await relative.signInCustomer(env, '0987654321');
await stranger.signInCustomer(env, '0977777777');

const day = mine.to.split('-').reverse().join('/');
const photo = new RegExp(`href="(/khach-hang/chi-so/2026-10/${mine.point}/[0-9a-f]{64}[^"]*)"`);
await step('readings with their photo', async () => {
  const page = await customer.ask('/khach-hang/chi-so');
  equal(page.status, 200, 'the page of readings');
  verdict(page.text.includes(day) && page.text.includes(serial), 'has the day and the meter');
  verdict(page.text.includes(mine.kwh.replace('.', ',') + ' kWh'), 'and the use of the bill', mine.kwh);
  const [, address] = photo.exec(page.text) ?? [];
  verdict(address !== undefined, 'and a photo');
  const shown = await customer.ask(address.replaceAll('&amp;', '&'));
  equal(shown.status, 200, 'which is shown');
  equal(shown.headers['content-type'], 'image/jpeg', 'as a JPEG');
  verdict(shown.bytes.length < 150000 && shown.bytes.readUInt16BE(0) === 0xffd8, 'of bounded size', shown.bytes.length);
  equal(shown.headers['cache-control'], 'no-store', 'that nobody keeps');
  equal((await stranger.ask(address)).status, 404, 'but to nobody else');
  equal((await relative.ask(address)).status, 403, 'nor to a relative, who sees bills alone');
  equal((await new Client(port).ask(address)).status, 303, 'nor to who is not signed in');
  const path = address.split('?')[0];
  equal((await stranger.ask(path)).status, 404, 'nor under the agreement of somebody else');
  for (const wrong of [path.replace('2026-10', '2026-09'), path.slice(0, -64) + 'a'.repeat(64),
                       path.slice(0, -64) + '..%2f..%2fdemo.db', path.replace('2026-10', 'x')]) {
    verdict([400, 404].includes((await customer.ask(wrong)).status), 'what is no photo of mine is none: ' + wrong.slice(-30));
  }
  const earlier = /href="(\/khach-hang\/chi-so\?[^"]*den=2025-[^"]*)"/.exec(page.text)?.[1].replaceAll('&amp;', '&');
  verdict(earlier !== undefined, 'earlier months are one page away');
  verdict((await customer.ask(earlier)).text.includes('/2025'), 'and stand there');
  equal((await relative.ask('/khach-hang/chi-so')).status, 403, 'a relative sees no readings');
  equal((await customer.ask(`/khach-hang/chi-so?hop-dong=${other.agreement}`)).status, 404, 'nor anybody those of another');
});

await step('comparison', async () => {
  const page = await customer.ask('/khach-hang/so-sanh');
  equal(page.status, 200, 'the page of comparison');
  verdict(/năm trước/.test(page.text) && page.text.includes('<svg'), 'tells of the year before, with a picture');
  verdict(page.text.includes('name="purpose" value="neighbours"'), 'and asks before it compares with others');
  equal((await customer.ask('/khach-hang/so-sanh?lang=en')).text.includes('a year ago'), true, 'in English, too');
  equal((await relative.ask('/khach-hang/so-sanh')).status, 200, 'who sees bills sees it');
  equal((await stranger.ask(`/khach-hang/so-sanh?hop-dong=${mine.agreement}`)).status, 404, 'strangers do not');
});

end();
