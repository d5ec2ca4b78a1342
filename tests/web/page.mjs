// SPDX-License-Identifier: Apache-2.0
// The calculator page in a browser, on a phone and on a desk.
//
//   node page.mjs SANGDEN build/calculator
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { desktop, launch, newPage, phone, serve, total, untilTotal } from './browser.mjs';
import { examples } from './requests.mjs';
import { equal, finish, step, verdict } from './tap.mjs';

const [program, folder] = process.argv.slice(2);
const browser = await launch();
const server = await serve(folder);
const single = pathToFileURL(join(folder, 'may-tinh-tien-dien.html')).href;
const household = '#f=2026-06-30&t=2026-07-31&k=461&h=1&u=SH';

const show = (decimal) => {
  const [whole, places] = decimal.split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, '.') + (places === undefined ? '' : ',' + places);
};

function calc(request) {
  const run = spawnSync(program, ['calc'], { input: JSON.stringify(request) + '\n' });
  return JSON.parse(run.stdout.toString());
}

/** Fills the form by hand, as a person does. */
async function fill(page, request) {
  const [year, month] = request.month.split('-');
  await page.selectOption('#year', year);
  await page.selectOption('#month', month);
  const use = request.uses[0];
  await page.selectOption('[name=category]', use.category);
  if (use.voltage) await page.selectOption('[name=voltage]', use.voltage);
  if (request.households) await page.fill('#households', show(request.households));
  if (request.usage.kwh) {
    await page.check('[name=mode][value=kwh]', { force: true });
    await page.fill('#kwh', show(request.usage.kwh));
  } else {
    await page.check('[name=mode][value=three]', { force: true });
    for (const name of ['normal', 'peak', 'offpeak']) {
      await page.fill('#' + name, show(request.usage[name]));
    }
  }
  if (request.decision || request.vat_rate) {
    await page.evaluate(() => { document.getElementById('more').open = true; });
    await page.selectOption('#decision', request.decision ?? '');
    await page.selectOption('#vat', request.vat_rate ?? '');
  }
}

async function quiet(page, name) {
  equal(page.complaints.join('; '), '', name + ': nothing to complain of in the console');
  await page.context().close();
}

// ---- figures ------------------------------------------------------------------------------------

for (const profile of [phone, desktop]) {
  await step(`${profile.name}: figures`, async () => {
    const page = await newPage(browser, profile);
    await page.goto(server.address);
    for (const { id, title, request, expect } of examples()) {
      await fill(page, request);
      const wanted = calc(request);
      await untilTotal(page, wanted.total).catch(() => {});
      equal(await total(page), String(wanted.total), `${profile.name}: ${id}, ${title}`);
      equal(wanted.total, expect.total, `${id}: as in the case`);
    }
    const lines = await page.$$eval('#answer tbody tr:not(.group):not(.basis)', (rows) => rows.length);
    verdict(lines > 0, `${profile.name}: lines are shown`);
    await quiet(page, profile.name + ', figures');
  });
}

await step('lines and tax', async () => {
  const page = await newPage(browser, phone);
  await page.goto(server.address + household);
  await untilTotal(page, 1388405);
  const text = (await page.textContent('#answer')).replace(/\s+/g, ' ');
  for (const piece of ['461 kWh · 31 ngày', '1.984', '99.200', '211.060', '1.285.560', '102.845',
                       '8 %', 'Một triệu ba trăm tám mươi tám nghìn bốn trăm linh năm đồng', 'Căn cứ: Quyết định 1279/QĐ-BCT', '30/06/2026 – 31/07/2026']) {
    verdict(text.includes(piece.replace(/\u00a0/g, ' ')), 'the bill says ' + piece, text);
  }
  equal(await page.$$eval('.blocks rect', (blocks) => blocks.length), 6, 'six blocks are drawn');
  const label = await page.getAttribute('.blocks', 'aria-label');
  verdict(label.includes('Bậc 6: 61 kWh × 3.460 đ = 211.060 đ'), 'and told in words', label);
  await page.setViewportSize({ width: 700, height: 800 });
  const wider = () => document.querySelector('.blocks').viewBox.baseVal.width > 500;
  const drawn = await page.waitForFunction(wider, null, { timeout: 10000 }).catch(() => null);
  verdict(drawn !== null, 'and drawn anew for a wider place');
  await quiet(page, 'lines');
});

