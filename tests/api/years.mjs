// SPDX-License-Identifier: Apache-2.0
// More than 24 months of one customer: refused at once, whole in two questions, on both stores.
import * as tap from '../web/tap.mjs';
import { end, stores } from '../http/house.mjs';
import { customer, point, world } from './world.mjs';

const months = 27, first = '2024-08', last = '2026-10';
const bills = `/api/v1/bills?customer=${customer}`, readings = `/api/v1/usage-points/${point}/readings?`;

/** All pages of a list; each but the last one is full. */
async function walk(w, path, limit) {
  const items = [];
  for (let cursor = null, page = 0; page < 200; page++) {
    const { json } = await w.owner(`${path}&limit=${limit}` + (cursor ? `&cursor=${cursor}` : ''));
    items.push(...json.items);
    cursor = json.next;
    if (!cursor) return items;
    if (json.items.length !== limit) throw new Error(`a page of ${json.items.length}, not ${limit}`);
  }
  throw new Error('a list without an end');
}

async function years(label, w) {
  const verdict = (good, name, ...details) => tap.verdict(good, `${label}: ${name}`, ...details);
  const equal = (found, wanted, name) => tap.equal(found, wanted, `${label}: ${name}`);
  const span = (path, from, to) => `${path}&from=${from}&to=${to}`;

  for (const path of [bills, readings]) {
    for (const [from, to] of [[first, last], ['2024-10', last], [last, first]]) {
      const { status, json } = await w.owner(span(path, from, to));
      verdict(status === 422 && json.field === 'from' && json.hint.includes('24 tháng') && json.hint_en.includes('24 months') &&
              json.items === undefined, `${from} to ${to} is refused with the remedy`, JSON.stringify(json));
    }
    const text = (items) => items.map((item) => JSON.stringify(item));
    const late = text(await walk(w, span(path, '2024-11', last), 200)), early = text(await walk(w, span(path, first, '2024-10'), 200));
    for (const limit of [1, 5, 24])
      equal(text(await walk(w, span(path, '2024-11', last), limit)).join(), late.join(), `24 months in pages of ${limit}`);
    equal(new Set([...early, ...late]).size, early.length + late.length, 'two questions have nothing twice');
    const kept = path === bills
      ? `SELECT count(*) FROM bill b JOIN agreement a ON a.unit_id = b.unit_id AND a.agreement_id = b.agreement_id WHERE a.code = '${customer}'`
      : `SELECT count(*) FROM reading r JOIN usage_point p ON p.unit_id = r.unit_id AND p.point_id = r.point_id WHERE p.code = '${point}' AND r.month >= 202408`;
    equal(early.length + late.length, Number(w.sql(kept)[0]), 'and all that is kept');
    const { next } = (await w.owner(span(path, '2024-11', last) + '&limit=1')).json;
    equal((await w.owner(span(path, '2024-12', last) + `&limit=1&cursor=${next}`)).status, 422, 'a cursor is of its months alone');
    for (const limit of ['0', '-1', '201', '1e2', ''])
      equal((await w.owner(span(path, '2024-11', last) + `&limit=${limit}`)).status, 422, `pages of “${limit}” are refused`);
  }
  const found = (await walk(w, span(bills, first, '2026-07'), 200)).concat(await walk(w, span(bills, '2026-08', last), 200));
  equal(found.map(({ month }) => month).join(), [...Array(months)].map((_, i) =>
    new Date(Date.UTC(2024, 7 + i)).toISOString().slice(0, 7)).join(), 'a bill for every month, in order');
  await w.server.stop();
}

for (const { name, address, leave } of await stores('years'))
  await tap.step(name, async () => {
    await years(name, await world('years-' + name, address, 10, months));
    leave();
  });
end();
