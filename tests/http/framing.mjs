// SPDX-License-Identifier: Apache-2.0
// Requests that two readers could read differently are refused, and nothing hidden behind them is
// answered: to the program itself, and to the nginx of deploy/ in front of it.
import { equal, step, verdict } from '../web/tap.mjs';
import { ask, end, exchange, freshStore, metric, pause, serve } from './house.mjs';
import { nginxBefore } from './nginx.mjs';

const host = 'Host: dien.example.vn\r\n';
const hidden = 'GET /tinh-dien HTTP/1.1\r\n' + host + '\r\n';
const post = 'POST /api/v1/bill-calculations HTTP/1.1\r\n' + host + 'Content-Type: application/json\r\n';
const get = 'GET /healthz HTTP/1.1\r\n' + host;
const july = '{"month":"2026-07","usage":{"kwh":"461"},"uses":[{"category":"SH","share":"100"}]}';

// name, bytes in front of the hidden request, what nginx does with it: 'refused', or 'one' where it
// makes one well-formed request of it.
const cases = [
  ['two lengths', post + 'Content-Length: 5\r\nContent-Length: 0\r\n\r\nabcde'],
  ['two equal lengths', post + 'Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}'],
  ['a length beside chunks', post + 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'],
  ['chunks beside a length', post + 'Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n'],
  ['no Host', 'GET /healthz HTTP/1.1\r\n\r\n'],
  ['no Host in HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n'],
  ['two Hosts', get + 'Host: other.example.vn\r\n\r\n'],
  ['a space before a colon', get + 'X-A : b\r\n\r\n', 'one'],
  ['a space before the colon of a length', post + 'Content-Length : 5\r\n\r\nabcde'],
  ['a negative length', post + 'Content-Length: -5\r\n\r\nabcde'],
  ['a length with a sign', post + 'Content-Length: +5\r\n\r\nabcde'],
  ['a length that is a list', post + 'Content-Length: 5, 5\r\n\r\nabcde'],
  ['a length in hexadecimal', post + 'Content-Length: 0x5\r\n\r\nabcde'],
  ['a length of twenty digits', post + 'Content-Length: 99999999999999999999\r\n\r\nabcde'],
  ['line feeds alone', 'GET /healthz HTTP/1.1\nHost: dien.example.vn\n\n', 'one'],
  ['a line feed alone behind the first line', 'GET /healthz HTTP/1.1\n' + host + '\r\n', 'one'],
  ['a line feed alone behind a header', get + 'A: b\nC: d\r\n\r\n', 'one'],
  ['a line feed alone as the last line', get + 'A: b\r\n\n', 'one'],
  ['a line feed alone before the last line', get + 'A: b\n\r\n', 'one'],
  ['a carriage return alone', get + 'A: b\rC: d\r\n\r\n'],
  ['a carriage return alone at the end', get + 'A: b\r\r\n\r\n', 'one'],
  ['a NUL in a value', get + 'A: b\0c\r\n\r\n'],
  ['a NUL at the end of the last value', get + 'A: b\0\r\n\r\n'],
  ['a NUL in a name', get + 'A\0b: c\r\n\r\n'],
  ['a folded line', get + 'A: b\r\n c\r\n\r\n', 'one'],
  ['a folded line behind Host', 'GET /healthz HTTP/1.1\r\nHost: dien.example.vn\r\n evil.example\r\n\r\n', 'one'],
  ['a line without a colon', get + 'rubbish\r\n\r\n', 'one'],
  ['a header without a name', get + ': b\r\n\r\n', 'one'],
  ['64 KiB of header', get + 'A: ' + 'b'.repeat(65536) + '\r\n\r\n'],
  ['a thousand headers', get + 'A: b\r\n'.repeat(1000) + '\r\n', 'one'],
  ['an address of 64 KiB', 'GET /' + 'a'.repeat(65536) + ' HTTP/1.1\r\n' + host + '\r\n'],
  ['chunks', post + 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n', 'one'],
  ['chunks with a line feed alone', post + 'Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n', 'one'],
  ['chunks with an extension', post + 'Transfer-Encoding: chunked\r\n\r\n2;a=b\r\n{}\r\n0\r\n\r\n', 'one'],
  ['a chunk of a wrong size', post + 'Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n'],
  ['a chunk of a negative size', post + 'Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n'],
  ['an unknown coding', post + 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
  ['a coding in disguise', post + 'Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n'],
  ['two codings', post + 'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n'],
  ['a body of a GET', get + 'Content-Length: 5\r\n\r\nabcde', 'one'],
  ['another version', 'GET /healthz HTTP/3.7\r\n' + host + '\r\n'],
  ['two spaces in the first line', 'GET  /healthz HTTP/1.1\r\n' + host + '\r\n', 'one'],
  ['a tab in the first line', 'GET\t/healthz\tHTTP/1.1\r\n' + host + '\r\n'],
  ['a control in the address', 'GET /\x01 HTTP/1.1\r\n' + host + '\r\n'],
  ['a path that climbs', 'GET /a/%2e%2e/healthz HTTP/1.1\r\n' + host + '\r\n', 'one'],
  ['a NUL in the path', 'GET /%00 HTTP/1.1\r\n' + host + '\r\n'],
  ['a path of broken UTF-8', 'GET /%c0%af HTTP/1.1\r\n' + host + '\r\n', 'one'],
];

// The library says some of its own refusals twice before it closes.
const isRefusal = ({ statuses, closed }) =>
  closed && new Set(statuses).size <= 1 && statuses.every((status) => status >= 400 && status < 600);
const found = ({ statuses, closed, text }) => `${statuses} ${closed ? 'closed' : 'open'} ${text.slice(0, 120)}`;

async function refusesDirectly(port) {
  for (const [name, bytes] of cases) {
    const answer = await exchange(port, bytes + hidden);
    verdict(isRefusal(answer), `${name}: refused and closed`, found(answer));
  }
  equal(await metric(port, /route="\/tinh-dien"/), 0, 'nothing hidden was answered');
  const slow = await exchange(port, [...(get + '\r\n')]);
  equal(slow.statuses.join(), '200', 'a sound request in pieces of one byte is answered');
  const filled = (bytes) => {
    const lines = get + 'A: b\r\n'.repeat(44);
    return lines + 'B: ' + 'd'.repeat(bytes - lines.length - 'B: '.length - 4) + '\r\n\r\n';
  };
  equal((await exchange(port, filled(4096))).statuses.join(), '200', 'a head of 4 KiB in 46 lines is answered');
  const larger = await exchange(port, filled(4097));
  verdict(larger.statuses.join() === '431' && larger.closed, 'one byte more is too much', found(larger));
  const two = await exchange(port, get + '\r\n' + hidden);
  equal(two.statuses.join(), '200,303', 'two sound requests in one piece are answered in order');
  verdict(!two.closed, 'and the connection stays');
  const empty = await exchange(port, [...('POST /healthz HTTP/1.1\r\n' + host + 'Content-Length: 0\r\n\r\n'), get + '\r\n']);
  equal(empty.statuses.join(), '405,200', 'a refusal without a body leaves the connection');
}

// ---- many fields --------------------------------------------------------------------------------

const many = (count, name, separator) => [...Array(count)].map((_, i) => name(i)).join(separator);

/** Problem details in both languages with a remedy, and the connection is closed behind them. */
function isTold(answer, status, field, name) {
  const body = answer.text.slice(answer.text.indexOf('\r\n\r\n') + 4);
  let told = {};
  try { told = JSON.parse(Buffer.from(body, 'latin1').toString()); } catch { /* shown below */ }
  verdict(answer.statuses.join() === String(status) && answer.closed && told.field === field && told.detail_vi && told.detail_en &&
          told.hint_vi && told.hint_en, name, found(answer));
}

/** The library keeps a record of each cookie and field of a query; none of them may cost the answer. */
async function manyFields(port) {
  const none = (query, cookies, last = 'Connection: close\r\n') =>
    'GET /khong-co' + query + ' HTTP/1.1\r\n' + host + cookies + last + '\r\n';
  const cookies = (count) => 'Cookie: ' + many(count, (i) => `c${i}=1`, '; ') + '; lang=en\r\n';
  const query = (count) => '?' + many(count, (i) => 'f' + i, '&') + '&lang=en';
  for (const count of [1, 110, 150, 255]) {
    const [first, second] = [await exchange(port, none('', cookies(count))), await exchange(port, none(query(count), ''))];
    verdict(first.statuses.join() === '404' && first.text.includes('"title":"Not found"'), `${count} cookies and the one that is meant`, found(first));
    verdict(second.statuses.join() === '404' && second.text.includes('"title":"Not found"'), `${count} fields and the one that is meant`, found(second));
  }
  isTold(await exchange(port, none('', 'Cookie: ' + many(257, () => 'a=', ';') + '\r\n')), 431, 'Cookie', 'more cookies than are read are told: 431');
  isTold(await exchange(port, none('', 'Cookie: ' + ';'.repeat(1900) + '\r\n')), 431, 'Cookie', 'also when they are nothing');
  isTold(await exchange(port, none('?' + many(257, () => 'a', '&'), '')), 414, 'query', 'more fields than are read are told: 414');
  isTold(await exchange(port, none('?' + '&'.repeat(1900), '')), 414, 'query', 'also when they are nothing');
  isTold(await exchange(port, none('?' + 'a'.repeat(2048), '')), 414, 'path', 'a long address is told: 414');
  for (const count of [48, 60, 90])
    isTold(await exchange(port, none('', 'A: b\r\n'.repeat(count))), 431, undefined, `${count} lines more are told: 431`);
  const lines = none('?' + '&'.repeat(200), 'Cookie: a\r\n'.repeat(43)).slice(0, -2);
  const filled = lines + 'Cookie: ' + ';a'.repeat((4096 - lines.length - 12) / 2 | 0) + '\r\n\r\n';
  equal((await exchange(port, filled)).statuses.join(), '404', 'a head full of small things is answered');
  const body = july.padEnd(60000), start = post + `Connection: close\r\nContent-Length: ${body.length}\r\n` + 'A: b\r\n'.repeat(40);
  const long = await exchange(port, [start + 'B: ' + 'd'.repeat(4096 - start.length - 7) + '\r\n\r\n', body]);
  verdict(long.statuses.join() === '200' && /"total":1388405/.test(long.text), 'a long body behind a full head is read', found(long));
  const two = await exchange(port, none(query(200), cookies(100), '') + 'GET /healthz?' + 'a&'.repeat(100) +
                             ' HTTP/1.1\r\n' + host + 'Connection: close\r\n\r\n');
  equal(two.statuses.join(), '404,200', 'the request behind many fields is answered, too');
}

// ---- through nginx ------------------------------------------------------------------------------

async function answersThroughNginx(upstream, over, port) {
  const sound = await exchange(port, post + `Content-Length: ${july.length}\r\n\r\n${july}`, { over });
  equal(sound.statuses.join(), '200', 'a calculation through nginx');
  verdict(/"total":1388405/.test(sound.text), 'is right', sound.text.slice(-200));
  verdict(/strict-transport-security: max-age/i.test(sound.text), 'TLS is to be kept, it says', sound.text.slice(0, 900));
  const chunked = post + 'Transfer-Encoding: chunked\r\n\r\n' +
    july.length.toString(16) + '\r\n' + july + '\r\n0\r\n\r\n';
  verdict(/"total":1388405/.test((await exchange(port, chunked, { over })).text), 'a body in chunks is made one by nginx');
  equal((await exchange(port, 'GET /metrics HTTP/1.1\r\n' + host + '\r\n', { over })).statuses.join(), '404',
        'figures of operation stay inside');
  equal((await ask(upstream, '/metrics', { headers: { 'X-Forwarded-For': '203.0.113.7' } })).status, 404,
        'also for whom a proxy asks');
}

async function refusesThroughNginx(upstream, over, port) {
  const before = await metric(upstream, /route="\/tinh-dien"/);
  let two = 0;
  for (const [name, bytes, fate = 'refused'] of cases) {
    const answer = await exchange(port, bytes + hidden, { over, wait: fate === 'one' ? 1000 : 3000 });
    if (fate === 'one' && answer.statuses.length === 2) two++;
    const good = fate === 'one' ? answer.statuses.length >= 1 && answer.statuses.length <= 2
                                : isRefusal(answer);
    verdict(good, `${name}: ${fate === 'one' ? 'one request' : 'refused and closed'}, by nginx`, found(answer));
    await pause(20);
  }
  /* Whoever sent two sound requests got two answers; nothing was answered that nobody asked. */
  const answered = await metric(upstream, /route="\/tinh-dien"/) - before;
  equal(answered, two, 'every answer belongs to a request that nginx saw');
}

async function throughNginx(upstream) {
  const nginx = await nginxBefore(upstream);
  if (nginx === null) return;
  const { over, plainPort, tlsPort } = nginx;
  const plain = await exchange(plainPort, get + '\r\n');
  verdict(/^Location: https:\/\/dien\.example\.vn\/healthz/m.test(plain.text), 'without TLS one is sent to TLS', plain.text);
  const stranger = await exchange(tlsPort, get + '\r\n', { over: { ...over, servername: 'other.example.vn' } });
  equal(stranger.text, '', 'a name that is not ours gets nothing');
  await answersThroughNginx(upstream, over, tlsPort);
  await refusesThroughNginx(upstream, over, tlsPort);
  await nginx.stop();
}

const server = await serve(freshStore());
await step('directly', () => refusesDirectly(server.port));
await step('many fields', () => manyFields(server.port));
await step('through nginx', () => throughNginx(server.port));
equal(await server.stop(), 0, 'the server ends in peace');
end();
