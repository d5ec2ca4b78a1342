// SPDX-License-Identifier: Apache-2.0
// Two servers and two workers on one store behave as one: every event gets its position once.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { equal, step, verdict } from '../web/tap.mjs';
import { ask, end, folder, pause, program, psql, sangden, serve, start, stores } from './house.mjs';

const script = 'import sqlite3, sys\nwith sqlite3.connect(sys.argv[1]) as c:\n  for row in c.execute(sys.argv[2]): print(*row, sep="|")';
const sqlite = (path, sql) => execFileSync('python3', ['-c', script, path, sql], { encoding: 'utf8' }).trim();

const units = 'SELECT count(*), count(DISTINCT position), coalesce(max(position), 0) FROM event GROUP BY unit_id';

async function behaveAsOne(name, env, query) {
  sangden(['demo', '--customers', '60', '--months', '2', '--seed', '1'], { env });
  const before = Number(query('SELECT count(*) FROM event_new')[0]);
  verdict(before > 0, `${name}: there are events without a position`, before);
  const works = [await start(program, ['work', '--workers', '2'], { env }),
                 await start(program, ['work', '--workers', '1'], { env })];
  const servers = [await serve(env, ['--workers', '1']), await serve(env, ['--workers', '0'])];
  for (let tries = 0; tries < 200 && query('SELECT count(*) FROM event_new')[0] !== '0'; tries++) await pause(100);
  equal(query('SELECT count(*) FROM event_new')[0], '0', `${name}: every event has its position`);
  verdict(query(units).every((row) => new Set(row.split('|')).size === 1), `${name}: once, without a gap`, query(units).join(' '));
  for (const { port } of servers) equal((await ask(port, '/readyz')).text, 'ready\n', `${name}: a server is ready`);
  for (const one of [...works, ...servers]) equal(await one.stop(), 0, `${name}: ends in peace`);
  const check = spawnSync(program, ['check'], { encoding: 'utf8', env: { ...process.env, ...env } });
  equal(check.status, 0, `${name}: the store is sound: ${check.stderr}`);
}

await step('SQLite', async () => {
  const path = folder + '/two.db';
  const query = (sql) => sqlite(path, sql).split('\n');
  await behaveAsOne('SQLite', { SANGDEN_STORE: 'sqlite:' + path }, query);
});

await step('PostgreSQL', async () => {
  const [, store] = await stores('workers');
  if (store === undefined) return verdict(true, 'PostgreSQL # SKIP PostgreSQL 15 is not installed');
  await behaveAsOne('PostgreSQL', { SANGDEN_STORE: store.address }, (sql) => psql(store.address, sql));
  store.leave();
});

await step('the workers of a server', async () => {
  const path = folder + '/two.db';
  const server = await start(program, ['serve', '--port', '0', '--json', '--workers', '1'],
                             { env: { SANGDEN_STORE: 'sqlite:' + path }, line: /"port":(\d+)/ });
  const children = () => spawnSync('pgrep', ['-P', String(server.pid)], { encoding: 'utf8' }).stdout.trim();
  await pause(500);
  verdict(/^\d+$/.test(children()), 'run beside it', children());
  equal(await server.stop(), 0, 'and it ends in peace');
  const killed = await start(program, ['serve', '--port', '0', '--json', '--workers', '1'],
                             { env: { SANGDEN_STORE: 'sqlite:' + path }, line: /"port":(\d+)/ });
  await pause(500);
  const child = spawnSync('pgrep', ['-P', String(killed.pid)], { encoding: 'utf8' }).stdout.trim();
  await killed.stop('SIGKILL');
  await pause(700);
  const { stdout: state } = spawnSync('ps', ['-o', 'stat=', '-p', child], { encoding: 'utf8' });
  verdict(!/^[^Z]/.test(state), 'workers end with a server that is killed', state);
});
await step('notices', async () => {
  const path = folder + '/notices.db', out = folder + '/notices';
  const env = { SANGDEN_STORE: 'sqlite:' + path };
  const run = (sql) => sqlite(path, sql);
  sangden(['init', '--kind', 'test'], { env });
  const now = Date.now();
  run(`INSERT INTO notice_outbox (unit_id, notice_no, channel, recipient, body, body_hash, idempotency_key, state, created_at, expires_at)
       VALUES (0, 1, 'phone', '+84100000001', '123456', '${'0'.repeat(64)}', 'a', 'waiting', ${now}, ${now + 600000})`);
  run(`INSERT INTO one_time_code (challenge_hash, purpose, contact, login_id, code_hash, expires_at)
       VALUES ('${'1'.repeat(64)}', 'sign_in', 'phone:+84100000001', 1, '${'2'.repeat(64)}', ${now - 2 * 86400000}),
              ('${'3'.repeat(64)}', 'sign_in', 'phone:+84100000001', 1, '${'2'.repeat(64)}', ${now + 300000})`);
  const work = await start(program, ['work'], { env: { ...env, SANGDEN_NOTICE_FOLDER: out } });
  const state = () => run('SELECT state FROM notice_outbox');
  for (let tries = 0; tries < 100 && state() === 'waiting'; tries++) await pause(50);
  equal(await work.stop(), 0, 'a worker ends in peace');
  verdict(readFileSync(out + '/0-1.txt', 'utf8').includes('123456'), 'a worker delivers a notice');
  equal(run('SELECT state, body FROM notice_outbox'), 'delivered|None', 'and its text is gone');
  equal(run('SELECT substr(challenge_hash, 1, 1) FROM one_time_code'), '3', 'a code of the day before yesterday is forgotten');
});
end();