await step('readings', async () => {
  const page = await newPage(browser, phone);
  await page.goto(server.address);
  await page.selectOption('#year', '2026');
  await page.selectOption('#month', '07');
  await page.check('[name=mode][value=readings]', { force: true });
  await page.fill('#old', '00850');
  await page.fill('#new', '1311');
  await untilTotal(page, 1388405);
  equal(await page.textContent('#read-kwh'), '= 461 kWh', 'readings become kWh');
  await page.fill('#multiplier', '40');
  await page.waitForFunction(() => document.getElementById('read-kwh').textContent.includes('18.440'));
  verdict(true, 'times the multiplier');
  await page.fill('#multiplier', '1');
  await page.fill('#new', '120');
  await page.press('#new', 'Tab');
  const told = await page.textContent('.field .error');
  verdict(told.includes('công tơ quay vòng') && told.includes('Xem lại'),
          'a doubtful reading is told, with what to do', told);
  await page.fill('#old', '99850');
  await untilTotal(page, 701525).catch(() => {});
  const wanted = calc({ month: '2026-07', usage: { kwh: '270' }, uses: [{ category: 'SH' }] });
  equal(await total(page), String(wanted.total), 'a register that starts again at zero');
  await quiet(page, 'readings');
});

// ---- wrong input --------------------------------------------------------------------------------

await step('errors', async () => {
  const page = await newPage(browser, phone);
  await page.goto(server.address + household);
  await untilTotal(page, 1388405);
  await page.fill('#households', '0,3');
  await page.press('#households', 'Tab');
  const wanted = calc({ month: '2026-07', usage: { kwh: '1' }, uses: [{ category: 'SH' }],
                        households: '0.3' }).error;
  const shown = await page.textContent('#households-error');
  verdict(shown.includes(wanted.message) && shown.includes(wanted.hint),
          'the refusal of the engine stands beside its field', shown);
  equal(await page.getAttribute('#households', 'aria-invalid'), 'true', 'and is tied to it');
  equal(await page.getAttribute('#households', 'aria-describedby'), 'households-error', 'by its id');
  await page.click('#language');
  const english = await page.textContent('#households-error');
  verdict(english.includes(wanted.message_en), 'in English, too', english);
  await page.click('#language');
  await page.fill('#households', '1');
  await page.fill('#kwh', 'bốn trăm');
  await page.press('#kwh', 'Enter');
  verdict((await page.textContent('#kwh-error')).includes('461,5'), 'no number: how to write one');
  equal(await page.evaluate(() => document.activeElement.id), 'kwh', 'and the place is in focus');
  for (const [typed, kwh] of [['1.388.405', '1388405'], ['461,5', '461.5'], ['461.5', '461.5'],
                              ['1.388', '1388'], [' 1 388 ', '1388'], ['1,388,405', '1388405']]) {
    await page.fill('#kwh', typed);
    const bill = calc({ month: '2026-07', usage: { kwh }, uses: [{ category: 'SH' }] });
    await untilTotal(page, bill.total).catch(() => {});
    equal(await total(page), String(bill.total), `“${typed}” is ${kwh} kWh`);
  }
  await page.evaluate(() => { document.getElementById('more').open = true; });
  await page.fill('#kvarh', '20');
  await page.fill('#cosphi', '0,8');
  await page.press('#cosphi', 'Tab');
  const both = async () => (await page.textContent('.error')).replace(/\s+/g, ' ');
  verdict((await both()).includes('“kVArh” hoặc “cos φ”'), 'a refusal names fields by labels', await both());
  await page.click('#language');
  verdict((await both()).includes('“kvarh” or “cos φ”'), 'in English, too', await both());
  await page.click('#language');
  await page.fill('#kvarh', '');
  await page.fill('#cosphi', '');
  await page.click('#add-use');
  await page.fill('[name=part] >> nth=0', '60');
  await page.fill('[name=part] >> nth=1', '30');
  await page.press('[name=part] >> nth=1', 'Tab');
  verdict((await both()).includes('Sửa “Theo tỷ lệ (%)” để tổng'), 'shares by theirs', await both());
  await page.check('[name=by][value=kwh]', { force: true });
  verdict((await both()).includes('Sửa “Theo kWh” của từng mục đích để tổng bằng “Điện đã dùng”'),
          'and the use by its heading', await both());
  await page.goto('about:blank');
  await page.goto(server.address + '/#f=2026-07-31&t=2026-06-30&k=461&u=SH');
  await page.waitForSelector('.error');
  verdict((await both()).includes('Nêu “Ngày ghi kỳ trước” là ngày đọc trước, “Ngày ghi kỳ này” là'),
          'days by theirs', await both());
  await page.goto('about:blank');
  await page.goto(server.address + '?2' + household + '&zz=1');
  await page.waitForSelector('#notice:not([hidden])');
  verdict((await page.textContent('#notice')).includes('zz'), 'a link half understood is told');
  await page.goto('about:blank');
  await page.goto(server.address + '/#m=2026-13&k=461&u=SH');
  await page.waitForSelector('#notice:not([hidden])');
  verdict((await page.textContent('#notice')).includes('“m”'), 'a month that is none is told');
  equal(await total(page), null, 'and nothing is calculated from it');
  await quiet(page, 'errors');
});

