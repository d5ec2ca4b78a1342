// SPDX-License-Identifier: Apache-2.0
// Who sees what: across units, across customers, partners with and without rights, masks, the access log, changes.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as tap from '../web/tap.mjs';
import { end, folder, pause, sangden, stores } from '../http/house.mjs';
import { customer, otherCustomer, otherPoint, otherUnit, point, unit, world } from './world.mjs';

const document = process.argv[3];
const signing = { SANGDEN_INVOICE_KEY: `${folder}/keys/development-key.pem` };
sangden(['invoice', 'devkey', '--out', `${folder}/keys`, '--tax-code', '0000000000-001']);

/** Everything, on one store. */
async function tryOn(label, w) {
  const verdict = (good, name, ...details) => tap.verdict(good, `${label}: ${name}`, ...details);
  const equal = (found, wanted, name) => tap.equal(found, wanted, `${label}: ${name}`);
  /** Notes of the access log, but for those of looking at it. */
  const noted = (...words) => JSON.parse(sangden(['access', 'list', ...words, '--json', '--as', 'KIEMSOAT'], { env: w.env }))
    .filter(({ action }) => action !== 'access.list');
  const step = (name, run) => tap.step(`${label}: ${name}`, run);
  const bill = (await w.staff(`/api/v1/bills?customer=${customer}&from=2026-08&to=2026-09`)).json.items[0].number;
  const name = (await w.staff(`/api/v1/customers/${customer}`)).json.holder.name;
  const things = [`/api/v1/customers/${customer}`, `/api/v1/usage-points/${point}`, `/api/v1/usage-points/${point}/readings`,
                  `/api/v1/bills/${bill}`, `/api/v1/bills/${bill}/lines`, `/api/v1/bills/${bill}/evidence`,
                  `/api/v1/bills/${bill}/document.pdf`, `/api/v1/bills/${bill}/invoice.xml`,
                  `/api/v1/bills?customer=${customer}`, `/api/v1/usage-points?customer=${customer}`];
  const lists = [`/api/v1/customers?unit=${unit}`, `/api/v1/usage-points?unit=${unit}`, `/api/v1/bills?unit=${unit}`,
                 `/api/v1/readings?unit=${unit}&month=2026-09`, `/api/v1/runs?unit=${unit}`,
                 `/api/v1/spikes?unit=${unit}&month=2026-10`, `/api/v1/events?unit=${unit}`];
  /** The words on the paper of the bill. */
  async function pdf(caller) {
    const { status, headers, bytes } = await caller(`/api/v1/bills/${bill}/document.pdf`);
    equal(`${status} ${headers['content-type']}`, '200 application/pdf', 'a PDF');
    return execFileSync('pdftotext', ['-layout', '-', '-'], { input: bytes, encoding: 'utf8' }).replace(/\s+/g, ' ');
  }
  const without = (text) => JSON.stringify({ ...JSON.parse(text), request_id: '' });

  await step('nobody', async () => {
    for (const path of [...things, ...lists, '/api/v1/session']) {
      const { status, headers } = await w.nobody(path);
      verdict(status === 401 && headers['www-authenticate'], `nobody: ${path} asks who it is`, status);
    }
    equal((await w.send(things[0], { headers: { Cookie: 'sangden=' + 'f'.repeat(64) } })).status, 401, 'a token of nobody');
    equal((await w.send(things[0], { headers: { Cookie: '__Host-sangden=' + '1'.repeat(64) } })).status, 401,
          'the cookie of TLS without TLS');
  });

  await step('staff of another unit', async () => {
    const unknown = without((await w.stranger('/api/v1/customers/KHONGCO')).text);
    for (const path of things) {
      const { status, text } = await w.stranger(path);
      verdict(status === 404 && without(text) === unknown, `${path} does not exist for them`, text);
    }
    for (const path of lists) {
      const { status, json } = await w.stranger(path);
      verdict(status === 403 && json.items === undefined, `${path} is refused`, status);
      equal((await w.stranger(path.replace(unit, otherUnit))).status, 200, 'and their own unit answers');
    }
    equal((await w.stranger('/api/v1/runs/' + unit + '/20260801')).status, 403, 'a run of another unit');
  });

  await step('customers', async () => {
    for (const path of things.filter((path) => !path.endsWith('.xml')))
      equal((await w.owner(path)).status, 200, `the holder: ${path}`);
    equal((await w.owner(`/api/v1/bills/${bill}/invoice.xml`)).json.detail_en, 'This bill has no e-invoice yet', 'no invoice yet');
    const unknown = without((await w.neighbour('/api/v1/customers/KHONGCO')).text);
    for (const path of things) {
      const { status, text } = await w.neighbour(path);
      verdict(status === 404 && without(text) === unknown, `another customer: ${path} does not exist`, text);
    }
    for (const path of lists.slice(1)) equal((await w.owner(path)).status, 403, `a customer: ${path} is refused`);
    const own = await w.owner('/api/v1/customers');
    equal(own.json.items.map(({ code }) => code).join(), customer, 'the list of own agreements');
    equal((await w.owner(`/api/v1/customers?unit=${unit}`)).json.items.length, 1, 'whatever unit is named');
    equal((await w.relative(`/api/v1/bills/${bill}`)).status, 200, 'a relative sees bills');
    equal((await w.relative(`/api/v1/usage-points/${point}/readings`)).status, 404, 'but no readings');
    verdict(!(await w.relative(`/api/v1/customers/${customer}`)).text.includes(name), 'and no name');
    equal((await w.relative(`/api/v1/bills/${bill}/evidence`)).status, 404, 'neither those behind a bill');
    equal((await w.relative(`/api/v1/bills/${bill}/invoice.xml`)).status, 403, 'nor invoices with the name');
    verdict(!(await pdf(w.relative)).includes(name), 'and papers leave it out');
    verdict((await pdf(w.owner)).includes(name), 'that the holder has on them');
  });

  await step('what the holder before used', async () => {
    const [unitId, agreementId] = w.sql(`SELECT unit_id, agreement_id FROM agreement WHERE code = '${customer}'`)[0].split('|');
    const before = (await w.owner(`/api/v1/bills?customer=${customer}&from=2026-08&to=2026-10`)).json.items.length;
    verdict(before > 1, 'there are bills of some months', before);
    const entry = w.sql(`SELECT max(entry_no) + 1 FROM agreement_fact WHERE unit_id = ${unitId} AND agreement_id = ${agreementId}`)[0];
    w.sql('INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, state, recorded_at, actor_id, ' +
          `value_i64) SELECT unit_id, agreement_id, kind, '2026-09-05', ${entry}, 'set', ${Date.now()}, 1, value_i64 FROM ` +
          `agreement_fact WHERE unit_id = ${unitId} AND agreement_id = ${agreementId} AND kind = 'holder'`);
    const after = (await w.owner(`/api/v1/bills?customer=${customer}&from=2026-08&to=2026-10`)).json.items;
    verdict(after.length < before && after.every(({ to }) => to > '2026-09-05'), 'is not in the list of the new one', after.length);
    equal((await w.owner(`/api/v1/bills/${bill}`)).status, 404, 'and does not exist for them');
    equal((await w.staff(`/api/v1/bills/${bill}`)).status, 200, 'but for the staff');
    const readings = (await w.owner(`/api/v1/usage-points/${point}/readings`)).json.items;
    verdict(readings.length > 0 && readings.every(({ read_on }) => read_on >= '2026-09-05'), 'the same of readings');
  });

  await step('e-invoices', async () => {
    const { number } = (await w.staff(`/api/v1/bills?customer=${customer}&from=2026-10&to=2026-10`)).json.items[0];
    const path = `/api/v1/bills/${number}/invoice.xml`, series = ['--unit', unit, '--symbol', 'K26TDN'];
    const as = (who, ...words) => sangden([...words, '--as', who], { env: { ...w.env, ...signing } });
    as('TRUONGHD', 'invoice', 'series', 'add', ...series);
    as('GIAMDOC', 'invoice', 'series', 'release', ...series);
    as('TRUONGHD', 'invoice', 'issue', '--month', '2026-10', '--numbers-only');
    equal((await w.staff(path)).status, 409, 'one that is not signed yet');
    as('TRUONGHD', 'invoice', 'issue', '--month', '2026-10');
    const { status, headers, bytes } = await w.staff(path);
    equal(`${status} ${headers['content-type']}`, '200 application/xml', 'a signed one');
    as('TRUONGHD', 'invoice', 'xml', number, '--out', `${folder}/one.xml`);
    verdict(bytes.equals(readFileSync(`${folder}/one.xml`)), 'byte for byte as it was signed');
    equal((await w.owner(path)).status, 200, 'for its holder');
    equal((await w.relative(path)).status, 403, 'not for whom it does not name');
    equal((await w.neighbour(path)).status, 404, 'nor for anybody else');
    verdict((await w.staff(`/api/v1/bills/${number}`)).json.invoice.startsWith('1K26TDN-'), 'the bill knows its name');
  });

  await step('partners', async () => {
    for (const path of [...things, ...lists])
      verdict([403, 404].includes((await w.powerless(path)).status), `a partner without rights: ${path}`);
    for (const path of lists) equal((await w.partner(path)).status, 200, `a partner with rights: ${path}`);
    for (const path of lists)
      equal((await w.partner(path.replace(unit, otherUnit))).status, 403, 'nothing at another unit');
    const masked = await w.partner(`/api/v1/customers/${customer}`);
    verdict(masked.status === 200 && !masked.text.includes(name) && masked.json.holder.name.includes('·'), 'names are masked', masked.text);
    const paper = await pdf(w.partner);
    verdict(paper.includes(bill) && !paper.includes(name), 'papers leave the name out', paper);
    equal((await w.partner(`/api/v1/bills/${bill}/invoice.xml`)).status, 403, 'invoices with the name are refused');
    w.run('partner', 'grant', 'VIDIEN', '--unit', unit, '--permission', 'CUSTOMER_READ');
    verdict((await w.partner(`/api/v1/customers/${customer}`)).text.includes(name), 'who may read customers sees the name');
    verdict((await pdf(w.partner)).includes(name), 'also on papers');
    w.run('partner', 'take-back', 'VIDIEN', '--unit', unit, '--permission', 'CUSTOMER_READ');
    verdict(!(await w.partner(`/api/v1/customers/${customer}`)).text.includes(name), 'until the right is taken back');
    const forge = (change) => w.signed(w.keys.VIDIEN, change)(lists[2]);
    for (const [what, change] of Object.entries({
      signature: (h) => ({ ...h, 'X-Sangden-Signature': h['X-Sangden-Signature'].replace(/^./, (c) => (c === '0' ? '1' : '0')) }),
      time: (h) => ({ ...h, 'X-Sangden-Timestamp': String(h['X-Sangden-Timestamp'] - 1) }),
      nonce: (h) => ({ ...h, 'X-Sangden-Nonce': h['X-Sangden-Nonce'].replace(/^./, 'z') }),
      key: (h) => ({ ...h, 'X-Sangden-Key': w.keys.KHONGQUYEN.key }),
    })) equal((await forge(change)).status, 401, `a changed ${what}`);
    const kept = {};
    await w.signed(w.keys.VIDIEN, (h) => Object.assign(kept, h))(lists[2]);
    equal((await w.send(lists[2], { headers: kept })).status, 401, 'a request sent a second time');
    equal((await w.send(lists[2] + '&limit=200', { headers: kept })).status, 401, 'a signature of another query');
    equal((await w.partner('/api/v1/session')).json.code, 'VIDIEN', 'a partner learns who it is');
  });

  await step('what customers read is noted with login and part', async () => {
    const log = () => noted(customer);
    const newer = async (path, caller) => {
      const before = log().length;
      const { status } = await caller(path);
      await pause(1500);
      const all = log();
      return [status, ...all.slice(0, all.length - before).map(({ login, action, reason }) =>
        `${login > 0 && 'login'} ${action} ${reason}`)].join();
    };
    const latest = (await w.staff(`/api/v1/bills?customer=${customer}&from=2026-10&to=2026-10`)).json.items[0].number;
    await pause(1500);
    equal(await newer(`/api/v1/bills/${latest}`, w.relative), '200,login bill.api relative', 'a relative opens a bill');
    equal(await newer(`/api/v1/bills/${latest}/document.pdf`, w.relative), '200,login bill.api relative', 'its paper');
    equal(await newer(`/api/v1/bills?customer=${customer}`, w.relative), '200,login bill.api relative', 'the list');
    equal(await newer('/api/v1/customers', w.relative), '200,login customer.api relative', 'what may be seen at all');
    equal(await newer(`/api/v1/usage-points/${point}/readings`, w.relative), '404', 'what is refused is not read');
    equal(await newer(`/api/v1/usage-points/${point}/readings`, w.owner), '200,login reading.api owner', 'the holder');
    equal(await newer(`/api/v1/customers/${customer}`, w.neighbour), '404', 'nor is what does not exist for a neighbour');
  });

  await step('masks and the access log', async () => {
    const rows = () => noted(otherCustomer);
    const before = rows().length;
    const seen = await w.auditor(`/api/v1/customers/${otherCustomer}`);
    verdict(seen.status === 200 && seen.json.holder.name.includes('·') && seen.json.holder.phone.startsWith('···'),
            'who reads bills but no customers sees masks', seen.text);
    equal((await w.staff(`/api/v1/customers/${otherCustomer}`)).json.holder.name.includes('·'), false, 'who may, sees the name');
    await pause(1500);
    const after = rows();
    verdict(after.length === before + 2, 'both are in the log', JSON.stringify(after));
    equal(after[0].action, 'customer.api', 'with what was looked at');
    const partners = noted(customer).filter(({ reason }) => reason === 'VIDIEN (mẫu)');
    verdict(partners.some(({ action }) => action === 'bill.api') && partners.some(({ action }) => action === 'customer.api'),
            'what a partner was shown whole is in the log under its name', JSON.stringify(partners));
    const lists = () => noted('--unit', unit);
    const listed = lists().length;
    const asked = [`/api/v1/customers?unit=${unit}`, `/api/v1/usage-points?unit=${unit}`, `/api/v1/bills?unit=${unit}`,
                   `/api/v1/readings?unit=${unit}&month=2026-09`, `/api/v1/spikes?unit=${unit}&month=2026-10`];
    for (const path of asked) equal((await w.partner(path)).status, 200, `a partner reads ${path}`);
    await w.clerk(asked[2] + '&limit=1');
    for (const path of [`/api/v1/bills?unit=${unit}&from=x`, `/api/v1/bills?unit=${otherUnit}`, `/api/v1/runs?unit=${unit}`, `/api/v1/events?unit=${unit}`])
      await w.partner(path);
    await pause(1500);
    const read = lists().slice(0, lists().length - listed).reverse();
    equal(read.map(({ action, staff, reason }) => [action, staff || reason].join()).join(' '),
          ['customer', 'point', 'bill', 'reading', 'spike'].map((name) => `${name}.list.api,VIDIEN (mẫu)`).concat('bill.list.api,TRUONGHD').join(' '),
          'each list of many that was shown is one note of the unit, with who read it, for the auditor');
    equal((await w.neighbour(`/api/v1/customers/${otherCustomer}`)).status, 200, 'a customer who looks at the own data');
    await pause(1500);
    const own = rows()[0];
    verdict(rows().length === before + 3 && own.login > 0 && own.action === 'customer.api' && own.reason === 'owner',
            'is noted with the part', JSON.stringify(own));
    await w.staff(`/api/v1/bills?unit=${unit}&limit=5`);
    await w.staff(`/api/v1/usage-points?unit=${unit}&limit=200`);
    await pause(1500);
    verdict(rows().some(({ action }) => action === 'point.api'), 'addresses in a list are noted one by one');
  });

  await step('changes', async () => {
    const [spike] = (await w.staff(`/api/v1/spikes?unit=${unit}&month=2026-10&waiting=true`)).json.items;
    verdict(spike, 'there is a use to be settled');
    const path = `/api/v1/spikes/${spike.point}/2026-10`;
    const body = JSON.stringify({ action: 'order', evidence: 'Ảnh ngày 12', reason: 'Cần kiểm tra tại chỗ' });
    const read = await w.staff(path);
    const post = (caller, key, tag, text = body, more = {}) => caller(path + '/steps', { method: 'POST', body: text,
      headers: { 'Content-Type': 'application/json', ...(key && { 'Idempotency-Key': key }), ...(tag && { 'If-Match': tag }), ...more } });
    const steps = async () => (await w.staff(path)).json.steps.length;
    equal((await post(w.staff, null, read.headers.etag)).status, 400, 'a change without a key');
    equal((await post(w.staff, 'a', null)).status, 428, 'without If-Match');
    equal((await post(w.staff, 'a', '*')).status, 428, 'with If-Match: *');
    equal((await post(w.staff, 'a', '"0"')).status, 412, 'with a stale tag');
    equal((await post(w.staff, 'a', read.headers.etag, body, { 'X-CSRF-Token': '0'.repeat(64) })).status, 403, 'without the token of the session');
    equal((await post(w.staff, 'a', read.headers.etag, body, { 'Sec-Fetch-Site': 'cross-site' })).status, 403, 'from a page elsewhere');
    equal((await post(w.stranger, 'a', read.headers.etag)).status, 404, 'by staff of another unit');
    equal((await post(w.auditor, 'a', read.headers.etag)).status, 403, 'by who only reads');
    equal((await post(w.owner, 'a', read.headers.etag)).status, 403, 'by a customer');
    equal((await post(w.partner, 'a', read.headers.etag)).status, 403, 'by a partner');
    equal(await steps(), 0, 'nothing of that changed anything');
    const [first, twin] = await Promise.all([post(w.staff, 'b', read.headers.etag), post(w.staff, 'b', read.headers.etag)]);
    verdict(first.status === 200 && twin.status === 200 && first.text === twin.text, 'two at once with one key get one answer', first.text, twin.text);
    equal(await steps(), 1, 'and there is one step');
    const again = await post(w.staff, 'b', read.headers.etag);
    verdict(again.status === 200 && again.text === first.text && again.headers.etag === first.headers.etag, 'sent again: the answer that was given');
    equal((await post(w.staff, 'b', read.headers.etag, body.replace('12', '13'))).status, 409, 'the key with another request');
    equal((await post(w.clerk, 'b', first.headers.etag)).status, 200, 'the key of another person is another key');
    equal((await post(w.staff, 'c', first.headers.etag)).status, 412, 'the tag that both read is good once');
    for (let i = 0; i < 4; i++) {
      const tags = await Promise.all([w.staff(path), w.clerk(path)]);
      const both = await Promise.all([post(w.staff, 's' + i, tags[0].headers.etag), post(w.clerk, 't' + i, tags[1].headers.etag)]);
      equal(both.map(({ status }) => status).sort().join(), '200,412', 'of two people at the same moment one is told to look again');
    }
    equal(await steps(), 6, 'and every step was taken once');
    const now = await w.staff(path);
    equal((await w.staff(path, { headers: { 'If-None-Match': now.headers.etag } })).status, 304, 'who has it is told so');
    verdict(now.headers.etag !== read.headers.etag && now.json.steps.length === 6, 'and it changed');
    verdict(now.text.includes('Cần kiểm tra tại chỗ') && !(await w.partner(path)).text.includes('tại chỗ'),
            'what people wrote is for who may read customers');
  });

  await step('the first request of the document', async () => {
    const [, script] = /```sh\n(path=[^]*?)```/.exec(readFileSync(document, 'utf8'));
    const { key, secret } = w.keys.VIDIEN;
    /* What curl is told is sent from here, so that the machine needs none. */
    const words = execFileSync('bash', ['-c', `curl() { printf '%s\\n' "$@"; }\n${script}`],
                               { encoding: 'utf8', env: { ...process.env, key, secret, server: '' } }).trim().split('\n');
    const headers = Object.fromEntries(words.filter((word) => word.startsWith('X-')).map((word) => word.split(': ')));
    const answer = await w.send(words.at(-1), { headers });
    equal(answer.json.code, 'VIDIEN', 'is answered as it stands there');
  });

  await step('rights are given and taken back by who may', async () => {
    const refused = (...words) => { try { sangden(words, { env: w.env }); return false; } catch { return true; } };
    verdict(refused('partner', 'grant', 'VIDIEN', '--unit', unit, '--permission', 'SPIKE_SETTLE', '--as', 'QUANTRI'), 'programs cannot settle');
    verdict(refused('partner', 'grant', 'VIDIEN', '--unit', unit, '--permission', 'BILL_READ', '--as', 'HOADON'), 'a clerk gives no rights');
    verdict(refused('partner', 'grant', 'KHONGCO', '--unit', unit, '--permission', 'BILL_READ', '--as', 'QUANTRI'), 'an unknown partner has none');
    equal(JSON.parse(sangden(['partner', 'rights', '--json'], { env: w.env })).length, 3, 'the list says which hold');
    equal(otherPoint.slice(0, 6), unit, 'codes tell nothing of rights');
  });
  await w.server.stop();
}

for (const { name, address, leave } of await stores('access')) {
  await tryOn(name, await world('access' + name, address));
  leave();
}
end();
