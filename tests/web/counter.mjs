// SPDX-License-Identifier: Apache-2.0
// How a customer comes in without a bill: registered by the desk for a person at the counter, or for who
// asked to be called and was called at the number on record; and what strangers gain by asking: nothing.
//
//   node counter.mjs SANGDEN
import { end, query, sangden, serve, stores } from '../http/house.mjs';
import { equal, step, under, verdict } from './tap.mjs';
import { Client, bills, codeSent, demonstration, givePassword } from './demonstration.mjs';

async function counter(store) {
  const env = demonstration({ store, name: 'counter' });
  const run = (...words) => sangden([...words, '--as', 'QUANTRI'], { env });
  const [mine, other] = bills(env);
  const numbers = (sql) => query(env, sql).map(Number);
  const phoneOf = (code) => query(env, 'SELECT p.phone FROM agreement a JOIN agreement_fact f ON f.unit_id = a.unit_id AND ' +
    "f.agreement_id = a.agreement_id AND f.kind = 'holder' JOIN party p ON p.unit_id = f.unit_id AND p.party_id = f.value_i64 " +
    `WHERE a.code = '${code}'`)[0];

  for (const [code, role] of [['QUAY', 'agent'], ['KHAC', 'agent'], ['THUTIEN', 'cashier']]) {
    run('staff', 'add', code, '--name', `${code} (mẫu)`);
    run('staff', 'role', code, role, '--unit', 'PZ0001');
    givePassword(env, code);
  }
  const phone = phoneOf(other.agreement), last = phone.slice(-3);
  const server = await serve(env);
  const agent = new Client(server.port), cashier = new Client(server.port);
  await agent.signInStaff('QUAY');
  await cashier.signInStaff('THUTIEN');
  const page = (code = mine.agreement) => `/ban-lam-viec/khach-hang/${code}`;
  const form = { contact: '0933000111', role: 'owner', from: '2026-11-01', consent: '2026-11' };
  const register = (fields, client = agent, at = page()) => client.send(`${at}/dang-nhap`, { ...form, ...fields }, { page: at });
  const logins = () => numbers('SELECT count(*) FROM login_contact')[0];
  const before = logins();

  await step('only for a person at the counter', async () => {
    verdict(!(await agent.ask(page())).text.includes(`${page()}/dang-nhap"`), 'no form before it is known who asks');
    equal((await register({})).status, 409, 'and nothing to send one to');
    await agent.send(`${page()}/xac-minh`, { reason: 'letter', note: 'Đơn số 5' }, { page: page() });
    verdict(!(await agent.ask(page())).text.includes(`${page()}/dang-nhap"`), 'a letter is nobody at the counter');
    const refused = await register({});
    verdict(refused.status === 409 && refused.text.includes('ở tại quầy'), 'which the refusal says', refused.status);
    await cashier.send(`${page()}/xac-minh`, { reason: 'counter', note: 'Đã xem căn cước' }, { page: page() });
    verdict(!(await cashier.ask(page())).text.includes('/dang-nhap"'), 'a cashier has no such form');
    equal((await register({}, cashier)).status, 403, 'and may not');
    equal(logins(), before, 'so nobody is registered');
  });

  await step('registered at the counter', async () => {
    await agent.send(`${page()}/xac-minh`, { reason: 'counter', note: 'Đã xem căn cước' }, { page: page() });
    const { text } = await agent.ask(page());
    verdict(text.includes(`action="${page()}/dang-nhap"`) && text.includes('<summary accesskey="l"'), 'there is a form, with a key');
    verdict(/name="consent" value="2026-11" required>[^]*?Văn bản 2026-11/.test(text), 'which shows the words agreed to, and their version');
    for (const [fields, why] of [[{ consent: '' }, 'without consent'], [{ consent: '2020-01' }, 'with other words'],
                                 [{ contact: 'abc' }, 'what is no contact'], [{ role: 'boss' }, 'an unknown role'],
                                 [{ from: '2026-11-05', to: '2026-11-04' }, 'an end before the beginning']]) {
      equal((await register(fields)).status, 422, `refused: ${why}`);
    }
    equal(logins(), before, 'and nothing is kept of it');
    equal((await register({})).status, 303, 'a right one is registered');
    const [origin, channel] = query(env, "SELECT l.origin, o.channel FROM login l JOIN login_contact c ON c.login_id = l.login_id JOIN consent o " +
      "ON o.login_id = l.login_id AND o.purpose = 'contact' WHERE c.contact = 'phone:+84933000111'")[0].split('|');
    equal(`${origin} ${channel}`, 'counter counter', 'as one who was at the counter, consent and all');
    const person = new Client(server.port);
    await person.signInCustomer(env, '0933000111');
    equal((await person.ask(`/khach-hang/hoa-don/${mine.number}`)).status, 200, 'and signs in at once');
    equal((await person.ask(`/khach-hang/hoa-don/${other.number}`)).status, 404, 'to see the own bills');
    equal((await register({ contact: '0933000222', role: 'tenant', to: '2027-06-30' })).status, 303, 'a tenant until a day');
    equal((await register({ contact: '0933000333', role: 'relative', from: '2099-01-01' })).status, 303, 'a relative from a day on');
    const after = (await agent.ask(page())).text;
    verdict(after.includes('Người thuê') && after.includes('đến 30/06/2027') && after.includes('từ 01/01/2099'), 'stand on the page');
    verdict(!after.includes('0933000222') && after.includes('···222'), 'with masked contacts');
  });

  const loginOf = (contact) => numbers(`SELECT login_id FROM login_contact WHERE contact = 'phone:+84${contact.slice(1)}'`)[0];

  await step('another contact, at the counter alone', async () => {
    const at = `${page()}/dang-nhap/${loginOf('0933000111')}/doi`;
    verdict((await agent.ask(page())).text.includes(`action="${at}"`), 'there is a form');
    equal((await agent.send(at, { contact: '0933000444' }, { page: page() })).status, 422, 'which needs consent again');
    equal((await agent.send(at, { contact: '0933000222', consent: '2026-11' }, { page: page() })).status, 409, 'and no contact of another');
    equal((await agent.send(at, { contact: '0933000444', consent: '2026-11' }, { page: page() })).status, 303, 'then it is changed');
    await new Client(server.port).send('/dang-nhap', { who: '0933000111' });
    equal(codeSent(env), null, 'the old one gets no code any more');
    const person = new Client(server.port);
    await person.signInCustomer(env, '0933000444');
    equal((await person.ask('/khach-hang')).status, 200, 'the new one opens');
    await agent.send(`${page()}/ket-thuc`, {}, { page: page() });
    await agent.send(`${page()}/xac-minh`, { reason: 'letter', note: 'Đơn số 6' }, { page: page() });
    verdict(!(await agent.ask(page())).text.includes(`action="${at}"`), 'by letter there is none');
    equal((await agent.send(at, { contact: '0933000555', consent: '2026-11' }, { page: page() })).status, 409, 'and nothing is changed');
    const nobodys = `${page(other.agreement)}/dang-nhap/${loginOf('0933000444')}/doi`;
    equal((await agent.send(nobodys, { contact: '0933000555', consent: '2026-11' }, { page: page() })).status, 404,
          'nor through the page of another customer');
  });

  await step('access is taken back', async () => {
    const tenant = new Client(server.port);
    await tenant.signInCustomer(env, '0933000222');
    equal((await tenant.ask(`/khach-hang/hoa-don/${mine.number}`)).status, 200, 'a tenant sees the bill');
    for (const contact of ['0933000222', '0933000333']) {
      const at = `${page()}/dang-nhap/${loginOf(contact)}/thu-hoi`;
      verdict((await agent.ask(page())).text.includes(`action="${at}"`), 'there is a form');
      equal((await cashier.send(at, {}, { page: page() })).status, 403, 'not for a cashier');
      equal((await agent.send(at, {}, { page: page() })).status, 303, 'which takes it back');
      equal((await agent.send(at, {}, { page: page() })).status, 404, 'once');
    }
    equal((await tenant.ask(`/khach-hang/hoa-don/${mine.number}`)).status, 404, 'and the bill is gone');
    const { text } = await agent.ask(page());
    verdict(!text.includes('<dd>···222') && text.includes('<dd>···444'), 'and from the list, with nobody else');
  });

  const plain = ({ text }) => text.replace(/[0-9a-f]{64}/g, '').replace(/lang=..&?[^"]*/g, '').replace(/tra cứu [0-9a-f]+/, '');
  const from = (address) => new Client(server.port, { headers: { 'X-Forwarded-For': address } });
  const askCall = (customer, client = from('203.0.113.7')) => client.send('/dang-nhap/goi-lai', { customer });
  const waiting = () => numbers('SELECT count(*) FROM call_back WHERE closed_at IS NULL')[0];

  await step('whoever asks for a call learns nothing', async () => {
    verdict((await new Client(server.port).ask('/dang-nhap')).text.includes('href="/dang-nhap/goi-lai"'), 'the way in names it');
    const known = await askCall(other.agreement), unknown = await askCall('PZ99999999999');
    equal(plain(unknown), plain(known), 'an unknown code is answered like a known one, word for word');
    verdict(known.text.includes('Đã nhận yêu cầu') && !known.text.includes(last), 'without the number');
    equal(plain(await askCall(other.agreement)), plain(known), 'and so is one asked for twice');
    equal(waiting(), 1, 'of which there is one request');
    await askCall(other.agreement);
    const late = await askCall(other.agreement, from('203.0.113.8')), none = await askCall('PZ99999999999', from('203.0.113.8'));
    verdict(/chờ \d+ phút/.test(late.text), 'a code is asked for three times, from wherever');
    await askCall('PZ99999999999', from('203.0.113.9'));
    verdict(!/chờ \d+ phút/.test(none.text) && /chờ \d+ phút/.test((await askCall('PZ99999999999', from('203.0.113.9'))).text),
            'also one that does not exist');
    let waits = 0;
    for (let i = 0; i < 24; i++) if (/chờ \d+ phút/.test((await askCall(`PZ8888888${i}`, from('203.0.113.20'))).text)) waits++;
    verdict(waits > 0, 'and an address tries no list of codes', waits);
  });

  const at = page(other.agreement);

  await step('the desk calls the number on record', async () => {
    const list = await agent.ask('/ban-lam-viec/goi-lai');
    verdict(list.text.includes(`href="${at}"`) && list.text.includes(`···${last}`) && list.text.includes('chưa ai nhận'), 'the request is in the list');
    verdict(!list.text.includes(phone), 'masked');
    verdict((await agent.ask('/ban-lam-viec')).text.includes('href="/ban-lam-viec/goi-lai"'), 'to which the desk leads');
    equal((await cashier.ask('/ban-lam-viec/goi-lai')).status, 403, 'not a cashier');
    const before = (await agent.ask(at)).text;
    verdict(before.includes('Nhận cuộc gọi') && !before.includes(phone), 'the number is hidden until somebody takes the call');
    verdict(!before.includes('value="call_back"'), 'and nobody was called back yet');
    equal((await agent.send(`${at}/goi-lai/xong`, { result: 'unreached' }, { page: at })).status, 409, 'so there is no result');
    equal((await agent.send(`${at}/goi-lai`, {}, { page: at })).status, 303, 'an agent takes it');
    const taken = (await agent.ask(at)).text;
    verdict(taken.includes(phone) && taken.includes('value="call_back"') && !taken.includes('name="asked-phone"'),
            'and sees the number, and what to ask');
    const colleague = new Client(server.port);
    await colleague.signInStaff('KHAC');
    const others = (await colleague.ask(at)).text;
    verdict(!others.includes(phone), 'a colleague does not');
    verdict(others.includes('QUAY đã nhận'), 'and is told who calls');
    equal((await colleague.send(`${at}/goi-lai/xong`, { result: 'unreached' }, { page: at })).status, 409, 'nor closes it');
    verdict((await agent.ask('/ban-lam-viec/goi-lai')).text.includes('<td>QUAY</td>'), 'the list says who calls');
  });

  await step('who answers is registered', async () => {
    const call = (rightly, text) => {
      const asked = [...text.matchAll(/name="asked-(\w+)"/g)].map(([, question]) => question);
      return Object.fromEntries([['reason', 'call_back'], ...asked.map((q) => [`asked-${q}`, '1']), ...asked.slice(0, rightly).map((q) => [`ok-${q}`, '1'])]);
    };
    await agent.send(`${at}/xac-minh`, call(1, (await agent.ask(at)).text), { page: at });
    equal((await register({ contact: '0911222333' }, agent, at)).status, 409, 'one answer registers nobody');
    equal((await agent.send(`${at}/xac-minh`, call(2, (await agent.ask(at)).text), { page: at })).status, 303, 'two open the page');
    verdict((await agent.ask(at)).text.includes(`action="${at}/dang-nhap"`), 'with the form');
    equal((await register({ contact: '0911222333' }, agent, at)).status, 303, 'which registers');
    const row = query(env, "SELECT l.origin, o.channel, o.evidence FROM login l JOIN login_contact c ON c.login_id = l.login_id JOIN consent o " +
      "ON o.login_id = l.login_id WHERE c.contact = 'phone:+84911222333'")[0].split('|');
    verdict(row[0] === 'call_back' && row[1] === 'phone' && row[2].includes('gọi lại số đã lưu'), 'as one who was called back, with evidence', row.join());
    equal(query(env, 'SELECT result FROM call_back')[0], 'registered', 'the request is closed with its result');
    verdict((await agent.ask('/ban-lam-viec/goi-lai')).text.includes('Không ai chờ gọi lại'), 'and gone from the list');
    const events = (await agent.ask(at)).text;
    verdict(events.includes('Xin gọi lại') && events.includes('Đã đăng ký'), 'the timeline tells of it');
    const person = new Client(server.port);
    await person.signInCustomer(env, '0911222333');
    equal((await person.ask(`/khach-hang/hoa-don/${other.number}`)).status, 200, 'and the customer is in');
    equal((await register({ contact: '0933000666' }, agent, at)).status, 409, 'one call registers once');
  });

  await step('or the call ends otherwise', async () => {
    query(env, 'DELETE FROM throttle');
    await askCall(mine.agreement);
    const there = page();
    await agent.send(`${there}/goi-lai`, {}, { page: there });
    equal((await agent.send(`${there}/goi-lai/xong`, { result: 'registered' }, { page: there })).status, 422, 'nobody says registered who did not');
    equal((await agent.send(`${there}/goi-lai/xong`, { result: 'unreached' }, { page: there })).status, 303, 'not reached');
    await askCall(mine.agreement);
    equal(waiting(), 1, 'and the customer may ask again');
  });

  await step('everything is on record', async () => {
    equal(await server.stop(), 0, 'the server ends well');
    const desk = run('audit', 'list', '--stream', 'desk', '--json'), login = run('audit', 'list', '--stream', 'login', '--json');
    for (const action of ['call_back.ask', 'call_back.take', 'call_back.close']) verdict(desk.includes(action), action);
    for (const action of ['login.register', 'login.change', 'login.give', 'login.take_back']) verdict(login.includes(action), action);
    verdict(run('access', 'list', other.agreement, '--json').includes('customer.phone'), 'and who saw the number');
    verdict(!sangden(['check'], { env }).includes('không đạt'), 'and every invariant holds');
  });
}

for (const store of await stores('counter')) {
  under(store.name + ': ');
  await counter(store);
  store.leave();
}
end();
