// SPDX-License-Identifier: Apache-2.0
// Lists walked page by page say what one page says, on both stores.
import { equal, step, verdict } from '../web/tap.mjs';
import { end, stores } from '../http/house.mjs';
import { customer, otherCustomer, point, unit, world } from './world.mjs';

const paths = [`/api/v1/customers?unit=${unit}`, `/api/v1/usage-points?unit=${unit}`, `/api/v1/usage-points?customer=${customer}`,
               `/api/v1/readings?unit=${unit}&month=2026-09`, `/api/v1/usage-points/${point}/readings?from=2026-08&to=2026-10`,
               `/api/v1/bills?unit=${unit}&from=2026-08&to=2026-10`, `/api/v1/bills?customer=${customer}&from=2026-08&to=2026-10`,
               `/api/v1/runs?unit=${unit}`, `/api/v1/spikes?unit=${unit}&month=2026-10`, `/api/v1/spikes?unit=${unit}&month=2026-09`,
               `/api/v1/events?unit=${unit}`];

async function walk(w, path, limit) {
  const items = [];
  let cursor = null, pages = 0;
  do {
    const { json } = await w.staff(`${path}&limit=${limit}` + (cursor ? `&cursor=${cursor}` : ''));
    items.push(...json.items.map((item) => JSON.stringify(item)));
    cursor = json.next;
    pages++;
  } while (cursor && pages < 500);
  return items;
}

async function lists(name, target) {
  const w = await world('lists-' + name, target, 30);
  const all = {};
  for (const path of paths) {
    const whole = all[path] = await walk(w, path, 200);
    for (const limit of [1, 3]) {
      if (limit === 1 && whole.length > 100) continue;
      equal((await walk(w, path, limit)).join('\n'), whole.join('\n'), `${name}: ${path} in pages of ${limit}, ${whole.length} in all`);
    }
    equal(new Set(whole).size, whole.length, `${name}: none twice`);
  }
  const count = (sql) => Number(w.sql(sql)[0]);
  equal(all[paths[0]].length, count('SELECT count(*) FROM agreement'), `${name}: every agreement`);
  equal(all[paths[1]].length, count('SELECT count(*) FROM usage_point'), `${name}: every point`);
  equal(all[paths[3]].length, count('SELECT count(*) FROM reading WHERE month = 202609'), `${name}: every reading of the month`);
  equal(all[paths[5]].length, count('SELECT count(*) FROM bill'), `${name}: every bill`);
  equal(all[paths[6]].length, count('SELECT count(*) FROM bill b JOIN agreement a ON a.unit_id = b.unit_id AND ' +
    `a.agreement_id = b.agreement_id WHERE a.code = '${customer}'`), `${name}: every bill of a customer`);
  verdict(all[paths[8]].length > 0 && all[paths[7]].length > 0 && all[paths[10]].length > 0, `${name}: runs, flagged uses, events`);
  const [first] = (await w.staff(paths[10] + '&limit=1')).json.items;
  equal((await w.staff(`${paths[10]}&after=${first.position}&limit=1`)).json.items[0].position, first.position + 1,
        `${name}: events behind a position`);
  const { next } = (await w.staff(`${paths[6]}&limit=1`)).json;
  equal((await w.staff(`/api/v1/bills?customer=${otherCustomer}&from=2026-08&to=2026-10&cursor=${next}`)).status, 422,
        `${name}: a cursor of other filters is refused`);
  await w.server.stop();
}

for (const { name, address, leave } of await stores('lists'))
  await step(name, async () => {
    await lists(name, address);
    leave();
  });
end();
