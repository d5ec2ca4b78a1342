// SPDX-License-Identifier: Apache-2.0
// What nginx does on the way: HTTP/2, limits for one address, refusals of its own, restarts behind it.
import http2 from 'node:http2';
import { equal, step, verdict } from '../web/tap.mjs';
import { ask, end, freshStore, pause, serve } from './house.mjs';
import { name, nginxBefore } from './nginx.mjs';

const env = freshStore(), words = ['--workers', '0'];
process.env.SANGDEN_PROXIES = '127.0.0.1/32';
let server = await serve(env, words);
const nginx = await nginxBefore(server.port);
if (nginx === null) end();
const { tlsPort, over } = nginx;
const get = (path, localAddress, options = {}) =>
  ask(tlsPort, path, { headers: { Host: name, Accept: 'text/html' }, over, localAddress, ...options });

await step('HTTP/2', async () => {
  const session = http2.connect(`https://127.0.0.1:${tlsPort}`, { servername: name, rejectUnauthorized: false });
  const send = (path, headers = {}, body = null) => new Promise((resolve, reject) => {
    const stream = session.request({ ':path': path, ':authority': name, ...headers });
    let status, text = '';
    stream.on('response', (head) => { status = head[':status']; });
    stream.on('data', (data) => { text += data; });
    stream.on('end', () => resolve({ status, text }));
    stream.on('error', reject);
    stream.end(body);
  });
  const pages = await Promise.all(['/', '/tro-giup', '/dang-nhap', '/kiem-chung'].map((path) => send(path)));
  equal(session.alpnProtocol, 'h2', 'is spoken');
  equal(pages.map(({ status }) => status).join(), '200,200,200,200', 'pages are answered side by side');
  const body = JSON.stringify({ month: '2026-07', usage: { kwh: '461' }, uses: [{ category: 'SH', share: '100' }] });
  const bill = await send('/api/v1/bill-calculations', { ':method': 'POST', 'content-type': 'application/json' }, body);
  verdict(bill.status === 200 && bill.text.includes('1388405'), 'and a body comes through', bill.text.slice(0, 200));
  session.close();
});

await step('too many requests of one address', async () => {
  const answers = await Promise.all([...Array(400)].map((_, i) => get(i % 2 ? '/tro-giup' : '/api/v1/session', '127.0.0.88')));
  const late = answers.filter(({ status }) => status === 429), fine = answers.filter(({ status }) => status < 429);
  verdict(fine.length >= 60 && late.length >= 50 && fine.length + late.length === 400, 'some are refused, the others answered', fine.length, late.length);
  const page = late.find(({ headers }) => headers['content-type'].startsWith('text/html'));
  const problem = late.find(({ headers }) => headers['content-type'] === 'application/problem+json');
  verdict(page?.text.includes('Đợi một phút') && page.text.includes('Wait a minute'), 'with a remedy in both languages', page?.text);
  equal(JSON.parse(problem?.text ?? '{}').status, 429, 'as a problem where programs ask');
  for (const { headers } of [page, problem]) {
    verdict(/default-src 'none'/.test(headers['content-security-policy'] ?? ''), 'nothing is loaded by it', JSON.stringify(headers));
    equal(`${headers['x-content-type-options']} ${headers['cache-control']}`, 'nosniff no-store', 'and it is neither guessed at nor kept');
  }
  equal((await get('/tro-giup', '127.0.0.89')).status, 200, 'another address is served');
});

await step('restarts behind nginx', async () => {
  let asked = 0, ends = false;
  const failed = [];
  const visitor = async (at) => {
    for (; !ends; asked++) {
      const post = asked % 3 === 0;
      const body = JSON.stringify({ month: '2026-07', usage: { kwh: '461' }, uses: [{ category: 'SH', share: '100' }] });
      const { status } = post
        ? await get('/api/v1/bill-calculations', at, { method: 'POST', headers: { Host: name, 'Content-Type': 'application/json' }, body })
        : await get('/tro-giup', at);
      if (status !== 200) failed.push(`${post ? 'POST' : 'GET'} ${status}`);
      await pause(40);
    }
  };
  const visitors = [...Array(8)].map((_, i) => visitor('127.0.0.' + (100 + i)));
  for (let i = 0; i < 3; i++) {
    await pause(400);
    const next = await serve(env, words, server.port);
    await pause(100);
    equal(await server.stop(), 0, 'a server makes room for the next');
    server = next;
  }
  await pause(300);
  ends = true;
  await Promise.all(visitors);
  verdict(asked > 100 && failed.length === 0, `${asked} requests, none lost`, failed.join());
});

await step('a server that is away', async () => {
  await server.stop();
  const page = await get('/', '127.0.0.90'), problem = await get('/api/v1/session', '127.0.0.90');
  verdict(page.status === 502 && page.text.includes('tạm nghỉ') && page.text.includes('away for a moment'), 'a page says so', page.text);
  verdict(problem.status === 502 && JSON.parse(problem.text).code === 'E_OUTSIDE', 'and a problem', problem.text);
});
await nginx.stop();
end();
