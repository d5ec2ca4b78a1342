// SPDX-License-Identifier: Apache-2.0
// Builds the calculator page: node build.mjs MODULE.wasm OUTPUT-FOLDER
//
//   index.html, style.css, *.ts, price book ─► OUTPUT/index.html + assets/NAME-HASH.* + sw.js (hosted)
//                                          ─► OUTPUT/may-tinh-tien-dien.html (one file, all inside)
//   engine.ts                              ─► OUTPUT/sangden-calculator.mjs + .d.ts
//
// Nothing of the clock or the machine goes in: equal sources give equal files.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { png } from '../icon.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../../..');
const tools = join(root, 'node_modules');
const targets = ['chrome67', 'firefox68', 'safari14.1'];
const digest = (data) => createHash('sha256').update(data).digest();
const read = (name) => readFileSync(join(here, name), 'utf8');

// ---- what the page offers to choose from --------------------------------------------------------

/** Calls of a macro in a .def file: lists of their arguments, strings without quotes. */
function calls(text, name) {
  return [...text.matchAll(new RegExp('^' + name + '\\(([^)]*(?:\\([^)]*\\)[^)]*)*)\\)', 'gm'))]
    .map(([, body]) => [...body.matchAll(/"([^"]*)"|([A-Z]\w*)/g)].map(([, s, word]) => s ?? word));
}

const fromHigh = ['GE110', '22_110', 'GE22', '6_22', 'GE6', 'LT6'];

/** BOOK of node.d.ts, from the codes of the engine and the price book. */
export function bookData() {
  const codes = readFileSync(join(root, 'src/tariff/book_codes.def'), 'utf8');
  const book = JSON.parse(readFileSync(join(root, 'data/pricebook.json'), 'utf8'));
  const rows = book.decisions.flatMap((decision) => decision.rows);
  const voltages = calls(codes, 'VOLTAGE').map(([, code, vi, en]) => [code, vi, en])
    .sort(([one], [other]) => fromHigh.indexOf(one) - fromHigh.indexOf(other));
  const of = (category) => voltages.map(([code]) => code).filter((code) =>
    rows.some((row) => row.category === category && row.voltage === code));
  return {
    categories: calls(codes, 'CATEGORY').map(([, code, , shape, vi, en]) => {
      const list = of(code);
      return { code, vi, en, shape: shape.replace('SHAPE_', '').toLowerCase(),
               voltages: list.length > 1 ? list : [] };
    }),
    voltages: Object.fromEntries(voltages.map(([code, vi, en]) => [code, [vi, en]])),
    decisions: book.decisions.map((decision) => ({
      id: decision.id, vi: decision.document_vi, en: decision.document_en,
      byAverage: Boolean(decision.by_average) })),
    firstYear: Number(book.decisions[0].effective_from.slice(0, 4)),
    lastYear: Math.max(...book.decisions.map((decision) => Number(
      (decision.effective_from ?? '0').slice(0, 4)))) + 10,
  };
}

const capital = (name) => name.charAt(0).toUpperCase() + name.slice(1);
const quote = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
const option = (value, vi, en) => `<option value="${value}"` +
  (en === undefined ? '' : ` data-en="${quote(en)}"`) + `>${quote(vi)}</option>`;

const groups = [
  [/^SH/, 'Sinh hoạt', 'Residential'], [/^SX/, 'Sản xuất', 'Production'],
  [/^KD/, 'Kinh doanh, dịch vụ', 'Business'], [/^HC/, 'Hành chính sự nghiệp', 'Public services'],
  [/^BB/, 'Bán buôn', 'Wholesale'],
];

function categoryOptions({ categories }) {
  return groups.map(([pattern, vi, en]) => `<optgroup label="${vi}" data-en="${en}">` +
    categories.filter(({ code }) => pattern.test(code))
      .map((category) => option(category.code, capital(category.vi), capital(category.en)))
      .join('') + '</optgroup>').join('');
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => from + i);

/** index.html with its choices; the first use stands in it, so that nothing moves later. */
function page(book) {
  const use = /<template id="use">([^]*?)<\/template>/.exec(read('index.html'))[1]
    .replace(/name="(category|voltage|part|own_households)"/g, 'id="$1-0" name="$1"');
  return read('index.html')
    .replace('<div id="uses"></div>', `<div id="uses">${use.trim()}</div>`)
    .replaceAll('<!-- CATEGORIES -->', categoryOptions(book))
    .replace('<!-- MONTHS -->', range(1, 12).map((month) =>
      option(String(month).padStart(2, '0'), String(month))).join(''))
    .replace('<!-- YEARS -->', range(book.firstYear, book.lastYear).reverse()
      .map((year) => option(year, String(year))).join(''))
    .replace('<!-- DECISIONS -->', book.decisions.map(({ id, vi, en }) => option(id, vi, en)).join(''));
}

// ---- tools --------------------------------------------------------------------------------------

export function bundle(entry, format, defines = {}) {
  const options = [join(here, entry), '--bundle', '--minify', '--charset=utf8', '--format=' + format,
                   '--target=' + targets.join(), '--external:node:*', '--log-level=warning',
                   '--legal-comments=none',
                   ...Object.entries(defines).map(([name, value]) =>
                     `--define:${name}=${JSON.stringify(value)}`)];
  return execFileSync(join(tools, '.bin/esbuild'), options, { encoding: 'utf8' }).trimEnd() + '\n';
}

/** Style for browsers of the targets, without what they do not need. */
export function style(text) {
  return execFileSync(join(tools, '.bin/esbuild'),
    ['--loader=css', '--minify', '--charset=utf8', '--target=' + targets.join(),
     '--log-level=warning'], { input: text, encoding: 'utf8' });
}

function checkTypes(out) {
  const tsc = join(tools, '.bin/tsc');
  execFileSync(tsc, ['-p', here], { stdio: 'inherit' });
  execFileSync(tsc, ['--ignoreConfig', '--declaration', '--emitDeclarationOnly', '--target', 'es2020',
                     '--module', 'esnext', '--moduleResolution', 'bundler', '--strict',
                     '--lib', 'es2020,dom', '--types', '', '--skipLibCheck', '--outDir',
                     join(out, 'types'), join(here, 'engine.ts'), join(here, 'node.d.ts')],
               { stdio: 'inherit' });
}

// ---- type ---------------------------------------------------------------------------------------

/** The faces of Be Vietnam Pro that Vietnamese needs; at(name, bytes) gives their address. A face
 *  that comes over the network late waits for the next visit, so that nothing moves. */
export function faces(display, at) {
  const folder = join(tools, '@fontsource/be-vietnam-pro');
  const css = ['400', '600'].map((weight) => readFileSync(join(folder, weight + '.css'), 'utf8')).join('');
  return [...css.matchAll(/@font-face \{[^}]*\}/g)].map(([face]) => face)
    .filter((face) => !face.includes('latin-ext'))
    .map((face) => {
      const name = /files\/([\w-]+)\.woff2/.exec(face)[1];
      const address = at(name, readFileSync(join(folder, 'files', name + '.woff2')));
      return face.replace(/src: [^;]*;/, `src: url(${address}) format('woff2');`)
        .replace('font-display: swap', 'font-display: ' + display);
    }).join('\n');
}

