// SPDX-License-Identifier: Apache-2.0
// Every page with test data, as people meet it: under the content policy of the server, without script,
// on a phone of 320 px, on a phone and on a desk, in both languages and colour schemes. No barrier that
// axe knows, nothing wider than the screen, nothing smaller than a finger.
//
//   node pages.mjs FILL_PAGES [all] [SCREENS-FOLDER]
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { barriers } from './barriers.mjs';
import { desktop, launch, newPage, phone } from './browser.mjs';
import { equal, finish, step, verdict } from './tap.mjs';

const [fill, ...more] = process.argv.slice(2);
const all = more.includes('all');
const screens = more.find((word) => word !== 'all') ?? process.env.SCREENS;
const folder = mkdtempSync(join(tmpdir(), 'pages-'));
const policy = "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; " +
  "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const types = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', svg: 'image/svg+xml',
                woff2: 'font/woff2', js: 'text/javascript; charset=utf-8', webmanifest: 'application/manifest+json' };
const STYLE_MAX = 15 * 1024;
const TARGET = 44;

const made = spawnSync(fill, ['sqlite:' + join(folder, 'store.db'), folder]);
verdict(made.status === 0, 'the pages are made', made.stderr);
const names = readdirSync(join(folder, 'vi')).map((name) => name.replace('.html', ''));
verdict(names.length >= 35, 'pages of every kind', names.length);

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://x');
  const path = join(folder, pathname.replaceAll('..', ''));
  if (!existsSync(path)) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-type': types[path.split('.').pop()],
                            'content-security-policy': policy }).end(readFileSync(path));
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const address = (language, name) =>
  `http://127.0.0.1:${server.address().port}/${language}/${name}.html`;

/** What is too small to touch, and what sticks out. Links inside a sentence may be as tall as it. */
const measure = (target) => {
  const small = [];
  for (const e of document.querySelectorAll('button, a, input, select, summary')) {
    if (e.type === 'hidden' || e.classList.contains('skip') || !e.checkVisibility()) continue;
    /* A box to tick is touched with its words. */
    const touched = ['checkbox', 'radio'].includes(e.type) ? e.closest('.check') ?? e : e;
    const box = touched.getBoundingClientRect();
    const inSentence = e.tagName === 'A' && getComputedStyle(e).display === 'inline' &&
      e.parentElement.textContent.trim() !== e.textContent.trim();
    if (!inSentence && (box.height < target || box.width < target)) {
      small.push(`${e.outerHTML.slice(0, 80)}: ${box.width} × ${box.height}`);
    }
  }
  return { small, wide: document.documentElement.scrollWidth - document.documentElement.clientWidth };
};

/** Of pages that differ in figures alone a few stand for all; "all" looks at each. */
const few = ['bill-adjustment', 'bill-business', 'bill-estimate', 'bill-fee', 'bill-tier-six',
             'cooperative-no-papers', 'error-404', 'error-503', 'limit-over', 'my-data-refused'];
const looked = names.filter((name) => all || screens !== undefined || few.includes(name) ||
                                      !/^(bill|compare|cooperative|error|limit|my-data|points|readings)-/.test(name));

