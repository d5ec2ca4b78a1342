// SPDX-License-Identifier: Apache-2.0
// Every form that is declared, sent by whom it is for, but without its token or with that of another
// session: it is refused, and nothing in the store is changed.
//
//   node forms.mjs SANGDEN
import { execFileSync } from 'node:child_process';
import { end, pause, query, sangden, serve, signedIn, stores } from '../http/house.mjs';
import { declared } from './declared.mjs';
import { Client, bills, demonstration, giveLogin, phone } from './demonstration.mjs';
import { equal, step, under, verdict } from './tap.mjs';

/** A sum of each table, but for who looked, and when a session was seen last. */
function contents(env) {
  const sqlite = /^sqlite:(.*)/.exec(env.SANGDEN_STORE)?.[1];
  const named = query(env, sqlite ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name"
    : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY table_name");
  const tables = named.filter((table) => !['access_log', 'session'].includes(table));
  const sums = sqlite ? execFileSync('sqlite3', [sqlite, ...tables.map((table) => `.sha3sum ${table}`)], { encoding: 'utf8' }).split('\n')
    : query(env, tables.map((table) => `SELECT coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM ${table} t`).join(' UNION ALL '));
  return [...tables.map((table, i) => `${table} ${sums[i]}`),
          'session ' + query(env, 'SELECT count(*), count(ended_at), count(DISTINCT token_hash), sum(proved_at) FROM session')];
}

async function forms(store) {
  const env = demonstration({ store, name: 'forms' });
  const [mine] = bills(env);
  giveLogin(env, phone, mine.agreement);
  const server = await serve(env);
  const one = (sql) => query(env, sql)[0];
  const values = { so: mine.number, ma: mine.agreement, thang: '2026-10', diem: mine.point, ky: '1', run: '20261001',
                   'don-vi': 'PZ0001', phien: 'a'.repeat(64) };
  const address = (path) => path.replace(/\{([\w-]+)\}/g, (_, word) => values[word] ?? '1');

  /** Two browsers in which the same person is signed in, and the token that each has for its forms. */
  async function twice(home, kind, id) {
    const clients = [new Client(server.port), new Client(server.port)];
    for (const client of kind === undefined ? [] : clients) {
      const { token, sql } = signedIn(kind, id);
      query(env, sql);
      client.cookies.set('sangden', token);
    }
    return { client: clients[0], own: await clients[0].token(home), other: await clients[1].token(home) };
  }
  const staff = await twice('/tai-khoan', 'staff', one("SELECT staff_id FROM staff WHERE code = 'QUANTRI'")); // has every role
  const customer = await twice('/khach-hang/du-lieu', 'customer', one(`SELECT login_id FROM login_contact WHERE contact LIKE '%${phone.slice(1)}'`));
  const right = { OPEN: await twice('/dang-nhap'), CUSTOMER: customer, STAFF: staff, ANY_STAFF: staff, FIRST: staff };

  await step('without their token', async () => {
    const all = declared().filter(([kind]) => kind !== 'PAGE');
    verdict(all.length > 35, 'the tables are read', all.length);
    await pause(1100); // what was read is written within a second
    const before = contents(env);
    for (const [, path, audience] of all) {
      const { client, own, other } = right[audience];
      verdict(own !== '' && other !== '' && own !== other, `${path}: each session has a token of its own`);
      for (const [what, csrf] of [['without a token', ''], ['with that of another session', other]]) {
        const { status, text } = await client.send(address(path), { reason: 'letter', note: 'x', action: 'confirm', why: 'x' }, { csrf });
        verdict(status === 403 && text.includes('Biểu mẫu này đã cũ'), `${path} is refused ${what}`, status, text.slice(0, 300));
      }
    }
    const after = contents(env);
    equal(after.filter((line, i) => line !== before[i]).join(), '', 'nothing was changed');
  });

  await step('with it', async () => {
    for (const audience of ['OPEN', 'CUSTOMER', 'STAFF'])
      equal((await right[audience].client.send('/dang-xuat', {}, { csrf: right[audience].own })).status, 303, `a form is taken: ${audience}`);
  });
  equal(await server.stop(), 0, 'the server ends well');
  verdict(!sangden(['check'], { env }).includes('không đạt'), 'every invariant holds');
}

for (const store of await stores('forms')) {
  under(store.name + ': ');
  await forms(store);
  store.leave();
}
end();
