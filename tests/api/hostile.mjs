// SPDX-License-Identifier: Apache-2.0
// Requests made from the served document, good ones and hostile ones: never a 5xx, never a leak, and every
// answer is what its schema says.
import { equal, step, verdict } from '../web/tap.mjs';
import { end, exchange, sangden, stores } from '../http/house.mjs';
import { customer, otherUnit, point, unit, world } from './world.mjs';
import { misfit, resolve } from './schema.mjs';

// The store named in the third place: what one engine takes, the other refuses in words of its own.
const [sqlite, postgres] = await stores('hostile'), store = process.argv[3] === 'PostgreSQL' ? postgres : sqlite;
if (store === undefined) {
  verdict(true, 'PostgreSQL # SKIP PostgreSQL 15 is not installed');
  end();
}
const w = await world('hostile', store.address);
const document = (await w.nobody('/api/v1/openapi.json')).json;
const first = async (path) => (await w.staff(path)).json.items[0];
const bill = (await first(`/api/v1/bills?customer=${customer}&from=2026-08&to=2026-10`)).number;
const spike = (await first(`/api/v1/spikes?unit=${unit}&month=2026-10`)).point;
const cursor = (await w.staff(`/api/v1/events?unit=${unit}&limit=1`)).json.next;

/** Something that is right for a parameter, by its name; spikes lie at a point of their own. */
function good(path, { name, schema }) {
  const known = { unit, customer, number: bill, month: '2026-10', from: '2026-08', to: '2026-10', run: '20260801', after: '1',
                  code: path.includes('usage-points') ? point : customer, point: spike, limit: '2', lang: 'en',
                  waiting: 'true', leader: 'false' };
  return known[name] ?? schema.enum?.[0] ?? '1';
}
const month = '{"month":"2026-07","usage":{"kwh":"461"},"uses":[{"category":"SH","share":"100"}]}';
const settling = '{"action":"order","evidence":"Ảnh 1","reason":"Kiểm tra"}';
const goodBody = { 'calculation.make': month, 'spike.step': settling };

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })));

/** A request with some values in place of the right ones. */
function request(operation, changes = {}, more = {}) {
  let path = operation.path;
  const query = [];
  for (const parameter of operation.parameters) {
    const { name, in: place, required } = parameter;
    const value = name in changes ? changes[name] : required && place !== 'header' ? good(operation.path, parameter) : undefined;
    if (value === undefined) continue;
    if (place === 'path') path = path.replace(`{${name}}`, raw(value));
    if (place === 'query') query.push(`${name}=${raw(value)}`);
  }
  if (/^\/api\/v1\/(usage-points|bills|customers)$/.test(path) && !('unit' in changes) && !('customer' in changes)) query.push(`unit=${unit}`);
  query.push(...(more.query ?? []));
  const headers = { 'Content-Type': 'application/json', ...more.headers };
  const options = { method: operation.method };
  if (operation.requestBody) options.body = more.body ?? goodBody[operation.operationId];
  else delete headers['Content-Type'];
  return [path + (query.length > 0 ? '?' + query.join('&') : ''), { ...options, headers }];
}
/** Texts as they are sent; what begins with % stays as it is, to be wrong on purpose. */
const raw = (value) => (/^%/.test(value) ? value : encodeURIComponent(value));

