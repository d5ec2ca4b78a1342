// SPDX-License-Identifier: Apache-2.0
// A running `sangden serve`, and bytes sent to it as they are.
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { finish } from '../web/tap.mjs';

export const program = resolve(process.argv[2]);
export const folder = mkdtempSync(join(tmpdir(), 'sangden-http-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

for (const name of Object.keys(process.env)) if (/^SANGDEN_(?!TEST_|SOURCE_)/.test(name)) delete process.env[name];

/** Runs a command of the program; its standard output. */
export function sangden(words, options = {}) {
  return execFileSync(program, words, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'], ...options,
                                        env: { ...process.env, ...options.env } });
}

/** A new store for one test; answers its environment. */
export function freshStore(name = 'store') {
  const env = { SANGDEN_STORE: `sqlite:${join(folder, name + '.db')}` };
  sangden(['init', '--as', 'QT01', '--name', 'Nguyễn Thị An', '--kind', 'test'], { env });
  return env;
}

/** Asks PostgreSQL; the lines of its answer. */
export function psql(target, sql) {
  return execFileSync('psql', ['-qtA', target, '-c', sql], { encoding: 'utf8' }).trim().split('\n');
}

/** Asks a store behind the program's back; the lines of its answer, with | between columns. */
export function query(env, sql) {
  const path = env.SANGDEN_STORE.replace(/^sqlite:/, '');
  if (path === env.SANGDEN_STORE) return psql(env.SANGDEN_STORE, sql);
  return execFileSync('sqlite3', ['-cmd', '.timeout 5000', path, sql], { encoding: 'utf8' }).trim().split('\n');
}

/** What signing in writes for a person of the kind 'staff' or 'customer': { token, sql }. */
export function signedIn(kind, id, token = randomBytes(32).toString('hex')) {
  const hash = createHash('sha256').update(token).digest('hex'), now = Date.now();
  return { token, sql: 'INSERT INTO session (token_hash, kind, subject_id, level, created_at, seen_at, proved_at, ' +
    `expires_at, idle_ms, fresh_ms, address, agent) VALUES ('${hash}', '${kind}', ${id}, 'full', ${now}, ${now}, ` +
    `${now}, ${now + 36e5}, 3600000, 3600000, '', '')` };
}

/** The address of a cluster, of the whole run or of this test, and how to leave it; null: there is none. */
async function cluster() {
  if (process.env.SANGDEN_TEST_POSTGRES) return [process.env.SANGDEN_TEST_POSTGRES, () => {}];
  const script = fileURLToPath(new URL('../support/with_postgres.sh', import.meta.url));
  const child = spawn(script, ['--serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const address = await new Promise((resolve) => {
    child.stdout.once('data', (data) => resolve(String(data).trim()));
    child.once('exit', () => resolve(null));
  });
  return [address, () => child.stdin.end()];
}

/** Empty stores of both engines as { name, address, leave }; SQLite alone where nothing else is
 *  installed. */
export async function stores(name) {
  const sqlite = { name: 'SQLite', address: `sqlite:${join(folder, name + '.db')}`, leave: () => {} };
  const [address, leave] = await cluster();
  if (address === null) return [sqlite];
  const database = `node_${name}_${process.pid}`;
  psql(address, `CREATE DATABASE ${database}`);
  return [sqlite, { name: 'PostgreSQL', address: address.replace('/postgres?', `/${database}?`), leave: () => {
    psql(address, `DROP DATABASE ${database} WITH (FORCE)`);
    leave();
  } }];
}

const running = new Set();
process.on('exit', () => { for (const child of running) child.kill('SIGKILL'); });

/** Starts a process and waits for a line of its output; .stop() ends it and answers its status. */
export function start(command, words, { env = {}, line = null, stdio = [] } = {}) {
  const child = spawn(command, words, { env: { ...process.env, ...env },
                                        stdio: ['ignore', 'pipe', 'pipe', ...stdio] });
  running.add(child);
  child.log = '';
  child.stderr.on('data', (data) => { child.log += data; });
  child.ended = new Promise((resolve) => child.on('exit', (status, signal) => {
    running.delete(child);
    resolve(status ?? signal);
  }));
  child.stop = (signal = 'SIGTERM') => { child.kill(signal); return child.ended; };
  return new Promise((resolve, reject) => {
    if (line === null) return resolve(child);
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
      const match = line.exec(text);
      if (match) { child.match = match; resolve(child); }
    });
    child.ended.then((status) => reject(new Error(`${command} ended with ${status}: ${child.log}`)));
  });
}

/** `sangden serve`; .port is where it listens. */
export async function serve(env, words = [], port = 0) {
  const workers = words.includes('--workers') ? [] : ['--workers', '0'];
  const server = await start(program, ['serve', '--json', '--threads', '2', '--port', String(port),
                                       ...workers, ...words],
                             { env, line: /"port":(\d+)/ });
  server.port = Number(server.match[1]);
  return server;
}

/** The last line of a test; what still runs is ended. */
export function end() {
  finish();
  process.exit();
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends bytes and answers what came back: statuses in order, the text, whether it was closed. */
export function exchange(port, bytes, { over = null, wait = 3000, host = '127.0.0.1' } = {}) {
  return new Promise((resolve) => {
    let text = '', timer;
    const socket = over ? tls.connect({ host, port, ...over }) : net.connect({ host, port });
    const end = (closed) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, closed,
                statuses: [...text.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, code]) => Number(code)) });
    };
    socket.on(over ? 'secureConnect' : 'connect', () => {
      timer = setTimeout(end, wait, false);
      for (const piece of Array.isArray(bytes) ? bytes : [bytes]) socket.write(Buffer.from(piece, 'latin1'));
    });
    socket.on('data', (data) => {
      text += data.toString('latin1');
      clearTimeout(timer);
      timer = setTimeout(end, wait, false);
    });
    socket.on('error', () => end(true));
    socket.on('close', () => end(true));
  });
}

/** An ordinary request; over TLS where over says what tls.connect wants to know. */
export function ask(port, path, { method = 'GET', headers = {}, body = null, agent, over = null,
                                  host = '127.0.0.1', localAddress } = {}) {
  return new Promise((resolve, reject) => {
    const where = { host, port, path, method, headers, agent, localAddress, ...over };
    const request = (over ? https : http).request(where, (response) => {
      const pieces = [];
      response.on('data', (piece) => pieces.push(piece));
      response.on('end', () => {
        const bytes = Buffer.concat(pieces);
        resolve({ status: response.statusCode, headers: response.headers, bytes, text: bytes.toString() });
      });
      response.on('error', reject);
    });
    request.on('error', reject);
    if (body !== null) request.setHeader('Content-Length', Buffer.byteLength(body));
    request.end(body ?? undefined);
  });
}

/** The value of a metric, such as sangden_http_requests_total{…,route="/",…}; the sum of all lines. */
export async function metric(port, pattern) {
  const { text } = await ask(port, '/metrics');
  return text.split('\n').filter((line) => !line.startsWith('#') && pattern.test(line))
    .reduce((sum, line) => sum + Number(line.split(' ').pop()), 0);
}
