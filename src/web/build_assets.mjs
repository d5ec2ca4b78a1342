// SPDX-License-Identifier: Apache-2.0
// What pages load: style, scripts, typeface, icon, each under a name with the hash of its bytes, and all of it
// part of the program.
//
//   node build_assets.mjs OUTPUT-FOLDER ASSETS.txt ASSETS_TABLE.h ASSETS.S
//
//   ASSETS.txt   "style.css /tai-nguyen/style.1a2b3c4d5e.css", for the template compiler
//   ASSETS_TABLE.h   ASSET(symbol, name, type, etag, bytes, bytes of the packed form), for assets.c
//   ASSETS.S     the bytes
//
// Nothing of the clock or the machine goes in: equal sources give equal files.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { faces, style } from './calculator/build.mjs';
import { png } from './icon.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const base = '/tai-nguyen/';
const types = { css: 'text/css; charset=utf-8', woff2: 'font/woff2', svg: 'image/svg+xml', png: 'image/png',
                js: 'text/javascript; charset=utf-8', webmanifest: 'application/manifest+json' };
const sheets = [
  'tokens',
  'base',
  'forms',
  'parts',
  'desk',
  'operations',
];
const scripts = [
  'keys',
  'live',
  'portal',
  'portal_sw',
  'queue',
];

const [folder, list, table, code] = process.argv.slice(2).map((path) => resolve(path));
const assets = [];

/** Adds an asset; answers the name it is served under. */
function asset(name, extension, data) {
  const bytes = Buffer.from(data);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const hashed = `${name}.${hash.slice(0, 10)}.${extension}`;
  const packed = ['woff2', 'png'].includes(extension) ? Buffer.alloc(0) : gzipSync(bytes, { level: 9 });
  writeFileSync(join(folder, hashed), bytes);
  writeFileSync(join(folder, hashed + '.gz'), packed);
  assets.push({ plain: `${name}.${extension}`, hashed, type: types[extension], hash, bytes: bytes.length,
                packed: packed.length, symbol: `web_asset_${assets.length}` });
  return hashed;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const type = faces('swap', (name, data) => asset(name, 'woff2', data));
asset('style', 'css', style(type + sheets.map((sheet) =>
  readFileSync(join(here, 'style', sheet + '.css'), 'utf8')).join('')));
for (const name of scripts) asset(name, 'js', readFileSync(join(here, 'script', name + '.js'), 'utf8'));
const drawing = readFileSync(join(here, 'calculator/icon.svg'), 'utf8');
const icon = asset('icon', 'svg', drawing);
asset('icon-180', 'png', png(drawing, 180)); // for iOS, which takes no SVG
const icons = [192, 512].map((pixels) => ({
  src: base + asset(`icon-${pixels}`, 'png', png(drawing, pixels)), sizes: `${pixels}x${pixels}`,
  type: 'image/png', purpose: 'any maskable' }));
// The portal on the home screen. Its first page has an address of its own, so that it is counted.
asset('portal', 'webmanifest', JSON.stringify({
  id: '/khach-hang', name: 'Sáng Đèn', short_name: 'Sáng Đèn', lang: 'vi', dir: 'ltr',
  description: 'Tiền điện, hóa đơn, chỉ số', start_url: '/khach-hang/ung-dung', scope: '/khach-hang',
  display: 'standalone', background_color: '#FBFAF7', theme_color: '#FBFAF7',
  icons: [{ src: base + icon, sizes: 'any', type: 'image/svg+xml', purpose: 'any' }, ...icons] }));

writeFileSync(list, assets.map(({ plain, hashed }) => `${plain} ${base}${hashed}\n`).join(''));
writeFileSync(table, assets.map(({ symbol, hashed, type, hash, bytes, packed }) =>
  `ASSET(${symbol}, "${hashed}", "${type}", "\\"${hash.slice(0, 20)}\\"", ${bytes}, ${packed})\n`).join(''));
writeFileSync(code, '.section .note.GNU-stack,"",%progbits\n.section .rodata\n' +
  assets.map(({ symbol, hashed }) =>
    `.globl ${symbol}, ${symbol}_packed\n${symbol}: .incbin "${join(folder, hashed)}"\n` +
    `${symbol}_packed: .incbin "${join(folder, hashed + '.gz')}"\n.byte 0\n`).join(''));
