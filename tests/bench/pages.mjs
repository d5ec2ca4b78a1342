// SPDX-License-Identifier: Apache-2.0
// Pages of people who are signed in, of a whole city on SQLite: one server thread on one processor,
// what asks on the other. Rows as bench.h prints them; beside a page the empty answer of the bare
// library (bench_http bare), asked by the same wrk in the same run.
//
//   cold    the bills of 1,000 customers in turn: every page is put together anew, because a thread
//           keeps 128 answers and the facts of 128 bills, for ten seconds
//   warm    the same of 50: whole answers, for as long as nobody writes
//   p99     open_loop.mjs, at a fixed rate, counted from when a request was due (wrk waits for
//           answers before it asks again, and so leaves out what would have waited)
//
//   node pages.mjs SANGDEN [CUSTOMERS]
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { ask, query, folder, pause, program, signedIn, start } from '../http/house.mjs';
import { Client, demonstration } from '../web/demonstration.mjs';
import { openLoop } from './open_loop.mjs';

const customers = Number(process.argv[3] ?? 1000000);
const VISITORS = 1000, WARM = 50, READERS = 200, IDLE = 10000, ROUNDS = 3, WRK_SECONDS = 3, LOOP_SECONDS = 5;
const RATE = 2000, RESTART_RATE = 500, QUIET_MS = 4000;
const [serverCpu, clientCpu] = ['0', availableParallelism() > 1 ? '1' : '0'];

function row(what, figure, unit, limit, limitName) {
  console.log(`${what} | ${figure} ${unit} | ${limitName}: ${limit} ${unit} | ` +
              (limit === 0 ? '0.00' : (figure / limit).toFixed(2)));
}

execFileSync('taskset', ['-pc', clientCpu, String(process.pid)], { stdio: 'ignore' });
const env = demonstration({ customers, months: 2, name: 'pages' });

async function serve(port = 0) {
  const words = ['serve', '--json', '--threads', '1', '--workers', '0', '--port', String(port)];
  const server = await start('taskset', ['-c', serverCpu, program, ...words], { env, line: /"port":(\d+)/ });
  server.port = Number(server.match[1]);
  return server;
}

// ---- people ------------------------------------------------------------------------------------

/** Customers from all over the store, each signed in: what the counter and signing in would write. */
function visitors() {
  const day = new Date(Date.now() + 7 * 36e5).toISOString().slice(0, 10);
  const step = Math.max(1, Math.floor(customers / VISITORS));
  const agreements = query(env, 'SELECT unit_id, agreement_id FROM (SELECT unit_id, agreement_id, row_number() OVER ' +
    `(ORDER BY unit_id, agreement_id) n FROM agreement) WHERE n % ${step} = 0 LIMIT ${VISITORS}`);
  const [first] = query(env, 'SELECT coalesce(max(login_id), 0) + 1 FROM login');
  const rows = ['BEGIN'], tokens = [];
  agreements.forEach((agreement, i) => {
    const login = Number(first) + i, { token, sql } = signedIn('customer', login);
    const [unit, id] = agreement.split('|');
    rows.push(`INSERT INTO login (login_id, origin, created_at) VALUES (${login}, 'counter', ${Date.now()})`, sql,
      'INSERT INTO login_supply_fact (unit_id, agreement_id, login_id, valid_from, entry_no, state, recorded_at, actor_id, ' +
      `value_text) VALUES (${unit}, ${id}, ${login}, '${day}', 1, 'set', ${Date.now()}, 1, 'owner')`);
    tokens.push(token);
  });
  /* Too long for a command line. */
  const path = join(folder, 'people.sql');
  writeFileSync(path, [...rows, 'COMMIT'].join(';\n') + ';\n');
  query(env, '.read ' + path);
  return tokens;
}

/** Each visitor's latest bill: { path, cookie }; every one of them is answered. */
async function billsOf(port, tokens) {
  const found = [];
  for (const token of tokens) {
    const cookie = `sangden=${token}`, headers = { Cookie: cookie };
    const list = await ask(port, '/khach-hang/hoa-don', { headers });
    const path = /href="(\/khach-hang\/hoa-don\/[^"?/]+)"/.exec(list.text)?.[1];
    if (path === undefined) continue;
    const { status } = await ask(port, path, { headers });
    if (status !== 200) throw new Error(`${path}: ${status}`);
    found.push({ path, cookie });
  }
  if (found.length < Math.min(VISITORS, customers) / 2) throw new Error(`${found.length} bills of ${tokens.length} visitors`);
  return found;
}

/** A leader who has noted why the pages of some customers are read. */
async function readers(port) {
  const [id] = query(env, "SELECT staff_id FROM staff WHERE code = 'TRUONGHD'");
  const { token, sql } = signedIn('staff', id);
  query(env, sql);
  const client = new Client(port), csrfPage = '/tai-khoan', cookie = `sangden=${token}`;
  client.cookies.set('sangden', token);
  const csrf = await client.token(csrfPage), pages = [];
  const step = Math.max(1, Math.floor(customers / READERS));
  for (const code of query(env, 'SELECT code FROM (SELECT code, row_number() OVER (ORDER BY unit_id, agreement_id) n FROM ' +
                               `agreement) WHERE n % ${step} = 0 LIMIT ${READERS}`)) {
    const path = `/ban-lam-viec/khach-hang/${code}`;
    await client.send(`${path}/xac-minh`, { reason: 'task', note: 'Đo tốc độ' }, { csrf });
    const { status, text } = await client.ask(path);
    if (status !== 200 || !text.includes('class="timeline"')) throw new Error(`${path}: ${status}`);
    pages.push({ path, cookie });
  }
  return pages;
}

