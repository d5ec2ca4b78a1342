// SPDX-License-Identifier: Apache-2.0
// No barriers: axe finds nothing, targets are large enough, nothing is wider than the screen, in
// both languages, both colour schemes, on a phone and on a desk, in every state of the page.
//
//   node access.mjs build/calculator [all]
import { barriers } from './barriers.mjs';
import { desktop, launch, newPage, phone, serve } from './browser.mjs';
import { finish, step, verdict } from './tap.mjs';

const [folder, which] = process.argv.slice(2);
const browser = await launch();
const server = await serve(folder);
const TARGET = 44;
/** A day with its sign, 30/06/2026, in the type of a field. */
const DATE = 150;

const states = {
  empty: ['', async () => {}],
  bill: ['#f=2026-06-30&t=2026-07-31&k=461&h=1&u=SH&x=1388405&n=PD0100-26071-17-23-K1&b=00000000',
         async (page) => page.waitForSelector('.verdict')],
  causes: ['#f=2026-06-30&t=2026-07-31&k=461&h=1&u=SH&x=1414116', async (page) => {
    await page.waitForSelector('.causes');
    await page.evaluate(() => { document.getElementById('invoice-more').open = true; });
    await page.click('#share');
    await page.waitForSelector('#address:not([hidden])');
  }],
  'large figures': ['#m=2024-10&k=90000000/20000000/10000000&kvarh=90000000&h=1&kw=160' +
                    '&u=SX@22_110&x=219173806502', async (page) => page.waitForSelector('.verdict')],
  errors: ['#m=2026-07&k=461&h=0.3&u=SH', async (page) => {
    await page.click('[type=submit]');
    await page.waitForSelector('.error');
  }],
  days: ['#f=2026-06-30&t=2026-07-31&k=461&h=1&u=SH',
         (page) => page.waitForSelector('#answer table')],
  everything: ['#m=2024-10&k=9000/2000/1000&kvarh=9000&h=1&kw=160&cause=theft&billed=0/1/0' +
               '&u=SH:20,KD@LT6:30,BB_TP_MUA_SH*30:50&read=2024-10-11:1000/1000/100',
               async (page) => {
                 await page.evaluate(() => { document.getElementById('more').open = true; });
                 await page.click('[name=mode][value=three]', { force: true });
               }],
};

/** Things to touch that are smaller than a finger, and what sticks out of the screen. */
const measure = ([target, day]) => {
  const small = [];
  const seen = (e) => e.checkVisibility?.() ?? e.offsetParent !== null;
  for (const e of document.querySelectorAll('button, a, input, select, summary')) {
    if (!seen(e) || e.classList.contains('skip')) continue;
    const box = (e.type === 'radio' || e.type === 'checkbox' ? e.closest('label') : e)
      .getBoundingClientRect();
    const least = e.type === 'date' ? day : target;
    if (box.height < target || box.width < least) {
      small.push(`${e.id || e.name || e.className}: ${box.width} × ${box.height}`);
    }
  }
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  return { small, wide };
};

async function look(profile, language, colorScheme, name) {
  const [link, prepare] = states[name];
  const page = await newPage(browser, profile, { colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
  await page.goto(server.address + link);
  await page.waitForLoadState('networkidle');
  if (language === 'en') await page.click('#language');
  await prepare(page);
  const found = await barriers(page);
  const what = `${name}, ${profile.name}, ${language}, ${colorScheme}`;
  verdict(found.length === 0, 'no barrier: ' + what, found.join('\n'));
  const { small, wide } = await page.evaluate(measure, [TARGET, DATE]);
  verdict(small.length === 0, 'large enough to touch: ' + what, small.join('\n'));
  verdict(wide <= 0, 'as wide as the screen: ' + what, wide);
  await page.context().close();
}

/** Each pair of size, language and scheme once; or all of them. */
const pairs = [[phone, 'vi', 'light'], [phone, 'en', 'dark'], [desktop, 'vi', 'dark'],
               [desktop, 'en', 'light']];
const others = [[phone, 'vi', 'dark'], [phone, 'en', 'light'], [desktop, 'vi', 'light'],
                [desktop, 'en', 'dark']];
for (const [profile, language, scheme] of which === 'all' ? [...pairs, ...others] : pairs) {
  for (const name of Object.keys(states)) {
    await step(name, () => look(profile, language, scheme, name));
  }
}
await step('narrow', async () => look({ ...phone, name: 'narrow phone',
  viewport: { width: 320, height: 640 } }, 'vi', 'light', 'everything'));
await step('narrow', async () => look({ ...phone, name: 'narrow phone',
  viewport: { width: 320, height: 640 } }, 'vi', 'light', 'days'));
await browser.close();
server.close();
finish();
