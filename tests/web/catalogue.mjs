// SPDX-License-Identifier: Apache-2.0
// The texts of the pages, as src/web/texts*.def have them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const files = ['src/web/texts.def', 'src/web/texts_operations.def'];

/** Every TEXT(name, "vi", "en") with its parts put together: [{ name, vi, en }]. */
export function catalogue(root) {
  const pattern = /TEXT\((\w+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)/g;
  const words = (pieces) => [...pieces.matchAll(/"((?:[^"\\]|\\.)*)"/g)]
    .map(([, piece]) => piece.replace(/\\(.)/g, '$1')).join('');
  const source = files.map((path) => readFileSync(join(root, path), 'utf8')).join('');
  return [...source.replace(/\/\*[^]*?\*\//g, '').matchAll(pattern)]
    .map(([, name, vi, en]) => ({ name, vi: words(vi), en: words(en) }));
}