async function look(browser, profile, language, colorScheme) {
  const page = await newPage(browser, profile, { colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
  for (const name of looked) {
    await page.goto(address(language, name));
    const what = `${name}, ${profile.name}, ${language}, ${colorScheme}`;
    await page.evaluate(() => {
      for (const e of document.querySelectorAll('details')) e.open = true;
    });
    const found = await barriers(page);
    verdict(found.length === 0, 'no barrier: ' + what, found.join('\n'));
    const { small, wide } = await page.evaluate(measure, TARGET);
    verdict(small.length === 0, 'large enough to touch: ' + what, small.join('\n'));
    verdict(wide <= 0, 'as wide as the screen: ' + what, wide);
    if (screens === undefined) continue;
    await page.goto(address(language, name));
    await page.evaluate(() => document.fonts.ready);
    mkdirSync(screens, { recursive: true });
    await page.screenshot({ path: join(screens, `${name}-${profile.name}-${language}-${colorScheme}.png`),
                            fullPage: true });
  }
  await page.context().close();
}

/** The smallest phone, scripts off, the policy on: every page is whole and complains of nothing. */
async function withoutScript(browser, language) {
  const small = { ...phone, name: 'narrow', viewport: { width: 320, height: 640 } };
  const page = await newPage(browser, small, { javaScriptEnabled: false });
  for (const name of names) {
    page.complaints.length = 0;
    await page.goto(address(language, name));
    const wide = await page.evaluate(() =>
      document.documentElement.scrollWidth - document.documentElement.clientWidth);
    equal(wide, 0, `${name}, ${language}: nothing sticks out of 320 px`);
    equal(page.complaints.join('\n'), '', `${name}, ${language}: the policy has nothing to refuse`);
    equal(await page.locator('h1').count(), 1, `${name}, ${language}: one heading`);
    const scripts = await page.evaluate(() => document.querySelectorAll(document.body.className === 'portal' ?
      'script:not([src^="/tai-nguyen/portal."])' : 'script:not([src^="/tai-nguyen/"])').length);
    equal(scripts, 0, `${name}, ${language}: no script but that of its face`);
  }
  await page.context().close();
}

/** What was typed is shown, and stays words. */
async function hostile(browser) {
  const page = await newPage(browser, desktop);
  await page.goto(address('vi', 'sign-in-refused'));
  equal(await page.inputValue('#who'), '09<script>', 'what was typed stands in the field again');
  equal(await page.getAttribute('#who', 'aria-invalid'), 'true', 'the field says that it is wrong');
  verdict((await page.textContent('#who-error')).includes('Nhập mười số'), 'and what to do');
  await page.goto(address('vi', 'desk'));
  equal(await page.inputValue('#q'), '"><b>Nguyễn', 'what is sought stays words');
  await page.context().close();
}

/** The keyboard reaches the content first, and every field by its order. */
async function keyboard(browser) {
  const page = await newPage(browser, desktop);
  await page.goto(address('vi', 'sign-in'));
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  equal(await page.evaluate(() => document.activeElement.id), 'main', 'the first key skips to the content');
  await page.keyboard.press('Tab');
  equal(await page.evaluate(() => document.activeElement.id), 'who', 'the next is the field');
  await page.keyboard.type('0912345678');
  await page.keyboard.press('Tab');
  equal(await page.evaluate(() => document.activeElement.tagName), 'BUTTON', 'then the button');
  await page.context().close();
}

/** One letter for each thing of a page of the staff, and a list of the letters. */
async function keys(browser) {
  const page = await newPage(browser, desktop);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent);
  await page.goto(address('vi', 'desk-customer'));
  await page.keyboard.press('s');
  equal(await focused(), 'q', 'S goes to the box');
  await page.keyboard.type('s?');
  equal(await page.inputValue('#q'), 's?', 'where letters are letters');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  verdict((await focused()).startsWith('Tiền điện'), 'J goes to the first of the list');
  equal(await page.locator('#keys').isVisible(), false, 'the list of keys is out of sight');
  await page.keyboard.press('?');
  const shown = await page.locator('#keys dl').innerText();
  for (const words of ['Kết thúc, che lại', 'Giữ lại', 'Cũ hơn']) verdict(shown.includes(words), `it names: ${words}`);
  await page.keyboard.press('Escape');
  equal(await page.locator('#keys').isVisible(), false, 'and goes away');
  await page.keyboard.press('g');
  verdict(await page.locator('#stops').isVisible(), 'G opens the form of a hold');
  await page.keyboard.press('Escape');
  for (const reason of ['lift-0', 'lift-1']) {
    await page.keyboard.press('b');
    verdict(await page.locator(`#${reason}`).isVisible() && await focused() === reason, `B asks why a hold is lifted: ${reason}`);
    await page.keyboard.press('Escape');
    await page.locator(`details:has(#${reason}) summary`).focus();
  }
  await page.route('**/x/**', (route) => route.fulfill({ body: 'another' }));
  await Promise.all([page.waitForURL('**/x/PD01000000008'), page.keyboard.press('2')]);
  verdict(page.url().endsWith('/x/PD01000000008'), 'a digit leads to another agreement', page.url());
  await page.goto(address('vi', 'desk-search'));
  const [asked] = await Promise.all([page.waitForRequest('**/tim'), page.keyboard.press('n')]);
  verdict(asked.method() === 'POST' && asked.postData().includes('tiep='), 'N goes on, and no address tells with whom');
  await page.context().close();
}

/** One bill on paper is readable without what only a screen needs. */
async function print(browser) {
  const page = await newPage(browser, desktop);
  await page.emulateMedia({ media: 'print' });
  await page.goto(address('vi', 'bill-tier-six'));
  for (const gone of ['.visit', '.links', '.actions', '.help']) {
    equal(await page.locator(gone).first().isVisible(), false, `${gone} is not printed`);
  }
  verdict(await page.locator('tfoot').first().isVisible(), 'the lines are');
  await page.context().close();
}

/** A banking app reads the code from the screen. */
async function scan(browser) {
  const page = await newPage(browser, phone);
  const picture = join(folder, 'code.png');
  await page.goto(address('vi', 'bill-tier-six'));
  await page.locator('img.code').screenshot({ path: picture });
  const payload = spawnSync('zbarimg', ['--quiet', '--raw', picture]).stdout.toString();
  verdict(payload.startsWith('000201') && payload.includes('1388405'), 'the code to pay is read from the screen',
          payload);
  await page.context().close();
}

const style = readdirSync(join(folder, 'tai-nguyen')).find((name) => name.endsWith('.css'));
const packed = gzipSync(readFileSync(join(folder, 'tai-nguyen', style)), { level: 9 }).length;
verdict(packed <= STYLE_MAX, `the style sheet is at most ${STYLE_MAX} bytes`, packed);

const browser = await launch();
await step('hostile', () => hostile(browser));
await step('keyboard', () => keyboard(browser));
await step('keys', () => keys(browser));
await step('print', () => print(browser));
await step('scan', () => scan(browser));
for (const language of ['vi', 'en']) await step('no script', () => withoutScript(browser, language));
// Pages of the running program are looked at by walk.mjs in the other way as well.
const views = [[phone, 'vi', 'light']];
if (all || screens !== undefined) views.push([desktop, 'en', 'dark'], [phone, 'en', 'dark'], [desktop, 'vi', 'light']);
for (const view of views) await step(view.join(), () => look(browser, ...view));
await browser.close();
server.close();
rmSync(folder, { recursive: true });
finish();
