// SPDX-License-Identifier: Apache-2.0
// What a leader sees in the morning and does in a browser: numbers that open their lists, a run asked
// for and issued by workers, a price book loaded and released by two, invariants asked.
//
//   node operations_b.mjs SANGDEN      SCREENS=folder keeps pictures of the fuller pages
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { end, pause, program, query, sangden, serve, start } from '../http/house.mjs';
import { desktop, launch, newPage, phone } from './browser.mjs';
import { equal, step, verdict } from './tap.mjs';
import { Client, demonstration, givePassword, otherPriceBook } from './demonstration.mjs';

const browser = await launch();
const env = demonstration();
for (const code of ['TRUONGHD', 'GIAMDOC', 'KIEMSOAT', 'GHICHISO']) givePassword(env, code);
const server = await serve(env);
const client = async (code) => {
  const one = new Client(server.port);
  await one.signInStaff(code);
  return one;
};
const leader = await client('TRUONGHD'), manager = await client('GIAMDOC');
const auditor = await client('KIEMSOAT'), reader = await client('GHICHISO');
const unhtml = (text) => text.replace(/<[^>]+>/g, ' ').replace(/&nbsp;|\u00a0/g, ' ').replace(/\s+/g, ' ');

const address = (path) => `http://127.0.0.1:${server.port}${path}`;
const screens = process.env.SCREENS;
if (screens) mkdirSync(screens, { recursive: true });

/** A page of the browser in which somebody is signed in. */
async function pageOf(one, profile, options = {}) {
  const page = await newPage(browser, profile, options);
  await page.context().addCookies([...one.cookies].map(([name, value]) => ({ name, value, url: address('/') })));
  return page;
}

/** Pictures of a page on a narrow phone and on a desk. */
async function picture(one, path, name) {
  if (!screens) return;
  for (const profile of [{ ...phone, name: 'phone', viewport: { width: 320, height: 640 } }, desktop]) {
    const page = await pageOf(one, profile);
    await page.goto(address(path));
    await page.screenshot({ path: join(screens, `${name}_${profile.name}.png`), fullPage: true });
    await page.context().close();
  }
}

/** Lets the workers work until a page says so. */
async function work(until) {
  const workers = await start(program, ['work'], { env });
  let good = false;
  for (let i = 0; i < 100 && !good; i++) {
    await pause(100);
    good = await until();
  }
  await workers.stop();
  return good;
}

/** The figures of a page: words → number and address. */
function figures(text) {
  const pattern = /<li><a href="([^"]+)"><strong>([^<]+)<\/strong> <span>([^<]+)<\/span>/g;
  return Object.fromEntries([...text.matchAll(pattern)].map(([, address, count, words]) =>
    [words, { address: address.replace(/&amp;/g, '&'), count }]));
}
const rows = (text) => [...text.matchAll(/<tr><t[hd] scope="row">|<tr><td>/g)].length;

await step('who may not see runs sees none of it', async () => {
  for (const path of ['/van-hanh', '/van-hanh/ky', '/van-hanh/ky/20261001', '/van-hanh/danh-sach/giu-lai',
                      '/van-hanh/bieu-gia', '/van-hanh/kiem-tra'])
    equal((await reader.ask(path)).status, 403, `${path} for a reader`);
  const stranger = await new Client(server.port).ask('/van-hanh');
  verdict(stranger.status === 303 && stranger.headers.location.startsWith('/dang-nhap/nhan-vien'),
          'a stranger is led to the door');
});

