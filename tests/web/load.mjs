// SPDX-License-Identifier: Apache-2.0
// A module of the page as Node can import it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bookData, bundle } from '../../src/web/calculator/build.mjs';

export async function load(entry) {
  const folder = mkdtempSync(join(tmpdir(), 'sangden-web-'));
  const path = join(folder, 'module.mjs');
  writeFileSync(path, bundle(entry, 'esm', { BOOK: bookData() }));
  const loaded = await import(pathToFileURL(path).href);
  rmSync(folder, { recursive: true });
  return loaded;
}
