// SPDX-License-Identifier: Apache-2.0
// The addresses of all pages and forms, as the tables of routes in src/web/*/ declare them.
import { readFileSync, readdirSync } from 'node:fs';

/** [kind, pattern, audience, permission] of each: kind is PAGE, FORM or FORM_OF, audience OPEN, CUSTOMER,
 *  STAFF (who hold the permission), ANY_STAFF or FIRST. */
export function declared() {
  const web = new URL('../../src/web/', import.meta.url);
  const sources = readdirSync(web, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    .flatMap(({ name: face }) => readdirSync(new URL(face + '/', web)).filter((file) => file.endsWith('.c'))
      .map((file) => readFileSync(new URL(`${face}/${file}`, web), 'utf8')));
  return sources.flatMap((text) => [...text.matchAll(/\b(PAGE|FORM(?:_OF)?)\((?:\w+, )?"([^"]+)",\s*\w+,\s*(\w+)(?:\((\w+)\))?/g)]
    .map(([, ...words]) => words));
}
