// SPDX-License-Identifier: Apache-2.0
// What readers, clerks and leaders do in a browser: re-verification, books, months. And what each of them
// may not.
//
//   node operations_a.mjs SANGDEN
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, folder, pause, program, sangden, serve, start } from '../http/house.mjs';
import { desktop, launch, newPage } from './browser.mjs';
import { equal, step, verdict } from './tap.mjs';
import { Client, demonstration, enterStaff, giveLogin, givePassword, phone } from './demonstration.mjs';
import { picture } from './picture.mjs';

process.chdir(folder); // the photo store lies below the folder in which the program runs
const env = demonstration({ customers: 120, months: 14 });
const ask = (...words) => JSON.parse(sangden([...words, '--json'], { env }));
const { cases } = ask('spike', 'list', '--month', '2026-10');
const [leaders, second, third] = cases;

/** A picture of the meter of a case, on the day of its reading. */
function photograph({ point }, width) {
  const [{ meters: [{ serial }] }] = ask('point', 'show', point.slice(0, -3)).points;
  mkdirSync(serial);
  writeFileSync(`${serial}/${serial}_20261003-093000.png`, picture(width, 1200));
  sangden(['import', 'photos', serial, '--unit', 'PZ0001', '--date', '2026-11-01', '--as', 'QUANTRI'], { env });
}
photograph(second, 1600);

/** A second unit, with a billing leader who works there and nowhere else. */
sangden(['import', 'units', '-', '--as', 'QUANTRI'], { env, input: 'code,level,name,from\nPZ0002,unit,Đơn vị Hai,2020-01-01\n' });
sangden(['staff', 'add', 'DONVI2', '--name', 'Tổ trưởng đơn vị Hai (mẫu)', '--as', 'QUANTRI'], { env });
sangden(['staff', 'role', 'DONVI2', 'billing_leader', '--unit', 'PZ0002', '--as', 'QUANTRI'], { env });

const server = await serve(env);
const { port } = server;
giveLogin(env, phone, second.point.slice(0, -3));
const people = {};
for (const code of ['GHICHISO', 'TOTRUONG', 'HOADON', 'TRUONGHD', 'GIAMDOC', 'DONVI2']) {
  givePassword(env, code);
  people[code] = new Client(port);
  await people[code].signInStaff(code);
}
const { GHICHISO, TOTRUONG, HOADON, TRUONGHD, GIAMDOC, DONVI2 } = people;
const customer = new Client(port);
await customer.signInCustomer(env, phone);

const address = (spike) => `/van-hanh/phuc-tra/2026-10/${spike.point}/1-periodic-1`;
const steps = (spike) => ask('spike', 'show', spike.point, '--month', '2026-10').steps.map(({ step }) => step).join(' ');
const field = (text, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1] ?? '';

/** A decision on a case as its page offers it. */
async function decide(client, spike, decision, fields = {}) {
  const { text } = await client.ask(address(spike));
  return client.send(address(spike), { 'quyet-dinh': decision, thay: field(text, 'thay'), loc: 'cho', evidence: 'đọc lại 04/10',
                                       ...fields }, { csrf: field(text, 'csrf') });
}

await step('the queue shows what to judge by, the worst first', async () => {
  const { status, text } = await TOTRUONG.ask('/van-hanh/phuc-tra');
  equal(status, 200, 'the queue');
  const places = cases.map(({ point }) => text.indexOf(address({ point })));
  verdict(places.every((place, i) => place > (places[i - 1] ?? 0)), 'all cases in the order of the command', places);
  equal(text.match(/class="bars"><svg/g)?.length, cases.length, 'each with its bars');
  verdict(text.includes('→'), 'and both readings');
  const leader = await TOTRUONG.ask('/van-hanh/phuc-tra?loc=lanh-dao');
  verdict(leader.text.includes(leaders.point) && !leader.text.includes(second.point), 'cut down to 3 times and more');
  equal((await TOTRUONG.ask('/van-hanh/phuc-tra?thang=2025-13')).status, 422, 'a month that does not exist');
  equal((await TOTRUONG.ask('/van-hanh/phuc-tra?sau=1-2')).status, 422, 'a place that does not exist');
  equal((await TOTRUONG.ask('/van-hanh/phuc-tra?don-vi=PZ9999')).status, 404, 'a unit that does not exist');
});

