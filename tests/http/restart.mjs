// SPDX-License-Identifier: Apache-2.0
// A restart loses nothing: neither what is under way nor what arrives between two processes.
import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import { createInterface } from 'node:readline';
import { equal, step, verdict } from '../web/tap.mjs';
import { ask, end, exchange, freshStore, pause, program, serve } from './house.mjs';

const env = freshStore();
const july = '{"month":"2026-07","usage":{"kwh":"461"},"uses":[{"category":"SH","share":"100"}]}';
const post = { method: 'POST', body: july, headers: { 'Content-Type': 'application/json' } };

/** Asks until it is told to stop, on connections that are kept and on new ones. */
function load(port) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 4 });
  const counts = { good: 0, failures: [] };
  let going = true;
  const worker = async (options) => {
    while (going) {
      try {
        const { status } = await ask(port, '/api/v1/bill-calculations', { ...post, ...options });
        if (status === 200) counts.good++;
        else counts.failures.push(status);
      } catch (error) {
        counts.failures.push(error.code ?? error.message);
      }
    }
  };
  const workers = [...Array(4)].map(() => worker({ agent }))
    .concat([...Array(4)].map(() => worker({ agent: new http.Agent({ keepAlive: false }) })));
  counts.end = async () => { going = false; await Promise.all(workers); agent.destroy(); return counts; };
  return counts;
}

await step('the next process takes the port', async () => {
  let server = await serve(env);
  const { port } = server;
  const counts = load(port);
  for (let restart = 0; restart < 5; restart++) {
    await pause(300);
    const next = await serve(env, [], port);
    await pause(100);
    equal(await server.stop(), 0, `restart ${restart + 1}: the old one ends in peace`);
    server = next;
  }
  /* The newer of two may be the one that ends. */
  const newer = await serve(env, [], port);
  await pause(100);
  equal(await newer.stop(), 0, 'a process that came last and goes first ends in peace');
  await pause(300);
  const { good, failures } = await counts.end();
  equal(failures.join(), '', 'no request failed');
  verdict(good > 50, 'of many', good);
  await server.stop();
});

// What systemd does: it holds the socket and hands it to one process after the other.
const holder = `
import os, socket, subprocess, sys
s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(4096); os.dup2(s.fileno(), 3, inheritable=True)
print('port', s.getsockname()[1], flush=True)
for line in sys.stdin:
    if line.strip() == 'start':
        p = subprocess.Popen(['bash', '-c', 'export LISTEN_PID=$$ LISTEN_FDS=1; exec "$0" serve --json --workers 0 --threads 2',
                              sys.argv[1]], pass_fds=[3], stdout=subprocess.PIPE)
        print('serves', p.stdout.readline().decode().strip(), flush=True)
    else:
        p.terminate()
        print('status', p.wait(), flush=True)
`;

await step('the socket of systemd', async () => {
  const child = spawn('python3', ['-c', holder, program], { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  let waiting = null, lines = [];
  createInterface({ input: child.stdout }).on('line', (line) => (waiting ? waiting(line) : lines.push(line)));
  const next = () => (lines.length > 0 ? Promise.resolve(lines.shift()) : new Promise((resolve) => {
    waiting = (line) => { waiting = null; resolve(line); };
  }));
  const tell = (word) => { child.stdin.write(word + '\n'); return next(); };
  const port = Number((await next()).split(' ')[1]);
  equal(await tell('start'), `serves {"port":${port}}`, 'is taken');
  const counts = load(port);
  for (let restart = 0; restart < 3; restart++) {
    await pause(300);
    equal(await tell('stop'), 'status 0', `restart ${restart + 1}: ends in peace`);
    await pause(100);
    await tell('start');
  }
  await pause(300);
  const { good, failures } = await counts.end();
  equal(failures.join(), '', 'no request failed');
  verdict(good > 50, 'of many', good);
  equal(await tell('stop'), 'status 0', 'the last one ends in peace');
  child.stdin.end();
});

await step('what is under way', async () => {
  const server = await serve({ ...env, SANGDEN_REQUEST_SECONDS: '2' });
  const head = `POST /api/v1/bill-calculations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${july.length}\r\n\r\n`;
  const socket = net.connect({ host: '127.0.0.1', port: server.port });
  let text = '';
  socket.on('data', (data) => { text += data; });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.write(head + july.slice(0, 10));
  const stuck = exchange(server.port, head, { wait: 6000 });
  await pause(200);
  const ended = server.stop();
  await pause(1000);
  socket.write(july.slice(10));
  await closed;
  verdict(/^HTTP\/1\.1 200 /.test(text) && /Connection: close/i.test(text) && /"total":1388405/.test(text),
          'is finished, and told that it was the last', text);
  verdict(/ 408 /.test((await stuck).text), 'who stands still is not waited for');
  equal(await ended, 0, 'and the process ends in peace');
  verdict((await exchange(server.port, head)).closed, 'nobody listens any more');
});
end();
