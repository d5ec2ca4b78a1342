// SPDX-License-Identifier: Apache-2.0
// Through the nginx of deploy/, as an attacker: requests hidden in others, forged words of proxies,
// planted and broken cookies, paths in disguise, too much of everything, and every page asked by whom
// it is not for. Nobody gets the page of another, nothing answers 5xx, nothing typed becomes markup.
//
//   node smuggling.mjs SANGDEN
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { query, end, exchange, folder, metric, pause, sangden, serve, signedIn } from '../http/house.mjs';
import { name, nginxBefore } from '../http/nginx.mjs';
import { declared } from './declared.mjs';
import { Client, bills, demonstration, giveLogin, givePassword, password, phone } from './demonstration.mjs';
import { equal, step, verdict } from './tap.mjs';

const env = demonstration({ name: 'smuggling' });
const run = (...words) => sangden([...words, '--as', 'QUANTRI'], { env });
const attack = '"><script>alert(1)</script>';
const [mine, other] = bills(env);

/** Another unit with one customer of a hostile name and code. */
function anotherUnit() {
  const quoted = attack.replaceAll('"', '""');
  const file = (kind, text) => {
    writeFileSync(join(folder, kind + '.csv'), text);
    run('import', kind, join(folder, kind + '.csv'));
  };
  file('units', 'code,level,name,parent,customer_prefix,from\nPY.0002,unit,Điện lực Khác,,PY,2020-01-01\n');
  file('parties', 'unit,code,kind,name,phone,address\n' +
       `PY.0002,K1,person,"Khách ${quoted}",0977123456,"9 Lê Lợi ${quoted}"\n`);
  file('agreements', 'unit,code,account,holder,from\nPY.0002,PY.00/1+a,,K1,2024-01-01\n');
}

/** A member of the staff with roles at one unit. */
function hire(code, unit, ...roles) {
  run('staff', 'add', code, '--name', `${code} (mẫu)`);
  for (const role of roles) run('staff', 'role', code, role, '--unit', unit);
}

anotherUnit();
const mostRoles = ['agent', 'billing_clerk', 'billing_leader', 'manager'];
hire('KHAC', 'PY.0002', ...mostRoles);
hire('NHA', 'PZ0001', ...mostRoles);
hire('MAY', 'PZ0001', 'administrator');
givePassword(env, 'TRUONGHD');
giveLogin(env, phone, mine.agreement);
giveLogin(env, '0987654321', other.agreement);
giveLogin(env, '0909090909', 'PY.00/1+a');

/** What nobody but its owner, and the staff of that unit, may be told of a customer. */
const secretsOf = (code) => query(env, 'SELECT p.name, p.address FROM agreement a JOIN agreement_fact f ON ' +
  "f.unit_id = a.unit_id AND f.agreement_id = a.agreement_id AND f.kind = 'holder' JOIN party p ON " +
  `p.unit_id = f.unit_id AND p.party_id = f.value_i64 WHERE a.code = '${code}'`).flatMap((row) => row.split('|'));

const server = await serve({ ...env, SANGDEN_CONNECTIONS_PER_ADDRESS: '500' });
const nginx = await nginxBefore(server.port);
if (nginx === null) {
  await server.stop();
  end();
}

const { tlsPort, plainPort, over } = nginx;
const host = `Host: ${name}\r\n`;
/** Someone with a browser who comes through nginx. */
const person = (headers = {}) => new Client(tlsPort, { over, localAddress: '127.0.0.77',
                                                       headers: { Host: name, ...headers } });
const raw = (bytes, wait = 150) => exchange(tlsPort, bytes, { over, wait });
const decoded = async (bytes) => {
  const { statuses, text } = await raw(bytes, 1000);
  return { status: statuses[0], text: Buffer.from(text, 'latin1').toString() };
};
const page = `/khach-hang/hoa-don/${mine.number}`, otherPage = `/khach-hang/hoa-don/${other.number}`;
const secrets = secretsOf(mine.agreement), otherSecrets = secretsOf(other.agreement);
const tells = (text, words) => words.find((word) => word.length > 3 && text.includes(word));

