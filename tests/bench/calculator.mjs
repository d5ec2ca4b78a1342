// SPDX-License-Identifier: Apache-2.0
// The calculator module: its size, the time of a calculation; the page's first paint on a slow phone
// while the module never comes. Rows as bench.h prints them.
//
//   node calculator.mjs BUILD-FOLDER
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { serve } from '../web/browser.mjs';
import { Module } from '../wasm/module.mjs';

const [build] = process.argv.slice(2);
const path = join(build, 'sangden.wasm');

function row(what, figure, unit, limit) {
  console.log(`${what} | ${figure} ${unit} | wanted at most: ${limit} ${unit} | ` +
              (figure / limit).toFixed(2));
}

row('calculator module with all price data, gzip -9',
    execFileSync('gzip', ['-9', '-n', '-c', path]).length, 'bytes', 60000);
row('the same, brotli', brotliCompressSync(readFileSync(path)).length, 'bytes', 60000);
const assets = join(build, 'calculator/assets');
const script = readdirSync(assets).find((name) => /^calculator-.*\.js\.gz$/.test(name));
row('calculator page, script, gzip -9', statSync(join(assets, script)).size, 'bytes', 20000);

/** The best of some rounds, in nanoseconds for one call. */
function bestOf(count, run) {
  let best = Infinity;
  for (let round = 0; round < 7; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < count; i++) run();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / count);
  }
  return Math.round(best);
}

const module = new Module(path);
const bills = {
  '461 kWh, six lines': '{"month":"2026-07","usage":{"kwh":"461"},"uses":[{"category":"SH"}]}',
  'three registers, two uses, a price change': JSON.stringify({ from: '2025-04-21', to: '2025-05-21',
    usage: { normal: '19160.8', peak: '6184.8', offpeak: '5563.6', kvarh: '13176.8' },
    uses: [{ category: 'SX', voltage: '22_110', share: '60' }, { category: 'SH', share: '40' }],
    demand_kw: '160' }),
};
for (const [what, request] of Object.entries(bills)) {
  const bytes = Buffer.from(request);
  row('one calculation in the module, JSON to JSON, ' + what,
      bestOf(2000, () => module.answer('calc', bytes)), 'ns', 1000000);
}
const start = process.hrtime.bigint();
new Module(path).answer('calc', Buffer.from(bills['461 kWh, six lines']));
row('the module loaded and its first answer', Math.round(Number(process.hrtime.bigint() - start) / 1000),
    'us', 100000);

/** First paint with a sixth of the processor and 400 kbit/s, the module held back for ever. */
async function firstPaint(chromium) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  const server = await serve(join(build, 'calculator'));
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  const session = await page.context().newCDPSession(page);
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 300,
    downloadThroughput: 50000, uploadThroughput: 50000 });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  await page.route('**/*.wasm', () => {});
  await page.goto(server.address + '/', { waitUntil: 'commit' });
  const painted = await page.waitForFunction(() =>
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime, null, { timeout: 60000 });
  const paint = await painted.jsonValue();
  await browser.close();
  server.close();
  return Math.round(paint);
}

if (existsSync('/usr/bin/chromium')) {
  const { chromium } = createRequire(import.meta.url)('playwright-core');
  row('first paint without the module, 400 kbit/s, 300 ms, a sixth of a core', await firstPaint(chromium),
      'ms', 3000);
}
