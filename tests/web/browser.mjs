// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium and a small server of the built page, as docs/operating.md says to host it.
import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, normalize } from 'node:path';
import { skipAll } from './tap.mjs';

const types = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8',
                css: 'text/css; charset=utf-8', wasm: 'application/wasm', woff2: 'font/woff2',
                svg: 'image/svg+xml', webmanifest: 'application/manifest+json' };

export const phone = { name: 'phone', viewport: { width: 360, height: 740 }, hasTouch: true,
                       isMobile: true, deviceScaleFactor: 2 };
export const desktop = { name: 'desktop', viewport: { width: 1280, height: 800 } };

/** A browser, or the end of the test with the reason why there is none. */
export async function launch() {
  const path = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
  if (path === undefined) skipAll('chromium is not installed (packages.txt)');
  const { chromium } = createRequire(import.meta.url)('playwright-core');
  return chromium.launch({ executablePath: path, args: ['--no-sandbox'] });
}

/** Serves a folder below /tinh-dien/; answers { address, close }. */
export async function serve(folder) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://x');
    if (pathname === '/tinh-dien') {
      response.writeHead(301, { location: '/tinh-dien/' }).end();
      return;
    }
    const name = normalize(pathname.replace(/^\/tinh-dien\//, '')) || 'index.html';
    const path = join(folder, name === './' || name === '.' ? 'index.html' : name);
    if (!pathname.startsWith('/tinh-dien/') || !existsSync(path)) {
      response.writeHead(404).end();
      return;
    }
    const packed = existsSync(path + '.gz');
    response.writeHead(200, {
      'content-type': types[path.split('.').pop()] ?? 'application/octet-stream',
      'cache-control': name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(packed && { 'content-encoding': 'gzip' }),
    }).end(readFileSync(packed ? path + '.gz' : path));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { address: `http://127.0.0.1:${server.address().port}/tinh-dien`,
           close: () => server.close() };
}

/** A fresh page; what it complains of is collected in page.complaints. */
export async function newPage(browser, profile, options = {}) {
  const { name, ...device } = profile;
  const context = await browser.newContext({ ...device, locale: 'vi-VN', ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  return page;
}

/** The total as it stands on the page, "1388405"; null while there is none. */
export async function total(page) {
  const text = await page.textContent('#total');
  const digits = text.replace(/\D/g, '');
  return text.includes('đ') && digits !== '' && !/[a-z]{3}/i.test(text) ? digits : null;
}

/** Waits until the page shows that total. */
export async function untilTotal(page, wanted) {
  await page.waitForFunction((digits) => {
    const text = document.getElementById('total').textContent;
    return text.replace(/\D/g, '') === digits;
  }, String(wanted), { timeout: 10000 });
}