await step('who works at one unit sees nothing of another', async () => {
  const own = await DONVI2.ask('/van-hanh/phuc-tra');
  verdict(own.status === 200 && own.text.includes('PZ0002') && !own.text.includes(second.point), 'the own unit opens', own.status);
  const units = await DONVI2.ask('/van-hanh/don-vi?tiep=/van-hanh/so');
  verdict(units.text.includes('/van-hanh/so?don-vi=PZ0002') && !units.text.includes('PZ0001'), 'and is the only one to choose');
  const form = { csrf: await DONVI2.token('/tai-khoan') };
  for (const path of ['/van-hanh/phuc-tra?don-vi=PZ0001', '/van-hanh/so?don-vi=PZ0001', '/van-hanh/khoa-so?don-vi=PZ0001',
                      address(second), '/van-hanh/so/PZ0001/S0001/2026-10/1',
                      `/van-hanh/anh/2026-10/${second.point}/${'a'.repeat(64)}`]) {
    const { status, text } = await DONVI2.ask(path);
    verdict(status === 403 && !text.includes('→'), path, status);
  }
  for (const [path, fields] of [[address(second), { 'quyet-dinh': 'confirm', thay: '0', evidence: 'ảnh' }],
                                ['/van-hanh/so/PZ0001/S0001/2026-10/1', { viec: 'return', chot: '2', reason: 'x' }],
                                ['/van-hanh/khoa-so/PZ0001', { thang: '2026-10', 'da-xem': '1' }]])
    equal((await DONVI2.send(path, fields, form)).status, 403, 'nor does a form do anything: ' + path);
  equal(steps(second), '', 'nothing was recorded');
  const both = await TRUONGHD.ask('/van-hanh/don-vi');
  verdict(both.text.includes('PZ0001') && both.text.includes('PZ0002'), 'who works everywhere may choose');
  verdict((await TRUONGHD.ask('/van-hanh/so?don-vi=PZ0002')).text.includes('Đơn vị Hai'), 'chooses');
  verdict((await TRUONGHD.ask('/van-hanh/phuc-tra')).text.includes('Đơn vị Hai'), 'and the choice is kept');
  await TRUONGHD.ask('/van-hanh/so?don-vi=PZ0001');
});

await step('photos are for those who may read readings, and every look is noted', async () => {
  const { text } = await TRUONGHD.ask(address(second));
  const [, photo] = /src="(\/van-hanh\/anh\/[^"]*)"/.exec(text) ?? [];
  verdict(photo !== undefined, 'the page has a photo');
  const whole = await TRUONGHD.ask(photo), small = await TRUONGHD.ask(photo + '/nho');
  equal(whole.headers['content-type'], 'image/jpeg', 'which is shown');
  verdict(small.bytes.length <= 12000, 'and small in a row', small.bytes.length);
  equal((await customer.ask(photo)).status, 403, 'not to a customer');
  equal((await TRUONGHD.ask(photo.replace(/[0-9a-f]{64}/, 'a'.repeat(64)))).status, 404, 'another name is no photo');
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await TRUONGHD.ask('/van-hanh/phuc-tra');
  const { text: mine } = await customer.ask('/khach-hang/du-lieu');
  verdict(mine.includes('Tổ trưởng hóa đơn') && /phúc tra/i.test(mine), 'where the customer finds it', mine.slice(-4000));
  const reads = ask('access', 'list', second.point.slice(0, -3), '--as', 'KIEMSOAT');
  for (const action of ['spike.show', 'photo.show'])
    verdict(reads.some((read) => read.action === action && read.staff === 'TRUONGHD'), `and the auditor: ${action}`);
});