// ---- the two forms ------------------------------------------------------------------------------

const policy = (parts) => '<meta http-equiv="Content-Security-Policy" content="' +
  ["default-src 'none'", "base-uri 'none'", "form-action 'none'", ...parts].join('; ') + '">';
const sha = (text) => "'sha256-" + digest(text).toString('base64') + "'";

function hosted(out, book, module) {
  const files = [];
  const asset = (name, extension, data) => {
    const path = `assets/${name}-${digest(data).toString('hex').slice(0, 10)}.${extension}`;
    files.push(path);
    write(out, path, data);
    return path;
  };
  const moduleUrl = asset('sangden', 'wasm', module);
  const css = style(faces('optional', (name, data) => asset(name, 'woff2', data).replace('assets/', '')) + read('../style/tokens.css') + read('style.css'));
  const styleUrl = asset('style', 'css', css);
  const defines = { BOOK: book, MODULE_URL: moduleUrl };
  const scriptUrl = asset('calculator', 'js', bundle('calculator.ts', 'iife', defines));
  const icon = asset('icon', 'svg', read('icon.svg'));
  const touch = asset('icon-180', 'png', png(read('icon.svg'), 180)); // iOS takes no SVG
  const manifest = asset('app', 'webmanifest', JSON.stringify({
    name: 'Tính tiền điện', short_name: 'Tính tiền điện', lang: 'vi', start_url: '../', scope: '../',
    display: 'standalone', background_color: '#FBFAF7', theme_color: '#FBFAF7',
    icons: [{ src: icon.replace('assets/', ''), sizes: 'any', type: 'image/svg+xml', purpose: 'any maskable' }],
  }));
  const html = page(book)
    .replace('<!-- HEAD -->', policy(["script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'",
      "font-src 'self'", "img-src 'self'", "connect-src 'self'", "manifest-src 'self'",
      "worker-src 'self'"]) +
      `\n<link rel="stylesheet" href="${styleUrl}">\n<link rel="manifest" href="${manifest}">` +
      `\n<link rel="icon" href="${icon}" type="image/svg+xml">` +
      `\n<link rel="apple-touch-icon" href="${touch}">` +
      `\n<script src="${scriptUrl}" defer></script>`)
    .replace('<!-- SCRIPT -->\n', '');
  write(out, 'index.html', html);
  const version = digest(html).toString('hex').slice(0, 10);
  write(out, 'sw.js', read('sw.js').replace('@VERSION@', version)
    .replace("['./']", JSON.stringify(['./', ...files])));
}

