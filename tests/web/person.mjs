// SPDX-License-Identifier: Apache-2.0
// Someone at a browser, who presses, follows and reads what the page says in the language chosen. Every
// page that is reached is measured, and what the browser complains of is kept until the journey ends.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { barriers } from './barriers.mjs';
import { newPage } from './browser.mjs';
import { catalogue } from './catalogue.mjs';
import { verdict } from './tap.mjs';

const texts = new Map(catalogue(fileURLToPath(new URL('../../', import.meta.url)))
  .map((text) => [text.name, text]));
const plain = (text) => text.replace(/\u00a0/g, ' ');
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

let pictures = 0;

export class Person {
  constructor(page, address, language, { closely, album }) {
    Object.assign(this, { page, address, language, closely, album, found: [] });
  }

  /** A person with a fresh browser of that size, with or without script, at a place of the own. closely: axe
   *  looks at every page too, which needs script; album: where a picture of each is kept. */
  static async arrive(browser, { profile, language, script = true, from = '203.0.113.1', closely = false, album }, address) {
    const page = await newPage(browser, profile, { javaScriptEnabled: script, reducedMotion: 'reduce',
                                                   extraHTTPHeaders: { 'X-Forwarded-For': from } });
    page.setDefaultTimeout(10000);
    return new Person(page, address, language, { closely: closely && script, album: album && [album, profile.name, language] });
  }

  /** What the catalogue says, with anything in its places: an exact text, or a pattern. */
  words(name) {
    const text = texts.get(name)?.[this.language];
    if (text === undefined) throw new Error(`there is no text ${name}`);
    return text.includes('{') ? new RegExp('^' + text.split(/\{\w+\}/).map(escaped).join('.+') + '$') : text;
  }

  /** Does something that leads to another page, and looks at it. */
  async arrives(act) {
    const loaded = this.page.waitForEvent('load');
    loaded.catch(() => {}); // the act failed, which is thrown
    await act();
    await loaded;
    await this.look();
  }

  async look() {
    const [wide, path] = await this.page.evaluate(() => [
      document.documentElement.scrollWidth - document.documentElement.clientWidth, location.pathname]);
    if (wide > 0) this.found.push(`too wide: ${path}: ${wide}`);
    if (this.closely) this.found.push(...(await barriers(this.page)).map((barrier) => `barrier: ${path}: ${barrier}`));
    if (!this.album) return;
    const [folder, ...view] = this.album, name = path.replace(/\W+/g, '_');
    await this.page.screenshot({ path: join(folder, `${String(++pictures).padStart(3, '0')}-${view.join('-')}${name}.png`), fullPage: true });
  }

  go(path) {
    return this.arrives(() => this.page.goto(this.address + path));
  }

  /** Chooses the language, where the page is in the other one. */
  async speaks() {
    if (await this.page.getAttribute('html', 'lang') !== this.language) await this.arrives(() => this.page.click('.visit a'));
  }

  press(name) {
    return this.arrives(() => this.page.getByRole('button', { name: this.words(name), exact: true }).first().click());
  }

  link(name) {
    return this.page.getByRole('link', { name: this.words(name), exact: true }).first();
  }

  follow(name) {
    return this.arrives(() => this.link(name).click());
  }

  fill(name, value) {
    return this.page.getByLabel(this.words(name), { exact: true }).fill(value);
  }

  tick(name) {
    return this.page.getByLabel(this.words(name), { exact: true }).check();
  }

  choose(name, option) {
    return this.page.getByLabel(this.words(name), { exact: true }).selectOption({ label: this.words(option) });
  }

  /** Opens what is folded. */
  async unfold(name) {
    await this.page.locator('summary').filter({ hasText: this.words(name) }).first().click();
    await this.look();
  }

  /** What can be read now: nothing that is folded or hidden. */
  async text() {
    return plain(await this.page.innerText('body'));
  }

  /** Whether the page says a text of the catalogue, as all that an element says, or words of data. */
  async reads(wanted) {
    if (!texts.has(wanted)) return (await this.text()).includes(wanted);
    const found = await this.page.getByText(this.words(wanted), { exact: true }).all();
    for (const element of found) if (await element.isVisible()) return true;
    return false;
  }

  async sees(wanted, what) {
    verdict(await this.reads(wanted), what, `looked for: ${wanted}`, this.page.url(), (await this.text()).slice(0, 1500));
  }

  async misses(gone, what) {
    verdict(!await this.reads(gone), what, `found: ${gone}`, this.page.url());
  }

  /** Waits for what the page brings by itself, or has after it was asked for again. */
  async awaits(selector, what) {
    const there = await this.page.waitForSelector(selector, { timeout: 20000 }).then(() => true, () => false);
    verdict(there, what, `looked for: ${selector}`, there ? '' : (await this.text()).slice(0, 1500));
    await this.page.waitForLoadState('load');
    await this.look();
  }

  /** What the browser complained of, and what was wrong with the pages since it was asked last. */
  harm() {
    return [...this.page.complaints.splice(0), ...this.found.splice(0)];
  }

  leave() {
    return this.page.context().close();
  }
}
