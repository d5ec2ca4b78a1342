// SPDX-License-Identifier: Apache-2.0
// The morning of a leader on both stores: every number opens as many records, the deadline is what the
// books say, what changed leads to its record, and who read lists stands in the access log.
//
//   node morning.mjs SANGDEN
import { end, pause, program, query, sangden, serve, start, stores } from '../http/house.mjs';
import { equal, step, under, verdict } from './tap.mjs';
import { Client, demonstration, givePassword, otherPriceBook } from './demonstration.mjs';

const DAY_MS = 86400000, INVOICE_DAYS = 7, FLUSHED_MS = 1100;
const unhtml = (text) => text.replace(/<[^>]+>/g, ' ').replace(/&nbsp;|\u00a0/g, ' ').replace(/\s+/g, ' ');
const plain = (address) => address.replace(/&amp;/g, '&');
const number = (words) => Number(words.replace(/\./g, ''));
const rows = (text) => [...text.matchAll(/<tr><t[hd] scope="row">|<tr><td>/g)].length;
const dayText = (days) => new Date(Date.now() + 7 * 3600000 + days * DAY_MS).toISOString().slice(0, 10);

/** The figures of the morning, with words, number and address; what changed likewise. */
function figures(text) {
  const pattern = /<li><a href="([^"]+)"><strong>([^<]+)<\/strong> <span>([^<]+)<\/span>/g;
  return [...text.matchAll(pattern)].map(([, path, count, words]) => ({ words, path: plain(path), count: number(count) }));
}
const changes = (text) => [...text.matchAll(/href="(\/van-hanh\/thay-doi\/[a-z_.]+)">([\d.]+)</g)]
  .map(([, path, count]) => ({ words: path, path, count: number(count) }));

/** All pages of a list, one behind the other. */
async function walk(client, path) {
  const pages = [];
  for (let next = path; next; next = plain(/rel="next" href="([^"]+)"/.exec(pages.at(-1).text)?.[1] ?? '')) {
    const page = await client.ask(next);
    if (page.status !== 200 || pages.length > 50) return { status: page.status, text: page.text, pages: pages.length };
    pages.push(page);
  }
  return { status: 200, text: pages.map(({ text }) => text).join('\n'), pages: pages.length };
}

