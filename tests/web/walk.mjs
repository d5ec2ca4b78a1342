// SPDX-License-Identifier: Apache-2.0
// Every page of the running program, as its people reach it: customers on a phone without script and
// in Vietnamese, everybody on a desk with script and in English. No barrier that axe knows, nothing
// wider than a phone of 320 px, no complaint of the browser, and no more than pages may load.
//
//   node walk.mjs SANGDEN [all]      SCREENS=folder keeps a picture of each
//
// all: the other way round too, phones in English and dark, desks in Vietnamese and light.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { end, folder, sangden, serve } from '../http/house.mjs';
import { barriers } from './barriers.mjs';
import { desktop, launch, newPage, phone as small } from './browser.mjs';
import { bills, demonstration, enterCustomer, enterStaff, giveLogin, givePassword, otherPriceBook, paper, phone } from './demonstration.mjs';
import { declared } from './declared.mjs';
import { equal, step, verdict } from './tap.mjs';
import { forgotten, pages } from './walk_pages.mjs';

const KB = 1024;
const budget = { customer: { script: 20 * KB, style: 15 * KB }, staff: { script: 60 * KB, style: 15 * KB } };
const isStaff = (who) => /^[A-Z]+$/.test(who);
const screens = process.env.SCREENS;
if (screens) mkdirSync(screens, { recursive: true });

const browser = await launch();
const env = demonstration({ customers: 120, months: 14 });
const all = bills(env);
const mine = all[3];
giveLogin(env, phone, mine.agreement);
// The same person also buys wholesale: the last customer of a demonstration does.
const wholesale = bills(env, '2026-09').map(({ agreement }) => agreement).sort().at(-1);
giveLogin(env, phone, wholesale);
for (const code of new Set(pages.map(({ who }) => who))) if (isStaff(code)) givePassword(env, code);
writeFileSync(join(folder, 'prices.json'), otherPriceBook());
sangden(['tariff', 'load', join(folder, 'prices.json'), '--as', 'QUANTRI'], { env });
const server = await serve(env);
const address = (path) => `http://127.0.0.1:${server.port}${path}`;

/** The cookies of those who signed in once. */
const sessions = new Map();

async function signIn(page, who) {
  if (who === 'open') return;
  if (sessions.has(who)) {
    await page.context().addCookies(sessions.get(who));
    return;
  }
  await enter(page, who);
  await page.waitForLoadState();
  sessions.set(who, (await page.context().cookies()).filter(({ name }) => name !== 'lang'));
}

async function enter(page, who) {
  if (who === 'customer') return enterCustomer(page, address(''), env);
  if (who === 'asked') {
    await page.goto(address('/dang-nhap'));
    await page.fill('#who', phone);
    return page.click('form .main');
  }
  if (who === 'proved') {
    const { code, reading } = paper(env, mine);
    await page.goto(address('/dang-nhap/lan-dau'));
    for (const [field, words] of Object.entries({ customer: mine.agreement, code, reading })) await page.fill('#' + field, words);
    return page.click('form .main');
  }
  if (who === 'KIEMSOAT') // from here on the staff need a second factor; nobody comes in behind
    sangden(['identity', 'set', 'second_factor_required', '--value', '1', '--source', 'test', '--as', 'QUANTRI'], { env });
  return enterStaff(page, address(''), who);
}

/** What a page loads, compressed. */
async function loaded(page) {
  const sums = { script: 0, style: 0 };
  const urls = await page.evaluate(() => [
    ...[...document.scripts].map((e) => ['script', e.src]),
    ...[...document.querySelectorAll('link[rel=stylesheet]')].map((e) => ['style', e.href])]);
  for (const [kind, url] of urls) sums[kind] += gzipSync(Buffer.from(await (await fetch(url)).arrayBuffer())).length;
  return sums;
}

/** With all that is folded open: no wider than the screen, no barrier. */
async function measure(page, what) {
  await page.evaluate(() => { for (const folded of document.querySelectorAll('details')) folded.open = true; });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  verdict(wide <= 0, `${what}: no wider than the screen`, wide);
  const found = await barriers(page);
  verdict(found.length === 0, `${what}: no barrier`, found.join('\n'));
}

const speak = (page, language) => page.context().addCookies([{ name: 'lang', value: language, url: address('/') }]);

async function look(page, { who, path, type, status = 200 }, what) {
  const at = address(path.replace('{bill}', mine.number).replace('{agreement}', mine.agreement)
    .replace('{account}', mine.account).replace('{wholesale}', wholesale).replace('{run}', mine.run));
  let answer = await page.goto(at);
  if (type) {
    await page.fill(type.into, type.words);
    [answer] = await Promise.all([page.waitForNavigation(), page.press(type.into, 'Enter')]);
  }
  verdict(answer.status() === status, `${what}: answers ${status}`, answer.status());
  verdict(new URL(page.url()).pathname === new URL(at).pathname, `${what}: and leads nowhere else`, page.url());
  if (screens) await page.screenshot({ path: join(screens, what.replace(/[^\w-]+/g, '_') + '.png'), fullPage: true });
  await measure(page, what);
  const sums = await loaded(page);
  const limit = isStaff(who) ? budget.staff : budget.customer;
  verdict(sums.script <= limit.script && sums.style <= limit.style, `${what}: within its budget`,
          JSON.stringify(sums));
  const bad = page.complaints.splice(0).filter((text) => status === 200 || !text.includes(String(status)));
  verdict(bad.length === 0, `${what}: the browser has nothing to complain of`, bad.join('\n'));
}

/** One person's pages in one browser. */
async function walk(profile, language, colorScheme, script, who) {
  const options = { bypassCSP: true, colorScheme, reducedMotion: 'reduce' };
  const page = await newPage(browser, profile, options);
  // axe needs script, so that "without" means that the page brings none of its own.
  if (!script) await page.route('**/*', (route) =>
    route.request().resourceType() === 'script' ?
      route.fulfill({ contentType: 'text/javascript', body: '' }) : route.continue());
  await speak(page, language);
  await signIn(page, who);
  page.complaints.splice(0);
  for (const entry of pages.filter((entry) => entry.who === who)) {
    const what = `${entry.path} ${who} ${profile.name} ${language} ${colorScheme}`;
    await step(what, () => look(page, entry, what));
  }
  await page.context().close();
}

equal(forgotten(declared()).join(), '', 'every page is looked at');
const narrow = { ...small, name: 'phone', viewport: { width: 320, height: 640 } };
for (const who of new Set(pages.map((entry) => entry.who))) {
  await walk(narrow, 'vi', 'light', isStaff(who), who);
  await walk(desktop, 'en', 'dark', true, who);
  if (process.argv[3] !== 'all') continue;
  await walk(narrow, 'en', 'dark', true, who);
  await walk(desktop, 'vi', 'light', true, who);
}
await browser.close();
await server.stop();
end();