/** Neither broken (501 is nginx: a coding that it does not know), nor somebody else's, nor markup. */
function harmless(answer, what, words = secrets) {
  const { text } = answer, statuses = answer.statuses ?? [answer.status];
  const told = tells(text, words);
  verdict(statuses.every((status) => status < 500 || status === 501) && !told && !text.includes('<script>alert') &&
          !/^(set-cookie|location):.*evil/im.test(text), what, statuses.join(), told, text.slice(0, 200));
}

const victim = person(), attacker = person();
await step('a session travels by TLS alone', async () => {
  const answer = await victim.signInCustomer(env);
  const cookies = answer.headers['set-cookie'] ?? [];
  const session = cookies.find((line) => line.startsWith('__Host-sangden=')) ?? '';
  verdict(/^__Host-sangden=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/.test(session),
          'the cookie is bound to this name and to TLS', session);
  verdict(cookies.every((line) => /; Secure/.test(line) && /; HttpOnly/.test(line) && !/domain/i.test(line)),
          'and so are the others', cookies);
  equal((await victim.ask(page)).status, 200, 'it opens the own bill');
  const token = victim.cookies.get('__Host-sangden');
  const [plain, tls] = [new Client(server.port), person()];
  plain.cookies.set('__Host-sangden', token);
  tls.cookies.set('sangden', token);
  equal((await plain.ask(page)).status, 303, 'the cookie of TLS opens nothing without it');
  equal((await tls.ask(page)).status, 303, 'nor the cookie of plain HTTP over TLS');
  const moved = await exchange(plainPort, `GET ${page} HTTP/1.1\r\n${host}\r\n`, { wait: 200 });
  verdict(moved.statuses.join() === '308' && !/set-cookie/i.test(moved.text), 'without TLS there is no session', moved.text);
  await attacker.signInCustomer(env, '0987654321');
  const own = await attacker.ask(otherPage);
  verdict(own.status === 200 && tells(own.text, otherSecrets), 'two customers have two pages');
  verdict(tells((await victim.ask(page)).text, secrets), 'each with the name of its own');
});

await step('a session given from outside is worth nothing', async () => {
  const fixed = person(), thief = person();
  const planted = 'a'.repeat(64), bound = 'b'.repeat(64);
  for (const cookie of ['__Host-sangden', 'sangden', 'thiet-bi']) fixed.cookies.set(cookie, planted);
  fixed.cookies.set('bieu-mau', bound);
  equal((await fixed.signInStaff('TRUONGHD', password)).status, 303, 'somebody signs in with planted cookies');
  const token = fixed.cookies.get('__Host-sangden');
  verdict(/^[0-9a-f]{64}$/.test(token) && token !== planted && token !== bound, 'under another token', token);
  for (const given of [planted, bound]) {
    thief.cookies.set('__Host-sangden', given);
    equal((await thief.ask('/tai-khoan')).status, 303, 'what was planted opens nothing');
  }
  thief.cookies.set('__Host-sangden', token);
  equal((await thief.ask('/tai-khoan')).status, 200, 'only that one does');
  await fixed.send('/dang-xuat', {}, { page: '/tai-khoan' });
  equal((await thief.ask('/tai-khoan')).status, 303, 'and nobody keeps it after signing out');
});