await step('who may not decide is offered nothing and refused', async () => {
  const { text } = await GHICHISO.ask(address(second));
  verdict(!text.includes('quyet-dinh'), 'a reader sees no button');
  const csrf = await GHICHISO.token('/tai-khoan');
  const { status } = await GHICHISO.send(address(second), { 'quyet-dinh': 'confirm', thay: '0', evidence: 'ảnh' }, { csrf });
  equal(status, 403, 'and a form of theirs does nothing');
  equal((await TOTRUONG.send(address(second), { 'quyet-dinh': 'confirm', thay: '0', evidence: 'ảnh' }, { csrf: '' })).status,
        403, 'nor does one without a token');
  equal((await customer.ask(address(second))).status, 403, 'a customer sees no page of it');
  equal(steps(second), '', 'nothing was recorded');
});

await step('a decision needs evidence, and says so at its field', async () => {
  const { status, text } = await decide(TOTRUONG, third, 'confirm', { evidence: ' ', reason: '"><script>alert(1)</script>' });
  equal(status, 422, 'refused');
  verdict(/id="evidence-error"/.test(text), 'at the field');
  verdict(!text.includes('<script>alert'), 'what was typed is shown as text');
  equal((await decide(TOTRUONG, third, 'release')).status, 422, 'an unknown decision');
  equal(steps(third), '', 'nothing was recorded');
});

await step('from 3 times on two persons decide', async () => {
  verdict(!(await GIAMDOC.ask(address(leaders))).text.includes('quyet-dinh'), 'a leader has nothing to sign yet');
  const confirmed = await decide(TRUONGHD, leaders, 'confirm');
  equal(confirmed.status, 303, 'one confirms');
  verdict(confirmed.headers.location.startsWith(address(second)), 'and the next case opens', confirmed.headers.location);
  const self = await decide(TRUONGHD, leaders, 'sign');
  equal(self.status, 403, 'and may not sign what they confirmed');
  equal(steps(leaders), 'confirm', 'the record has one step');
  equal((await decide(GIAMDOC, leaders, 'sign')).status, 303, 'another signs');
  equal(steps(leaders), 'confirm sign', 'the record has both');
  verdict(/spike sign/.test(sangden(['audit', 'list', '--stream', 'metering'], { env })), 'and so has the audit chain');
  const { text } = await TRUONGHD.ask('/van-hanh/phuc-tra');
  verdict(!text.includes(leaders.point), 'the queue is shorter');
});

await step('a decision on a page that is out of date is refused', async () => {
  const { text } = await TOTRUONG.ask(address(third));
  equal((await decide(HOADON, third, 'order')).status, 303, 'somebody orders a check');
  const late = await TOTRUONG.send(address(third), { 'quyet-dinh': 'confirm', thay: field(text, 'thay'), evidence: 'ảnh' },
                                   { csrf: field(text, 'csrf') });
  equal(late.status, 409, 'the other has not seen that');
  verdict(late.text.includes('HOADON'), 'and sees it now');
  equal(steps(third), 'order_check', 'nothing was recorded');
});

