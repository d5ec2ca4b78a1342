// SPDX-License-Identifier: Apache-2.0
// The portal on a home screen: it can be installed, it is counted, the last bill is there without a network,
// nobody else's ever is, and the calculator beside it goes on as before.
//
//   node installed.mjs SANGDEN
import { end, pause, sangden, serve } from '../http/house.mjs';
import { launch, newPage, phone as small } from './browser.mjs';
import { Client, bills, demonstration, enterCustomer, giveLogin, phone } from './demonstration.mjs';
import { equal, step, verdict } from './tap.mjs';

const browser = await launch();
const env = demonstration();
const all = bills(env);
const [mine, other] = all.slice(20);
const before = bills(env, '2026-09').find(({ agreement }) => agreement === mine.agreement);
giveLogin(env, phone, mine.agreement);
giveLogin(env, '0987654321', other.agreement);
const server = await serve(env);
const address = (path) => `http://127.0.0.1:${server.port}${path}`;
const page = await newPage(browser, small);
const context = page.context();

const signIn = async (who) => {
  await enterCustomer(page, address(''), env, who);
  await page.goto(address('/khach-hang'));
};
const kept = () => page.evaluate(async () => (await (await caches.open('portal-bill')).keys()).length);
/** The address of the bill that the worker keeps; null: none. */
const which = () => page.evaluate(async () => (await (await caches.open('portal-bill'))
  .match('/khach-hang/hoa-don-da-luu'))?.headers.get('Content-Location') ?? null);
/** Waits until the worker keeps this bill, or not. */
async function keeps(of) {
  for (let tries = 0; tries < 50; tries++, await pause(100)) if (await which() === bill(of)) return true;
  return false;
}
const offline = async (path) => {
  await context.setOffline(true);
  const answer = await page.goto(address(path)).catch(() => null);
  const text = answer === null ? '' : await page.textContent('body');
  await context.setOffline(false);
  return text;
};
const bill = (of) => `/khach-hang/hoa-don/${of.number}`;

await step('the calculator first', async () => {
  await page.goto(address('/'));
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
});

await step('it can be installed', async () => {
  await signIn(phone);
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector('link[rel=manifest]').href;
    const answer = await fetch(link);
    return { type: answer.headers.get('content-type'), ...(await answer.json()) };
  });
  equal(manifest.type, 'application/manifest+json', 'the manifest has its type');
  equal(manifest.scope, '/khach-hang', 'it is about the portal alone');
  equal(manifest.display, 'standalone', 'in a window of its own');
  for (const { src, type } of manifest.icons) {
    const icon = await fetch(address(src));
    verdict(icon.status === 200 && icon.headers.get('content-type') === type, `with an icon that is there: ${type}`, src);
  }
  for (const path of ['/khach-hang', '/']) {
    await page.goto(address(path));
    const size = await page.evaluate(async () => { // as a telephone reads it
      const image = new Image();
      image.src = document.querySelector('link[rel=apple-touch-icon]').href;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight].join();
    });
    equal(size, '180,180', `${path} has one for iOS`);
  }
  const scopes = await page.evaluate(async () => {
    await navigator.serviceWorker.register('/khach-hang/sw.js', { scope: '/khach-hang' });
    for (;;) {
      const all = await navigator.serviceWorker.getRegistrations();
      if (all.every(({ active }) => active)) return all.map(({ scope }) => new URL(scope).pathname).sort();
      await new Promise((later) => setTimeout(later, 50));
    }
  });
  equal(scopes.join(), '/,/khach-hang', 'two workers, each in its place');
  await page.goto(address(manifest.start_url));
  verdict((await page.textContent('body')).includes('kWh'), 'its first page is the home page');
  const figures = await (await fetch(address('/metrics'))).text();
  verdict(/route="\/khach-hang\/ung-dung",status="200"\} 1\n/.test(figures), 'which is counted as a channel');
});