await step('each number of the morning opens as many records', async () => {
  verdict(await work(async () => !(await leader.ask('/van-hanh')).text.includes('chưa đếm')),
          'workers count who has no bill');
  const { text } = await leader.ask('/van-hanh');
  const shown = figures(text);
  verdict(text.includes('tháng 10/2026') && /notice (danger|attention)/.test(text), 'the month and its last day');
  equal(shown['Bị giữ lại']?.count, '1', 'one draft is held');
  for (const words of ['Bị giữ lại', 'Không tính được', 'Chưa có hóa đơn']) {
    const list = await leader.ask(shown[words].address);
    equal(list.status, 200, `${words} opens`);
    equal(String(rows(list.text)), shown[words].count, 'as many as the number');
  }
  verdict(shown['Sổ chưa chốt'].address.endsWith('&tinh-trang=open') &&
          shown['Phúc tra chờ lãnh đạo ký'].address.endsWith('&loc=cho-ky'), 'books and verifications as well, cut down');
  const held = await leader.ask(shown['Bị giữ lại'].address);
  verdict(held.text.includes('/van-hanh/phuc-tra?thang=2026-10&amp;') && /\/van-hanh\/so\/PZ0001\/S\d+\/2026-10\/1"/.test(held.text),
          'the way to the flagged use and to the book');
  verdict(unhtml(held.text).includes('chưa phúc tra xong') && held.text.includes('Phúc tra chỉ số') &&
          held.text.includes('/ban-lam-viec/khach-hang/'), 'with reason, remedy and the way to the customer');
  verdict(!(await auditor.ask(shown['Bị giữ lại'].address)).text.includes('/ban-lam-viec/khach-hang'),
          'which an auditor does not get');
});

await step('an address that means nothing is refused', async () => {
  for (const [path, status] of [['/van-hanh/danh-sach/khac', 404], ['/van-hanh/ky/20269999', 404],
                                ['/van-hanh/ky/abc', 404], ['/van-hanh/bieu-gia/9', 404],
                                ['/van-hanh/danh-sach/chua-co?sau=7-1', 422],
                                ["/van-hanh/danh-sach/chua-co?sau=0-1'--", 422],
                                ['/van-hanh/danh-sach/chua-co?thang=2026-13', 422],
                                ['/van-hanh/ky?sau=x', 422], ['/van-hanh?don-vi=XX', 404]]) {
    const answer = await leader.ask(path);
    equal(answer.status, status, path);
  }
});

await step('how far a run is moves by itself', async () => {
  const run = '/van-hanh/ky/20261001', of = "WHERE run_id = 20261001 AND stage = 'draft'", all = 60, first = 20;
  const [kept] = query(env, 'SELECT state, stage_began_at, stage_ended_at FROM bill_run WHERE run_id = 20261001');
  const columns = 'unit_id, run_id, stage, attempt, book_id, period_no, closing_no, first_point, last_point';
  query(env, `INSERT INTO bill_chunk (${columns}, chunk_no, bill_count, done) SELECT ${columns}, 900, ${all - first}, 0 FROM bill_chunk ${of}`);
  query(env, `UPDATE bill_chunk SET done = 0, bill_count = ${first} ${of} AND chunk_no <> 900`);
  query(env, `UPDATE bill_run SET state = 'drafting', stage_began_at = ${Date.now() - first * 250}, stage_ended_at = 0 WHERE run_id = 20261001`);
  const page = await pageOf(leader, desktop);
  await page.goto(address(run));
  await page.evaluate(() => { window.kept = true; });
  const bar = page.locator('progress'), words = page.locator('[data-live]');
  equal(`${await bar.getAttribute('value')} ${await bar.getAttribute('max')}`, `0 ${all}`, 'nothing is done');
  verdict(!/mỗi giây/.test(await words.innerText()), 'and nothing is said of its speed');
  query(env, `UPDATE bill_chunk SET done = 1 ${of} AND chunk_no <> 900`);
  await page.waitForFunction((value) => document.querySelector('progress')?.getAttribute('value') === value, String(first),
                             { timeout: 10000 });
  const text = await words.innerText();
  const [, rate] = /(\d+) hóa đơn mỗi giây/.exec(text) ?? [], [, left] = /còn khoảng (\d+) giây/.exec(text) ?? [];
  verdict(Number(rate) >= 1 && Number(rate) <= 4, 'bills a second: what was done in the time since it began', text);
  equal(Number(left), Math.floor((all - first) / Number(rate)), 'and the time left at that speed');
  verdict(await page.evaluate(() => window.kept === true), 'the page was not loaded anew');
  const [state, began, ended] = kept.split('|');
  query(env, `DELETE FROM bill_chunk ${of} AND chunk_no = 900`);
  query(env, `UPDATE bill_chunk SET bill_count = ${all} ${of}`);
  query(env, `UPDATE bill_run SET state = '${state}', stage_began_at = ${began}, stage_ended_at = ${ended} WHERE run_id = 20261001`);
  await page.waitForFunction(() => window.kept === undefined, null, { timeout: 10000 });
  verdict(!(await page.content()).includes('data-working'), 'until it is done: then it is, with what became of it');
  await page.context().close();
});

