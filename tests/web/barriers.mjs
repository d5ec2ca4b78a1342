// SPDX-License-Identifier: Apache-2.0
// What keeps people from using a page, as far as axe knows: WCAG 2.2 AA and what is good practice.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The barriers of a page as it is now, each with its place and its remedy; the page needs script. */
export async function barriers(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), rules);
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')}`.slice(0, 3000));
}