function single(out, book, module) {
  const css = style(faces('block', (_, data) => 'data:font/woff2;base64,' + data.toString('base64')) +
                    read('../style/tokens.css') + read('style.css'));
  const script = bundle('calculator.ts', 'iife', { BOOK: book, MODULE_URL: '' })
    .replace(/<\/script/g, '<\\/script');
  const html = page(book)
    .replace('<!-- HEAD -->', () => policy([`script-src ${sha(script)} 'wasm-unsafe-eval'`,
      `style-src ${sha(css)}`, 'font-src data:', 'img-src data:']) +
      '\n<link rel="icon" type="image/svg+xml" href="data:image/svg+xml;base64,' +
      Buffer.from(read('icon.svg')).toString('base64') + `">\n<style>${css}</style>`)
    .replace('<!-- SCRIPT -->', () =>
      `<script type="application/octet-stream" id="engine">${module.toString('base64')}</script>\n` +
      `<script>${script}</script>`);
  write(out, 'may-tinh-tien-dien.html', html);
}

/** Writes a file, and beside all but the typeface the same compressed, as servers send it. */
function write(out, path, data) {
  const full = join(out, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, data);
  if (!path.endsWith('.woff2')) execFileSync('gzip', ['-9', '-n', '-k', full]);
}

function main(modulePath, out) {
  const book = bookData();
  const module = readFileSync(modulePath);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  checkTypes(out);
  write(out, 'sangden-calculator.mjs', bundle('engine.ts', 'esm'));
  writeFileSync(join(out, 'sangden-calculator.d.ts'), readFileSync(join(out, 'types/engine.d.ts')));
  rmSync(join(out, 'types'), { recursive: true });
  hosted(out, book, module);
  single(out, book, module);
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) main(process.argv[2], process.argv[3]);