await step('a key decides and the next case opens', async () => {
  const browser = await launch();
  const page = await newPage(browser, desktop, {});
  const at = (path) => `http://127.0.0.1:${port}${path}`;
  await enterStaff(page, at(''), 'TOTRUONG');
  await page.goto(at('/van-hanh/phuc-tra'));
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await page.keyboard.press('Enter');
  await page.waitForURL(/1-periodic-1/);
  verdict(page.url().includes(second.point), 'Enter opens the first case', page.url());
  await page.focus('#reason');
  await page.keyboard.type('ghi 1 lần');
  equal(steps(second), '', 'a digit that is typed decides nothing');
  await page.focus('form[data-queue]');
  await page.keyboard.press('1');
  await page.waitForURL(/vua=confirm/);
  equal(steps(second), 'confirm', 'a digit on the form does');
  verdict(page.url().includes(third.point), 'and the next case is there', page.url());
  const row = (spike) => page.locator(`a[data-step][href^="${address(spike)}"]`);
  await page.goto(at('/van-hanh/phuc-tra'));
  await row(third).focus();
  await page.keyboard.press('1');
  await page.waitForURL((url) => url.pathname === address(third));
  equal(steps(third), 'order_check', 'a row without a photo is opened: somebody types the evidence');
  photograph(third, 1500);
  await page.goto(at('/van-hanh/phuc-tra'));
  await row(third).focus();
  await page.keyboard.press('4');
  await page.waitForURL((url) => url.pathname === address(third));
  equal(steps(third), 'order_check', 'so is one for which the key means nothing');
  await page.goto(at('/van-hanh/phuc-tra'));
  await row(third).focus();
  await page.keyboard.press('1');
  await page.waitForURL(/phuc-tra\?.*vua=confirm/);
  equal(steps(third), 'order_check confirm', 'a row with its photo takes one key');
  equal(await row(third).count(), 0, 'and the queue is there again, without it');
  verdict(page.complaints.length === 0, 'the browser has nothing to complain of', page.complaints.join('\n'));
  await browser.close();
});

const book = '/van-hanh/so/PZ0001/S0001/2026-10/1';
const state = () => ask('book', 'list', '--month', '2026-10').find(({ book: code }) => code === 'S0001').state;

/** Lets the workers work until something is so. */
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

/** Something done on the page of the book. */
async function act(client, viec, fields = {}) {
  const { text } = await client.ask(book);
  return client.send(book, { viec, chot: field(text, 'chot'), ...fields }, { page: '/tai-khoan' });
}

await step('a book is returned with a reason, closed and signed by three persons', async () => {
  verdict((await TRUONGHD.ask('/van-hanh/khoa-so')).text.includes('chưa đếm'), 'no page sums up a month');
  const list = await GHICHISO.ask('/van-hanh/so?thang=2026-10&tinh-trang=signed');
  verdict(list.text.includes(book), 'the list of signed books has it');
  verdict(!(await GHICHISO.ask('/van-hanh/so?thang=2026-10&tinh-trang=open')).text.includes(book), 'that of open ones has not');
  const before = (await TRUONGHD.ask(book)).text;
  verdict(before.includes('GHICHISO') || before.includes('good'), 'its page shows the signatures');
  equal((await act(TRUONGHD, 'return', { reason: '' })).status, 422, 'a return needs a reason');
  equal((await act(GHICHISO, 'return', { reason: 'đọc lại' })).status, 403, 'and somebody who may');
  equal(state(), 'signed', 'nothing happened');
  equal((await act(TRUONGHD, 'return', { reason: 'đọc lại <b>hai điểm</b>' })).status, 303, 'returned');
  equal(state(), 'open', 'it is open again');
  verdict((await TRUONGHD.ask(book)).text.includes('&lt;b&gt;hai điểm'), 'the reason stands on its page, as text');
  equal((await act(TOTRUONG, 'close')).status, 403, 'a team leader does not close');
  equal((await act(TRUONGHD, 'close')).status, 303, 'the billing leader asks for it');
  equal((await act(TRUONGHD, 'close')).status, 409, 'once');
  equal(state(), 'open', 'workers do it');
  const waits = (await TRUONGHD.ask(book)).text;
  verdict(waits.includes('chờ tiến trình nền') && !waits.includes('value="close"'), 'and the page says so');
  verdict(waits.includes(`data-live="${book}/tien-do" data-working`), 'by itself, when they have');
  equal((await DONVI2.ask(book + '/tien-do')).status, 403, 'which nobody sees of another unit');
  verdict(await work(async () => !(await TRUONGHD.ask(book + '/tien-do')).text.includes('data-working')), 'they have');
  equal(state(), 'closed', 'the book is closed');
  equal((await act(TRUONGHD, 'close')).status, 409, 'and not again');
  equal((await act(GHICHISO, 'sign', { vai: 'reader', chot: '1' })).status, 409, 'figures of an earlier closing are not signed');
  equal((await act(TOTRUONG, 'sign', { vai: 'team_leader' })).status, 409, 'nor out of turn');
  equal((await act(GHICHISO, 'sign', { vai: 'reader' })).status, 303, 'the reader signs');
  equal((await act(GHICHISO, 'sign', { vai: 'team_leader' })).status, 403, 'and nothing else');
  equal((await act(TOTRUONG, 'sign', { vai: 'team_leader' })).status, 303, 'the team leader signs');
  equal((await act(TRUONGHD, 'sign', { vai: 'billing_leader' })).status, 303, 'the billing leader signs');
  equal(state(), 'signed', 'all three');
  const chain = sangden(['audit', 'list', '--stream', 'metering'], { env });
  verdict(['book.return', 'book.close', 'book.sign_reader'].every((word) => chain.includes(word)), 'the audit chain has each step');
  equal((await TRUONGHD.ask('/van-hanh/so/PZ0001/S9999/2026-10/1')).status, 404, 'a book that does not exist');
  const later = '/van-hanh/so/PZ0001/S0001/2035-10/1';
  verdict(!(await TRUONGHD.ask(later)).text.includes('value="close"'), 'a period that was not read yet is not offered');
  equal((await TRUONGHD.send(later, { viec: 'close' }, { page: '/tai-khoan' })).status, 409, 'nor closed: it would shut out all before it');
});

