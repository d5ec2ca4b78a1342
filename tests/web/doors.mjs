// SPDX-License-Identifier: Apache-2.0
// Who is let in, and who is not: signing in of customers and staff, forms of others, things of others.
//
//   node doors.mjs SANGDEN
import { createHmac } from 'node:crypto';
import { query, end, sangden, serve, stores } from '../http/house.mjs';
import { equal, step, under, verdict } from './tap.mjs';
import { Client, bills, codeSent, demonstration, giveLogin, givePassword, paper, password, phone,
         issueInvoices } from './demonstration.mjs';

/** What an authenticator shows for a secret in base 32, some half minutes from now. */
function totp(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + steps));
  const mac = createHmac('sha1', key).update(step).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1000000).padStart(6, '0');
}

async function doors(store) {
  const env = demonstration({ store });
  const [mine, other] = bills(env);
  giveLogin(env, phone, mine.agreement);
  giveLogin(env, '0987654321', mine.agreement, 'tenant');
  givePassword(env, 'GIAMDOC');
  givePassword(env, 'TRUONGHD');
  const server = await serve(env);
  const { port } = server;
  const bill = `/khach-hang/hoa-don/${mine.number}`;

  await step('a stranger is led to the door and back', async () => {
    const client = new Client(port);
    const plain = (await client.ask('/')).text, packed = await (await fetch(`http://127.0.0.1:${port}/`)).text();
    for (const door of ['/dang-nhap', '/kiem-chung', '/tro-giup']) {
      verdict(plain.includes(`href="${door}"`) && packed.includes(`href="${door}"`), `the first page leads to ${door}`);
    }
    const { status, headers } = await client.ask(`${bill}`);
    equal(status, 303, 'a page of a customer leads a stranger away');
    equal(headers.location, '/dang-nhap?tiep=' + encodeURIComponent(bill), 'to the door');
    const door = await client.ask(headers.location);
    verdict(door.text.includes('name="tiep"'), 'the door remembers where to');
    const abroad = await client.ask('/dang-nhap?tiep=//evil.example/');
    verdict(!abroad.text.includes('name="tiep"'), 'but leads to no other house');
  });

  const customer = new Client(port);
  await step('a customer signs in with a code', async () => {
    const page = await customer.send('/dang-nhap', { who: '0912 345 678' });
    equal(page.status, 200, 'the code is asked for');
    verdict(page.text.includes('···678'), 'it says where the code went');
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.text)[1];
    const code = codeSent(env);
    verdict(/^\d{6}$/.test(code), 'a code was sent', code);
    const wrong = await customer.send('/dang-nhap/ma', { code: code === '111111' ? '222222' : '111111' }, { csrf });
    verdict(wrong.status === 200 && wrong.text.includes('problem') === false && !customer.cookies.has('sangden'),
            'a wrong code lets nobody in');
    const thief = new Client(port);
    const stolen = await thief.send('/dang-nhap/ma', { code }, { page: '/dang-nhap' });
    verdict(!thief.cookies.has('sangden'), 'the right code is worth nothing in another browser', stolen.status);
    const before = new Map(customer.cookies);
    const done = await customer.send('/dang-nhap/ma', { code: ` ${code.slice(0, 3)} ${code.slice(3)}` }, { csrf });
    equal(done.status, 200, 'the right one does');
    verdict(done.text.includes('/khach-hang'), 'and shows the way');
    verdict(customer.cookies.get('sangden')?.length === 64 && before.get('sangden') === undefined,
            'the session is a new one');
    const again = new Client(port);
    again.cookies = before;
    await again.send('/dang-nhap/ma', { code }, { csrf });
    verdict(!again.cookies.has('sangden'), 'a code is good once');
  });

  await step('an unknown number is answered like a known one', async () => {
    const client = new Client(port);
    const known = await client.send('/dang-nhap', { who: phone });
    const unknown = await client.send('/dang-nhap', { who: '0933333678' });
    const plain = (page) => page.text.replace(/[0-9a-f]{64}/g, '').replace(/lang=..&?[^"]*/g, '');
    equal(plain(unknown), plain(known), 'word for word');
    codeSent(env);
    const code = await client.send('/dang-nhap', { who: other.agreement });
    const nobody = await client.send('/dang-nhap', { who: 'PZ99999999999' });
    equal(plain(nobody), plain(code), 'and so is a customer code');
    equal(codeSent(env), null, 'nothing was sent');
  });

  await step('the fourth time, and nothing says whose code it is', async () => {
    const from = (address) => new Client(port, { headers: { 'X-Forwarded-For': address } });
    const known = from('203.0.113.40'), unknown = from('203.0.113.41');
    const plain = (page) => page.text.replace(/[0-9a-f]{64}/g, '').replace(/chờ \d+ giây/, '').replace(/value="P[^"]*"/, '');
    for (let time = 0; time < 3; time++) await known.send('/dang-nhap', { who: phone });
    verdict((await known.send('/dang-nhap', { who: phone })).text.includes('Đã gửi quá nhiều mã'), 'a telephone has to wait');
    codeSent(env);
    for (let time = 0; time < 4; time++) {
      const [holder, nobody] = [await known.send('/dang-nhap', { who: mine.agreement }),
                                await unknown.send('/dang-nhap', { who: 'PZ99999999999' })];
      equal(plain(holder), plain(nobody), `its customer code is told what any is told, time ${time + 1}`);
      equal(codeSent(env), null, 'and rings nowhere');
    }
  });

  await step('a device is remembered where the person says so', async () => {
    const person = new Client(port, { headers: { 'X-Forwarded-For': '203.0.113.42' } });
    giveLogin(env, '0911000333', mine.agreement, 'relative');
    const come = async (fields) => {
      const page = await person.send('/dang-nhap', { who: '0911000333' });
      verdict(/name="nho" value="1">.*ghi nhớ 90 ngày/.test(page.text), 'it is asked, and not ticked');
      const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.text)[1];
      return person.send('/dang-nhap/ma', { code: codeSent(env), ...fields }, { csrf });
    };
    const passing = await come({});
    verdict(passing.text.includes('kết thúc sau 12 giờ') && !person.cookies.has('thiet-bi'), 'otherwise it is 12 hours');
    verdict(!(await person.ask('/khach-hang/du-lieu')).text.includes('được nhớ'), 'and the list says nothing of it');
    await person.send('/dang-xuat', {}, { page: '/khach-hang/du-lieu' });
    const staying = await come({ nho: '1' });
    verdict(staying.text.includes('được nhớ trong 90 ngày') && person.cookies.has('thiet-bi'), 'ticked it is 90 days');
    const other = new Client(port, { headers: { 'X-Forwarded-For': '203.0.113.43' } });
    await other.signInCustomer(env, '0911000333');
    const page = await other.ask('/khach-hang/du-lieu');
    verdict(page.text.includes('· được nhớ') && page.text.includes('Máy này'), 'the list tells both');
    const [, stop] = /action="(\/khach-hang\/du-lieu\/thiet-bi\/[0-9a-f]{64})"/.exec(page.text);
    await other.send(stop, {}, { page: '/khach-hang/du-lieu' });
    equal(Number(query(env, "SELECT count(*) FROM known_device WHERE kind = 'customer' AND ended_at IS NULL")), 0, 'ended, it is known no more');
    await person.signInCustomer(env, '0911000333');
    await person.send('/dang-xuat', {}, { page: '/khach-hang/du-lieu' });
    query(env, "UPDATE known_device SET ended_at = NULL WHERE kind = 'customer'");
    const listed = await other.ask('/khach-hang/du-lieu');
    const [, forget] = /action="(\/khach-hang\/du-lieu\/may\/[0-9a-f]{64})"/.exec(listed.text);
    equal((await customer.send(forget, {}, { page: '/khach-hang/du-lieu' })).status, 404, 'nobody else forgets it');
    equal((await other.send(forget, {}, { page: '/khach-hang/du-lieu' })).status, 303, 'one that is signed out is forgotten, too');
    verdict(!(await other.ask('/khach-hang/du-lieu')).text.includes('/du-lieu/may/'), 'and listed no more');
  });

  await step('a customer sees the own bills', async () => {
    const home = await customer.ask('/khach-hang');
    equal(home.status, 200, 'the home page');
    verdict(home.text.includes(bill), 'with the last bill');
    const list = await customer.ask('/khach-hang/hoa-don');
    verdict(list.text.includes(bill), 'the list');
    const page = await customer.ask(bill);
    equal(page.status, 200, 'the bill');
    verdict(page.text.includes('Vì sao'), 'explained');
    const pdf = await customer.ask(bill + '/pdf');
    verdict(pdf.status === 200 && pdf.headers['content-type'] === 'application/pdf' &&
            pdf.bytes.subarray(0, 5).toString() === '%PDF-', 'its PDF', pdf.status, pdf.text.slice(0, 1500));
    verdict(page.text.includes(`src="${bill}/ma-thanh-toan"`), 'with something to pay');
    const code = await customer.ask(bill + '/ma-thanh-toan');
    equal(code.status, 200, 'its code to pay by');
    verdict(code.headers['content-type'] === 'image/svg+xml' && code.text.includes('<svg'), 'is a picture', code.headers['content-type']);
  });

  await step('an owner keeps the invoice', async () => {
    const [numbered, signed] = ['2026-08', '2026-09'].map((month) => bills(env, month).find(({ agreement }) => agreement === mine.agreement));
    const page = (of) => `/khach-hang/hoa-don/${of.number}`;
    issueInvoices(env, '2026-08', { signed: false });
    verdict(!(await customer.ask(page(numbered))).text.includes(`${page(numbered)}/xml`), 'there is no link while it is not signed');
    verdict((await customer.ask(page(numbered) + '/xml')).status >= 400, 'nor a file');
    issueInvoices(env, '2026-09');
    verdict((await customer.ask(page(signed))).text.includes(`href="${page(signed)}/xml"`), 'then it is a link away');
    const file = await customer.ask(page(signed) + '/xml');
    equal(file.status, 200, 'the file comes');
    equal(file.headers['content-type'], 'application/xml', 'as XML');
    verdict(/^attachment; filename="K26TDN-\d+\.xml"$/.test(file.headers['content-disposition']), 'to keep', file.headers['content-disposition']);
    verdict(file.text.includes('<Signature') && file.text.includes(String(signed.total)), 'signed, with the amount of the bill');
    equal((await new Client(port).ask(page(signed) + '/xml')).status, 303, 'not to who is not signed in');
  });

  await step('and what was used since', async () => {
    verdict(!(await customer.ask('/khach-hang')).text.includes('Kỳ này'), 'nothing without a later reading');
    const shown = sangden(['bill', 'show', mine.number, '--json'], { env });
    const last = Number(/"to":"(\d+)(?:\.\d+)?","source"/.exec(shown)[1]);
    const serial = mine.agreement.replace(/\D/g, '').padStart(13, '0');
    sangden(['import', 'readings', '-', '--as', 'GHICHISO'], { env, input:
      'point,meter,register,date,time,value,kind,source,state,not_read,prorate\n' +
      `${mine.point},${serial},KT,2026-11-20,2026-11-20T09:30:00+07:00,${last + 51},periodic,manual,normal,,\n` });
    const { text } = await customer.ask('/khach-hang');
    verdict(/Kỳ này đến 20\/11\/2026[^]*≈[^]*5[01]([,.]\d+)?.kWh/.test(text), 'use and charge up to it',
            text.slice(text.indexOf('so-far')).slice(0, 400));
  });

  await step('and nobody else\'s', async () => {
    for (const path of ['', '/pdf', '/xml', '/ma-thanh-toan']) {
      const { status, text } = await customer.ask(`/khach-hang/hoa-don/${other.number}${path}`);
      equal(status, 404, `the bill of another${path}`);
      verdict(!text.includes(other.agreement), 'without a word of it');
    }
    const missing = await customer.ask(`/khach-hang/hoa-don/${mine.number.replace('-K1', '-K9')}`);
    const foreign = await customer.ask(`/khach-hang/hoa-don/${other.number}`);
    const plain = (page) => page.text.replace(/tra cứu [0-9a-f]+/, '').replace(/hoa-don\/[^"]*/g, '');
    equal(plain(missing), plain(foreign), 'as if there were none');
    const list = await customer.ask(`/khach-hang/hoa-don?hop-dong=${other.agreement}`);
    equal(list.status, 404, 'nor the list of another');
    const staff = await customer.ask('/tai-khoan');
    equal(staff.status, 403, 'nor a page of the staff');
  });

  await step('an address that no page has', async () => {
    const stranger = new Client(port), staff = new Client(port);
    await staff.signInStaff('GIAMDOC');
    const links = ({ text }) => text.includes('href="/khach-hang/hoa-don"'), leaves = ({ text }) => text.includes('/dang-xuat');
    const [known, nobody, worker] = [await customer.ask('/khong-co?lang=en'), await stranger.ask('/khong-co'), await staff.ask('/khong-co')];
    for (const page of [known, nobody, worker]) {
      equal(page.status, 404, 'is told so');
      equal(page.headers['set-cookie'], undefined, 'and sets no cookie');
    }
    verdict(links(known) && leaves(known) && known.text.includes('lang="en"'), 'a customer keeps the links of the portal');
    verdict(!links(nobody) && !leaves(nobody), 'a stranger has none');
    verdict(!links(worker) && leaves(worker) && worker.text.includes('href="/dang-nhap/nhan-vien"'), 'the staff are led back to their work');
    const ended = new Client(port, { headers: { Cookie: `sangden=${'0'.repeat(64)}` } });
    verdict(!leaves(await ended.ask('/khong-co')), 'and a session that is none is a stranger');
  });

  await step('a page that is asked for again is what the store says now', async () => {
    const brother = new Client(port);
    giveLogin(env, '0911000222', mine.agreement, 'relative');
    giveLogin(env, '0911000222', other.agreement, 'relative');
    await brother.signInCustomer(env, '0911000222');
    const first = await brother.ask(bill), again = await brother.ask(bill);
    equal(first.status, 200, 'a relative sees the bill');
    equal(again.text, first.text, 'and twice the same, while nothing was written');
    const english = await brother.ask(bill, { headers: { Cookie: `sangden=${brother.cookies.get('sangden')}; lang=en` } });
    verdict(english.text.includes('lang="en"'), 'in the language that is asked for');
    verdict((await customer.ask(bill)).text !== first.text, 'the page of one person is not that of another');
    const others = await brother.ask(`/khach-hang/hoa-don/${other.number}`);
    verdict(others.text.includes(other.number) && !others.text.includes(mine.number), 'nor one bill another');
    sangden(['login', 'end', '0911000222', mine.agreement, '--as', 'QUANTRI'], { env });
    equal((await brother.ask(bill)).status, 404, 'what was taken away is not shown once more');
    equal((await brother.ask(`/khach-hang/hoa-don/${other.number}`)).status, 200, 'what was left is');
    query(env, "UPDATE session SET ended_at = seen_at, end_reason = 'revoked' WHERE ended_at IS NULL AND kind = 'customer' " +
               `AND subject_id IN (SELECT login_id FROM login_supply_fact WHERE value_text = 'relative')`);
    equal((await brother.ask(`/khach-hang/hoa-don/${other.number}`)).status, 303, 'and nothing behind an ended session');
  });

  await step('a tenant sees bills without the holder', async () => {
    const tenant = new Client(port);
    await tenant.signInCustomer(env, '0987654321');
    const page = await tenant.ask(bill);
    const whole = await customer.ask(bill);
    const name = /Khách hàng<\/dt><dd>([^<]+)</.exec(whole.text)?.[1];
    verdict(name && !page.text.includes(name), 'the name is left out', name);
    equal((await tenant.ask(bill + '/xml')).status, 404, 'and so is the invoice that names it');
  });

  await step('forms of others are refused', async () => {
    const staff = new Client(port);
    await staff.signInStaff('GIAMDOC');
    const without = await staff.send('/tai-khoan/mat-khau', { present: password, password: 'x'.repeat(12), again: 'x'.repeat(12) }, { csrf: '' });
    equal(without.status, 403, 'a form without a token');
    const token = await new Client(port).token('/dang-nhap');
    equal((await staff.send('/dang-xuat', {}, { csrf: token })).status, 403, 'with the token of another browser');
    const good = await staff.token('/tai-khoan');
    equal((await staff.send('/dang-xuat', {}, { csrf: good, headers: { 'Sec-Fetch-Site': 'cross-site' } })).status,
          403, 'sent from another site');
    const get = await staff.ask('/dang-xuat');
    equal(get.status, 405, 'an address is no form');
    equal((await staff.send('/dang-xuat', {}, { csrf: good })).status, 303, 'the own one does');
    equal((await staff.ask('/tai-khoan')).status, 303, 'and signs out');
  });

  await step('staff sign in, and a session given from outside is worth nothing', async () => {
    const client = new Client(port);
    const planted = 'a'.repeat(64);
    client.cookies.set('sangden', planted);
    const answer = await client.signInStaff('TRUONGHD');
    equal(answer.status, 303, 'signed in');
    verdict(client.cookies.get('sangden') !== planted, 'under another token');
    const plain = await new Client(port).signInStaff('TRUONGHD', 'sai mật khẩu rồi');
    const nobody = await new Client(port).signInStaff('KHONGCO', 'sai mật khẩu rồi');
    verdict(plain.status === 200 && !/KHONGCO/.test(plain.text), 'a wrong password');
    const words = (page) => page.text.replace(/TRUONGHD|KHONGCO/g, '').replace(/[0-9a-f]{64}/g, '');
    equal(words(nobody), words(plain), 'is answered like an unknown person');
    equal((await client.ask('/khach-hang')).status, 403, 'staff are no customers');
  });

  await step('new recovery codes', async () => {
    const staff = new Client(port, { headers: { 'X-Forwarded-For': '203.0.113.44' } });
    await staff.signInStaff('TRUONGHD');
    equal((await staff.ask('/tai-khoan/ma-du-phong')).headers.location, '/tai-khoan', 'not without a second factor');
    const enrol = await staff.ask('/dang-nhap/nhan-vien/xac-thuc');
    const secret = /secret=([A-Z2-7]{32})/.exec(enrol.text)?.[1] ?? /[A-Z2-7]{32}/.exec(enrol.text)[0];
    const codes = ({ text }) => [...text.matchAll(/<code>([0-9A-Z-]+)<\/code>/g)].map(([, code]) => code);
    const first = codes(await staff.send('/dang-nhap/nhan-vien/xac-thuc', { totp: totp(secret, -1) }, { csrf: await staff.token('/tai-khoan') }));
    equal(first.length, 10, 'ten at first');
    const path = '/tai-khoan/ma-du-phong';
    const wrong = await staff.send(path, { present: 'sai mật khẩu', totp: totp(secret) });
    verdict(wrong.text.includes('Mật khẩu hiện tại không đúng') && codes(wrong).length === 0, 'not without the password');
    const paper = await staff.send(path, { present: password, totp: first[0] });
    verdict(paper.text.includes('không dùng được mã dự phòng') && codes(paper).length === 0, 'nor by a recovery code');
    const fresh = codes(await staff.send(path, { present: password, totp: totp(secret) }));
    verdict(fresh.length === 10 && !fresh.includes(first[1]), 'ten others with both');
    equal(codes(await staff.ask(path)).length, 0, 'shown once');
    equal(Number(query(env, "SELECT count(*) FROM audit_entry WHERE action = 'second_factor.codes'")), 1, 'and audited');
    const again = new Client(port, { headers: { 'X-Forwarded-For': '203.0.113.44' } });
    equal((await again.signInStaff('TRUONGHD')).headers.location, '/dang-nhap/nhan-vien/ma', 'who signs in anew is asked');
    equal((await again.send('/dang-nhap/nhan-vien/ma', { totp: first[1] })).status, 200, 'an old one ended');
    equal((await again.send('/dang-nhap/nhan-vien/ma', { totp: fresh[1] })).status, 303, 'a new one opens');
  });

  await step('guesses wait longer each time', async () => {
    let waits = 0;
    for (let i = 0; i < 12; i++) {
      const { text } = await new Client(port).signInStaff('KIEMSOAT', 'đoán mò lần ' + i);
      if (/chờ \d+ giây|Thử quá nhiều|chờ/.test(text)) waits++;
    }
    verdict(waits >= 3, 'after some failures', waits);
  });

  await step('what was typed runs nowhere', async () => {
    const client = new Client(port);
    const attack = '"><script>alert(1)</script>';
    for (const [path, fields] of [['/dang-nhap', { who: attack }], ['/kiem-chung', { number: attack, code: attack }],
                                  ['/dang-nhap/lan-dau', { customer: attack, code: attack, reading: attack }]]) {
      const { text, status } = await client.send(path, fields);
      verdict(status < 500 && !text.includes('<script>alert'), `${path} shows it as text`, status);
    }
    for (const path of [`/khong-co/${encodeURIComponent(attack)}`, `/dang-nhap?tiep=${encodeURIComponent(attack)}`,
                        `/khach-hang/hoa-don?sau=${encodeURIComponent("1' OR 1=1 --")}`]) {
      const { text, status } = await customer.ask(path);
      verdict(status < 500 && !text.includes('<script>alert'), `${path.slice(0, 30)}…`, status);
    }
  });

  await step('the first time with a bill in hand', async () => {
    const { code, reading } = paper(env, other);
    const come = async (contact) => {
      const client = new Client(port);
      const proved = await client.send('/dang-nhap/lan-dau', { customer: other.agreement, code, reading });
      equal(proved.headers.location, '/dang-nhap/lan-dau/lien-he', 'the right one goes on to the contact');
      const refused = await client.send('/dang-nhap/lan-dau/lien-he', { who: contact });
      verdict(refused.text.includes('Chưa đánh dấu đồng ý'), 'which needs consent');
      const page = await client.send('/dang-nhap/lan-dau/lien-he', { who: contact, consent: '2026-11' });
      const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.text)[1];
      const done = await client.send('/dang-nhap/lan-dau/ma', { code: codeSent(env) }, { csrf });
      equal(done.status, 200, 'registered');
      equal((await client.ask(bill)).status, 404, 'and sees no other bill');
      return client.ask(`/khach-hang/hoa-don/${other.number}`);
    };
    const wrong = await new Client(port).send('/dang-nhap/lan-dau',
                                              { customer: other.agreement, code: 'A1B2-C3D4-E5F6', reading: '1' });
    verdict(wrong.status === 200 && wrong.text.includes('không khớp'), 'a wrong one is refused');
    verdict(code !== '' && reading !== '', 'the paper tells code and reading', code, reading);
    const thief = new Client(port);
    equal((await thief.send('/dang-nhap/lan-dau/ma', { code: '123456' }, { page: '/dang-nhap' })).headers.location,
          '/dang-nhap/lan-dau', 'no step without the one before');
    const owner = await come('0909090909');
    const tenant = await come('0909090908');
    const name = (page) => /Khách hàng<\/dt><dd>([^<]*)</.exec(page.text)?.[1];
    verdict(owner.status === 200 && name(owner), 'the first becomes the owner', owner.status);
    verdict(tenant.status === 200 && !tenant.text.includes(name(owner)), 'the second a tenant', tenant.status);
  });

  await step('another number needs the old one', async () => {
    const csrf = (page) => /name="csrf" value="([0-9a-f]+)"/.exec(page.text)?.[1] ?? '';
    const person = new Client(port, { headers: { 'X-Forwarded-For': '203.0.113.9' } });
    await person.signInCustomer(env, '0987654321');
    query(env, 'UPDATE session SET proved_at = proved_at - 3600000');
    const early = await person.send('/khach-hang/lien-he', { who: '0977777777', consent: '2026-11' });
    const first = await person.ask('/khach-hang/lien-he');
    equal(early.headers.location, '/khach-hang/lien-he', 'after an hour it is not asked for the new one');
    equal(codeSent(env), null, 'and no code goes there');
    const asked = await person.send('/khach-hang/lien-he/xac-nhan', {}, { csrf: csrf(first) });
    verdict(asked.text.includes('···321'), 'the old one is asked first');
    const before = person.cookies.get('sangden');
    await person.send('/khach-hang/lien-he/ma', { code: codeSent(env) }, { csrf: csrf(asked) });
    verdict(person.cookies.get('sangden') !== before, 'the session has another token after the proof');
    const taken = await person.send('/khach-hang/lien-he', { who: '0977777777', consent: '2026-11' });
    verdict(taken.text.includes('···777'), 'then a code goes to the new one');
    const done = await person.send('/khach-hang/lien-he/moi', { code: codeSent(env) }, { csrf: csrf(taken) });
    equal(done.headers.location, '/khach-hang/du-lieu', 'and it is changed');
    const old = new Client(port, { headers: { 'X-Forwarded-For': '203.0.113.11' } });
    await old.send('/dang-nhap', { who: '0987654321' });
    equal(codeSent(env), null, 'the old one opens nothing any more');
    const fresh = new Client(port, { headers: { 'X-Forwarded-For': '203.0.113.10' } });
    await fresh.signInCustomer(env, '0977777777');
    equal((await fresh.ask('/khach-hang')).status, 200, 'the new one does');
  });

  await step('a telephone is not replaced behind a proof by e-mail', async () => {
    const csrf = (page) => /name="csrf" value="([0-9a-f]+)"/.exec(page.text)?.[1] ?? '';
    const path = '/khach-hang/lien-he';
    const person = new Client(port, { headers: { 'X-Forwarded-For': '203.0.113.12' } });
    await person.signInCustomer(env, '0977777777');
    const add = await person.send(path, { who: 'an@example.vn', consent: '2026-11' });
    equal((await person.send(path + '/moi', { code: codeSent(env) }, { csrf: csrf(add) })).status, 303, 'an address is added');
    const mail = new Client(port, { headers: { 'X-Forwarded-For': '203.0.113.13' } });
    await mail.signInCustomer(env, 'an@example.vn');
    const asked = await mail.send(path, { who: '0966666666', consent: '2026-11' });
    verdict(asked.text.includes('···777') && asked.text.includes('name="channel" value="phone"'), 'the old telephone is asked first');
    equal(codeSent(env), null, 'and no code goes to the new one');
    const proof = await mail.send(path + '/xac-nhan', { channel: 'phone' }, { csrf: csrf(asked) });
    await mail.send(path + '/ma', { code: codeSent(env) }, { csrf: csrf(proof) });
    const open = await mail.send(path, { who: '0966666666', consent: '2026-11' });
    equal((await mail.send(path + '/moi', { code: codeSent(env) }, { csrf: csrf(open) })).headers.location,
          '/khach-hang/du-lieu', 'with its code it is replaced');
  });

  await step('is a bill genuine?', async () => {
    const client = new Client(port);
    const { text } = await client.send('/kiem-chung', { number: mine.number, code: 'A1B2-C3D4-E5F6' });
    verdict(text.includes('notice danger'), 'a wrong code is no proof');
    const right = await client.send('/kiem-chung', { number: mine.number, code: paper(env, mine).code });
    verdict(right.status === 200 && right.text.includes('Hóa đơn này có thật') && !right.text.includes('notice danger'),
            'the right one is', right.status);
    verdict(right.text.includes(mine.total.toLocaleString('de-DE')), 'with the amount to compare');
    const name = /Khách hàng<\/dt><dd>([^<]+)</.exec((await customer.ask(bill)).text)?.[1];
    verdict(name && !right.text.includes(name), 'and without a name', name);
    const swapped = await client.send('/kiem-chung', { number: other.number, code: paper(env, mine).code });
    verdict(swapped.text.includes('notice danger'), 'the code of one bill proves no other');
  });

  await step('a stopped server leaves no note of a reading behind', async () => {
    equal(await server.stop(), 0, 'it ends well');
  });
}

for (const store of await stores('doors')) {
  under(store.name + ': ');
  await doors(store);
  store.leave();
}
end();
