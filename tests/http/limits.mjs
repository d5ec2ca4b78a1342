// SPDX-License-Identifier: Apache-2.0
// Who stands still, or opens more than is good, does not keep others from being answered.
import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { equal, step, verdict } from '../web/tap.mjs';
import { ask, end, exchange, freshStore, metric, pause, serve } from './house.mjs';

const env = freshStore();
const head = 'POST /api/v1/bill-calculations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

/** Bytes one by one, every 100 ms, until the other side closes; answers what came and after how long. */
function trickle(port, bytes) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    const started = Date.now();
    let text = '', at = 0;
    const timer = setInterval(() => { if (at < bytes.length) socket.write(bytes[at++]); }, 100);
    socket.on('data', (data) => { text += data; });
    socket.on('error', () => {});
    socket.on('close', () => { clearInterval(timer); resolve({ text, ms: Date.now() - started }); });
  });
}

await step('time', async () => {
  const server = await serve({ ...env, SANGDEN_REQUEST_SECONDS: '2', SANGDEN_IDLE_SECONDS: '1' });
  const [silent, slowHead, slowBody, idle] = await Promise.all([
    trickle(server.port, ''), trickle(server.port, head + 'X: '.repeat(100)),
    trickle(server.port, [head + 'Content-Length: 100\r\n\r\n', ...'{'.repeat(90)]),
    trickle(server.port, ['GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'])]);
  for (const [name, { text, ms }] of Object.entries({ silent, slowHead, slowBody })) {
    verdict(/^HTTP\/1\.1 408 /.test(text) && ms < 10000, `408: ${name}`, text, ms);
    equal(JSON.parse(text.split('\r\n\r\n')[1]).hint_en, 'Check the line and send it again', 'with a remedy');
  }
  verdict(/^HTTP\/1\.1 200 /.test(idle.text) && !/ 408 /.test(idle.text) && idle.ms < 10000,
          'an idle connection is closed without a word', idle.text, idle.ms);
  equal(await metric(server.port, /^sangden_http_connections_expired_total /), 4, 'all are counted');
  equal(await server.stop(), 0, 'the server ends in peace');
});

await step('number', async () => {
  const server = await serve({ ...env, SANGDEN_CONNECTIONS: '4' });
  const idle = [];
  for (let i = 0; i < 4; i++) {
    idle.push(net.connect({ host: '127.0.0.1', port: server.port }));
    await pause(100);
  }
  const fifth = exchange(server.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', { wait: 3000 });
  let answered = false;
  fifth.then(() => { answered = true; });
  await pause(500);
  verdict(!answered, 'beyond the limit one waits');
  for (const socket of idle) socket.destroy();
  equal((await fifth).statuses.join(), '200', 'and is answered when another one leaves');
  await server.stop();
});

await step('one address', async () => {
  const outside = Object.values(networkInterfaces()).flat()
    .find(({ internal, family }) => !internal && family === 'IPv4');
  if (outside === undefined) return verdict(true, 'connections of one address # SKIP no address but loopback');
  const host = outside.address;
  const server = await serve({ ...env, SANGDEN_CONNECTIONS_PER_ADDRESS: '3' }, ['--address', '0.0.0.0']);
  const idle = [];
  for (let i = 0; i < 3; i++) {
    idle.push(net.connect({ host, port: server.port }));
    await pause(50);
  }
  const get = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
  const refused = await exchange(server.port, get, { host });
  verdict(refused.closed && refused.statuses.length === 0, 'one too many of an address is closed', refused.text);
  equal((await exchange(server.port, get)).statuses.join(), '200', 'others are answered');
  idle[0].destroy();
  await pause(200);
  equal((await exchange(server.port, get, { host })).statuses.join(), '200', 'so is it, once one is gone');
  await pause(300);
  equal((await ask(server.port, '/metrics', { host })).status, 404, 'figures are not for other addresses');
  for (const socket of idle) socket.destroy();
  await server.stop();
  const inside = await serve({ ...env, SANGDEN_METRICS_FROM: `${host}/32` }, ['--address', '0.0.0.0']);
  equal((await ask(inside.port, '/metrics', { host })).status, 200, 'unless they are named');
  await inside.stop();
});
end();