async function morning(store) {
  const env = demonstration({ name: 'morning', store });
  for (const code of ['TRUONGHD', 'HOADON', 'GIAMDOC', 'KIEMSOAT']) givePassword(env, code);
  const server = await serve(env);
  const client = async (code) => {
    const one = new Client(server.port);
    await one.signInStaff(code);
    return one;
  };
  const leader = await client('TRUONGHD'), auditor = await client('KIEMSOAT');
  const page = async () => (await leader.ask('/van-hanh')).text;
  const figure = async (words) => figures(await page()).find((one) => one.words === words);
  const work = async (until) => {
    const workers = await start(program, ['work'], { env });
    let good = false;
    for (let i = 0; i < 150 && !good; i++) {
      await pause(100);
      good = await until();
    }
    await workers.stop();
    return good;
  };
  const opensAsMany = async ({ words, path, count }) => {
    const list = await walk(leader, path);
    equal(`${list.status} ${rows(list.text)}`, `200 ${count}`, `${words} opens ${count}`);
  };

  await step('a signature is waited for while a leader can give it', async () => {
    const words = 'Phúc tra chờ lãnh đạo ký';
    const { cases } = JSON.parse(sangden(['spike', 'list', '--month', '2026-10', '--json'], { env }));
    const high = cases.find((one) => one.leader_only && one.state === 'open');
    const act = (command, who) => sangden(['spike', command, high.point, '--month', '2026-10', '--evidence', 'ảnh',
                                           '--reason', 'đúng', '--as', who], { env });
    equal((await figure(words)).count, 0, 'not before somebody confirmed');
    await opensAsMany(await figure(words));
    act('confirm', 'HOADON');
    const waiting = await figure(words);
    equal(waiting.count, 1, 'then it waits');
    await opensAsMany(waiting);
    await opensAsMany(await figure('Chờ phúc tra'));
    const queue = (await leader.ask(waiting.path)).text;
    verdict(queue.includes(high.point), 'and is the one');
    const boss = await client('GIAMDOC');
    const [opened] = /\/van-hanh\/phuc-tra\/2026-10\/[^"]+/.exec(queue);
    verdict((await boss.ask(plain(opened))).text.includes('value="sign"'), 'which another signs');
    act('sign', 'GIAMDOC');
    equal((await figure(words)).count, 0, 'not any more when it is signed');
    await opensAsMany(await figure(words));
  });

  await step('each number opens as many records', async () => {
    query(env, "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, created_at) SELECT unit_id, 900, " +
               "'S0900', 'S0900 (mẫu)', 2, 28, 0 FROM unit WHERE code = 'PZ0001'");
    query(env, "UPDATE book_period SET state = 'closed' WHERE month = 202610 AND period_no = 1 AND book_id = " +
               "(SELECT min(book_id) FROM book)");
    const book = otherPriceBook();
    equal((await leader.send('/van-hanh/bieu-gia', { 'van-ban': book })).status, 303, 'a price book waits');
    equal((await auditor.send('/van-hanh/kiem-tra', {})).status, 303, 'invariants are asked');
    verdict(await work(async () => !/chưa đếm/.test(await page()) &&
                                   !(await auditor.ask('/van-hanh/kiem-tra')).text.includes('data-working')), 'workers count');
    query(env, "UPDATE check_result SET found = 0 WHERE name <> 'bill.posted'");
    query(env, "UPDATE check_result SET found = 3, shown = 'x' WHERE name = 'bill.posted'");
    const shown = figures(await page());
    for (const words of ['Chưa có hóa đơn', 'Bị giữ lại', 'Không tính được', 'Chờ phúc tra', 'Phúc tra chờ lãnh đạo ký',
                         'Sổ chưa chốt', 'Sổ chưa ký đủ', 'Sổ chờ phát hành', 'Biểu giá chờ duyệt', 'Điều kiện không đạt'])
      verdict(shown.some((one) => one.words === words), `the morning has ${words}`);
    equal(shown.find(({ words }) => words === 'Sổ chưa chốt').count, 2, 'a book of two periods waits twice');
    equal(shown.find(({ words }) => words === 'Sổ chưa ký đủ').count, 1, 'one waits for signatures');
    for (const one of shown) await opensAsMany(one);
  });

  await step('the deadline is that of the first book which is not issued', async () => {
    const told = async () => unhtml(await page());
    const read = (days) => query(env, `UPDATE book_period SET read_on = '${dayText(days)}' WHERE month = 202610 AND ` +
                                      "period_no > 0 AND state = 'closed'");
    query(env, "DELETE FROM book WHERE book_id = 900");
    query(env, "UPDATE book_period SET state = 'issued' WHERE month = 202610 AND state = 'signed'");
    read(-2);
    verdict((await told()).includes(`Còn ${INVOICE_DAYS - 2} ngày đến hạn lập hóa đơn`), 'days left', await told());
    read(-INVOICE_DAYS);
    verdict((await told()).includes('Còn 0 ngày'), 'its last day is not late');
    read(-INVOICE_DAYS - 4);
    const late = await page();
    verdict(unhtml(late).includes('Đã quá hạn lập hóa đơn 4 ngày'), 'days late', unhtml(late));
    const list = plain(/role="alert">[^]*?href="([^"]+)"/.exec(late)?.[1] ?? '');
    verdict(list.startsWith('/van-hanh/danh-sach/chua-co?thang=2026-10'), 'with the way to who has no bill', list);
    equal((await leader.ask(list)).status, 200, 'which opens');
    query(env, "UPDATE book_period SET state = 'issued' WHERE month = 202610");
    verdict((await told()).includes('Mọi sổ của tháng đã phát hành'), 'and nothing when all are issued');
    query(env, "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, created_at) SELECT unit_id, 900, " +
               "'S0900', 'S0900 (mẫu)', 1, 28, 0 FROM unit WHERE code = 'PZ0001'");
    const open = await told();
    verdict(!open.includes('Mọi sổ của tháng đã phát hành') && open.includes('1 Sổ chưa chốt'), 'a book that nobody read is not issued');
    verdict(open.includes('theo lịch ghi chỉ số'), 'and due by its schedule, which is said', open);
    await opensAsMany(await figure('Sổ chưa chốt'));
  });

  await step('what changed leads to its record', async () => {
    const subject = (table, column) => query(env, `SELECT min(${column}) FROM ${table}`)[0];
    const [unit] = query(env, "SELECT unit_id FROM unit WHERE code = 'PZ0001'");
    const [spiked] = query(env, 'SELECT min(point_id) FROM spike_case WHERE month = 202610');
    const [bill] = JSON.parse(sangden(['bill', 'list', '--month', '2026-10', '--json'], { env }));
    query(env, 'INSERT INTO hold (unit_id, hold_id, subject_kind, subject_id, stops, matter, reason, owner_id, placed_at, ' +
               `escalate_on, last_on) SELECT ${unit}, 700, 'account', min(account_id), 'cut', 'x', 'x', 1, 0, '2026-11-01', ` +
               "'2026-12-01' FROM account");
    const month = '{"month":202610,"period":1,"closing":1}';
    const happened = { 'book.closed': [subject('book', 'book_id'), month, '/van-hanh/so/PZ0001/'],
      'usage.spiked': [spiked, month, '/van-hanh/phuc-tra/2026-10/'],
      'spike.escalated': [unit, '{"escalated":2,"last_day":0}', '/van-hanh/phuc-tra'],
      'month.closed': [202609, '{"month":202609}', '/van-hanh/khoa-so?thang=2026-09'],
      'invoice.issued': [1, `{"number":"${bill.number}"}`, '/ban-lam-viec/hoa-don/' + bill.number],
      'einvoice.signed': [subject('usage_point', 'point_id'), '{"invoice":"x"}', '/ban-lam-viec/khach-hang/'],
      'meter.exchanged': [subject('usage_point', 'point_id'), '{}', '/ban-lam-viec/khach-hang/'],
      'meter.changed': [subject('meter', 'meter_id'), '{}', '/ban-lam-viec/khach-hang/'],
      'point.changed': [subject('usage_point', 'point_id'), '{}', '/ban-lam-viec/khach-hang/'],
      'agreement.changed': [subject('agreement', 'agreement_id'), '{}', '/ban-lam-viec/khach-hang/'],
      'account.changed': [subject('account', 'account_id'), '{}', '/ban-lam-viec/khach-hang/'],
      'hold.placed': [700, '{"hold":700}', '/ban-lam-viec/khach-hang/'],
      'readings.loaded': [5, '{"batch":5,"added":1,"corrected":0}', null],
      'something.kept': [8, '{}', null] };
    let event = 900000000;
    for (const [topic, [id, payload]] of Object.entries(happened))
      query(env, 'INSERT INTO event_new (unit_id, recorded_at, event_id, topic, subject_id, payload) VALUES ' +
                 `(${unit}, ${Date.now()}, ${event++}, '${topic}', ${id}, '${payload}')`);
    const { text } = await leader.ask('/van-hanh');
    verdict(text.includes('Việc khác: something.kept'), 'a kind without words is told by its name');
    const shown = changes(text), missing = Object.keys(happened).filter((topic) => !shown.some(({ path }) => path.endsWith('/' + topic)));
    equal(missing.join(' '), '', 'all of it is counted');
    equal([...text.matchAll(/<dd>[\d.]+<\/dd>/g)].length, 0, 'and no count stands without its list');
    verdict(await work(async () => query(env, 'SELECT count(*) FROM event_new')[0] === '0'), 'workers give each its place');
    for (const one of changes(await page())) await opensAsMany(one);
    for (const [topic, [,, wanted]] of Object.entries(happened)) {
      const list = (await leader.ask('/van-hanh/thay-doi/' + topic)).text;
      const links = [...list.matchAll(/<tr><th scope="row"><a class="touch" href="([^"]+)">([^<]+)</g)];
      if (wanted === null) equal(links.length, 0, `${topic} has no page of its own`);
      else verdict(links.length > 0 && links.some(([, to]) => plain(to).startsWith(wanted)), `${topic} leads to ${wanted}`, list.slice(-900));
      for (const [, to, words] of links.slice(0, 3)) {
        const { status } = await leader.ask(plain(to));
        verdict([200, 303].includes(status) && words.trim() !== '', `${topic}: ${plain(to)} opens`, status, words);
      }
      const other = (await auditor.ask('/van-hanh/thay-doi/' + topic)).text;
      verdict(!/href="\/ban-lam-viec\/(khach-hang|hoa-don)/.test(other), `${topic}: an auditor is not led to customers`);
    }
    equal((await leader.ask('/van-hanh/thay-doi/khong.co')).status, 404, 'a kind of which there is nothing');
  });

  await step('who reads a list of customers stands in the access log, once a page', async () => {
    const lists = () => JSON.parse(sangden(['access', 'list', '--unit', 'PZ0001', '--as', 'KIEMSOAT', '--json'], { env }));
    await pause(FLUSHED_MS);
    const before = lists().length;
    const [book] = JSON.parse(sangden(['book', 'list', '--month', '2026-10', '--json'], { env }));
    const read = { '/van-hanh/phuc-tra?thang=2026-10&loc=tat-ca': ['spike.list', '2026-10'],
      [`/van-hanh/so/PZ0001/${book.book}/2026-10/1`]: ['book.show', `${book.book} 2026-10 1`],
      '/van-hanh/danh-sach/giu-lai?thang=2026-10': ['held.list', '2026-10'],
      '/van-hanh/danh-sach/khong-tinh-duoc?thang=2026-10': ['exception.list', '2026-10'],
      '/van-hanh/danh-sach/chua-co?thang=2026-10': ['unbilled.list', '2026-10'],
      '/van-hanh/thay-doi/invoice.issued': ['change.list', 'invoice.issued'] };
    for (const path of Object.keys(read)) equal((await leader.ask(path)).status, 200, `${path} is read`);
    for (const path of ['/van-hanh', '/van-hanh/ky', '/van-hanh/so?thang=2026-10', '/van-hanh/thay-doi/month.closed'])
      equal((await leader.ask(path)).status, 200, `${path} names nobody`);
    await pause(FLUSHED_MS);
    await leader.ask('/van-hanh');
    const noted = lists().slice(0, -before || undefined).filter(({ action }) => action !== 'access.list'); // this test's own look
    for (const [path, [action, reason]] of Object.entries(read))
      equal(noted.filter((one) => one.action === action && one.reason === reason && one.staff === 'TRUONGHD').length, 1,
            `${path} is noted as ${action}`);
    equal(noted.length, Object.keys(read).length, 'and nothing else is');
  });

  equal(await server.stop(), 0, 'the server ends well');
}

for (const store of await stores('morning')) {
  under(`${store.name}: `);
  await morning(store);
  store.leave();
}
end();