// ---- links --------------------------------------------------------------------------------------

await step('links', async () => {
  const links = [
    household + '&x=1388405&n=PD0100-26071-17-23-K1',
    '#m=2026-07&k=461&h=2&u=SH:60,KD@LT6:40&days=own_month&vat=0.1',
    '#f=2025-04-21&t=2025-05-21&k=19160.8/6184.8/5563.6&kvarh=13176.8&u=SX@22_110' +
      '&read=2025-05-10:10469.6/3457.2/3056.8&kw=160',
    '#m=2026-07&k=461&h=1&u=SH:61kWh,KD@LT6:400kWh&prorate=new_supply&split=truncate_old',
    '#m=2021-08&k=200&h=1&u=SH&support=restricted',
    '#m=2026-07&k=461&h=1&u=SH&lodgers=1&qd=QD14/2025&avg=2204.0655',
    '#m=2024-04&k=5154&h=1&u=SH&billed=190&cause=theft&settled=2024-06-01',
    '#m=2026-07&k=461&h=1&u=SH&i=850-1311',
    '#m=2026-07&k=50&kvarh=20&u=SH*3:20kWh,HC_BV@LT6:30kWh&kw=50',
  ];
  for (const link of links) {
    const page = await newPage(browser, phone, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.goto(server.address + '/' + link);
    await page.waitForSelector('#share:visible', { timeout: 5000 }).catch(() => {});
    await page.evaluate(() => { delete Navigator.prototype.share; });
    await page.click('#share');
    const given = (await page.inputValue('#address')).replace(/^[^#]*/, '');
    const plain = given.replace(/&b=[0-9a-f]{8}$/, '');
    const wanted = plain.includes('&h=') && !link.includes('&h=') ? link.replace('&u=', '&h=1&u=') : link;
    equal(plain, wanted, 'opened and shared again: ' + link);
    await quiet(page, link.slice(0, 30));
  }
  const page = await newPage(browser, phone);
  await page.goto(server.address + household + '&x=1388405&n=PD0100-1&b=00000000');
  await page.waitForSelector('.verdict');
  const notice = await page.textContent('#notice');
  verdict(notice.includes('PD0100-1') && notice.includes('00000000'),
          'another price book than that of the bill is told', notice);
  verdict((await page.textContent('#verdict')).includes('Khớp'), 'the bill is right');
  await quiet(page, 'price book');
});

// ---- without a network, without a server, without the engine ------------------------------------

await step('offline', async () => {
  const page = await newPage(browser, phone);
  await page.goto(server.address);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null,
                             { timeout: 15000 });
  await page.context().setOffline(true);
  await page.goto(server.address + '/?offline' + household);
  await untilTotal(page, 1388405).catch(() => {});
  equal(await total(page), '1388405', 'offline after the first visit');
  equal(await page.evaluate(() => document.fonts.check('16px "Be Vietnam Pro"')), true,
        'with its typeface');
  await quiet(page, 'offline');
});

await step('one file', async () => {
  for (const profile of [phone, desktop]) {
    const page = await newPage(browser, profile, { offline: true });
    await page.goto(single + household);
    await untilTotal(page, 1388405).catch(() => {});
    equal(await total(page), '1388405', profile.name + ': the one file from file://, offline');
    equal(await page.evaluate(() => document.fonts.check('16px "Be Vietnam Pro"')), true,
          'with its typeface');
    await page.evaluate(() => { delete Navigator.prototype.share; });
    await page.context().grantPermissions(['clipboard-write']).catch(() => {});
    await page.click('#share');
    await page.waitForFunction(() => document.getElementById('shared').textContent !== '');
    equal(await page.inputValue('#address'), single + household + '&b=' +
      calc({ month: '2026-07', usage: { kwh: '1' }, uses: [{ category: 'SH' }] }).price_book.slice(0, 8),
          'a link into the file itself');
    await page.evaluate(() => {
      document.querySelector('meta[name=portal]').content = 'https://dien.example.vn/';
    });
    await page.click('#share');
    verdict((await page.inputValue('#address')).startsWith('https://dien.example.vn/tinh-dien#f='),
            'or to the portal that the file was written out with');
    await quiet(page, 'one file, ' + profile.name);
  }
});

await step('before the engine', async () => {
  const page = await newPage(browser, phone);
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(server.address, { waitUntil: 'domcontentloaded' });
  const painted = await page.waitForFunction(() =>
    performance.getEntriesByName('first-contentful-paint')[0]?.startTime, null, { timeout: 5000 });
  verdict(await painted.jsonValue() > 0, 'painted while the engine is still on its way');
  await page.selectOption('#year', '2026');
  await page.selectOption('#month', '07');
  await page.fill('#kwh', '461');
  verdict((await page.textContent('#total')).includes('Đang tải'), 'the page says that it waits');
  release();
  await untilTotal(page, 1388405).catch(() => {});
  equal(await total(page), '1388405', 'what was entered meanwhile is calculated');
  await quiet(page, 'before the engine');

  const cut = await newPage(browser, phone);
  let broken = true;
  await cut.route('**/*.wasm', (route) => (broken ? route.abort() : route.continue()));
  await cut.goto(server.address + household);
  await cut.waitForSelector('#notice:not([hidden])');
  verdict((await cut.textContent('#notice')).includes('Số liệu đã nhập vẫn còn'),
          'an engine that does not come is told, with what is safe');
  broken = false;
  await cut.evaluate(() => window.dispatchEvent(new Event('online')));
  await untilTotal(cut, 1388405).catch(() => {});
  equal(await total(cut), '1388405', 'and asked for again when the network is back');
  equal(await cut.isHidden('#notice'), true, 'which takes the notice away');
  await cut.context().close();
});

await step('nothing moves', async () => {
  const page = await newPage(browser, phone);
  await page.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!entry.hadRecentInput) window.shifts.push(entry.value);
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(server.address);
  await page.waitForTimeout(600);
  const moved = await page.evaluate(() => window.shifts.reduce((a, b) => a + b, 0));
  verdict(moved < 0.01, 'nothing moves while the page loads', moved);
  await quiet(page, 'nothing moves');
});

// ---- comparing with an invoice ------------------------------------------------------------------

const base = { from: '2026-06-30', to: '2026-07-31', usage: { kwh: '461' },
               uses: [{ category: 'SH' }], households: '1' };
const line = (tier) => ({ 3: 238000 })[tier];
const causes = [
  ['VAT', calc({ ...base, vat_rate: '0.1' }).total, 'Thuế GTGT: hóa đơn tính 10 %'],
  ['households', calc({ ...base, households: '2' }).total, 'Số hộ: hóa đơn tính 2 hộ'],
  ['proration', calc({ ...base, prorate: 'new_supply', month_days: '30' }).total,
   'chia định mức bậc theo số ngày của kỳ'],
  ['category', calc({ ...base, uses: [{ category: 'KD', voltage: 'LT6' }] }).total,
   'Nhóm giá: hóa đơn tính theo giá kinh doanh'],
  ['decision', calc({ ...base, decision: 'QD2699/2024' }).total,
   'cả kỳ theo Quyết định 2699/QĐ-BCT'],
  ['energy', calc({ ...base, usage: { kwh: '471' } }).total, 'ứng với 471 kWh, nhiều hơn 10 kWh'],
  ['before tax', calc(base).pre_vat, 'tiền điện trước thuế'],
  ['a missing line', Math.round((1285560 - line(3)) * 1.08), 'hóa đơn thiếu “Bậc 3”'],
  ['one tier', Math.round((1285560 + 100 * (2998 - 2380)) * 1.08),
   'hóa đơn tính “Bậc 3” theo giá “Bậc 4”'],
  ['rounding', 1388000, 'làm tròn đến 1000 đ'],
  ['two causes', calc({ ...base, households: '2', vat_rate: '0.1' }).total,
   'Thuế GTGT: hóa đơn tính 10 %, ở đây là 8 %. Số hộ: hóa đơn tính 2 hộ'],
];

await step('causes', async () => {
  const page = await newPage(browser, phone);
  await page.goto(server.address + household);
  await untilTotal(page, 1388405);
  for (const [name, amount, words] of causes) {
    await page.fill('#invoice', show(String(amount)) + ' đ');
    await page.press('#invoice', 'Tab');
    const first = (await page.textContent('.causes li')).replace(/\u00a0/g, ' ');
    verdict(first.includes(words), 'the cause is named first: ' + name, first);
  }
  await page.fill('#invoice', '1.388.405');
  await page.press('#invoice', 'Tab');
  equal(await page.textContent('.verdict'), 'Khớp đến từng đồng.', 'the right amount is right');
  await page.fill('#invoice', '999.983');
  await page.press('#invoice', 'Tab');
  const none = await page.textContent('#verdict');
  verdict(none.includes('Chưa tìm thấy') && none.includes('24 giờ'), 'no cause: what to do', none);
  await page.fill('#invoice', String(calc({ ...base, households: '3' }).total));
  await page.press('#invoice', 'Tab');
  await page.click('.causes button');
  equal(await page.inputValue('#households'), '3', 'a cause can be taken over');
  equal(await page.textContent('.verdict'), 'Khớp đến từng đồng.', 'and is right then');
  await quiet(page, 'causes');
});

await step('a price change', async () => {
  const page = await newPage(browser, desktop);
  const change = { from: '2024-10-05', to: '2024-11-05', usage: { kwh: '250' },
                   uses: [{ category: 'SH' }], households: '1' };
  await page.goto(server.address + '#f=2024-10-05&t=2024-11-05&k=250&h=1&u=SH');
  await untilTotal(page, calc(change).total);
  await page.fill('#invoice', String(calc({ ...change, change_split: 'truncate_old' }).total));
  await page.press('#invoice', 'Tab');
  verdict((await page.textContent('.causes')).includes('cắt lẻ định mức'), 'how widths were cut');
  await page.fill('#invoice', String(calc({ ...change, from: '2024-10-04' }).total));
  await page.press('#invoice', 'Tab');
  verdict((await page.textContent('.causes')).includes('từ 04/10/2024'), 'another reading day');
  await page.evaluate(() => { document.getElementById('invoice-more').open = true; });
  await page.fill('#invoice-kwh', '260');
  await page.fill('#line-kwh-0', '12');
  await page.press('#line-kwh-0', 'Tab');
  const seen = await page.textContent('#verdict');
  verdict(seen.includes('hóa đơn ghi 260 kWh') && seen.includes('hóa đơn ghi 12 kWh'),
          'lines and kWh that differ are told', seen);
  await quiet(page, 'a price change');
});

// ---- keyboard, language, paper ------------------------------------------------------------------

await step('keyboard', async () => {
  const page = await newPage(browser, desktop);
  await page.goto(server.address);
  const focus = () => page.evaluate(() => {
    const e = document.activeElement;
    return e.id || e.name || e.className;
  });
  const until = async (wanted) => {
    for (let i = 0; i < 60; i++) {
      if ((await focus()) === wanted) return true;
      await page.keyboard.press('Tab');
    }
    return false;
  };
  await page.keyboard.press('Tab');
  equal(await focus(), 'skip', 'the first key leads past the head');
  verdict(await until('category-0'), 'to the category');
  verdict(await until('month'), 'to the month');
  await page.keyboard.type('7');
  verdict(await until('year'), 'to the year');
  await page.keyboard.type('2026');
  verdict(await until('mode'), 'to the way of giving energy');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowLeft');
  verdict(await until('kwh'), 'to the energy');
  await page.keyboard.type('461');
  await page.keyboard.press('Enter');
  await untilTotal(page, 1388405).catch(() => {});
  equal(await total(page), '1388405', 'a bill by keys alone');
  equal(await focus(), 'result', 'the bill is in focus behind Enter');
  verdict(await until('share') && await until('print') && await until('invoice'),
          'on to share, print, compare');
  await page.keyboard.type('1388405');
  await page.keyboard.press('Tab');
  equal(await page.textContent('.verdict'), 'Khớp đến từng đồng.', 'and compared');
  await quiet(page, 'keyboard');
});

await step('several uses', async () => {
  const page = await newPage(browser, phone);
  await page.goto(server.address + household);
  await untilTotal(page, 1388405);
  await page.evaluate(() => { document.getElementById('more').open = true; });
  await page.click('#add-use');
  await page.selectOption('.use:nth-child(2) [name=category]', 'KD');
  await page.fill('.use:nth-child(1) [name=part]', '60');
  await page.fill('.use:nth-child(2) [name=part]', '30');
  await page.press('.use:nth-child(2) [name=part]', 'Tab');
  verdict((await page.textContent('.use .error')).includes('không bằng 100'),
          'shares that do not sum are told beside one');
  await page.fill('.use:nth-child(2) [name=part]', '40');
  const wanted = calc({ ...base, uses: [{ category: 'SH', share: '60' },
                                        { category: 'KD', voltage: 'LT6', share: '40' }] });
  await untilTotal(page, wanted.total).catch(() => {});
  equal(await total(page), String(wanted.total), 'two uses by share');
  await page.click('.use:nth-child(2) .remove');
  await untilTotal(page, 1388405).catch(() => {});
  equal(await total(page), '1388405', 'and one again');
  await quiet(page, 'several uses');
});

await step('language', async () => {
  const page = await newPage(browser, phone);
  await page.goto(server.address + household);
  equal(await page.getAttribute('html', 'lang'), 'vi', 'Vietnamese first');
  await page.click('#language');
  equal(await page.getAttribute('html', 'lang'), 'en', 'then English');
  await untilTotal(page, 1388405);
  verdict((await page.textContent('#answer')).includes('Basis: Decision 1279/QĐ-BCT'), 'the basis, too');
  const left = await page.evaluate(() => [...document.querySelectorAll('main *, footer *')]
    .filter((e) => e.childElementCount === 0 && e.offsetParent !== null &&
      !e.closest('select, td[lang=vi]'))
    .map((e) => e.textContent.replace(/đồng|Q?Đ-\w+/g, '')).filter((t) => /[ăơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữự]/i.test(t)));
  equal(left.join('|'), '', 'nothing stays Vietnamese');
  await page.reload();
  equal(await page.getAttribute('html', 'lang'), 'en', 'remembered');
  equal(await page.textContent('h1'), 'Electricity bill calculator', 'after a reload');
  await quiet(page, 'language');
});

await step('paper', async () => {
  const bills = [household + '&x=1400000',
                 '#f=2024-10-05&t=2024-11-05&k=950&h=1&u=SH&x=2000000',
                 '#f=2025-04-21&t=2025-05-21&k=19160.8/6184.8/5563.6&kvarh=13176.8&u=SX@22_110&kw=160'];
  for (const bill of bills) {
    for (const profile of [phone, desktop]) {
      const page = await newPage(browser, profile, { colorScheme: 'dark' });
      await page.goto(single + bill);
      await page.waitForSelector('table');
      const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
      equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1, `${profile.name}: one A4, ${bill.slice(0, 24)}`);
      verdict(/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/.test(pdf), 'and it is A4');
      await quiet(page, 'paper');
    }
  }
});

// ---- what it weighs -----------------------------------------------------------------------------

await step('weight', async () => {
  const assets = readdirSync(join(folder, 'assets'));
  const size = (pattern) => {
    const name = assets.find((asset) => pattern.test(asset));
    return statSync(join(folder, 'assets', name)).size;
  };
  const limits = [[/^calculator-.*\.js\.gz$/, 20000, 'script'], [/^style-.*\.css\.gz$/, 15000, 'style'],
                  [/^sangden-.*\.wasm\.gz$/, 60000, 'engine with all price data']];
  for (const [pattern, limit, what] of limits) {
    const bytes = size(pattern);
    verdict(bytes <= limit, `${what}: at most ${limit} bytes compressed`, bytes);
    console.log(`# ${what}: ${bytes} bytes compressed`);
  }
  const html = readFileSync(join(folder, 'index.html'), 'utf8');
  verdict(!/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/.test(html), 'nothing inline in the hosted form');
  verdict(html.includes("script-src 'self' 'wasm-unsafe-eval'") && !html.includes('unsafe-inline'),
          'under a strict policy');
});

await browser.close();
server.close();
finish();