await step('what a client says of itself is not passed on', async () => {
  const forged = { 'X-Forwarded-For': '203.0.113.7', 'X-Real-IP': '203.0.113.7', Forwarded: 'for=203.0.113.7;proto=http;host=evil.example',
                   'X-Forwarded-Proto': 'http', 'X-Forwarded-Host': 'evil.example', 'X-Original-URL': '/metrics',
                   'X-Rewrite-URL': '/metrics', 'X-HTTP-Method-Override': 'POST', Referer: `https://evil.example/${attack}`,
                   'User-Agent': `Trình duyệt ${attack}`.normalize('NFD').replace(/[^ -~]/g, ''), Origin: 'https://evil.example' };
  const liar = person(forged);
  await liar.signInCustomer(env, '0909090909');
  verdict(liar.cookies.has('__Host-sangden'), 'who says “not over TLS” gets a session of TLS all the same');
  const [address] = query(env, 'SELECT address FROM session ORDER BY created_at DESC LIMIT 1');
  equal(address, '127.0.0.77', 'the address on record is the one that nginx saw');
  const mineNow = await liar.ask('/khach-hang/du-lieu');
  verdict(mineNow.status === 200 && !/evil\.example|<script>alert/.test(mineNow.text), 'its browser is listed as text',
          mineNow.status);
  for (const path of ['/metrics', '//metrics', '/./metrics', '/%6detrics', '/metrics?x=1', '/metrics/', '/metrics%2f', '/x/..%2fmetrics',
                      `http://${name}/metrics`, 'http://127.0.0.1/metrics', '/METRICS', '/metrics;x', '/metrics%00'])
    for (const claim of ['', 'X-Forwarded-For: 127.0.0.1\r\nX-Original-URL: /metrics\r\n']) {
      const { text } = await raw(`GET ${path} HTTP/1.1\r\n${host}${claim}Connection: close\r\n\r\n`);
      verdict(!text.includes('sangden_http'), `figures of operation stay inside: ${path}`, text.slice(0, 300));
    }
});

await step('other names', async () => {
  const cookie = `Cookie: __Host-sangden=${attacker.cookies.get('__Host-sangden')}\r\n`;
  for (const [line, head, what] of [
    ['GET /khach-hang', 'Host: evil.example\r\n', 'a Host that is not ours'],
    ['GET /khach-hang', host + 'Host: evil.example\r\n', 'two Hosts'],
    ['GET /khach-hang', `Host: ${name}\r\n evil.example\r\n`, 'a folded Host'],
    ['GET /khach-hang', `Host: ${name}@evil.example\r\n`, 'a Host with a name in front'],
    ['GET /khach-hang', `Host: ${name}:80@evil.example\r\n`, 'a Host with a port and more'],
    ['GET http://evil.example/khach-hang', host, 'an address of another house'],
    ['GET /dang-nhap?tiep=//evil.example', host, 'a way that leads out']]) {
    const answer = await raw(`${line} HTTP/1.1\r\n${head}${cookie}Connection: close\r\n\r\n`);
    harmless(answer, what);
    const inside = answer.statuses[0] === 200 && !line.includes('dang-nhap');
    verdict(!/(href|action|src)="[^"]*evil/.test(answer.text) && !(inside && tells(answer.text, otherSecrets)),
            `${what}: no page of ours, no link to it`, answer.text.slice(0, 300));
  }
});