await step('the page of a run tells what waits to be verified', async () => {
  const { text } = await leader.ask('/van-hanh/ky/20261001');
  const [, to, count] = /<a class="touch" href="([^"]+)">(\d+) trường hợp phúc tra/.exec(text) ?? [];
  const queue = await leader.ask((to ?? '').replace(/&amp;/g, '&'));
  equal(String(rows(queue.text)), count, 'and opens as many');
});

await step('a run is asked for in a browser and done by workers', async () => {
  equal((await auditor.send('/van-hanh/ky', { thang: '2026-10' })).status, 403, 'not by an auditor');
  verdict(!(await auditor.ask('/van-hanh/ky')).text.includes('action="/van-hanh/ky"'), 'who sees no button');
  const point = /PZ\d{8,}/.exec((await leader.ask('/van-hanh/danh-sach/giu-lai')).text)[0];
  for (const [command, who] of [['confirm', 'HOADON'], ['sign', 'GIAMDOC']])
    sangden(['spike', command, point, '--month', '2026-10', '--evidence', 'ảnh công tơ', '--reason', 'đúng',
             '--as', who], { env });
  const asked = await leader.send('/van-hanh/ky', { thang: '2026-10' });
  equal(asked.status, 303, 'the leader asks');
  verdict((await leader.ask('/van-hanh/ky')).text.includes('chờ tiến trình nền'), 'and sees that it waits');
  equal((await leader.send('/van-hanh/ky', { thang: '2026-10' }, { page: '/van-hanh/bieu-gia' })).status, 409,
        'once is enough');
  await picture(leader, '/van-hanh/ky', 'runs_asked');
  const live = await pageOf(leader, desktop), plain = await pageOf(leader, phone, { javaScriptEnabled: false });
  for (const page of [live, plain]) {
    await page.goto(address('/van-hanh/ky'));
    equal(await page.locator('a[href="/van-hanh/ky/20261002"]').count(), 0, 'there is no such run yet');
  }
  const appears = (page) => page.waitForSelector('a[href="/van-hanh/ky/20261002"]', { timeout: 20000 })
    .then(() => true, () => false);
  const [done, seen, seenPlain] = await Promise.all([
    work(async () => (await leader.ask('/van-hanh/ky')).text.includes('đã tính, chưa phát hành')),
    appears(live), appears(plain)]);
  verdict(done, 'workers do it: a run of what was held');
  verdict(seen, 'the page tells it by itself');
  verdict(seenPlain, 'also without script');
  verdict(live.complaints.length === 0, 'the browser has nothing to complain of', live.complaints.join('\n'));
  for (const page of [live, plain]) await page.context().close();
});

await step('and issued', async () => {
  const run = '/van-hanh/ky/20261002';
  const { text } = await leader.ask(run);
  verdict(unhtml(text).includes('đã tính, chưa phát hành'), 'it is drafted');
  verdict(text.includes(`action="${run}/phat-hanh"`), 'and can be issued');
  const clerk = await manager.send(`${run}/phat-hanh`, {}, { page: '/van-hanh/bieu-gia' });
  equal(clerk.status, 403, 'not by a manager, who may not issue');
  equal((await leader.send(`${run}/phat-hanh`, {}, { page: run })).status, 303, 'the leader asks for it');
  const waiting = await leader.ask(`${run}/tien-do`);
  verdict(/^\s*<div class="live"/.test(waiting.text), 'how far it is comes alone', waiting.text.slice(0, 80));
  await picture(leader, run, 'run_issuing');
  const live = await work(async () => !(await leader.ask(`${run}/tien-do`)).text.includes('data-working'));
  verdict(live, 'until it is done');
  const after = await leader.ask(run);
  verdict(unhtml(after.text).includes('1 trong 1') && unhtml(after.text).includes('đã phát hành'), 'one of one');
  verdict(!after.text.includes('live.') && !after.text.includes('http-equiv="refresh"'), 'nothing is asked anew');
  const bills = JSON.parse(sangden(['bill', 'list', '--month', '2026-10', '--json'], { env }));
  equal(bills.length, 60, 'every customer has a bill');
  equal(figures((await leader.ask('/van-hanh')).text)['Bị giữ lại'].count, '0', 'nothing is held any more');
  verdict(await work(async () => figures((await leader.ask('/van-hanh')).text)['Chưa có hóa đơn'].count === '0'),
          'and workers count that nobody is without a bill');
});

