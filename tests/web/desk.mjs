// SPDX-License-Identifier: Apache-2.0
// The care centre as its people use it: a customer found, questions asked, a bill explained, a hold
// placed and lifted; and what others may not see.
//
//   node desk.mjs SANGDEN
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, folder, query, sangden, serve, stores } from '../http/house.mjs';
import { equal, step, under, verdict } from './tap.mjs';
import { Client, bills, codeSent, demonstration, giveLogin, givePassword } from './demonstration.mjs';

async function desk(store) {
  const env = demonstration({ store });
  const run = (...words) => sangden([...words, '--as', 'QUANTRI'], { env });
  const [mine, other] = bills(env);

  /** A member of the staff with one role at one unit. */
  function hire(code, role, unit) {
    run('staff', 'add', code, '--name', code);
    run('staff', 'role', code, role, '--unit', unit);
    givePassword(env, code);
  }

  /** A second unit with one customer, of whom the first unit's staff may know nothing. */
  function anotherUnit() {
    const file = (kind, text) => {
      writeFileSync(join(folder, kind + '.csv'), text);
      run('import', kind, join(folder, kind + '.csv'));
    };
    file('units', 'code,level,name,parent,customer_prefix,from\nPY0002,unit,Điện lực Khác,,PY00,2020-01-01\n');
    file('parties', 'unit,code,kind,name,phone,address\n' +
         'PY0002,K1,person,Trịnh Công Đoàn Thử,0977123456,"9 Lê Lợi, phường Thử, Huế"\n');
    file('agreements', 'unit,code,account,holder,from\nPY0002,PY00000000001,,K1,2024-01-01\n');
    file('parties', 'unit,code,kind,name\nPZ0001,K2,organisation,Công ty Trạm Thử\n');
    file('accounts', 'unit,code,payer,from\nPZ0001,TKCHUM1,K2,2024-01-01\n');
    file('agreements', 'unit,code,account,holder,from\nPZ0001,PZ00019000001,TKCHUM1,K2,2024-01-01\n' +
         'PZ0001,PZ00019000002,TKCHUM1,K2,2024-01-01\nPZ0001,PZ00019000003,,K2,2024-01-01\n');
  }

  /** A customer to whom everything happened that the list has a kind for; its bill of September. */
  function busyCustomer() {
    const as = (who, ...words) => sangden([...words, '--as', who], { env });
    const [spiked] = query(env, 'SELECT p.code FROM spike_case s JOIN usage_point p ON p.unit_id = s.unit_id AND ' +
                                "p.point_id = s.point_id WHERE s.month = 202609 AND s.state = 'released' ORDER BY p.code LIMIT 1");
    const bill = bills(env, '2026-09').find(({ point }) => point === spiked);
    as('TRUONGHD', 'invoice', 'series', 'add', '--unit', 'PZ0001', '--symbol', 'K26TDN');
    as('GIAMDOC', 'invoice', 'series', 'release', '--unit', 'PZ0001', '--symbol', 'K26TDN');
    as('TRUONGHD', 'invoice', 'issue', '--month', '2026-09', '--numbers-only');
    as('HOADON', 'bill', 'adjust', bill.number, '--kwh', String(Number(bill.kwh) - 20), '--cause', 'reading');
    as('TRUONGHD', 'bill', 'release', bill.number.replace('-K1', '-D2'));
    writeFileSync(join(folder, 'meters.csv'), 'unit,serial,maker,type,registers,digits,electronic,point,multiplier,hung_at,removed_at\n' +
                                              'PZ0001,THAY0001,EMIC,CE18,KT,6,1,,,,\n');
    run('import', 'meters', join(folder, 'meters.csv'));
    run('change', 'meter', spiked, 'THAY0001', '--at', '2026-11-20T09:00:00+07:00');
    giveLogin(env, '0912345699', bill.agreement);
    return bill;
  }

  hire('DIENTHOAI', 'agent', 'PZ0001');
  hire('MAY', 'administrator', 'PZ0001');
  givePassword(env, 'TRUONGHD');
  anotherUnit();
  giveLogin(env, '0912345678', mine.agreement);
  const busy = busyCustomer();
  run('privacy', 'receive', '0912345678', 'correct', '--unit', 'PZ0001', '--words', 'tên đúng là <i>An</i>');
  const server = await serve(env);
  await new Client(server.port).send('/dang-nhap', { who: '0912345678' });
  const sent = codeSent(env);
  const agent = new Client(server.port);
  const page = `/ban-lam-viec/khach-hang/${mine.agreement}`;
  const find = (q, client = agent, more = {}) => client.send('/ban-lam-viec/tim', { q, ...more }, { page: '/ban-lam-viec' });

  let name = '';
  await step('an agent signs in and finds a customer', async () => {
    equal((await new Client(server.port).ask('/ban-lam-viec')).status, 303, 'strangers are led to the door');
    await agent.signInStaff('DIENTHOAI');
    const { text, status } = await agent.ask('/ban-lam-viec');
    equal(status, 200, 'the desk opens');
    verdict(/<form[^>]* method="post" action="\/ban-lam-viec\/tim">/.test(text), 'with its one box');
    const asked = await agent.ask('/ban-lam-viec/tim?q=' + encodeURIComponent('nguyen van an'));
    verdict(!asked.text.includes('class="hits"'), 'which nobody asks by an address', asked.status);
    equal((await agent.send('/ban-lam-viec/tim', { q: 'ngo' }, { csrf: 'x' })).status, 403, 'nor without its token');
    const code = await find(mine.agreement);
    equal(code.headers.location, page, 'a code leads to the customer at once');
    const bill = await find(mine.number.toLowerCase().toUpperCase());
    equal(bill.headers.location, `${page}?chon=${mine.number}`, 'so does the number of a bill, taken in hand');
    name = /<h1>([^<]+)<\/h1>/.exec((await agent.ask(page)).text)[1];
    equal((await agent.ask('/ban-lam-viec/khach-hang/PZ-0')).status, 404, 'what is no customer does not exist');
    const masts = await agent.ask('/ban-lam-viec/khach-hang/TKCHUM1');
    verdict(masts.text.includes('<table class="hits">') && masts.text.includes('mã tài khoản TKCHUM1'),
            'an account of many shows their list, and why', masts.status);
    equal((await agent.ask(`/ban-lam-viec/hoa-don/${mine.number}`)).headers.location, `${page}?chon=${mine.number}`,
          'the number of a bill may stand in an address');
    const list = await find('ngo');
    verdict(list.text.includes('<table class="hits">'), 'a name leads to a list', list.status);
    const row = (text) => text.split('<tr>').find((part) => part.includes(`/khach-hang/${shown}"`)) ?? '';
    const shown = /khach-hang\/([^"]+)" data-step/.exec(list.text)?.[1];
    verdict(/data-step>\S··· [^<]+</.test(row(list.text)) && row(list.text).includes('··· '), 'whose names and houses are masked',
            row(list.text));
    const there = `/ban-lam-viec/khach-hang/${shown}`;
    await agent.send(`${there}/xac-minh`, { reason: 'letter', note: 'Đơn số 9' }, { page: there });
    const whole = (await find('ngo')).text;
    verdict(!row(whole).split('</td><td>').slice(0, 2).join().replace(/···\d{3}/, '').includes('···'), 'until it is known who asks', row(whole));
    await agent.send(`${there}/ket-thuc`, {}, { page: there });
    const cursor = /name="tiep" value="([^"]+)"/.exec(list.text)?.[1];
    const next = await find('ngo', agent, { tiep: cursor });
    verdict(cursor && next.text.includes('<table class="hits">') && next.text !== list.text, 'which goes on by a form too', cursor);
  });

  await step('nothing personal is shown before it is known who asks', async () => {
    const { text } = await agent.ask(page);
    verdict(/·/.test(name), 'the name is masked', name);
    verdict(text.includes('name="reason"') && text.includes('name="asked-'), 'questions are offered');
    equal((text.match(/name="asked-/g) ?? []).length, 3, 'three of them');
    verdict(!text.includes('class="timeline"') && !text.includes('class="amount'), 'no list, no bill');
    verdict(!text.includes(`${page}/giu"`), 'and nothing to hold');
    const pdf = await agent.ask(`/ban-lam-viec/hoa-don/${mine.number}/pdf`);
    equal(pdf.status, 403, 'nor a document');
  });

  /** Answers the questions of the page, so many of them rightly. */
  async function answer(rightly, fields = { reason: 'call' }) {
    const { text } = await agent.ask(page);
    const asked = [...text.matchAll(/name="asked-(\w+)"/g)].map(([, question]) => question);
    const ticked = asked.slice(0, rightly).map((question) => [`ok-${question}`, '1']);
    return agent.send(`${page}/xac-minh`, { ...Object.fromEntries([...asked.map((q) => [`asked-${q}`, '1']), ...ticked]),
                                            ...fields }, { page });
  }

  await step('questions open the page', async () => {
    await answer(1);
    const failed = await agent.ask(page);
    verdict(failed.text.includes('Chưa trả lời đúng đủ hai câu'), 'one answer is not enough');
    verdict(!failed.text.includes('class="timeline"'), 'and opens nothing');
    const done = await answer(2);
    equal(done.status, 303, 'two are');
    const { text } = await agent.ask(page);
    verdict(text.includes('class="timeline"') && text.includes('class="amount'), 'everything is there');
    verdict(text.includes('tên đúng là &lt;i&gt;An'), 'also what the customer asked of the own data');
    verdict(!text.includes(`<h1>${name}</h1>`), 'with the whole name');
    verdict(text.includes('Chủ hợp đồng') && text.includes('···678'), 'and a sign-in, its contact masked');
    verdict(/Vì sao|tháng trước/.test(text), 'the bill says why it differs');
    verdict(/Tin nhắn: mã dùng một lần<\/[^]{0,120}···678 · đã giao lúc/.test(text), 'and what was sent there');
    verdict(!text.includes(sent), 'but not the code');
    for (const kind of ['Hóa đơn', 'Chỉ số', 'Liên hệ', 'Đã gửi']) verdict(text.includes(`· ${kind}</p>`), `a ${kind} in the list`);
    equal((await agent.ask(`/ban-lam-viec/hoa-don/${mine.number}/pdf`)).headers['content-type'], 'application/pdf',
          'the document opens');
  });

  await step('another bill in hand, other months', async () => {
    const { text } = await agent.ask(page);
    const bill = [...text.matchAll(/href="(\/ban-lam-viec\/khach-hang\/[^"]*chon=[^"]+)"/g)].at(-1)[1].replaceAll('&amp;', '&');
    const chosen = await agent.ask(bill);
    verdict(chosen.text.includes('aria-current="true" data-step'), 'the bill in hand is marked');
    const later = (await agent.ask(`${page}?den=2027-02`)).text;
    const older = /href="([^"]+)" rel="next"/.exec(later)?.[1]?.replaceAll('&amp;', '&');
    verdict(older?.includes('den=2026-08'), 'the months before are a link away', older);
    const before = (await agent.ask(older)).text;
    verdict(before.includes('rel="prev"') && before.includes('/08/2026 · Chỉ số'), 'and back again');
    equal((await agent.ask(`${page}?chon=${other.number}`)).status, 404, 'the bill of another is none of this customer');
    equal((await agent.ask(`${page}?den=abc`)).status, 422, 'what is no month is refused');
  });

  await step('everything that happened stands in one list', async () => {
    const there = `/ban-lam-viec/khach-hang/${busy.agreement}`;
    await new Client(server.port).signInCustomer(env, '0912345699');
    await agent.send(`${there}/xac-minh`, { reason: 'letter', note: 'Đơn số 3/2026' }, { page: there });
    await agent.send(`${there}/giu`, { stops: 'draft', subject: busy.point, why: 'Chờ kiểm tra công tơ', last: '2030-01-31' }, { page: there });
    const { text } = await agent.ask(`${there}?den=2026-12`);
    const kinds = { 'Hóa đơn': 'Tiền điện tháng 9/2026', 'Hóa đơn điện tử': '1K26TDN-', 'Thu tiền, bù trừ': '-D2', 'Phúc tra': ' kWh',
                    'Chỉ số': 'KT ', 'Công tơ': 'Treo THAY0001', 'Giữ lại': 'Chờ kiểm tra công tơ', 'Liên hệ': 'Đơn số 3/2026',
                    'Đã gửi': '···699', 'Đăng nhập': 'Khách hàng đăng nhập', 'Đồng ý về dữ liệu': 'Đồng ý' };
    const events = text.split('<li><p class="muted">').slice(1);
    for (const [kind, words] of Object.entries(kinds))
      verdict(events.some((event) => event.includes(`· ${kind}</p>`) && event.split('</li>')[0].includes(words)), `${kind}: ${words}`,
              events.filter((event) => event.includes(`· ${kind}</p>`)).join('\n'));
    const days = events.map((event) => event.slice(6, 10) + event.slice(3, 5) + event.slice(0, 2));
    verdict(days.every((day, i) => i === 0 || days[i - 1] >= day), 'newest first', days.join());
  });

  await step('and what else the same holder has', async () => {
    const { text } = await agent.ask('/ban-lam-viec/khach-hang/PZ00019000001');
    for (const [key, code] of [['1', 'PZ00019000002'], ['2', 'PZ00019000003']])
      verdict(text.includes(`href="/ban-lam-viec/khach-hang/${code}" accesskey="${key}"`), `${code}, whoever pays, with key ${key}`);
    verdict(!text.includes('khach-hang/PZ00019000001" accesskey'), 'without itself');
    verdict(!(await agent.ask(page)).text.includes('accesskey="1"'), 'nobody else has any');
  });

  await step('a hold is placed by an agent and lifted by a leader', async () => {
    const form = { stops: 'cut', subject: 'account', why: 'Khách khiếu nại hóa đơn', last: '2030-01-31' };
    equal((await agent.send(`${page}/giu`, { ...form, why: '' }, { page })).status, 422, 'a hold without a reason');
    equal((await agent.send(`${page}/giu`, { ...form, last: '2020-01-01' }, { page })).status, 422, 'or with a past day');
    verdict(!(await agent.ask(page)).text.includes('đến 31/01/2030'), 'places nothing');
    equal((await agent.send(`${page}/giu`, { ...form, subject: 'PZ99999999999001' }, { page })).status, 422,
          'nor does the point of somebody else');
    equal((await agent.send(`${page}/giu`, form, { page })).status, 303, 'a right one is placed');
    const { text } = await agent.ask(page);
    verdict(text.includes('Cắt điện') && text.includes('đến 31/01/2030'), 'and shown');
    verdict(!/giu\/\d+\/bo/.test(text), 'who may not lift it sees no way to');
    equal((await agent.send(`${page}/giu/1/bo`, { reason: 'x' }, { page })).status, 403, 'and has none');
    const leader = new Client(server.port);
    await leader.signInStaff('TRUONGHD');
    await leader.send(`${page}/xac-minh`, { reason: 'task', note: 'Xử lý khiếu nại 12' }, { page });
    verdict((await leader.ask(page)).text.includes('<summary accesskey="b"'), 'the leader has a key for it');
    const lift = /action="([^"]+giu\/\d+\/bo)"/.exec((await leader.ask(page)).text)?.[1];
    equal((await leader.send(lift, { reason: 'Đã giải quyết' }, { page })).status, 303, 'the leader lifts it');
    verdict((await leader.ask(page)).text.includes('Không có gì bị giữ'), 'nothing is held any more');
  });

  await step('the call ends', async () => {
    equal((await agent.send(`${page}/ket-thuc`, {}, { page })).status, 303, 'by a button');
    verdict(!(await agent.ask(page)).text.includes('class="timeline"'), 'the page is masked again');
    equal((await answer(0, { reason: 'letter', note: '' })).status, 422, 'another reason needs a note');
    equal((await answer(0, { reason: 'letter', note: 'Đơn số 7/2026' })).status, 303, 'with it the page opens');
    verdict((await agent.ask(page)).text.includes('class="timeline"'), 'without questions');
  });

  await step('customers of other units are masked', async () => {
    const { text } = await find('trinh cong doan thu');
    verdict(text.includes('PY00000000001'), 'an agent of another unit learns that there is one');
    verdict(!text.includes('Trịnh') && !text.includes('Lê Lợi') && text.includes('T···'), 'but neither name nor address');
    verdict(!text.includes('href="/ban-lam-viec/khach-hang/PY00000000001"'), 'and is led nowhere');
    equal((await agent.ask('/ban-lam-viec/khach-hang/PY00000000001')).status, 403, 'the page is closed');
    equal((await agent.send('/ban-lam-viec/khach-hang/PY00000000001/xac-minh', { reason: 'letter', note: 'Đơn số 1' },
                            { page })).status, 403, 'also for forms');
    const machines = new Client(server.port);
    await machines.signInStaff('MAY');
    for (const path of ['/ban-lam-viec', '/ban-lam-viec/tim', page]) {
      const { status, text } = await machines.ask(path);
      equal(status, 403, `an administrator reads no customers: ${path}`);
      verdict(text.includes('Nhờ quản trị hệ thống giao vai trò') && !text.includes('sangden staff') && text.includes('href="/dang-nhap/nhan-vien"'),
              'with a remedy for the browser and a way on');
    }
  });

  await step('what was typed runs nowhere', async () => {
    for (const attack of ['"><script>alert(1)</script>', "' OR 1=1 --", '%00', 'a'.repeat(300), '../../etc/passwd']) {
      const { text, status } = await find(attack);
      verdict(status < 500 && !text.includes('<script>alert'), `found nothing: ${attack.slice(0, 20)}`, status);
      const there = await agent.ask('/ban-lam-viec/khach-hang/' + encodeURIComponent(attack));
      verdict(there.status < 500 && !there.text.includes('<script>alert'), 'nor a customer', there.status);
    }
    equal((await find('nguyen', agent, { tiep: '7.0.0.1.1.zzz' })).status, 422, 'a made-up cursor is refused');
    equal((await agent.send(`${page}/giu`, { stops: 'cut' }, { page, csrf: 'x' })).status, 403, 'nor a form of another');
  });

  await step('the log says who saw whom, and not what was typed', async () => {
    equal(await server.stop(), 0, 'the server ends well');
    const log = run('access', 'list', mine.agreement, '--json');
    verdict(log.includes('customer.show') && log.includes('desk.listed') && log.includes('DIENTHOAI'), 'reads are on record');
    const desk = run('audit', 'list', '--stream', 'desk', '--json');
    verdict(desk.includes('caller.passed') && desk.includes('caller.failed'), 'so are questions');
    const check = sangden(['check'], { env });
    verdict(!check.includes('không đạt'), 'and every invariant holds');
  });
}

for (const store of await stores('desk')) {
  under(store.name + ': ');
  await desk(store);
  store.leave();
}
end();