/** What no answer may ever say. */
const leaks = /sqlite|psql|postgres|\bSELECT\b|\bWHERE\b|syntax error|constraint|\.c:\d+|ASSERT|src\/|\/tmp\/|0x[0-9a-f]{6}|at \w+ \(/i;
let asked = 0;
const faults = [];

async function check(caller, operation, [path, options], what, wanted = null) {
  const answer = await caller(path, options);
  const fail = (why) => faults.push(`${operation.operationId}, ${what}: ${why}\n  ${options.method} ${path.slice(0, 200)}\n  ${answer.text.slice(0, 300)}`);
  asked++;
  const { status } = answer;
  if (status >= 500) fail(`status ${status}`);
  else if (wanted && !wanted.includes(status)) fail(`status ${status}, not ${wanted}`);
  const type = answer.headers['content-type'] ?? '';
  if (status === 304 || status === 303) return answer;
  if (status >= 400) {
    if (!type.startsWith('application/problem+json')) fail(`a refusal of type ${type}`);
    const wrong = misfit(document, document.components.schemas.problem, answer.json);
    if (wrong) fail(wrong);
    if (answer.json && !(answer.json.hint && answer.json.hint_en && answer.json.detail_vi)) fail('no remedy in both languages');
    /* What a refusal quotes of the request is no leak. */
    if (leaks.test(answer.text) && !leaks.test(unescape(path) + (options.body ?? ''))) fail('it tells of the inside');
    return answer;
  }
  const content = operation.responses[status]?.content ?? {};
  const [name] = Object.keys(content);
  if (name !== type) fail(`an answer of type ${type}, not ${name}`);
  if (name === 'application/json') {
    const wrong = misfit(document, content[name].schema, answer.json);
    if (wrong) fail(wrong);
  }
  return answer;
}

function told(name) {
  verdict(faults.length === 0, name, ...faults.slice(0, 8), faults.length > 8 ? `and ${faults.length - 8} more` : '');
  faults.length = 0;
}

await step('the document', async () => {
  equal(JSON.stringify(document), JSON.stringify(JSON.parse(sangden(['openapi']))), 'is what the command prints');
  equal(document.openapi, '3.1.0', 'of OpenAPI 3.1');
  equal(new Set(operations.map(({ operationId }) => operationId)).size, operations.length, 'every operation has its name');
  verdict(operations.length >= 20, 'of all resources', operations.length);
  const text = JSON.stringify(document);
  for (const [, ref] of text.matchAll(/"\$ref":"([^"]+)"/g)) if (!resolve(document, ref)) faults.push(`${ref} leads nowhere`);
  for (const { path, parameters } of operations)
    for (const [, name] of path.matchAll(/\{(\w+)\}/g))
      if (!parameters.some((one) => one.in === 'path' && one.name === name)) faults.push(`${path}: ${name} is not described`);
  told('leads everywhere it says, and describes its paths');
});

const callers = { nobody: w.nobody, stranger: w.stranger, neighbour: w.neighbour, powerless: w.powerless, staff: w.staff,
                  auditor: w.auditor, owner: w.owner, partner: w.partner };
await step('good requests', async () => {
  for (const operation of operations) {
    const changes = operation.operationId === 'spike.step';
    const fine = changes ? [428] : [200];
    const sent = request(operation, {}, { headers: changes ? { 'Idempotency-Key': 'k' } : {} });
    const none = operation.operationId === 'bill.invoice' ? [404] : fine;
    await check(w.staff, operation, sent, 'staff with every right', none);
    if (operation.parameters.some(({ name }) => name === 'limit'))
      await check(w.staff, operation, request(operation, { limit: '1', lang: 'en' }), 'a page of one', [200]);
  }
  told('are answered as the schema says');
});

await step('everybody else', async () => {
  for (const [name, caller] of Object.entries(callers))
    for (const operation of operations) {
      const answer = await check(caller, operation, request(operation), name);
      const open = operation.security.length === 0 || operation.operationId === 'session.show' ||
                   (name === 'neighbour' && operation.operationId === 'customer.list');
      if (['nobody', 'stranger', 'neighbour', 'powerless'].includes(name) && !open && answer.status < 400)
        faults.push(`${operation.operationId}: ${name} got ${answer.status}`);
    }
  told('gets schemas or refusals, and nothing that is not theirs');
});

const texts = ['', ' ', '0', '-1', '1.5', '1e9', '99999999999999999999', '-9223372036854775808', '2026-13', '2026-02-31', '0000-00',
               '9999-12', 'null', 'true', '[]', '{}', "' OR '1'='1", "'; DROP TABLE bill; --", '" OR ""="', '$1', '%s%n', '../../etc/passwd',
               '<script>alert(1)</script>', '\u202egnp', 'Đ\u0323\u0301', '\u{10ffff}', 'a'.repeat(600), '%00', '%ff', '%c0%ae', '%ed%a0%80',
               '%', '%zz', '%0d%0aX-Evil:1', 'KHONGCO', otherUnit, customer + '0', point + '\u0000', bill + '-', '1'.repeat(40), '२०२६-१०'];
await step('wrong values', async () => {
  for (const operation of operations)
    for (const { name, in: place } of operation.parameters) {
      if (place === 'header') continue;
      for (const text of texts) await check(w.staff, operation, request(operation, { [name]: text }), `${name} = ${text.slice(0, 40)}`);
      if (place === 'path') continue;
      await check(w.staff, operation, request(operation, { [name]: '1' }, { query: [`${name}=2`] }), `${name} twice`, [400, 422]);
    }
  told('in paths and queries are refused or answered');
  for (const operation of operations)
    for (const query of ['khongco=1', 'unit[]=1', '__proto__=1', '=', '&&&', 'a'.repeat(1500), 'cursor', 'limit=1&limit=2', 'lang=xx&UNIT=1'])
      await check(w.staff, operation, request(operation, {}, { query: [query] }), `query ${query.slice(0, 20)}`);
  told('unknown parameters');
});

await step('cursors', async () => {
  const flip = (text, at) => text.slice(0, at) + (text[at] === '0' ? '1' : '0') + text.slice(at + 1);
  const wrong = ['00', 'zz', cursor.slice(0, -1), cursor + '00', flip(cursor, 0), flip(cursor, 15), cursor.slice(0, 16),
                 cursor.slice(0, 16) + Buffer.from('i1,i2').toString('hex'), cursor.slice(0, 16) + Buffer.from('tabc').toString('hex'),
                 cursor.slice(0, 16) + Buffer.from('i99999999999999999999').toString('hex'), cursor.slice(0, 16) + 'ff', 'a'.repeat(1200)];
  const events = operations.find(({ operationId }) => operationId === 'event.list');
  for (const text of wrong) await check(w.staff, events, request(events, { cursor: text }), `cursor ${text.slice(0, 40)}`, [422]);
  for (const operation of operations.filter(({ parameters, operationId }) => operationId !== 'event.list' && parameters.some(({ name }) => name === 'cursor')))
    await check(w.staff, operation, request(operation, { cursor }), 'the cursor of another list', [422]);
  await check(w.stranger, events, request(events, { cursor }), 'a cursor in the hands of a stranger', [403]);
  told('that are none, or of another list, are refused');
});

await step('bodies', async () => {
  const deep = (open, close, many) => open.repeat(many) + close.repeat(many);
  const bodies = ['', ' ', '{', '}', '[]', 'null', 'true', '0', '"x"', '{"":1}', '{"a":1,"a":2}', '{"__proto__":{}}', '{"action":null}', '[{}]',
    deep('[', ']', 20000), deep('{"a":', '}', 3000).replace(/\}/, '1}'), '{"action":"order","action":"order"}', '{"a":1e999}', '{"a":-0}',
    '{"a":"\\ud800"}', '{"a":"\\u0000"}', Buffer.from('{"action":"\xff\xfe"}', 'latin1'), Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]), '{"a":01}',
    "{'a':1}", '{"a":NaN}', '{"a":1,}', '//x\n{}', '{}{}', 'x'.repeat(60000), '{"a":"' + 'x'.repeat(60000) + '"}', '1'.repeat(5000)];
  const values = ['null', 'true', '0', '-1', '1.5', '1e400', '9'.repeat(400), '""', '" "', '"\\u202e"', '"\\n"', '"' + 'ă'.repeat(501) + '"', '[]', '{}', '[[]]',
                  '"\' OR 1=1 --"', '"<script>alert(1)</script>"', '"order"', '"2026-07"', '["order"]', '"\\u0000"'];
  const headers = () => ({ 'Idempotency-Key': 'h' + asked, 'If-Match': '"0"' });
  for (const operation of operations.filter(({ requestBody }) => requestBody)) {
    for (const body of bodies) {
      const exact = operation.operationId === 'calculation.make';
      await check(exact ? w.nobody : w.staff, operation, request(operation, {}, { body, headers: exact ? {} : headers() }), `body ${String(body).slice(0, 30)}`,
                  [400, 413, 422]);
    }
    const fields = Object.keys(operation.requestBody.content['application/json'].schema.properties);
    for (const field of [...fields, 'khongco'])
      for (const value of values) {
        const text = goodBody[operation.operationId];
        const has = text.includes(`"${field}":`);
        const parsed = { ...JSON.parse(text), [field]: '@' };
        const body = JSON.stringify(parsed).replace('"@"', value);
        const answer = await check(w.staff, operation, request(operation, {}, { body, headers: headers() }), `${field} = ${value.slice(0, 30)}`);
        if (answer.status < 300 && field === 'khongco') faults.push(`${operation.operationId}: an unknown field was taken`);
        if (answer.status < 300 && operation.operationId === 'spike.step' && has) faults.push(`${operation.operationId}: a stale tag was taken`);
      }
  }
  told('that are broken, deep, huge or doubled are refused by name');
  const names = async (change) => {
    const body = JSON.parse(month);
    change(body);
    const { json } = await w.nobody('/api/v1/bill-calculations', { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } });
    return json.hint_en.replace('Use only these fields: ', '').split(', ').sort().join();
  };
  const described = (name) => Object.keys((document.components.schemas[name] ?? operations.find(({ operationId }) => operationId === name)
    .requestBody.content['application/json'].schema).properties).sort().join();
  equal(await names((body) => { body.khongco = 1; }), described('calculation.make'), 'the document names what the calculator reads');
  equal(await names((body) => { body.usage.khongco = 1; }), described('calculation_usage'), 'of the use');
  equal(await names((body) => { body.uses[0].khongco = 1; }), described('calculation_use'), 'of each price use');
  equal(await names((body) => { body.support = { khongco: 1 }; }), described('calculation_support'), 'of support');
  equal((await w.staff(`/api/v1/spikes/${spike}/2026-10`)).json.steps.length, 0, 'and changed nothing');
});