await step('what changed since yesterday opens, too', async () => {
  const { text } = await leader.ask('/van-hanh');
  const changes = [...text.matchAll(/href="(\/van-hanh\/thay-doi\/[a-z.]+)">([\d.]+)</g)];
  verdict(changes.length > 0, 'there are changes', text.slice(-1500));
  for (const [, path, count] of changes) {
    const list = await leader.ask(path);
    const pages = Number(count.replace('.', '')) > 50;
    verdict(list.status === 200 && (pages ? rows(list.text) === 50 && list.text.includes('?sau=') :
                                            String(rows(list.text)) === count), `${path}: ${count}`, rows(list.text));
  }
  query(env, "INSERT INTO event_new (unit_id, recorded_at, event_id, topic, subject_id, payload) SELECT unit_id, " +
    `${Date.now()}, 900000000 + n, 'mau.moi', n, '{}' FROM (SELECT max(unit_id) AS unit_id FROM book) b, ` +
    '(WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 120) SELECT n FROM c) c');
  const counts = [];
  for (let at = '/van-hanh/thay-doi/mau.moi'; at; ) {
    const { text } = await leader.ask(at);
    counts.push(rows(text));
    at = counts.length < 9 && /href="([^"]*\?sau=[^"]*)"/.exec(text)?.[1];
  }
  equal(counts.join(), '50,50,20', 'what has no place in the log yet is read to its end, too');
  equal((await leader.ask('/van-hanh/thay-doi/khong.co')).status, 404, 'a kind that does not exist');
  equal((await leader.ask('/van-hanh/thay-doi/book.closed?sau=x')).status, 422, 'nor such a page');
  equal((await reader.ask('/van-hanh/thay-doi/book.closed')).status, 403, 'nothing for a reader');
});

await step('a price book is loaded by one and released by another', async () => {
  const text = otherPriceBook();
  const wrong = await leader.send('/van-hanh/bieu-gia', { 'van-ban': text.replace('"price": "1984"', '"price": "x"') });
  verdict([403, 409, 422].includes(wrong.status) && wrong.text.includes('notice danger'), 'what is no book is refused with its reason');
  verdict(wrong.text.includes('&quot;price&quot;: &quot;x&quot;'), 'and stands there to be put right');
  equal((await manager.send('/van-hanh/bieu-gia', { 'van-ban': text })).status, 403, 'not by who may not load');
  const loaded = await leader.send('/van-hanh/bieu-gia', { 'van-ban': text.replace(/\n/g, '\r\n') });
  equal(loaded.headers.location, '/van-hanh/bieu-gia/1', 'as a browser sends it');
  equal(sangden(['tariff', 'books', '--content', '1'], { env }), text, 'it is the file, byte for byte');
  const page = await manager.ask('/van-hanh/bieu-gia/1');
  verdict(/3152[^]*3162/.test(page.text), 'what it changes');
  await picture(manager, '/van-hanh/bieu-gia/1', 'price_book');
  const words = unhtml(page.text);
  verdict(/Nếu áp dụng cho hóa đơn 10\/2026 Số hóa đơn 60 /.test(words), 'what it does to the last month', words);
  verdict(page.text.includes('name="dinh-chinh"'), 'and that it comes late');
  const release = '/van-hanh/bieu-gia/1/duyet', from = { page: '/van-hanh/bieu-gia/1' };
  const late = await manager.send(release, {}, from);
  verdict([403, 409, 422].includes(late.status) && late.text.includes('notice danger'), 'which has to be said');
  const own = await leader.send(release, { 'dinh-chinh': '1' }, from);
  verdict([403, 409, 422].includes(own.status) && own.text.includes('tự duyệt'), 'nobody releases the own book');
  verdict((await leader.ask('/van-hanh')).text.includes('Biểu giá chờ duyệt'), 'the morning tells of it');
  equal((await manager.send(release, { 'dinh-chinh': '1' }, from)).status, 303, 'another does');
  verdict((await manager.ask('/van-hanh/bieu-gia')).text.includes('đang áp dụng'), 'it is in force');
});