await step('a request hidden in another', async () => {
  const target = '/khach-hang/so-sanh';
  const hidden = `GET ${target} HTTP/1.1\r\n${host}Cookie: __Host-sangden=${attacker.cookies.get('__Host-sangden')}\r\nX: `;
  const chunks = `0\r\n\r\n${hidden}`, both = `Content-Length: ${chunks.length}\r\n`;
  const cut = `1\r\na\r\n0\r\n\r\n`;
  for (const [what, head, body] of [
    ['CL.TE', both + 'Transfer-Encoding: chunked\r\n', chunks],
    ['TE.CL', 'Transfer-Encoding: chunked\r\nContent-Length: 3\r\n', `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`],
    ['a folded coding', both + 'Transfer-Encoding:\r\n chunked\r\n', chunks],
    ['a coding with a tab', both + 'Transfer-Encoding:\tchunked\r\n', chunks],
    ['a coding behind a space', both + 'Transfer-Encoding : chunked\r\n', chunks],
    ['a coding behind a line feed', both + 'X: y\nTransfer-Encoding: chunked\r\n', chunks],
    ['two codings', both + 'Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n', chunks],
    ['a coding in other letters', both + 'tRANSFER-eNCODING: CHUNKED\r\n', chunks],
    ['a length called a hop', both + 'Connection: keep-alive, Content-Length\r\n', chunks],
    ['two lengths', `Content-Length: 0\r\n${both}`, chunks],
    ['nothing of a length', '', hidden],
    ['an upgrade', 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n', hidden],
    ['a promise', both + 'Expect: 100-continue\r\n', chunks],
    ['a body behind its end', 'Transfer-Encoding: chunked\r\n', cut + hidden]]) {
    const sent = raw(`POST /dang-nhap HTTP/1.1\r\n${host}Content-Type: application/x-www-form-urlencoded\r\n${head}\r\n${body}`);
    const [after, stranger] = await Promise.all([victim.ask(page), person().ask('/tro-giup')]);
    verdict(after.status === 200 && tells(after.text, secrets) && !tells(after.text, otherSecrets),
            `${what}: who comes next gets the own page`, after.status);
    verdict(stranger.status === 200 && !tells(stranger.text, [...secrets, ...otherSecrets]), 'and so does a stranger', stranger.status);
    harmless(await sent, `${what}: nothing of another in the answer`, [...secrets, ...otherSecrets]);
  }
  equal(await metric(server.port, /route="\/khach-hang\/so-sanh"/), 0, 'nothing hidden was ever answered');
});

await step('cookies', async () => {
  const good = attacker.cookies.get('__Host-sangden');
  const asked = (lines) => raw(`GET ${otherPage} HTTP/1.1\r\n${host}${lines}Connection: close\r\n\r\n`);
  const cookie = (text) => `Cookie: ${text}\r\n`;
  for (const [what, lines] of [
    ['twice, another first', cookie(`__Host-sangden=${'c'.repeat(64)}; __Host-sangden=${good}`)],
    ['twice, the own first', cookie(`__Host-sangden=${good}; __Host-sangden=${'c'.repeat(64)}`)],
    ['in two lines', cookie(`lang=en`) + cookie(`__Host-sangden=${good}`)],
    ['in other letters', cookie(`__HOST-SANGDEN=${good}`)],
    ['quoted', cookie(`__Host-sangden="${good}"`)],
    ['cut', cookie(`__Host-sangden=${good.slice(0, 63)}`)],
    ['with a NUL', cookie(`__Host-sangden=${good}\0`)],
    ['with bytes that are no text', cookie(`__Host-sangden=${good}; x=\xff\xfe; lang=\xc0\xaf`)],
    ['with markup', cookie(`__Host-sangden=${good}; lang=${attack}; bieu-mau=${attack}; don-vi=${attack}`)],
    ['with the agreement of another', cookie(`__Host-sangden=${good}; hop-dong=${mine.agreement}`)],
    ['with an address', cookie(`__Host-sangden=${good}; gan-day=../..//evil_%0d%0a; hop-dong=%0d%0aSet-Cookie:evil=1`)],
    ['ninety of them', cookie([...Array(90)].map((_, i) => `a${i}=1`).join('; ') + `; __Host-sangden=${good}`)],
    ['of nothing but separators', cookie(';'.repeat(60) + '=;=; ;' + `__Host-sangden=${good}`)]])
    harmless(await asked(lines), `cookies ${what}`);
  equal((await asked(cookie(`__Host-sangden=${'c'.repeat(64)}`))).statuses.join(), '303', 'a token of nobody leads to the door');
  const mixed = await raw(`GET /khach-hang/hoa-don HTTP/1.1\r\n${host}${cookie(`__Host-sangden=${good}; hop-dong=${mine.agreement}`)}` +
                          'Connection: close\r\n\r\n');
  verdict(mixed.text.includes(other.number) && !mixed.text.includes(mine.number), 'the agreement of another is not chosen', mixed.statuses);
  const odd = person();
  await odd.signInCustomer(env, '0909090909');
  const chosen = await odd.ask('/khach-hang/hoa-don?hop-dong=' + encodeURIComponent('PY.00/1+a'));
  equal(chosen.status, 200, 'a customer code that no cookie can hold opens its page all the same');
});

await step('paths in disguise', async () => {
  const cookie = `Cookie: __Host-sangden=${attacker.cookies.get('__Host-sangden')}\r\n`;
  const n = mine.number;
  for (const path of [`${otherPage}/../${n}`, `${otherPage}/%2e%2e/${n}`, `${otherPage}/..%2f${n}`, `${otherPage}/..%5c${n}`,
                      `/${page}`, `/khach-hang//hoa-don/${n}`, `/khach-hang/hoa-don//${n}`, `/khach-hang%2fhoa-don%2f${n}`,
                      `/khach-hang%5choa-don%5c${n}`, `${page}%00`, `${page}%00.css`, `${page};a=b`, `${page}/`, `${page}/.`,
                      `${page}/pdf/`, `${page}%0d%0aSet-Cookie:%20evil=1`, `${page}%20`, `${page}?lang=en&lang=vi`,
                      `/%6bhach-hang/hoa-don/${n}`, `/khach-hang/hoa-don/${n.toLowerCase()}`, `${page}%ef%bc%8f`, `${page}%c0%ae`,
                      `/tai-nguyen/../khach-hang/hoa-don/${n}`, `/tai-nguyen/%2e%2e${page}`, `/tai-nguyen/..%2f..%2fetc%2fpasswd`,
                      '/khach-hang/../ban-lam-viec', '/khach-hang/%2e%2e/ban-lam-viec', '//ban-lam-viec', '/ban-lam-viec%2f',
                      `/ban-lam-viec/khach-hang/${mine.agreement}`, `/.${page}`, `/%2f${page}`, '/khach-hang/hoa-don/%%', '/%zz']) {
    const answer = await raw(`GET ${path} HTTP/1.1\r\n${host}${cookie}Connection: close\r\n\r\n`);
    harmless(answer, `another asks ${path}`);
    verdict(!/passwd|root:|action="\/ban-lam-viec/.test(answer.text) && answer.statuses[0] !== 200, 'and gets no page', answer.statuses);
    const nobody = await raw(`GET ${path} HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    harmless(nobody, `nobody asks ${path}`);
  }
});

await step('too much', async () => {
  const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
  for (const [what, bytes] of [
    ['a head of 6 KiB', `GET / HTTP/1.1\r\n${host}A: ${'b'.repeat(6000)}\r\n\r\n`],
    ['a head of 60 KiB', `GET / HTTP/1.1\r\n${host}A: ${'b'.repeat(60000)}\r\n\r\n`],
    ['two hundred lines', `GET / HTTP/1.1\r\n${host}${'A: b\r\n'.repeat(200)}\r\n`],
    ['an address of 7 KiB', `GET /${'a'.repeat(7000)} HTTP/1.1\r\n${host}\r\n`],
    ['a query of 3 KiB', `GET /dang-nhap?${'a=b&'.repeat(60)}c=${'d'.repeat(2800)} HTTP/1.1\r\n${host}\r\n`],
    ['a form of 20 kB', `POST /dang-nhap HTTP/1.1\r\n${host}${form}Content-Length: 20000\r\n\r\n${'a'.repeat(20000)}`],
    ['a form of two thousand fields', `POST /dang-nhap HTTP/1.1\r\n${host}${form}Content-Length: 8000\r\n\r\n${'a=b&'.repeat(2000)}`],
    ['a length of 17 MB', `POST /dang-nhap HTTP/1.1\r\n${host}${form}Content-Length: 17000000\r\n\r\na=b`],
    ['a length of 9 EB', `POST /dang-nhap HTTP/1.1\r\n${host}${form}Content-Length: 9223372036854775807\r\n\r\na=b`],
    ['a deep text of JSON', `POST /api/v1/bill-calculations HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: 4000\r\n\r\n${'['.repeat(4000)}`]]) {
    const { statuses, text } = await raw(bytes, 1000);
    verdict(statuses.length > 0 && statuses.every((status) => status >= 400 && status < 500), `${what} is refused`, text.slice(0, 200));
  }
  /* More cookies than a connection has room for: the program closes it, which nginx calls 502. */
  const many = await raw(`GET / HTTP/1.1\r\n${host}Cookie: ${[...Array(300)].map((_, i) => `a${i}=1`).join('; ')}\r\n\r\n`, 1000);
  verdict([400, 431, 502].includes(many.statuses[0]), 'three hundred cookies are refused', many.text.slice(0, 200));
  equal((await victim.ask(page)).status, 200, 'and others are served');
});

// ---- every page, asked by whom it is not for ---------------------------------------------------

const [point] = query(env, `SELECT u.code FROM usage_point u WHERE u.code = '${mine.point}'`);
const values = { ma: mine.agreement, thang: '2026-10', diem: point, ky: '1', anh: '1', run: '1', nguoi: '1', phien: 'a'.repeat(64), 'don-vi': 'PZ0001' };
const session = (kind, id) => {
  const { token, sql } = signedIn(kind, id);
  query(env, sql);
  const client = new Client(server.port);
  client.cookies.set('sangden', token);
  return client;
};
const idOf = (code) => query(env, `SELECT staff_id FROM staff WHERE code = '${code}'`)[0];
const loginOf = (contact) => query(env, `SELECT login_id FROM login_contact WHERE contact LIKE '%${contact.slice(1)}'`)[0];

await step('every page', async () => {
  const routes = declared();
  verdict(routes.length > 40, 'the tables are read', routes.length);
  const people = { nobody: new Client(server.port), 'another customer': session('customer', loginOf('0987654321')),
                   'staff of another unit': session('staff', idOf('KHAC')), 'who runs the machines': session('staff', idOf('MAY')) };
  const state = () => query(env, 'SELECT count(*), sum(seq) FROM audit_entry WHERE unit_id = (SELECT min(unit_id) FROM unit) ' +
                                "AND stream <> 'access' UNION ALL SELECT count(*), sum(entry_no) FROM login_supply_fact").join();
  const before = state();
  const address = (path) => path.replace(/\{([\w-]+)\}/g, (_, word) => (word === 'so' ? mine.number : values[word] ?? '1'));
  for (const [who, client] of Object.entries(people)) {
    const home = { nobody: '/dang-nhap', 'another customer': '/khach-hang/du-lieu' }[who] ?? '/tai-khoan';
    const csrf = await client.token(home);
    verdict(csrf !== '', `${who} holds a token of forms`);
    for (const [kind, path, audience, permission] of routes) {
      if (/^\/(dang-|tai-khoan)/.test(path) || (kind !== 'PAGE' && !path.includes('{'))) continue;
      const at = address(path) + (path.startsWith('/van-hanh') ? '?don-vi=PZ0001' : '');
      const answer = kind === 'PAGE' ? await client.ask(at)
        : await client.send(at, { reason: 'letter', note: 'x', action: 'confirm', why: 'x' }, { csrf });
      harmless(answer, `${who}: ${kind} ${path}`);
      /* A form may be shown once more with its refusal; what is about nothing is everybody's own. */
      const foreign = { nobody: ['CUSTOMER', 'STAFF', 'ANY_STAFF'], 'another customer': ['STAFF', 'ANY_STAFF'] }[who] ?? ['CUSTOMER'];
      const own = who === 'who runs the machines' && permission === 'RUN_READ'; // how far work is, of that unit
      if (foreign.includes(audience) || (kind === 'PAGE' && path.includes('{') && !own))
        verdict(answer.status === 303 || answer.status >= 400, 'is closed', answer.status, at);
    }
  }
  equal(state(), before, 'and nothing was done at the unit');
  await pause(1100); // readings are written at least once a second
  const [read] = query(env, `SELECT count(*) FROM access_log WHERE login_id = ${loginOf('0987654321')} AND (unit_id, subject_id) IN (SELECT unit_id, ` +
                            `agreement_id FROM agreement_directory WHERE code = '${mine.agreement}')`);
  equal(Number(read), 0, 'nor did any other customer see anything of it');
});

await step('records of another unit', async () => {
  const leader = session('staff', idOf('NHA')), stranger = session('staff', idOf('KHAC'));
  const strange = encodeURIComponent('PY.00/1+a'), [strangeName] = secretsOf('PY.00/1+a');
  const find = (client, q) => client.send('/ban-lam-viec/tim', { q }, { page: '/ban-lam-viec' });
  for (const q of ['PY.00/1+a', '0977123456', attack])
    harmless(await find(leader, q), `the first unit searches ${q}`, [strangeName, 'Lê Lợi']);
  for (const q of [mine.agreement, mine.number]) harmless(await find(stranger, q), `the other unit searches ${q}`);
  for (const path of [`/api/v1/customers/${strange}`, '/api/v1/customers?unit=PY.0002'])
    harmless(await leader.ask(path), `the first unit asks ${decodeURIComponent(path)}`, [strangeName, 'Lê Lợi']);
  for (const path of [`/ban-lam-viec/hoa-don/${mine.number}`, `/ban-lam-viec/hoa-don/${mine.number}/pdf`,
                      `/api/v1/customers/${mine.agreement}`, `/api/v1/bills/${mine.number}`, `/api/v1/bills/${mine.number}/document.pdf`,
                      `/api/v1/usage-points/${mine.point}/readings`, '/api/v1/customers?unit=PZ0001', '/api/v1/bills?unit=PZ0001'])
    harmless(await stranger.ask(path), `the other unit asks ${path}`);
  stranger.cookies.set('don-vi', 'PZ0001');
  const units = await stranger.ask('/van-hanh/don-vi');
  verdict(units.text.includes('PY.0002') && !units.text.includes('PZ0001'), 'who works at one unit may choose no other', units.status);
  const at = '/ban-lam-viec/khach-hang/PY.00%2F1%2Ba';
  await stranger.send(at + '/xac-minh', { reason: 'letter', note: 'Đơn số 1' }, { page: at });
  const own = await find(stranger, 'Khách');
  verdict(own.text.includes('&lt;script&gt;'), 'a name that is markup is shown as text', own.status, own.text.slice(0, 300));
  harmless(own, 'and is none');
});

await step('what nginx refuses is said in both languages', async () => {
  const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
  const large = await decoded(`POST /dang-nhap HTTP/1.1\r\n${host}${form}Content-Length: 17000000\r\n\r\na=b`);
  verdict(large.status === 413 && /charset=utf-8/.test(large.text) && large.text.includes('Tệp quá lớn') &&
          large.text.includes('too large'), 'a file that is too large', large.text);
  const head = await decoded(`GET / HTTP/1.1\r\n${host}A: ${'b'.repeat(6000)}\r\n\r\n`);
  verdict(head.status === 400 && head.text.includes('Không đọc được yêu cầu') &&
          head.text.includes('could not be read'), 'a head that is too large', head.text);
});

await step('the server is as it was', async () => {
  equal((await victim.ask(page)).status, 200, 'the victim is still signed in');
  equal(await metric(server.port, /sangden_http_requests_total\{.*status="5/), 0, 'nothing was answered with 5xx');
  verdict(!sangden(['check'], { env }).includes('không đạt'), 'every invariant holds');
  equal(await server.stop(), 0, 'it ends in peace');
  const away = await decoded(`GET / HTTP/1.1\r\n${host}\r\n`);
  verdict(away.status === 502 && away.text.includes('tạm nghỉ') && away.text.includes('away'),
          'while it is away, people are told', away.text);
  const program = await decoded(`GET /api/v1/bills HTTP/1.1\r\n${host}\r\n`);
  const told = JSON.parse(/\{.*\}/.exec(program.text)?.[0] ?? '{}');
  verdict(/^content-type: application\/problem\+json/im.test(program.text) && told.status === 502 && told.code === 'E_OUTSIDE' &&
          ['type', 'title', 'detail', 'request_id'].every((member) => told[member]?.length > 0) &&
          told.detail_vi.includes('tạm nghỉ') && told.detail_en.includes('away'), 'and so are programs', program.text);
  await nginx.stop();
  if (server.log) console.log('# ' + server.log.slice(-2000));
});
end();
