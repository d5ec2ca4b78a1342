// SPDX-License-Identifier: Apache-2.0
// What `./dev run` shows: a demonstration with a working day, in which no page of any face is empty.
//
//   node day.mjs SANGDEN      SCREENS=folder keeps the answers as files
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { end, folder, pause, program, query, sangden, serve, start, stores } from '../http/house.mjs';
import { equal, step, under, verdict } from './tap.mjs';
import { Client, demonstration, givePassword } from './demonstration.mjs';

const screens = process.env.SCREENS;
if (screens) mkdirSync(screens, { recursive: true });
const household = '0100000001', cooperative = '0100000004';
const unhtml = (text) => text.replace(/<[^>]+>/g, ' ').replace(/&nbsp;|\u00a0/g, ' ').replace(/\s+/g, ' ');
const rows = (text) => [...text.matchAll(/<tr><t[hd] scope="row">|<tr><td>/g)].length;

/** The month before this one in Vietnam, as `./dev run` asks for. */
function lastMonth() {
  const now = new Date(Date.now() + 7 * 3600 * 1000);
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
}

async function day(store) {
  const place = join(folder, store.name);
  mkdirSync(place);
  process.chdir(place); // the photo store lies below the folder in which the program runs
  const month = lastMonth();
  const env = demonstration({ customers: 600, months: 14, store, until: month, name: 'day' });
  const ask = (...words) => JSON.parse(sangden([...words, '--json'], { env }));
  const made = ask('demo', 'day', '--as', 'QUANTRI');
  for (const code of ['GIAODICH', 'TRUONGHD', 'GIAMDOC']) givePassword(env, code);
  const { cases } = ask('spike', 'list', '--month', month);
  const server = await serve(env);
  const signIn = async (code) => {
    const client = new Client(server.port);
    await client.signInStaff(code);
    return client;
  };
  const agent = await signIn('GIAODICH'), leader = await signIn('TRUONGHD'), manager = await signIn('GIAMDOC');

  /** The text of a page that answers, kept where somebody wants to look at it. */
  const page = async (client, path) => {
    const { status, text } = await client.ask(path);
    if (status !== 200) verdict(false, `${path} answers`, status);
    if (screens) writeFileSync(join(screens, `${store.name}${path.replace(/\W+/g, '_')}.html`), text);
    return text;
  };
  /** Whether the pictures of a page are there. */
  const pictures = async (client, text, pattern) => {
    const found = [...text.matchAll(pattern)].map(([, address]) => address.replaceAll('&amp;', '&'));
    for (const address of found.slice(0, 2)) {
      const answer = await client.ask(address);
      if (answer.status !== 200 || answer.headers['content-type'] !== 'image/jpeg') return 0;
    }
    return found.length;
  };

  await step('once', async () => {
    verdict(made.demonstration && made.steps > 0 && made.photos > 0 && made.readings > 0, 'the day is made', JSON.stringify(made));
    const links = () => sangden(['audit', 'list', '--unit', 'PZ0001', '--as', 'QUANTRI'], { env })
      .match(/hold place|spike confirm|spike order|import readings/g)?.length ?? 0;
    const before = links();
    const again = ask('demo', 'day', '--as', 'QUANTRI');
    equal(`${again.steps} ${again.photos} ${again.readings}`, '0 0 0', 'a second call changes nothing');
    verdict(before >= 6 && links() === before, 'and each deed stands in the audit chain once', before);
  });

  await step('a household', async () => {
    sangden(['notify', 'deliver', '--folder', 'notices', '--as', 'QUANTRI'], { env });
    const notices = readdirSync('notices').map((name) => readFileSync(join('notices', name), 'utf8'));
    verdict(notices.some((text) => text.includes(household) && text.includes('(Mẫu) Hóa đơn PZ0001-')), 'is told of its bill', notices[0]);
    const customer = new Client(server.port);
    await customer.signInCustomer(env, household);
    const home = unhtml(await page(customer, '/khach-hang'));
    verdict(/Kỳ này/.test(home) && /kWh/.test(home), 'sees what this period comes to', home.slice(0, 600));
    verdict(/\d+ % /.test(home) && /ngưỡng/i.test(home), 'and how much of its level is used', home.slice(0, 900));
    const limit = unhtml(await page(customer, '/khach-hang/nguong'));
    verdict(/\d+ % /.test(limit), 'the level has a page of its own', limit.slice(0, 600));
    const readings = await page(customer, '/khach-hang/chi-so');
    verdict(await pictures(customer, readings, /href="(\/khach-hang\/chi-so\/[^"?]+\/[0-9a-f]{64}[^"]*)"/g) > 1, 'readings have photos');
    const data = unhtml(await page(customer, '/khach-hang/du-lieu'));
    verdict(data.includes('Cho tôi xem dữ liệu'), 'what was asked of the data', data.slice(0, 3000));
    verdict(/Nhận lời khuyên tiết kiệm điện[^.]*[Đđ]ồng ý/.test(data), 'and consents', data.slice(0, 3000));
  });

  await step('a co-operative', async () => {
    const customer = new Client(server.port);
    await customer.signInCustomer(env, cooperative);
    const text = await page(customer, '/khach-hang/hop-tac-xa?sold=40000'), words = unhtml(text);
    verdict(words.includes('giấy xác nhận mẫu'), 'has households with their papers', words.slice(0, 2500));
    verdict((text.match(/href="\/khach-hang\/hoa-don\//g) ?? []).length > 5, 'months that it bought');
    verdict(/\d(,\d+)? %/.test(words), 'and a loss, once it says what it sold');
  });

  await step('flagged uses', async () => {
    const queue = await page(leader, '/van-hanh/phuc-tra');
    const first = /href="(\/van-hanh\/phuc-tra\/\d[^"]+)"/.exec(queue)[1].replaceAll('&amp;', '&');
    const both = await pictures(leader, await page(leader, first), /<a href="(\/van-hanh\/anh\/[^"]+)"><img/g);
    equal(both, 2, 'both photos stand side by side');
    const { point } = cases.find(({ leader_only }) => leader_only);
    const steps = ask('spike', 'show', point, '--month', month).steps.map(({ step }) => step);
    equal(steps.join(), 'confirm', 'the worst is confirmed and waits for a leader');
    verdict(cases.some(({ state }) => state === 'ordered'), 'one has a check of its meter');
  });

  await step('holds', async () => {
    equal(ask('hold', 'list', '--unit', 'PZ0001').map(({ stops }) => stops).sort().join(), 'collection,cut,draft',
          'each kind is there');
    const text = unhtml(await page(leader, '/van-hanh/danh-sach/giu-lai'));
    verdict(text.includes('đang bị giữ lại'), 'a bill is held', text.slice(0, 1500));
    const list = unhtml(await page(leader, '/van-hanh/ky'));
    verdict(list.includes('đã tính, chưa phát hành'), 'and the run after it waits for its issue', list.slice(0, 1500));
  });

  await step('price books', async () => {
    verdict((await page(manager, '/van-hanh/bieu-gia')).includes('/van-hanh/bieu-gia/1'), 'one is listed');
    const text = await page(manager, '/van-hanh/bieu-gia/1'), words = unhtml(text);
    verdict(/Số hóa đơn [1-9]/.test(words), 'with its effect on last month', words.slice(0, 1500));
    verdict(text.includes('/van-hanh/bieu-gia/1/duyet'), 'and waits for another person');
  });

  await step('cut-over', async () => {
    const list = unhtml(await page(leader, '/van-hanh/doi-chieu'));
    verdict(/\d chênh lệch chưa rõ \d+ hóa đơn/.test(list) && list.includes('chưa đối chiếu'), 'some books are compared, others not', list.slice(0, 900));
    const book = await page(leader, '/van-hanh/doi-chieu/S0001');
    verdict(rows(book) > 3 && book.includes('do làm tròn') && book.includes('chưa rõ lý do'), 'differences with their reasons', rows(book));
  });

  await step('the desk', async () => {
    const ordered = cases.find(({ state }) => state === 'ordered').point.slice(0, -3);
    for (const [code, words] of [['PZ00010000001', 'Giữ thu nợ'], [ordered, 'Phúc tra']]) {
      const path = `/ban-lam-viec/khach-hang/${code}`;
      await agent.send(`${path}/xac-minh`, { reason: 'counter', note: 'căn cước đã xem' }, { page: path });
      const text = unhtml(await page(agent, path));
      verdict(text.includes(words), `the timeline of ${code} tells: ${words}`, text.slice(0, 4000));
    }
  });

  await step('what workers add', async () => {
    query(env, 'ANALYZE'); // as PostgreSQL does by itself within a minute
    const workers = await start(program, ['work'], { env });
    const until = async (path, waiting) => {
      let text = waiting;
      for (let tries = 0; tries < 600 && text.includes(waiting); tries++, await pause(100)) text = await page(leader, path);
      return text;
    };
    const checks = unhtml(await until('/van-hanh/kiem-tra', 'data-working')), morning = await until('/van-hanh', 'chưa đếm');
    await workers.stop();
    verdict(/· KIEMSOAT/.test(checks) && /đạt/.test(checks), 'a round of invariants is answered', checks.slice(0, 900));
    const figures = Object.fromEntries([...morning.matchAll(/<li><a href="[^"]+"><strong>([^<]+)<\/strong> <span>([^<]+)<\/span>/g)]
      .map(([, count, words]) => [words, count]));
    for (const words of ['Chưa có hóa đơn', 'Bị giữ lại', 'Chờ phúc tra', 'Phúc tra chờ lãnh đạo ký', 'Sổ chưa chốt', 'Sổ chưa ký đủ',
                         'Biểu giá chờ duyệt'])
      verdict(Number(figures[words]) > 0, `the morning counts: ${words}`, JSON.stringify(figures));
    verdict(figures['Điều kiện không đạt'] === undefined, 'and no broken invariant', JSON.stringify(figures));
    verdict(/thay-doi\/hold.placed/.test(morning) && /thay-doi\/readings.loaded/.test(morning), 'what changed since yesterday');
  });
  await server.stop();
  store.leave();
}

await step('no demonstration', async () => {
  const env = { SANGDEN_STORE: `sqlite:${join(folder, 'real.db')}` };
  sangden(['init', '--as', 'QT01', '--name', 'Nguyễn Thị An', '--kind', 'test'], { env });
  let status = 0;
  try {
    sangden(['demo', 'day', '--as', 'QT01'], { env });
  } catch (error) {
    status = error.status;
  }
  equal(status, 1, 'is refused');
});
for (const store of await stores('day')) {
  under(store.name + ': ');
  await day(store);
}
end();