await step('a book is compared with the earlier system and signed live', async () => {
  const own = JSON.parse(sangden(['bill', 'list', '--month', '2026-09', '--json'], { env }));
  const line = (bill, more = 0) => [bill.point, bill.month, bill.from, bill.to, bill.kwh, bill.pre_vat + more,
                                    bill.vat, bill.total + more].join(',');
  const file = (lines) => ['point,month,from,to,kwh,pre_vat,vat,total', ...lines].join('\r\n') + '\r\n';
  const book = '/van-hanh/doi-chieu/S0001';
  equal((await auditor.ask('/van-hanh/doi-chieu')).status, 403, 'not for an auditor');
  verdict((await leader.ask('/van-hanh/doi-chieu')).text.includes('chưa đối chiếu'), 'nothing is compared yet');
  const none = await leader.send(`${book}/ky`, {}, { page: book });
  verdict(none.text.includes('chưa được đối chiếu'), 'so nothing is signed');
  const compare = (lines) => leader.send(book, { thang: '2026-09', 'van-ban': file(lines) });
  const wrong = await compare(['PZ1,2026-09,x']);
  verdict([403, 409, 422].includes(wrong.status) && wrong.text.includes('notice danger'), 'a file that cannot be read is refused');
  verdict(wrong.text.includes('>point,month,from,to,kwh,pre_vat,vat,total\r\nPZ1,2026-09,x'), 'and stands there to be put right');
  const lines = own.map((bill) => line(bill));
  equal((await compare([line(own[0], 1), line(own[1], 5000), ...lines.slice(2)])).status, 303, 'a file is compared');
  const page = await leader.ask(book);
  verdict(page.text.includes('do làm tròn') && page.text.includes('chưa rõ lý do'), 'each difference has its reason');
  equal(rows(page.text), 2, 'and no other is shown');
  verdict(!page.text.includes(`action="${book}/ky"`), 'it cannot be signed');
  await picture(leader, book, 'compare_book');
  await picture(leader, '/van-hanh/doi-chieu', 'compare');
  const refused = await leader.send(`${book}/ky`, {}, { page: book });
  verdict([403, 409, 422].includes(refused.status) && refused.text.includes('notice danger'), 'not by hand either');
  equal((await compare(lines)).status, 303, 'put right and compared again');
  equal((await leader.send(`${book}/ky`, {}, { page: book })).status, 303, 'it is signed');
  verdict((await leader.ask(book)).text.includes('đã ký vận hành'), 'and live');
  const again = await leader.send(`${book}/ky`, {}, { page: book });
  verdict([403, 409, 422].includes(again.status) && again.text.includes('notice danger'), 'once');
});

await step('invariants are asked by workers', async () => {
  verdict((await auditor.ask('/van-hanh/kiem-tra')).text.includes('Chưa kiểm tra lần nào'), 'nothing was asked');
  equal((await auditor.send('/van-hanh/kiem-tra', {})).status, 303, 'an auditor asks');
  const page = await auditor.ask('/van-hanh/kiem-tra');
  verdict(page.text.includes('đang chờ kiểm tra') && !page.text.includes('action="/van-hanh/kiem-tra"'),
          'they wait, and are not asked twice');
  verdict(!page.text.includes('đều đạt'), 'of which nothing is said yet');
  verdict(await work(async () => /đều đạt/.test((await auditor.ask('/van-hanh/kiem-tra')).text)), 'all hold');
  const { text } = await auditor.ask('/van-hanh/kiem-tra');
  verdict(text.includes('KIEMSOAT') && text.includes('bill.posted') && !text.includes('chưa kiểm tra'),
          'who asked, and what');
  await picture(auditor, '/van-hanh/kiem-tra', 'checks');
  await picture(leader, '/van-hanh', 'morning');
});

await browser.close();
equal(await server.stop(), 0, 'the server ends well');
end();
