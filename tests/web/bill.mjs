// SPDX-License-Identifier: Apache-2.0
// The bill as a fragment of a page, on a phone and on a desk: nothing stands outside the screen.
//
//   node bill.mjs SANGDEN FILL_DOCUMENTS
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { desktop, launch, newPage, phone } from './browser.mjs';
import { equal, finish, verdict } from './tap.mjs';

const [program, fill] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'bill-'));
const store = 'sqlite:' + join(folder, 'store.db');
const text = (command, ...words) => spawnSync(command, words,
  { env: { ...process.env, SANGDEN_STORE: store }, maxBuffer: 1 << 26 }).stdout.toString();

const bills = text(fill, store).trim().split('\n').map((line) => line.split('\t'));
verdict(bills.length > 10, 'bills of every kind');
const picture = join(folder, 'code.png');
let codes = 0;
const browser = await launch();
for (const profile of [phone, desktop]) {
  const page = await newPage(browser, profile);
  for (const [name, number] of bills) {
    for (const language of [[], ['--english']]) {
      const fragment = text(program, 'bill', 'text', number, '--form', 'html', ...language);
      await page.setContent('<!doctype html><meta name="viewport" content="width=device-width">' +
                            fragment);
      const outside = await page.evaluate(() =>
        document.documentElement.scrollWidth - document.documentElement.clientWidth);
      equal(outside, 0, `${name} on a ${profile.name}${language}: inside the screen`);
      const code = page.locator('svg', { hasText: /Mã QR|QR code/ });
      if (await code.count() === 0) continue;
      writeFileSync(picture, await code.screenshot());
      const payload = /Mã QR thanh toán: (.*)/.exec(text(program, 'bill', 'show', number))[1];
      equal(spawnSync('zbarimg', ['--quiet', '--raw', picture]).stdout.toString().trim(), payload,
            `${name} on a ${profile.name}${language}: the code to pay is read from the screen`);
      codes++;
    }
  }
  await page.context().close();
}
verdict(codes > 10, 'codes to pay by', codes);
await browser.close();
rmSync(folder, { recursive: true });
finish();