// ---- wrk ---------------------------------------------------------------------------------------

const script = join(folder, 'in-turn.lua');
writeFileSync(script, `local list, at = {}, 0
function init(args)
  for line in io.lines(args[1]) do
    local path, cookie = line:match('^(%S+) (%S+)$')
    list[#list + 1] = wrk.format('GET', path, {['Cookie'] = cookie})
  end
end
function request()
  at = at % #list + 1
  return list[at]
end
`);

/** Requests a second, the best of some rounds. */
function perSecond(port, requests) {
  const path = join(folder, 'requests.txt');
  writeFileSync(path, requests.map(({ path, cookie }) => `${path} ${cookie}\n`).join(''));
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { stdout } = spawnSync('taskset', ['-c', clientCpu, 'wrk', '-t1', '-c64', '--timeout', '30s', `-d${WRK_SECONDS}s`, '-s', script,
                                             `http://127.0.0.1:${port}`, '--', path], { encoding: 'utf8' });
    if (/Non-2xx or 3xx|Socket errors/.test(stdout)) throw new Error(stdout);
    best = Math.max(best, Math.round(Number(/Requests\/sec:\s*([\d.]+)/.exec(stdout)?.[1] ?? 0)));
  }
  return best;
}

const bytesOf = ({ path, cookie }) =>
  Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nCookie: ${cookie}\r\n\r\n`);

// ---- idle connections --------------------------------------------------------------------------

/** Memory of a process that is its own, in kB: without mapped files. */
const ownKb = (pid) => Number(/^RssAnon:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]);

/** Opens a connection, asks once, and leaves it open. */
const openIdle = (port, bytes) => new Promise((resolve, reject) => {
  const socket = net.connect({ host: '127.0.0.1', port }, () => socket.write(bytes));
  let text = '';
  socket.on('data', (data) => {
    text += data.latin1Slice();
    const head = text.indexOf('\r\n\r\n');
    const length = Number(/\r\nContent-Length: (\d+)/i.exec(text)?.[1] ?? Infinity);
    if (head < 0 || text.length < head + 4 + length) return;
    if (text.startsWith('HTTP/1.1 200 ')) resolve(socket);
    else reject(new Error(text.slice(0, 100)));
  });
  socket.on('error', reject);
});

async function measureIdle(visits) {
  const server = await serve();
  const open = [], batch = 50;
  const requests = visits.map(({ cookie }) => bytesOf({ path: '/khach-hang/hoa-don', cookie }));
  for (let i = 0; i < IDLE; i += batch)
    open.push(...await Promise.all([...Array(batch)].map((_, j) => openIdle(server.port, requests[(i + j) % requests.length]))));
  /* Idle: what was noted of them is written, and its connection to the store closed. */
  await pause(QUIET_MS);
  row(`memory of the server with ${IDLE} idle signed-in connections`, Math.round(ownKb(server.pid) / 1024), 'MB', 100,
      'wanted at most');
  for (const socket of open) socket.destroy();
  await server.stop();
}

// ---- restart -----------------------------------------------------------------------------------

async function measureRestart(visits) {
  let server = await serve();
  const { port } = server, seconds = 8;
  const load = openLoop(port, visits.map(bytesOf), RESTART_RATE, seconds);
  for (let restart = 0; restart < 3; restart++) {
    await pause(1500);
    const next = await serve(port);
    await pause(300);
    await server.stop();
    server = next;
  }
  const { answered, failed } = await load;
  row(`three restarts at ${RESTART_RATE} bill pages/s, ${answered + failed} asked, failed`, failed, 'requests', 0, 'wanted at most');
  await server.stop();
}

// ---- all ---------------------------------------------------------------------------------------

const nothing = [{ path: '/healthz', cookie: 'a=b' }];
const library = await start('taskset', ['-c', serverCpu, join(dirname(program), 'tests/bench/bench_http'), 'bare'],
                            { line: /"port":(\d+)/ });
const empty = perSecond(Number(library.match[1]), nothing);
await library.stop();
const server = await serve();
const visits = await billsOf(server.port, visitors());
const pages = await readers(server.port);
const size = `${customers} customers, SQLite, one thread`;
const beside = (what, requests) =>
  row(`${what}, ${size}`, perSecond(server.port, requests), 'pages/s', empty, 'the empty answer of the library');
beside('the empty answer /healthz', nothing);
beside(`bill page, signed in, access logged, ${visits.length} bills in turn`, visits);
beside(`bill page, signed in, access logged, ${WARM} bills in turn`, visits.slice(0, WARM));
beside('customer page of the desk, access logged', pages);
for (const [what, list] of [[`${visits.length} bills`, visits], [`${WARM} bills`, visits.slice(0, WARM)]]) {
  const { p99, failed } = await openLoop(server.port, list.map(bytesOf), RATE, LOOP_SECONDS);
  if (failed > 0) throw new Error(`${failed} requests failed`);
  row(`bill page at ${RATE} requests/s, ${what} in turn, p99, ${size}`, Math.ceil(p99 * 1000), 'us', 10000, 'wanted at most');
}
await server.stop();
const [noted] = query(env, "SELECT count(DISTINCT login_id) FROM access_log WHERE action = 'bill.show' AND login_id <> 0");
if (Number(noted) < visits.length) throw new Error(`${noted} of ${visits.length} visitors stand in the access log`);
await measureIdle(visits);
await measureRestart(visits);
process.exit();