await step('the last bill without a network', async () => {
  verdict(await keeps(mine), 'the bill that the home page names is kept, though nobody opened it');
  equal(await kept(), 2, 'with the picture to pay by');
  const text = await offline('/khach-hang');
  verdict(text.includes('Đây là hóa đơn đã lưu'), 'and shown with a word about it');
  verdict(text.includes(mine.agreement) && text.includes(mine.total.toLocaleString('de-DE')), 'whole');
  await context.setOffline(true);
  await page.goto(address(bill(mine)));
  const whole = await page.evaluate(async () => {
    const code = document.querySelector('img.code');
    await Promise.all([code.decode(), document.fonts.ready]);
    return [code.naturalWidth > 0, getComputedStyle(document.querySelector('.amount')).fontFamily !== '',
            [...document.styleSheets].every(({ cssRules }) => cssRules.length > 0)].join();
  });
  await context.setOffline(false);
  equal(whole, 'true,true,true', 'as it looks with one');
  const secret = await page.evaluate(async () => (await (await (await caches.open('portal-bill'))
    .match('/khach-hang/hoa-don-da-luu')).text()).match(/name="csrf" value="([^"]*)"/)?.[1]);
  equal(secret, '', 'without the token of its forms');
  await page.goto(address('/khach-hang'));
  verdict(!(await page.isVisible('#offline')), 'with a network pages are as ever');
});

await step('an older bill does not take its place', async () => {
  await page.goto(address(bill(before)));
  verdict((await page.textContent('body')).includes(before.number), 'which is opened');
  await pause(1000);
  equal(await which(), bill(mine), 'the last one stays');
  await page.evaluate(() => caches.delete('portal-bill'));
  await page.goto(address(bill(before)));
  verdict(await keeps(mine), 'and comes back, whichever bill is opened');
});

await step('it is forgotten', async () => {
  await page.click('form[action="/dang-xuat"] button');
  await page.waitForURL((url) => !url.pathname.startsWith('/khach-hang'));
  equal(await kept(), 0, 'by who signs out');
  verdict(!(await offline('/khach-hang')).includes(mine.agreement), 'and nothing is shown any more');
  verdict((await offline('/')).includes('Tính tiền điện'), 'the calculator is there without a network as before');
  equal((await context.cookies()).filter(({ name }) => ['sangden', 'hop-dong'].includes(name)).length, 0,
        'no cookie tells of the customer');
  await signIn(phone);
  verdict(await keeps(mine), 'kept again');
  const other = new Client(server.port);
  await other.signInCustomer(env, phone);
  await other.send('/khach-hang/du-lieu/thiet-bi', {}, { page: '/khach-hang/du-lieu' });
  await page.goto(address('/khach-hang'));
  verdict(page.url().includes('/dang-nhap'), 'signed out from elsewhere, the device is led to the door');
  equal(await kept(), 0, 'and forgets');
});

await step('nobody sees what another kept', async () => {
  await signIn('0987654321');
  verdict(await keeps(other), 'their own bill is kept');
  await page.goto(address(bill(mine)));
  await pause(500);
  equal(await which(), bill(other), 'one that is not theirs is not');
  const text = await offline(bill(mine));
  verdict(text.includes(other.agreement) && !text.includes(mine.agreement), 'and it alone is shown');
  // Another one begins where the first never signed out, and no script of a page tells the worker.
  await page.evaluate(async (address) => {
    const bill = await caches.open('portal-bill');
    await bill.put('/khach-hang/hoa-don-da-luu', new Response('of somebody else', { headers: { 'Content-Location': address } }));
  }, bill(mine));
  await page.goto(address('/khach-hang'));
  verdict(await keeps(other), 'what was left behind goes with the first look at home');
});

await step('the calculator goes on', async () => {
  verdict(await kept() > 0, 'its worker leaves the bill alone');
  const text = await offline('/');
  verdict(text.includes('kWh') && !text.includes(other.agreement), 'without a network, with nothing of the portal');
});

await step('forgotten where no script of the page runs', async () => {
  await page.goto(address('/khach-hang'));
  verdict(await kept() > 0, 'a bill is kept');
  await page.evaluate(() => document.querySelector('form[action="/dang-xuat"]').submit()); // no script hears of it
  await page.waitForURL((url) => url.pathname === '/dang-nhap');
  equal(await kept(), 0, 'it is gone');
});

await browser.close();
const figures = await (await fetch(address('/metrics'))).text();
await server.stop();

await step('what was counted outlasts the server', async () => {
  const list = JSON.parse(sangden(['access', 'channels', '--as', 'TRUONGHD', '--json'], { env }));
  const visits = Object.fromEntries(list.map(({ channel, visits }) => [channel, visits]));
  equal(visits.installed, 1, 'one start from the home screen');
  const answers = Number(/route="\/khach-hang",status="200"\} (\d+)\n/.exec(figures)[1]);
  verdict(visits.browser > 0 && visits.browser < answers, 'beside those in a browser, without what the worker asks by itself',
          visits.browser, answers);
});
end();
