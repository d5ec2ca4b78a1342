// SPDX-License-Identifier: Apache-2.0
// A picture of the calculator page: node page.mjs build/calculator OUTPUT.png
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { desktop, launch, newPage } from '../../tests/web/browser.mjs';

const [folder, output] = process.argv.slice(2);
const browser = await launch();
const page = await newPage(browser, { ...desktop, viewport: { width: 1120, height: 1100 } });
await page.goto(pathToFileURL(join(folder, 'may-tinh-tien-dien.html')).href +
                '#m=2026-07&k=461&h=1&u=SH&x=1414116');
await page.waitForSelector('.causes');
await page.screenshot({ path: output, clip: { x: 0, y: 0, width: 1120, height: 1100 } });
await browser.close();