await step('headers', async () => {
  const operation = operations.find(({ operationId }) => operationId === 'spike.step');
  for (const key of ['', ' ', 'x'.repeat(101), 'a b', 'a\tb', "'; DROP TABLE api_answer; --".replaceAll(' ', ''), 'k'])
    for (const tag of ['', '*', '"', '"x"', 'W/"x"', '"' + 'x'.repeat(500) + '"', ',,,', '"a","b"'])
      await check(w.staff, operation, request(operation, {}, { headers: { 'Idempotency-Key': key, 'If-Match': tag } }), `key ${key}, tag ${tag}`, [400, 412, 428]);
  const session = operations.find(({ operationId }) => operationId === 'session.show');
  for (const value of ['', 'x', 'f'.repeat(64), 'F'.repeat(64), "' OR 1=1 --", '1'.repeat(63), '1'.repeat(65)])
    await check(w.nobody, session, ['/api/v1/session', { method: 'GET', headers: { Cookie: `sangden=${value}` } }], `cookie ${value}`, [400, 401]);
  for (const name of ['Key', 'Timestamp', 'Nonce', 'Signature'])
    for (const value of ['', '0', '-1', '9'.repeat(30), 'x'.repeat(500), "' OR 1=1 --", '%00'])
      await check(w.signed(w.keys.VIDIEN, (headers) => ({ ...headers, ['X-Sangden-' + name]: value })), session,
                  ['/api/v1/session', { method: 'GET' }], `${name} = ${value}`, [401]);
  told('that are wrong are refused');
  for (const [what, line] of [['a tab', 'GET /api/v1/session\t HTTP/1.1'], ['bytes', 'GET /api/v1/customers/\xff HTTP/1.1'], ['TRACE', 'TRACE /api/v1/session HTTP/1.1'],
                              ['PUT', 'PUT /api/v1/session HTTP/1.1'], ['a slash', 'GET /api/v1/bills/a%2fb HTTP/1.1']]) {
    const { statuses } = await exchange(w.server.port, `${line}\r\nHost: x\r\nContent-Length: 0\r\n\r\n`, { wait: 1000 });
    verdict(statuses.length === 1 && statuses[0] >= 400 && statuses[0] < 500, `${what} in the first line`, statuses.join());
  }
});
verdict(asked > 1500, `${asked} requests were made`);
equal((await w.nobody('/readyz')).text, 'ready\n', 'the server is as it was');
verdict(!/panic|ASSERT|http\.request.*status=5/.test(w.server.log), 'and logged no failure of its own', w.server.log.slice(-2000));
await w.server.stop();
await step('the store', async () => {
  sangden(['check'], { env: w.env });
  verdict(true, 'is sound, with every chain whole');
});
for (const one of [sqlite, postgres]) one?.leave();
end();