await step('a month is closed by who may, who has looked at it', async () => {
  const counted = async () => (await TRUONGHD.ask('/van-hanh/khoa-so')).text.includes('đếm lúc');
  verdict(await work(counted), 'its sums are counted by workers, and the page says when');
  const page = await TRUONGHD.ask('/van-hanh/khoa-so');
  verdict(page.text.includes('10/2026') && page.text.includes('da-xem'), 'the month to be closed next');
  equal((await GHICHISO.ask('/van-hanh/khoa-so')).status, 403, 'no page for a reader');
  verdict(!(await HOADON.ask('/van-hanh/khoa-so')).text.includes('da-xem'), 'no form for a clerk');
  const close = (client, fields) => client.send('/van-hanh/khoa-so/PZ0001', { thang: '2026-10', ...fields }, { page: '/tai-khoan' });
  equal((await close(HOADON, { 'da-xem': '1' })).status, 403, 'and no closing');
  equal((await close(TRUONGHD, {})).status, 422, 'nor without having looked');
  const early = await close(TRUONGHD, { thang: '2026-12', 'da-xem': '1' });
  equal(early.status, 409, 'nor of a month without bills');
  verdict(early.text.includes('2026-12'), 'which is said');
  const part = '/van-hanh/khoa-so/PZ0001/tien-do/2026-10';
  equal((await close(TRUONGHD, { 'da-xem': '1' })).status, 303, 'asked for');
  equal((await close(GIAMDOC, { 'da-xem': '1' })).status, 409, 'by one of two');
  const waits = (await GIAMDOC.ask('/van-hanh/khoa-so')).text;
  verdict(waits.includes('chờ tiến trình nền') && !waits.includes('da-xem') && waits.includes('data-working'),
          'the page says that it waits');
  equal((await DONVI2.ask(part)).status, 403, 'not to somebody of another unit');
  verdict(await work(async () => !(await TRUONGHD.ask(part)).text.includes('data-working')), 'workers close it');
  const closed = await GIAMDOC.ask('/van-hanh/khoa-so?thang=2026-10');
  verdict(!closed.text.includes('da-xem') && closed.text.includes('TRUONGHD'), 'its figures stand');
  equal(ask('month', 'figures', '--month', '2026-10', '--unit', 'PZ0001').month, '2026-10', 'for the command, too');
  equal((await close(GIAMDOC, { 'da-xem': '1' })).status, 409, 'once');
  verdict(/month\.close/.test(sangden(['audit', 'list', '--stream', 'billing'], { env })), 'and stands in the audit chain');
});

equal(await server.stop(), 0, 'it ends well');
end();
