// SPDX-License-Identifier: Apache-2.0
// The catalogue of texts: both languages there and different enough, nothing unused, sentences that one
// reads in a breath, no blanks at the ends. And the one source of colours: what pages set for light
// paper is what pictures carry along.
//
//   node texts.mjs SOURCE-ROOT
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from './catalogue.mjs';
import { equal, finish, verdict } from './tap.mjs';

const root = process.argv[2];
const read = (path) => readFileSync(join(root, path), 'utf8');
const WORDS_MAX = 19;

function files(folder) {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(root, path)).isDirectory() ? files(path) : [path];
  });
}

const texts = catalogue(root);
verdict(texts.length > 100, 'the catalogue is read', texts.length);

const used = new Set();
for (const path of files('src/web').filter((name) => /\.(html|c|h|def)$/.test(name))) {
  const source = read(path);
  for (const [, name] of source.matchAll(/\{t (\w+)/g)) used.add(name);
  for (const [, name] of source.matchAll(/\bTEXT_([a-z]\w+)/g)) used.add(name);
  for (const [, status] of source.matchAll(/^ERROR_PAGE\((\d+)\)/gm)) {
    used.add(`error_${status}`).add(`error_${status}_next`);
  }
}

/** The sentences of a text that have too many words. */
const long = (text) => text.split(/[.!?:;](?:\s|$)/)
  .filter((sentence) => sentence.split(/\s+/).filter(Boolean).length > WORDS_MAX);
/** Names that are the same in both languages. */
const same = ['brand', 'kwh', 'bill_amount'];

for (const { name, vi, en } of texts) {
  const faults = [];
  if (!used.has(name)) faults.push('nothing uses it');
  if (vi !== vi.trim() || en !== en.trim()) faults.push('blanks at an end');
  if (/ {2}/.test(vi + en)) faults.push('two blanks');
  if (vi === en && !same.includes(name)) faults.push('the same in both languages');
  if (/[\u0300-\u036f]/.test(vi) || vi !== vi.normalize('NFC')) faults.push('marks are not composed');
  if (/[ăâđêôơưạ-ỹ]/i.test(en.replace(/đồng|Tiếng Việt|Sáng Đèn/g, ''))) faults.push('Vietnamese in the English');
  if (/[.!]$/.test(vi) !== /[.!]$/.test(en)) faults.push('one is a sentence, the other is not');
  for (const sentence of [...long(vi), ...long(en)]) faults.push('twenty words or more: ' + sentence);
  verdict(faults.length === 0, `${name}: “${vi}” | “${en}”`, faults.join('\n'));
}

/** "ink" → "#1b2430" in the first block, the light one. */
const light = Object.fromEntries([...read('src/web/style/tokens.css').split('@media')[0]
  .matchAll(/--(\w+): #([0-9a-f]{3,6});/g)].map(([, name, hex]) =>
  [name, hex.length === 3 ? hex.replace(/./g, '$&$&') : hex]));
for (const [, name, hex] of read('src/draw/roles.def').matchAll(/ROLE\(\w+, "(\w+)", 0x(\w{6})\)/g)) {
  equal(light[name], hex.toLowerCase(), `${name} is one colour in pages and pictures`);
}
for (const sheet of readdirSync(join(root, 'src/web/style')).filter((name) => name !== 'tokens.css')) {
  const colours = read('src/web/style/' + sheet).replace(/@media print[^]*/, '')
    .match(/#[0-9a-f]{3,8}\b|rgb\(|hsl\(/gi);
  equal(colours, null, `${sheet} names no colour of its own`);
}
finish();
