// SPDX-License-Identifier: Apache-2.0
// A small district with people of every kind who ask the programming interface.
import { execFileSync } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import { ask, folder, psql, sangden, serve, signedIn } from '../http/house.mjs';

export const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
export const unit = 'PZ0001', otherUnit = 'PZ0002';
export const customer = 'PZ00010000001', point = 'PZ00010000001001';
export const otherCustomer = 'PZ00010000002', otherPoint = 'PZ00010000002001';

/** SQL on a store of either kind, row by row with | between. */
export function sqlOf(target) {
  if (!target.startsWith('sqlite:'))
    return (text) => psql(target, text);
  const script = 'import sqlite3, sys\nwith sqlite3.connect(sys.argv[1], timeout=10) as store:\n' +
    '  for row in store.execute(sys.argv[2]): print(*row, sep="|")';
  return (text) => execFileSync('python3', ['-c', script, target.slice(7), text], { encoding: 'utf8' }).trim().split('\n');
}

/** A signed-in person, put where signing in puts them. */
function session(sql, kind, id, digit) {
  const { token, sql: row } = signedIn(kind, id, digit.repeat(64));
  sql(row);
  return token;
}

/** A store, its server, and callers: each answers ({status, json, text, headers}) of a path. */
export async function world(name, target = `sqlite:${folder}/${name}.db`, customers = 12, months = 3) {
  const env = { SANGDEN_STORE: target, SANGDEN_IDENTITY_KEY: `${folder}/${name}.key/identity.key` };
  const run = (...words) => sangden([...words, '--as', 'QUANTRI'], { env });
  sangden(['demo', '--customers', String(customers), '--months', String(months), '--seed', '7', '--until', '2026-10'], { env });
  run('identity', 'key');
  const sql = sqlOf(target);
  writeFileSync(`${folder}/units.csv`, 'code,level,name,parent,customer_prefix,from\n' +
                                       `${otherUnit},unit,Điện lực khác (mẫu),,PZ02,2024-01-01\n`);
  run('import', 'units', `${folder}/units.csv`);
  run('staff', 'add', 'KHAC', '--name', 'Người đơn vị khác (mẫu)');
  run('staff', 'role', 'KHAC', 'billing_leader', '--unit', otherUnit);
  const contacts = ['0912345678', '0912345679', '0912345670'];
  for (const contact of contacts) run('login', 'register', contact, '--unit', unit, '--consent', '2026-01');
  run('login', 'give', contacts[0], customer, '--role', 'owner');
  run('login', 'give', contacts[1], otherCustomer, '--role', 'owner');
  run('login', 'give', contacts[2], customer, '--role', 'relative');
  const keys = {};
  for (const code of ['VIDIEN', 'KHONGQUYEN']) {
    run('partner', 'add', code, '--name', `${code} (mẫu)`);
    keys[code] = JSON.parse(run('partner', 'key', code, '--json'));
  }
  for (const right of ['BILL_READ', 'READING_READ', 'RUN_READ'])
    run('partner', 'grant', 'VIDIEN', '--unit', unit, '--permission', right);
  const server = await serve(env, ['--workers', '1']);
  const idOf = (code) => sql(`SELECT staff_id FROM staff WHERE code = '${code}'`)[0];
  const logins = sql('SELECT login_id FROM login ORDER BY login_id DESC LIMIT 3').reverse();

  const send = async (path, options = {}) => {
    const answer = await ask(server.port, path, { agent, ...options });
    let json = null;
    try { json = JSON.parse(answer.text); } catch { /* no JSON: the test says so */ }
    return { ...answer, json };
  };
  const withToken = (token) => {
    let csrf = null;
    return async (path, { headers = {}, ...options } = {}) => {
      const cookie = { Cookie: `sangden=${token}`, ...headers };
      if (options.method && options.method !== 'GET') {
        csrf ??= (await send('/api/v1/session', { headers: { Cookie: `sangden=${token}` } })).json.csrf;
        cookie['X-CSRF-Token'] ??= csrf;
      }
      return send(path, { ...options, headers: cookie });
    };
  };
  const signed = ({ key, secret }, change = (headers) => headers, by = send) => (path, { headers = {}, method = 'GET', body = null } = {}) => {
    const [bare, query = ''] = path.split(/\?(.*)/s), timestamp = String(Math.floor(Date.now() / 1000));
    const nonce = randomBytes(16).toString('hex');
    const text = ['sangden-hmac-1', method, bare, query, createHash('sha256').update(body ?? '').digest('hex'),
                  timestamp, nonce].join('\n');
    const signature = createHmac('sha256', Buffer.from(secret, 'hex')).update(text).digest('hex');
    return by(path, { method, body, headers: change({ 'X-Sangden-Key': key, 'X-Sangden-Timestamp': timestamp,
      'X-Sangden-Nonce': nonce, 'X-Sangden-Signature': signature, ...headers }) });
  };
  return {
    env, run, sql, server, send, keys, signed,
    staff: withToken(session(sql, 'staff', idOf('QUANTRI'), '1')),
    auditor: withToken(session(sql, 'staff', idOf('KIEMSOAT'), '2')),
    stranger: withToken(session(sql, 'staff', idOf('KHAC'), '3')),
    clerk: withToken(session(sql, 'staff', idOf('TRUONGHD'), '7')),
    owner: withToken(session(sql, 'customer', logins[0], '4')),
    neighbour: withToken(session(sql, 'customer', logins[1], '5')),
    relative: withToken(session(sql, 'customer', logins[2], '6')),
    partner: signed(keys.VIDIEN),
    powerless: signed(keys.KHONGQUYEN),
    nobody: send,
  };
}
