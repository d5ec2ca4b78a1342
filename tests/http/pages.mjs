// SPDX-License-Identifier: Apache-2.0
// What a browser and a program get: headers, files, languages, problems, the calculator.
import { execFileSync, spawnSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { equal, step, verdict } from '../web/tap.mjs';
import { ask, end, exchange, freshStore, metric, program, sangden, serve } from './house.mjs';

const env = freshStore();
const { stop, port } = await serve(env);
const json = { 'Content-Type': 'application/json' };
const calculations = '/api/v1/bill-calculations';
const july = '{"month":"2026-07","usage":{"kwh":"461"},"uses":[{"category":"SH","share":"100"}]}';

await step('the page', async () => {
  const page = await ask(port, '/');
  equal(page.status, 200, 'the first page is there');
  equal(page.headers['content-type'], 'text/html; charset=utf-8', 'it is HTML');
  equal(page.headers['content-security-policy'],
        "default-src 'none'; style-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:; " +
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; " +
        "frame-ancestors 'none'", 'with the policy');
  equal(page.headers['x-content-type-options'], 'nosniff', 'types are not guessed');
  equal(page.headers['cache-control'], 'no-cache', 'it is asked for anew');
  verdict(!('strict-transport-security' in page.headers), 'without TLS nothing is said of TLS');
  equal((await ask(port, '/', { headers: { 'If-None-Match': page.headers.etag } })).status, 304, 'or kept when it is the same');
  const head = await ask(port, '/', { method: 'HEAD' });
  verdict(head.status === 200 && head.text === '' &&
          head.headers['content-length'] === page.headers['content-length'], 'HEAD answers without the body');
  const packed = await ask(port, '/', { headers: { 'Accept-Encoding': 'br, gzip' } });
  equal(packed.headers['content-encoding'], 'gzip', 'compressed for who takes that');
  verdict(gunzipSync(packed.bytes).equals(page.bytes), 'with the same content');
  verdict(packed.headers.etag !== page.headers.etag && /Accept-Encoding/.test(packed.headers.vary), 'under another tag');
  const plain = await ask(port, '/', { headers: { 'Accept-Encoding': 'gzip;q=0, identity' } });
  verdict(plain.bytes.equals(page.bytes), 'and plain for who does not');
  for (const [, path] of page.text.matchAll(/(?:href|src)="(assets\/[^"]+)"/g)) {
    const asset = await ask(port, '/' + path);
    verdict(asset.status === 200 && /immutable/.test(asset.headers['cache-control']), path + ' is kept for a year');
  }
  const worker = await ask(port, '/sw.js');
  for (const [, path] of worker.text.matchAll(/"(assets\/[^"]+)"/g))
    equal((await ask(port, '/' + path)).status, 200, path + ' of the offline page is there');
  equal((await ask(port, '/assets/..%2f..%2fetc')).status, 400, 'a path that climbs is refused');
  equal((await ask(port, '/assets/none.js')).status, 404, 'a file that is not there');
  const bill = await ask(port, '/tinh-dien');
  verdict(bill.status === 303 && bill.headers.location === '/', 'where bills lead, the page is');
});

await step('problems', async () => {
  const none = await ask(port, '/khong-co');
  const problem = JSON.parse(none.text);
  verdict(none.status === 404 && none.headers['content-type'] === 'application/problem+json', 'an unknown address');
  equal(problem.title, 'Không tìm thấy', 'in Vietnamese');
  equal(problem.request_id, none.headers['x-request-id'], 'with the id of the request');
  equal(JSON.parse((await ask(port, '/khong-co?lang=en')).text).title, 'Not found', 'in English by ?lang=en');
  equal(JSON.parse((await ask(port, '/khong-co', { headers: { Cookie: 'a=b; lang=en' } })).text).title, 'Not found',
        'or by the cookie');
  const method = await ask(port, '/healthz', { method: 'DELETE' });
  verdict(method.status === 405 && method.headers.allow === 'GET, HEAD', 'another method is told which there are');
  equal((await ask(port, '/?a=%ff')).status, 400, 'a query that is no UTF-8');
  equal((await ask(port, calculations, { method: 'POST', body: july })).status, 415, 'a body without a type');
  equal((await ask(port, calculations, { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: july })).status,
        415, 'a body of another type');
  const large = await exchange(port, `POST ${calculations} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
                                     'Content-Length: 1048577\r\n\r\n{');
  verdict(large.statuses.join() === '413' && large.closed, 'a body too large is not even read', large.text);
  const waits = await exchange(port, `POST ${calculations} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
                                     `Content-Length: ${july.length}\r\nExpect: 100-continue\r\n\r\n`);
  verdict(/^HTTP\/1\.1 100/.test(waits.text), 'who asks before sending is told to go on', waits.text);
});

