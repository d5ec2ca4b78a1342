// SPDX-License-Identifier: Apache-2.0
// What customers do beyond their bills: readings with photos, comparison, their data. And what others see
// of it: nothing.
//
//   node portal.mjs SANGDEN
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, folder, pause, query, sangden, serve, stores } from '../http/house.mjs';
import { equal, step, under, verdict } from './tap.mjs';
import { Client, bills, demonstration, giveLogin, phone } from './demonstration.mjs';
import { picture } from './picture.mjs';

process.chdir(folder); // the photo store lies below the folder in which the program runs

/** The row of a month in the table of a co-operative, and the figures of its cells. */
const row = (text, month) => new RegExp(`<tr><th scope="row">${month}.*?</tr>`, 's').exec(text)?.[0] ?? '';
const numbers = (cells) => [...cells.matchAll(/<td class="n">(.*?)<\/td>/gs)].flatMap(([, cell]) =>
  [...cell.matchAll(/[−-]?\d[\d.]*(?:,\d+)?/g)].map(([figure]) =>
    Number(figure.replace('−', '-').replaceAll('.', '').replace(',', '.'))));

/** A customer at a browser, who can follow no command. */
class Customer extends Client {
  async ask(path, options) {
    const answer = await super.ask(path, options);
    if (/sangden [a-z]/.test(answer.text) && /html/.test(answer.headers['content-type'])) {
      verdict(false, `a page names a command: ${path}`, /.*sangden [a-z].*/.exec(answer.text)?.[0]);
    }
    return answer;
  }
}

async function portal(store) {
  const env = demonstration({ customers: 300, months: 14, store });
  const all = bills(env);
  const [mine, other] = all.slice(20); // nobody of whom the demonstration tells
  giveLogin(env, phone, mine.agreement);
  giveLogin(env, '0987654321', mine.agreement, 'relative');
  giveLogin(env, '0977777777', other.agreement);

  const [{ meters: [{ serial }] }] = JSON.parse(sangden(['point', 'show', mine.agreement, '--json'], { env })).points;
  mkdirSync('pictures', { recursive: true });
  writeFileSync(`pictures/${serial}_${mine.to.replaceAll('-', '')}-093000.png`, picture(1600, 1200));
  sangden(['import', 'photos', 'pictures', '--unit', mine.unit, '--date', '2026-11-01', '--as', 'QUANTRI'], { env });

  const server = await serve(env);
  const { port } = server;
  const customer = new Customer(port), relative = new Customer(port), stranger = new Customer(port);
  await customer.signInCustomer(env, phone);
  await relative.signInCustomer(env, '0987654321');
  await stranger.signInCustomer(env, '0977777777');

  const day = mine.to.split('-').reverse().join('/');
  const photo = new RegExp(`href="(/khach-hang/chi-so/2026-10/${mine.point}/[0-9a-f]{64}[^"]*)"`);
  await step('readings with their photo', async () => {
    const page = await customer.ask('/khach-hang/chi-so');
    equal(page.status, 200, 'the page of readings');
    verdict(page.text.includes(day) && page.text.includes(serial), 'has the day and the meter');
    verdict(page.text.includes(mine.kwh.replace('.', ',') + ' kWh'), 'and the use of the bill', mine.kwh);
    const [, address] = photo.exec(page.text) ?? [];
    verdict(address !== undefined, 'and a photo');
    const shown = await customer.ask(address.replaceAll('&amp;', '&'));
    equal(shown.status, 200, 'which is shown');
    equal(shown.headers['content-type'], 'image/jpeg', 'as a JPEG');
    verdict(shown.bytes.length < 150000 && shown.bytes.readUInt16BE(0) === 0xffd8, 'of bounded size', shown.bytes.length);
    equal(shown.headers['cache-control'], 'no-store', 'that nobody keeps');
    equal((await stranger.ask(address)).status, 404, 'but to nobody else');
    equal((await relative.ask(address)).status, 403, 'nor to a relative, who sees bills alone');
    equal((await new Client(port).ask(address)).status, 303, 'nor to who is not signed in');
    const path = address.split('?')[0];
    equal((await stranger.ask(path)).status, 404, 'nor under the agreement of somebody else');
    for (const wrong of [path.replace('2026-10', '2026-09'), path.slice(0, -64) + 'a'.repeat(64),
                         path.slice(0, -64) + '..%2f..%2fdemo.db', path.replace('2026-10', 'x')]) {
      verdict([400, 404].includes((await customer.ask(wrong)).status), 'what is no photo of mine is none: ' + wrong.slice(-30));
    }
    const earlier = /href="(\/khach-hang\/chi-so\?[^"]*den=2025-[^"]*)"/.exec(page.text)?.[1].replaceAll('&amp;', '&');
    verdict(earlier !== undefined, 'earlier months are one page away');
    verdict((await customer.ask(earlier)).text.includes('/2025'), 'and stand there');
    const refused = await relative.ask('/khach-hang/chi-so');
    equal(refused.status, 403, 'a relative sees no readings');
    verdict(refused.text.includes('Nhờ chủ hợp đồng') && refused.text.includes('href="/khach-hang/hoa-don"'),
            'and is told why, with the way on');
    equal((await customer.ask(`/khach-hang/chi-so?hop-dong=${other.agreement}`)).status, 404, 'nor anybody those of another');
  });

  await step('comparison', async () => {
    const page = await customer.ask('/khach-hang/so-sanh');
    equal(page.status, 200, 'the page of comparison');
    verdict(/năm trước/.test(page.text) && page.text.includes('<svg'), 'tells of the year before, with a picture');
    equal((await customer.ask('/khach-hang/so-sanh?lang=en')).text.includes('a year ago'), true, 'in English, too');
    await customer.ask('/khach-hang/so-sanh?lang=vi'); // a language stays until another is chosen
    equal((await relative.ask('/khach-hang/so-sanh')).status, 200, 'who sees bills sees it');
    equal((await stranger.ask(`/khach-hang/so-sanh?hop-dong=${mine.agreement}`)).status, 404, 'strangers do not');
  });

  await step('similar homes are shown everywhere or nowhere', async () => {
    const others = /Một nửa số hộ tương tự/, drawn = /hộ tương tự\D*<\/text>/;
    const paper = (number) => sangden(['bill', 'show', number], { env });
    const home = bills(env, '2026-09').filter(({ agreement }) => !all.some((bill) => bill.agreement === agreement))
      .find(({ number }) => others.test(paper(number))); // a month in which enough homes were read
    const holder = new Customer(port), guest = new Customer(port);
    giveLogin(env, '0944444444', home.agreement);
    giveLogin(env, '0944444445', home.agreement, 'relative');
    await holder.signInCustomer(env, '0944444444');
    await guest.signInCustomer(env, '0944444445');
    const pages = ['/khach-hang', `/khach-hang/hoa-don/${home.number}`, '/khach-hang/so-sanh'];
    for (const page of pages) verdict(others.test((await holder.ask(page)).text), `${page} shows them`);
    const say = (khong, who = holder) => who.send('/khach-hang/so-sanh', { khong }, { page: '/khach-hang/du-lieu' });
    verdict(!(await guest.ask(pages[2])).text.includes('name="khong"'), 'a relative is not asked');
    equal((await say('1', guest)).status, 403, 'and declines nothing');
    equal((await say('1')).status, 303, 'the holder declines');
    equal((await say('1')).status, 303, 'twice does no harm');
    for (const page of pages) {
      const { text } = await holder.ask(page);
      verdict(!others.test(text) && !drawn.test(text), `${page} does not show them any more`);
    }
    verdict((await holder.ask(pages[2])).text.includes('đã chọn không so sánh'), 'and says why');
    verdict(!others.test((await guest.ask(pages[0])).text), 'nor to a relative');
    verdict(!others.test(paper(home.number)), 'nor does what is printed');
    equal((await say('0')).status, 303, 'it is taken back');
    verdict(others.test(paper(home.number)), 'and they are there again');
  });

  const data = '/khach-hang/du-lieu';
  const of = (agreement) => `?hop-dong=${agreement}`;
  await step('what is known of a person, for that person', async () => {
    const page = await customer.ask(data);
    equal(page.status, 200, 'the page of the own data');
    verdict(page.text.includes(phone) && page.text.includes('Chủ hợp đồng'), 'has the contact and the part');
    verdict(/Người nhà/.test(page.text) && page.text.includes('···321') && !page.text.includes('0987654321'),
            'who else may see, masked');
    const theirs = await relative.ask(data);
    verdict(theirs.text.includes('Chỉ chủ hợp đồng xem được phần này') && !theirs.text.includes('/quyen"'),
            'a relative sees nothing of the holder and gives nothing');
  });

  await step('who else looked', async () => {
    const bill = `/khach-hang/hoa-don/${mine.number}`;
    const notes = () => query(env, `SELECT action, reason, address FROM access_log WHERE login_id <> 0 AND
      action = 'bill.show' AND reason = 'relative' ORDER BY unit_id, access_no`).filter((line) => line !== '');
    await pause(1100); // what was asked above is written, and is the same reading no more
    const before = notes().length;
    for (const wait of [0, 700, 600]) { // made, made again after the note was written, sent again
      await pause(wait);
      equal((await relative.ask(bill)).status, 200, 'the relative opens a bill');
    }
    await pause(1100);
    verdict(notes().length >= before + 2, 'and is noted, where the same page is sent again too', before, notes());
    equal(notes().pop(), 'bill.show|relative|127.0.0.1', 'with the part and from where');
    const reads = readsOf(await customer.ask(data));
    verdict(reads.includes('Người nhà') && reads.includes('···321'), 'the holder is told which of those that may', reads);
    verdict(!reads.includes('Chủ hợp đồng'), 'and not what the holder looked at');
    verdict(sangden(['access', 'list', mine.agreement, '--as', 'QUANTRI', '--json'], { env }).includes('"owner"'),
            'which stands in the log as well');
  });

  await step('consent is given and withdrawn', async () => {
    const agree = (given, purpose = 'saving_advice') =>
      customer.send(data + '/dong-y', { purpose, given, tiep: '/khach-hang/so-sanh' }, { page: data });
    const done = await agree('1');
    equal(done.status, 303, 'given');
    equal(done.headers.location, '/khach-hang/so-sanh', 'and back to where it was asked');
    verdict((await customer.ask(data)).text.includes('Đã đồng ý'), 'it stands on the page');
    equal((await agree('0')).status, 303, 'withdrawn');
    verdict(!(await customer.ask(data)).text.includes('Đã đồng ý'), 'and stands there no more');
    equal((await agree('0')).status, 303, 'twice does no harm');
    const wrong = await agree('0', 'contact');
    verdict(wrong.status === 200 && wrong.text.includes('Không có mục đích này'), 'signing in is no purpose of this page');
    equal((await customer.send(data + '/dong-y', { purpose: 'survey', given: '1' }, { csrf: 'x' })).status, 403,
          'nor does a form of another site');
  });

  await step('access is given and taken back', async () => {
    const give = (fields, who = customer, agreement = mine.agreement) =>
      who.send(data + '/quyen' + of(agreement), { until: '', role: 'tenant', ...fields }, { page: data });
    const unknown = await give({ who: '0911111111' });
    verdict(unknown.status === 200 && unknown.text.includes('chưa đăng nhập lần nào') &&
            unknown.text.includes('value="0911111111"'), 'to nobody unknown, and what was typed stays');
    verdict((await give({ who: 'không phải số' })).text.includes('id="who-error"'), 'nor to what is no contact');
    verdict((await give({ who: '0977777777', role: 'owner' })).text.includes('Chưa chọn quyền'), 'nobody is made owner');
    verdict((await give({ who: '0977777777', until: '2020-01-01' })).text.includes('Chưa chọn quyền'), 'nor for the past');
    equal((await stranger.ask(data + of(mine.agreement))).status, 404, 'a stranger has no page of it');
    equal((await give({ who: '0977777777' }, stranger)).status, 404, 'and gives nothing away');
    verdict((await give({ who: '0977777777' }, relative)).text.includes('Chỉ chủ hợp đồng thay đổi'), 'nor does a relative');
    verdict(!(await stranger.ask('/khach-hang/hoa-don' + of(mine.agreement))).text.includes(mine.number), 'nothing was given');
    equal((await give({ who: '0977777777', until: '2100-01-01' })).status, 303, 'to somebody known');
    equal((await stranger.ask('/khach-hang/chi-so' + of(mine.agreement))).status, 200, 'who sees the readings then');
    verdict((await stranger.ask(data + of(mine.agreement))).text.includes('Chỉ chủ hợp đồng'), 'but not the holder');
    const page = await customer.ask(data);
    const stop = [...page.text.matchAll(/action="(\/khach-hang\/du-lieu\/quyen\/\d+[^"]*)"/g)].map(([, at]) => at);
    equal(stop.length, 2, 'two others have access, and the owner ends neither of his own');
    equal((await relative.send(stop[1], {}, { page: data })).status, 403, 'which a relative does not end');
    for (const at of stop) equal((await customer.send(at, {}, { page: data })).status, 303, 'taken back');
    const again = await customer.send(stop[0], {}, { page: data });
    verdict(again.status === 200 && again.text.includes('Mở lại trang này'), 'and not twice');
    equal((await stranger.ask('/khach-hang/chi-so' + of(mine.agreement))).status, 404, 'and it is gone');
    equal((await relative.ask('/khach-hang/hoa-don' + of(mine.agreement))).status, 404, 'for both');
    verdict((await relative.ask('/khach-hang')).text.includes('Chưa có hợp đồng nào'), 'who sees nothing any more is told so');
    verdict((await relative.ask('/khach-hang/hoa-don')).text.includes('Nhờ chủ hợp đồng cho xem'), 'on every page');
    equal((await relative.send(data + '/yeu-cau', { kind: 'delete' }, { page: data })).status, 303, 'and may ask to be deleted');
    verdict((await relative.ask(data)).text.includes('Xóa dữ liệu<br>'), 'which stands there');
    let slowed = '';
    for (let i = 0; i < 12 && slowed === ''; i++) {
      const { text } = await give({ who: '0911111111' });
      if (text.includes('Đợi một giờ')) slowed = text;
    }
    verdict(slowed !== '', 'who tries number after number waits');
  });

  await step('devices are signed out', async () => {
    const elsewhere = new Client(port, { headers: { 'User-Agent':
      'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36' } });
    await elsewhere.signInCustomer(env, phone);
    const page = await customer.ask(data);
    verdict(page.text.includes('Chrome, Android') && page.text.includes('Máy này') &&
            page.text.includes('Máy không rõ loại'), 'both stand there, also what does not say what it is');
    const [, stop] = /action="(\/khach-hang\/du-lieu\/thiet-bi\/[0-9a-f]{64})"/.exec(page.text);
    equal((await stranger.send(stop, {}, { page: data })).status, 404, 'nobody else ends it');
    equal((await elsewhere.ask(data)).status, 200, 'it goes on');
    equal((await customer.send(stop, {}, { page: data })).status, 303, 'the person does');
    equal((await elsewhere.ask(data)).status, 303, 'and it is out');
    await elsewhere.signInCustomer(env, phone);
    equal((await customer.send(data + '/thiet-bi', {}, { page: data })).status, 303, 'all others at once');
    equal((await elsewhere.ask(data)).status, 303, 'are out');
    equal((await customer.ask(data)).status, 200, 'but not this one');
  });

  await step('a person asks of the data', async () => {
    const wish = 'tên đúng là <b>Nguyễn Thị An</b>\r\nkhông phải Ân';
    const asked = (kind, words = '') =>
      customer.send(data + '/yeu-cau' + of(mine.agreement), { kind, words }, { page: data });
    const empty = await asked('correct', '  ');
    verdict(empty.status === 200 && empty.text.includes('id="words-error"') && /value="correct" required checked/.test(empty.text),
            'a correction says of what');
    verdict((await asked('delete', 'a'.repeat(3001))).text.includes('id="words-error"'), 'in few words');
    equal((await asked('delete', 'nhìn \u202e ngược')).status, 400, 'that show what they say');
    equal((await asked('correct', wish)).status, 303, 'once');
    verdict((await asked('correct', wish)).text.includes('đang chờ trả lời'), 'and waits for the answer');
    verdict((await asked('withdraw')).text.includes('Chưa chọn yêu cầu'), 'what is no request is none');
    const page = await customer.ask(data);
    verdict(/Sửa dữ liệu<br><span class="muted">nhận ngày/.test(page.text), 'it stands there with its days');
    verdict(page.text.includes('tên đúng là &lt;b&gt;Nguyễn Thị An') && !page.text.includes('<b>Nguyễn'), 'with its words');
    const seen = JSON.parse(sangden(['privacy', 'list', '--json', '--as', 'QUANTRI'], { env }))
      .find(({ kind }) => kind === 'correct');
    verdict(seen.kind === 'correct' && seen.words === wish, 'and before the staff, word for word', JSON.stringify(seen));
    equal((await asked('restrict')).status, 303, 'what has to stop');
    const open = () => JSON.parse(sangden(['privacy', 'list', '--json', '--as', 'QUANTRI'], { env })).find(({ kind }) => kind === 'restrict');
    const until = new Date(Date.parse(open().done_by) + 5 * 864e5).toISOString().slice(0, 10);
    sangden(['privacy', 'extend', String(open().request), '--unit', 'PZ0001', '--until', until, '--reason', 'chờ <b>bên gửi tin', '--as', 'QUANTRI'], { env });
    equal(open().done_by, until, 'may be put off');
    const put = (await customer.ask(data)).text;
    verdict(put.includes('chờ &lt;b&gt;bên gửi tin') && put.includes(until.split('-').reverse().join('/')), 'of which the person reads why, and until when');
  });

  await step('what cannot be used is told in plain words', async () => {
    const old = await customer.send(data + '/dong-y', { purpose: 'survey' }, { csrf: 'x' });
    verdict(old.text.includes('Biểu mẫu này đã cũ') && old.text.includes('href="/khach-hang?lang=en"'),
            'a form that is too old, in either language');
    const huge = await customer.send(data + '/yeu-cau', { words: 'x'.repeat(20000) }, { page: data });
    verdict(huge.status === 413 && huge.text.includes('Gửi nội dung ngắn hơn') && !huge.text.includes('byte'), 'one that is too long');
    const broken = await customer.send(data + '/yeu-cau', { words: 'a\0b' }, { page: data });
    verdict(broken.status === 400 && !/RFC|UTF/.test(broken.text.replace(/<head>[^]*<\/head>/, '')), 'what no page can read');
    verdict(!(await customer.ask(data + '/yeu-cau')).text.includes('Allow'), 'an address of a form alone');
  });

  await step('a level to be warned at', async () => {
    const path = '/khach-hang/nguong' + of(mine.agreement);
    const set = (fields, who = customer) => who.send(path, fields, { page: data });
    verdict((await customer.ask('/khach-hang')).text.includes('href="/khach-hang/nguong"'), 'the home page leads there');
    equal((await set({ level: '1.500', kind: 'energy' })).status, 303, 'is set');
    verdict((await customer.ask(path)).text.includes('1.500&nbsp;kWh') ||
            (await customer.ask(path)).text.includes('1.500\u00a0kWh'), 'and stands there');
    const wrong = await set({ level: 'nhiều', kind: 'money' });
    verdict(wrong.text.includes('id="level-error"') && wrong.text.includes('value="nhiều"'), 'what is no number is not');
    verdict((await set({ level: '12', kind: 'money' })).text.includes('id="level-error"'), 'nor twelve đồng');
    for (const level of ['300,5', '3.00', '1,50.000', '.500', '1..000', '-5', '9'.repeat(40), '']) {
      verdict((await set({ level, kind: 'energy' })).text.includes('id="level-error"'), `nor “${level.slice(0, 9)}”, which is no whole number`);
    }
    for (const kind of ['', 'x']) verdict((await set({ level: '300', kind })).text.includes('kWh hay đồng'), 'nor of nothing');
    verdict(/value="money" checked/.test((await set({ level: 'x', kind: 'money' })).text), 'what was chosen stays');
    verdict((await customer.ask(path)).text.includes('1.500'), 'which changes nothing');
    equal((await stranger.ask(path)).status, 404, 'strangers have no page of it');
    equal((await set({ level: '5', kind: 'energy' }, stranger)).status, 404, 'and set nothing');
    equal((await set({ kind: 'none' })).status, 303, 'it ends');
    verdict(!(await customer.ask(path)).text.includes('1.500'), 'and is gone');
  });

  const bill = [...all].sort((a, b) => a.agreement < b.agreement ? 1 : -1)[0]; // the demonstration's last customer
  const coop = new Client(port), path = '/khach-hang/hop-tac-xa' + of(bill.agreement);
  await step('a co-operative that buys wholesale', async () => {
    giveLogin(env, '0955555555', bill.agreement);
    await coop.signInCustomer(env, '0955555555');
    verdict((await coop.ask('/khach-hang')).text.includes('href="/khach-hang/hop-tac-xa"'), 'its home leads there');
    const page = await coop.ask(path);
    equal(page.status, 200, 'it has a page of its own');
    verdict(page.text.includes('Tính lại đúng từng đồng') && !page.text.includes('Tính lại ra số khác'),
            'its bills come out again to the đồng');
    verdict(page.text.includes('bán buôn') && /Giấy tờ|Chưa có số hộ/.test(page.text), 'with lines, households and papers');
    verdict(page.text.includes('chưa khai') && page.text.includes('chưa biết'), 'what was sold is said not to be known');
    const before = numbers(row(page.text, '10/2026'));
    equal(before.length, 1, 'of a month without a word only the purchase is a figure', before.join());
    const [bought] = before, sold = Math.floor(bought * 0.9);
    equal(Math.round(bought), Math.round(Number(bill.kwh)), 'the purchase is that of its bills');
    const declare = (fields, who = coop) => who.send(path, { month: '2026-10', sold, ...fields });
    const told = await declare({ money: '' });
    equal(told.status, 303, 'the holder declares what was sold');
    const after = numbers(row((await coop.ask(path)).text, '10/2026'));
    equal(after[1], sold, 'which stands there');
    verdict(Math.abs(after[2] - (bought - sold)) < 0.001, 'with what was lost', after.join());
    verdict(Math.abs(after[3] - 10) < 0.2, 'in per cent of the purchase', after.join());
    verdict(!row((await coop.ask(path)).text, '10/2026').includes('chênh'), 'and no money where none was told');
    equal((await declare({ sold: String(sold * 2), money: '95.000.000' })).status, 303, 'another figure takes its place');
    const more = row((await coop.ask(path)).text, '10/2026');
    verdict(more.includes('bán nhiều hơn mua') && more.includes('khai lại ngày') && numbers(more)[2] < 0,
            'more sold than bought is a loss below zero, and said');
    verdict(/bán 95\.000\.000.+chênh/.test(more), 'the money stands beside what was paid');
    verdict((await coop.ask(path + '&lang=en')).text.includes('more sold than bought'), 'in English too');
    await coop.ask(path + '&lang=vi');
    for (const [field, value] of [['sold', 'abc'], ['sold', ''], ['sold', '9'.repeat(30)], ['sold', '2.000.000.000'],
                                  ['sold', '-5'], ['sold', '3,5'], ['money', 'nhiều'], ['money', '9.000.000.000.000']]) {
      const wrong = await declare({ [field]: value });
      verdict(wrong.text.includes(`id="${field}-error"`), `refused: ${field} “${value.slice(0, 12)}”`);
    }
    for (const month of ['2026-13', '1999-01', '', "x' OR 1=1"]) {
      verdict((await declare({ month })).text.includes('không có hóa đơn mua'), `a month without a bill is refused: ${month}`);
    }
    verdict((await declare({ month: '1999-01' })).text.includes(`value="${sold}"`), 'what was typed stays');
    const unit = `unit_id = (SELECT unit_id FROM agreement WHERE code = '${bill.agreement}')`;
    equal(query(env, `SELECT count(*) FROM resale WHERE ${unit}`).join(), '2', 'refusals keep nothing, what was said stays');
    equal(query(env, `SELECT count(*) FROM audit_entry WHERE action = 'resale.declare'`).join(), '2', 'each is a link of the chain');
    giveLogin(env, '0987654321', bill.agreement, 'tenant');
    const tenant = relative, seen = await tenant.ask(path);
    verdict(seen.status === 200 && !seen.text.includes('name="sold"'), 'a tenant sees it without the form');
    equal((await tenant.send(path, { month: '2026-10', sold })).status, 403, 'and declares nothing');
    equal((await tenant.send(path.replace('?', '/rut-lai?'), { month: '2026-10' }, { page: path })).status, 403, 'and takes nothing back');
    sangden(['login', 'end', '0987654321', bill.agreement, '--as', 'QUANTRI'], { env });
    equal((await stranger.send(path, { month: '2026-10', sold })).status, 404, 'nor does a stranger');
    sangden(['privacy', 'export', bill.agreement, '--out', `own-${store.name}.json`, '--reason', 'yêu cầu 1', '--as', 'GIAODICH'], { env });
    const file = readFileSync(`own-${store.name}.json`, 'utf8');
    verdict(file.includes('"resale"') && file.includes(`"sold_wh":${sold * 1000}`), 'the export of own data has all of it');
    const listed = (...who) => sangden(['resale', 'list', bill.agreement, '--as', ...who], { env });
    const [{ month, sold_kwh, sold_vnd, entry }] = JSON.parse(listed('GIAODICH', '--json'));
    equal([month, Number(sold_kwh), sold_vnd, entry].join(), ['2026-10', sold * 2, 95000000, 2].join(), 'the counter reads what holds');
    verdict(listed('GIAODICH').includes('95.000.000'), 'as a table too');
    let refused = false;
    try { listed('NGUOILA'); } catch { refused = true; }
    verdict(refused, 'which nobody else does');
    const back = () => coop.send(path.replace('?', '/rut-lai?'), { month: '2026-10' }, { page: path });
    equal((await back()).status, 303, 'it is taken back');
    verdict(row((await coop.ask(path)).text, '10/2026').includes('chưa khai'), 'and the month is without a word again');
    equal((await back()).status, 404, 'once');
  });

  await step('the households of a co-operative beside their papers', async () => {
    const change = (...words) => sangden(['change', ...words, '--as', 'QUANTRI'], { env });
    change('households', bill.point, '40', '--from', '2026-09-01', '--proof', 'DS 9');
    verdict((await coop.ask(path)).text.includes('Chưa ghi nhận số hộ trên giấy tờ'), 'a paper without its number says so');
    change('paper-households', bill.point, '40', '--from', '2026-09-01', '--proof', 'DS 9');
    const same = (await coop.ask(path)).text;
    verdict(same.includes('Khai 40 hộ') && same.includes('Trên giấy tờ: 40 hộ') && same.includes('Khớp với giấy tờ'),
            'the number of the paper stands beside the declared one');
    verdict(same.includes(`Điểm đo ${bill.point}`), 'by point');
    change('paper-households', bill.point, '43', '--from', '2026-09-01', '--proof', 'DS 10', '--correct');
    const other = (await coop.ask(path)).text;
    verdict(other.includes('Khác với giấy tờ') && other.includes('DS 10'), 'and a word where they differ');
    change('paper-households', bill.point, '40', '--from', '2026-09-02', '--expires', '2026-09-20');
    verdict((await coop.ask(path)).text.includes('Hết giá trị sau ngày 20/09/2026'), 'or where the paper ran out');
    sangden(['import', 'history', '-', '--unit', bill.unit, '--as', 'QUANTRI'],
            { env, input: 'point,month,period,from,to,kwh,pre_vat,vat,total\n' +
                          `${bill.point},2026-08,3,2026-08-01,2026-08-10,1234,1000000,80000,1080000\n` });
    const page = (await coop.ask(path)).text;
    verdict(page.includes('Của hệ thống trước: không tính lại'), 'a bill of the earlier system says that it is not computed again');
    equal((await customer.ask('/khach-hang/hop-tac-xa' + of(mine.agreement))).status, 404, 'a household has no such page');
    equal((await customer.ask(path)).status, 404, 'and sees none of another');
  });

  const account = all.find((bill) => bill.account.endsWith('-VT')).account;
  const points = [...new Set(all.filter((bill) => bill.account === account).map((bill) => bill.agreement))];
  const rich = new Client(port);
  await step('an account of many points', async () => {
    const page = `/khach-hang/tai-khoan/${account}`;
    verdict(points.length > 1, 'there is one', points.length);
    giveLogin(env, '0966666666', points[0]);
    await rich.signInCustomer(env, '0966666666');
    equal((await rich.ask(page)).status, 403, 'who holds one agreement sees not all of it');
    for (const agreement of points.slice(1)) {
      sangden(['login', 'give', '0966666666', agreement, '--role', 'owner', '--as', 'QUANTRI'], { env });
    }
    const home = (await rich.ask('/khach-hang')).text;
    verdict(home.includes(`href="${page}"`), 'its home leads there');
    const places = new Set([...home.matchAll(/Chủ hợp đồng<br>([^<]+)</g)].map(([, place]) => place));
    equal(places.size, points.length, 'and tells the agreements apart by their places');
    verdict((await rich.ask('/tro-giup')).text.includes('href="tel:'), 'help has the telephone of the unit');
    const shown = await rich.ask(page);
    equal(shown.status, 200, 'who holds all does');
    const total = all.filter((bill) => bill.account === account).reduce((sum, bill) => sum + bill.total, 0);
    verdict(shown.text.includes(total.toLocaleString('de-DE')), 'the month has the sum of its bills', total);
    for (const agreement of points) verdict(shown.text.includes(`hop-dong=${agreement}`), `and ${agreement}`);
    const behind = all.filter((bill) => bill.account === account).map((bill) => bill.point).sort()[0];
    verdict(!(await rich.ask(`${page}?thang=2026-10&sau=${behind}`)).text.includes(`>${behind}<`), 'a page goes on behind a point');
    for (const someone of [customer, stranger]) equal((await someone.ask(page)).status, 404, 'others see nothing');
    equal((await rich.ask(page.replace(account, mine.account))).status, 404, 'nor does it see others');
    equal((await rich.ask(`${page}?tu=2020-01&den=2026-10`)).status, 422, 'nor more months than are shown');
  });

  await step('its statement as files', async () => {
    const base = `/khach-hang/tai-khoan/${account}`;
    const pdf = await rich.ask(`${base}/bang-ke.pdf?tu=2026-09&den=2026-10`);
    verdict(pdf.status === 200 && pdf.bytes.subarray(0, 5).toString() === '%PDF-', 'on paper', pdf.status);
    const sheet = await rich.ask(`${base}/bang-ke.xlsx?tu=2026-09&den=2026-10`);
    verdict(sheet.status === 200 && sheet.bytes.subarray(0, 2).toString() === 'PK', 'as a spreadsheet', sheet.status);
    verdict(sheet.headers['content-disposition'].includes(`${account}_2026-09_2026-10.xlsx`), 'with its name');
    const zip = await rich.send(base + '/goi', { thang: '2026-10' }, { page: base });
    verdict(zip.status === 200 && zip.headers['content-type'] === 'application/zip', 'all of a month', zip.status);
    for (const { number } of all.filter((bill) => bill.account === account)) {
      verdict(zip.bytes.includes(`bills/${number}.pdf`), `with ${number}`);
    }
    equal((await stranger.ask(`${base}/bang-ke.pdf`)).status, 404, 'for nobody else');
    equal((await stranger.send(base + '/goi', { thang: '2026-10' }, { page: data })).status, 404, 'in no form');
    equal((await rich.ask(`${base}/goi`)).status, 405, 'and an archive is made by a form alone');
    let often = zip;
    for (let i = 0; i < 10 && often.status === 200; i++) often = await rich.send(base + '/goi', { thang: '2026-10' }, { page: base });
    equal(often.status, 429, 'not without end');
    verdict(/^[1-9]\d*$/.test(often.headers['retry-after'] ?? ''), 'and it says when to come again', often.headers['retry-after']);
  });

  await step('a customer that moved to another unit', async () => {
    const file = join(folder, 'units.csv');
    writeFileSync(file, 'code,level,name,parent,customer_prefix,from\nPY0002,unit,Điện lực Khác,,PY00,2020-01-01\n');
    sangden(['import', 'units', file, '--as', 'QUANTRI'], { env });
    sangden(['customer', 'move', other.agreement, '--to', 'PY0002', '--from', '2026-11-01', '--as', 'QUANTRI'], { env });
    const home = await stranger.ask('/khach-hang');
    verdict(!home.text.includes('class="choices"'), 'has one agreement');
    verdict(home.text.includes(`/khach-hang/hoa-don/${other.number}`), 'with the last bill there was');
    const list = await stranger.ask('/khach-hang/hoa-don');
    verdict(!list.text.includes(other.number), 'no bills yet where it is');
    const [, earlier] = /href="([^"]*truoc-khi-chuyen=1)"/.exec(list.text) ?? [];
    const left = await stranger.ask((earlier ?? '').replaceAll('&amp;', '&'));
    verdict(left.text.includes(other.number) && left.text.includes('đã chuyển sang đơn vị khác'), 'and those of before behind a link');
    const [, next] = /rel="next" href="([^"]+)"/.exec(left.text) ?? [];
    verdict((await stranger.ask((next ?? '').replaceAll('&amp;', '&'))).text.includes('/khach-hang/hoa-don/PZ0001-25'), 'page by page');
    equal((await stranger.ask(`/khach-hang/hoa-don/${other.number}`)).status, 200, 'each of which opens');
    const readings = `/khach-hang/chi-so${of(other.agreement)}&truoc-khi-chuyen=1`;
    verdict((await stranger.ask(readings)).text.includes(other.to.split('-').reverse().join('/')), 'so do the readings');
    for (const steps of ['2', '-1', 'x', '9'.repeat(30)]) {
      equal((await stranger.ask(`/khach-hang/hoa-don${of(other.agreement)}&truoc-khi-chuyen=${steps}`)).status, 404,
            `and nothing is ${steps.slice(0, 3)} steps back`);
    }
  });

  await step('all of it as a file', async () => {
    const take = (who, agreement = mine.agreement) =>
      who.send(data + '/tai-ve' + of(agreement), {}, { page: data });
    const file = await take(customer);
    verdict(file.status === 200 && file.headers['content-type'] === 'application/json', 'for the person', file.status);
    verdict(file.headers['content-disposition'].startsWith('attachment'), 'to keep');
    const { customer: code, data: sections } = JSON.parse(file.text);
    equal(code, mine.agreement, 'of this customer');
    verdict(sections.party.length === 1 && sections.bill.length > 12, 'with what is known and every bill');
    verdict(!file.text.includes(other.agreement), 'and nothing of others');
    equal((await take(stranger)).status, 404, 'strangers get nothing of it');
    const theirs = await rich.send(data + '/tai-ve' + of(points[0]), {}, { page: data });
    verdict(theirs.status === 200, 'who holds all agreements gets all', theirs.status);
    equal((await customer.ask(data + '/tai-ve')).status, 405, 'and only by a form');
    verdict(sangden(['audit', 'list', '--json', '--as', 'QUANTRI'], { env }).includes('privacy.export'), 'it is on record');
  });

  await step('an hour later', async () => {
    await server.stop();
    const later = await serve({ ...env, SANGDEN_NOW: new Date(Date.now() + 3600e3).toISOString() });
    customer.port = later.port;
    equal((await customer.ask(data)).status, 200, 'the session goes on');
    const give = await customer.send(data + '/quyen' + of(mine.agreement),
                                     { who: '0977777777', role: 'tenant', until: '' }, { page: data });
    verdict(give.text.includes('cần xác nhận lại'), 'but who may look is not decided without a new proof');
    const take = await customer.send(data + '/tai-ve' + of(mine.agreement), {}, { page: data });
    verdict(take.text.includes('cần xác nhận lại'), 'nor is everything handed out');
    await later.stop();
  });

  await step('whose contact was deleted since', async () => {
    const again = await serve(env);
    customer.port = again.port;
    query(env, "DELETE FROM login_contact WHERE contact LIKE '%987654321'");
    const page = await customer.ask(data), reads = readsOf(page);
    verdict(page.status === 200 && reads.includes('Người nhà') && !reads.includes('()') && !reads.includes('···321'),
            'stands among those who looked by the part alone', page.status, reads);
    await again.stop();
  });
}

/** Who else looked, of the page of the own data. */
function readsOf(page) {
  return /id="reads">[\s\S]*?(?=<h2|<\/main)/.exec(page.text)?.[0] ?? '';
}

for (const store of await stores('portal')) {
  under(store.name + ': ');
  await portal(store);
  store.leave();
}
end();