await step('the calculator', async () => {
  const lines = sangden(['calc'], { input: july + '\n' });
  const answer = await ask(port, calculations, { method: 'POST', headers: json, body: july });
  verdict(answer.status === 200 && answer.text === lines, 'the bytes of the command', answer.text, lines);
  const hostile = ['', '{', '[]', '{"month":1}', '{"a":1,"a":2}', '"\\ud800"', '['.repeat(100000),
    '{"month":"2026-07","usage":{"kwh":"999999999999999999999"},"uses":[]}', '{"month":"2026-13"}', '\xff',
    '{"month":"2026-07","usage":{"kwh":461.5},"uses":[{"category":"SH"}]}', 'null', '{"\\u0000":1}'];
  for (const body of hostile) {
    const { status, text, headers } = await ask(port, calculations, { method: 'POST', headers: json, body: Buffer.from(body, 'latin1') });
    verdict(status >= 400 && status < 500 && headers['content-type'] === 'application/problem+json',
            `refused: ${JSON.stringify(body.slice(0, 40))}`, status, text);
    if (body === '') continue;
    const printed = spawnSync(program, ['calc'], { input: Buffer.from(body + '\n', 'latin1') }).stdout.toString();
    verdict(printed.trimEnd() === JSON.stringify({ error: JSON.parse(text).error }), 'as the command refuses it', printed, text);
  }
  const english = JSON.parse((await ask(port, calculations + '?lang=en', { method: 'POST', headers: json, body: '{"month":1}' })).text);
  verdict(english.detail === english.detail_en && english.field === 'month' && english.hint === english.hint_en,
          'in English with field and remedy', JSON.stringify(english));
});

await step('figures and health', async () => {
  equal((await ask(port, '/healthz')).text, 'ok\n', 'alive');
  equal((await ask(port, '/readyz')).text, 'ready\n', 'ready');
  equal(await metric(port, /route="\/tinh-dien",status="303"/), 1, 'requests are counted by route and status');
  verdict(await metric(port, /^sangden_http_request_seconds_count/) > 20, 'their time is measured');
  verdict(await metric(port, /^sangden_http_connections /) >= 1, 'connections are counted');
  equal((await ask(port, '/metrics', { headers: { 'X-Forwarded-For': '203.0.113.9' } })).status, 404, 'not for strangers');
});
equal(await stop(), 0, 'the server ends in peace');

await step('a store that fails', async () => {
  const store = freshStore('broken');
  const broken = await serve(store);
  execFileSync('python3', ['-c', 'import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); ' +
    'db.execute("DELETE FROM store_migration WHERE number = (SELECT max(number) FROM store_migration)"); db.commit()',
    store.SANGDEN_STORE.slice(7)]);
  equal((await ask(broken.port, '/readyz')).status, 503, 'a store of another version is not ready');
  equal((await ask(broken.port, '/healthz')).status, 200, 'but the process is alive');
  await broken.stop();
});

await step('the log', async () => {
  const quiet = await serve({ ...freshStore('log'), SANGDEN_LOG: 'debug' });
  await ask(quiet.port, '/assets/Nguyen-Thi-An?sdt=0912345678', { headers: { 'X-Forwarded-For': '203.0.113.77' } });
  await quiet.stop();
  verdict(/event=http\.request id=[0-9a-f]{16} method=GET route=\/assets\/\{tep\} status=404/.test(quiet.log), 'one line a request', quiet.log);
  verdict(!/Nguyen|0912345678|203\.0\.113\.77/.test(quiet.log), 'that tells nothing of who asked', quiet.log);
});

await step('wrong settings', async () => {
  const refused = (words, more, name) => {
    const { status, stderr } = spawnSync(program, ['serve', ...words], { encoding: 'utf8', timeout: 10000, env: { ...process.env, ...env, ...more } });
    verdict(status > 0 && stderr.includes('Cách xử lý') && stderr.includes('Remedy') && stderr.includes(name), `refused: ${name}`, status, stderr);
  };
  refused(['--port', '65536'], {}, 'port');
  refused(['--threads', '0'], {}, 'threads');
  refused(['--workers', '65'], {}, 'workers');
  refused(['--address', 'example.vn'], {}, 'address');
  refused([], { SANGDEN_PROXIES: '10.0.0.0/40' }, 'SANGDEN_PROXIES');
  refused([], { SANGDEN_CONNECTIONS: 'many' }, 'SANGDEN_CONNECTIONS');
  refused([], { SANGDEN_STORE: 'sqlite:/none/there.db' }, '/none');
});
end();
