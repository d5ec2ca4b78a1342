// SPDX-License-Identifier: Apache-2.0
// What the staff do from the first click to the result, in one demonstration: desk(code) is who has that
// code, signed in at a browser of their own; arrive(name) somebody new.
import { createHmac } from 'node:crypto';
import { query, sangden } from '../http/house.mjs';
import { bills, codeSent, otherPriceBook, password } from './demonstration.mjs';
import { equal, verdict } from './tap.mjs';

const show = (env, ...words) => JSON.parse(sangden([...words, '--json'], { env }));

export async function signsIn(person, code, typed = password) {
  await person.go('/dang-nhap/nhan-vien');
  await person.speaks();
  await person.fill('staff_code', code);
  await person.fill('staff_password', typed);
  await person.press('staff_onward');
}

// ---- the care centre ----------------------------------------------------------------------------

async function search(person, words) {
  await person.page.getByLabel(person.words('search_for'), { exact: true }).fill(words);
  await person.press('search');
}

async function answersCall({ desk, env, bill }) {
  const agent = await desk('GIAODICH'), heading = () => agent.page.innerText('h1');
  const [name, phone] = query(env, 'SELECT p.name, p.phone FROM agreement a JOIN agreement_fact f ON f.unit_id = a.unit_id AND ' +
    "f.agreement_id = a.agreement_id AND f.kind = 'holder' JOIN party p ON p.unit_id = f.unit_id AND p.party_id = f.value_i64 " +
    `WHERE a.code = '${bill.agreement}'`)[0].split('|');
  await search(agent, phone.replace(/^(\d{4})(\d{3})/, '$1 $2 '));
  await agent.sees(bill.agreement, 'the phone number of a caller leads to the customer');
  await search(agent, name.replace(' (mẫu)', '').normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase());
  await agent.sees(bill.agreement, 'so does the name, without its accents');
  if (!agent.page.url().includes('/khach-hang/'))
    await agent.arrives(() => agent.page.locator('tr', { hasText: bill.agreement }).getByRole('link').click());
  await agent.misses('desk_over', 'it is not known yet who calls');
  verdict(await heading() !== name, 'so that the name is hidden', name);
  for (const box of (await agent.page.locator('.checks input[type=checkbox]').all()).slice(0, 2)) await box.check();
  await agent.press('desk_check');
  equal(await heading(), name, 'after two right answers it is shown');
  await agent.sees(bill.number, 'with the bill in hand');
  await agent.unfold('desk_hold');
  await agent.choose('desk_hold_what', 'desk_hold_cut');
  await agent.fill('desk_hold_why', 'Khách khiếu nại hóa đơn');
  await agent.press('desk_hold');
  await agent.misses('desk_no_holds', 'a hold is placed');
  await agent.sees('Khách khiếu nại hóa đơn', 'with its reason');
  await agent.misses('desk_lift', 'which an agent does not lift');
  await agent.press('desk_over');
  verdict(await heading() !== name, 'the call is over and the page is masked again');
}

async function liftsHold({ desk, bill }) {
  const leader = await desk('TRUONGHD');
  await leader.go('/ban-lam-viec');
  await search(leader, bill.agreement);
  await leader.page.getByLabel(leader.words('desk_reason')).selectOption('task');
  await leader.fill('desk_note', 'Xử lý khiếu nại 12');
  await leader.press('desk_check');
  await leader.unfold('desk_lift');
  await leader.fill('desk_lift_reason', 'Đã giải quyết');
  await leader.press('desk_lift');
  await leader.sees('desk_no_holds', 'the leader lifts the hold');
}

/** Somebody without a bill asks for a call; who answers at the number on record is registered. */
async function callsBack({ desk, arrive, env }) {
  const { agreement, number } = bills(env).at(-20), phone = '0977123456';
  const customer = await arrive('someone'), agent = await desk('GIAODICH');
  await customer.go('/dang-nhap');
  await customer.speaks();
  await customer.unfold('sign_in_first');
  await customer.follow('sign_in_first_start');
  await customer.follow('call_back_none');
  await customer.fill('bill_agreement', agreement);
  await customer.press('call_back_ask');
  await customer.sees('call_back_done', 'a customer asks to be called');
  await agent.go('/ban-lam-viec');
  await agent.follow('desk_call_backs');
  await agent.sees('desk_call_nobody', 'the desk sees the request');
  await agent.arrives(() => agent.page.locator('tr', { hasText: agreement }).getByRole('link').click());
  await agent.press('desk_call_take');
  await agent.page.getByLabel(agent.words('desk_reason')).selectOption('call_back');
  for (const box of (await agent.page.locator('.checks input[type=checkbox]').all()).slice(0, 2)) await box.check();
  await agent.press('desk_check');
  await agent.unfold('desk_login_register');
  await agent.fill('contact_who', phone);
  await agent.page.check('#consent');
  await agent.press('desk_login_register');
  await agent.misses('desk_no_logins', 'who answered rightly is registered');
  await agent.go('/ban-lam-viec/goi-lai');
  await agent.sees('desk_call_none', 'and nobody waits any more');
  await customer.go('/dang-nhap');
  await customer.fill('sign_in_who', phone);
  await customer.press('sign_in_send');
  await customer.fill('code_label', codeSent(env));
  await customer.press('sign_in');
  await customer.follow('done_onward');
  await customer.follow('home_explain');
  await customer.sees(number, 'the customer is in');
}

// ---- operations ---------------------------------------------------------------------------------

async function morning({ desk }) {
  const leader = await desk('TRUONGHD');
  await leader.go('/van-hanh');
  const figures = await leader.page.locator('ul.figures a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  verdict(figures.length >= 5, 'the morning has numbers', figures);
  for (const href of figures) {
    await leader.arrives(() => leader.page.locator(`ul.figures a[href="${href}"]`).first().click());
    verdict(leader.page.url().endsWith(href) && await leader.page.locator('h1').count() === 1, `each opens its list: ${href.split('?')[0]}`,
            leader.page.url());
    await leader.arrives(() => leader.page.goBack());
  }
}

const book = (leader) => leader.page.getByRole('link', { name: 'S0001', exact: true });

async function signsBook({ desk }) {
  const signs = async (code, role) => {
    const person = await desk(code);
    await person.go('/van-hanh/so?thang=2026-10');
    await person.arrives(() => book(person).click());
    await person.arrives(() => person.page.locator('input[value=sign] ~ button').click());
    await person.sees('book_signed', `the ${role} signs`);
  };
  const leader = await desk('TRUONGHD');
  await leader.go('/van-hanh/so?thang=2026-10');
  await leader.arrives(() => book(leader).click());
  await leader.fill('book_return_reason', 'đọc lại hai điểm');
  await leader.press('book_return');
  await leader.sees('book_state_open', 'a returned book is open again');
  await leader.press('book_close');
  await leader.awaits(`main .status:has-text("${leader.words('book_state_closed')}")`, 'the workers close it, the page tells by itself');
  for (const [code, role] of [['GHICHISO', 'reader'], ['TOTRUONG', 'team leader'], ['TRUONGHD', 'billing leader']]) await signs(code, role);
  await leader.sees('book_state_signed', 'three signatures make it signed');
}

async function judgesUse({ desk, env }) {
  const waiting = () => show(env, 'spike', 'list', '--month', '2026-10').cases.length;
  const clerk = await desk('HOADON');
  await clerk.go('/van-hanh/phuc-tra?thang=2026-10');
  await clerk.page.keyboard.press('j');
  await clerk.page.keyboard.press('k');
  await clerk.arrives(() => clerk.page.keyboard.press('Enter'));
  const count = waiting();
  verdict(count > 1, 'some use waits to be judged', count);
  for (let i = 0; i < count; i++) {
    const at = clerk.page.url();
    await clerk.fill('spike_evidence', `ảnh công tơ ${i}`);
    await clerk.page.keyboard.press('Escape');
    await clerk.page.locator('form[data-queue]').focus();
    await clerk.arrives(() => clerk.page.keyboard.press('1'));
    await clerk.sees('spike_confirmed', 'a key decides');
    verdict(clerk.page.url() !== at, 'and the next case is there', clerk.page.url());
  }
  const manager = await desk('GIAMDOC');
  await manager.go('/van-hanh/phuc-tra?thang=2026-10&loc=lanh-dao');
  await manager.arrives(() => manager.page.locator('a[data-step]').first().click());
  await manager.fill('spike_evidence', 'đã xem ảnh');
  await manager.arrives(() => manager.page.click('button[value=sign]'));
  await manager.sees('spike_signed', 'what rose most is signed by a leader');
  equal(waiting(), 0, 'nothing waits any more');
}

async function runs({ desk }) {
  const leader = await desk('TRUONGHD');
  await leader.go('/van-hanh/ky');
  await leader.press('ops_run_start');
  await leader.awaits('a[href="/van-hanh/ky/20261002"]', 'the workers do it, the page tells by itself');
  await leader.arrives(() => leader.page.click('a[href="/van-hanh/ky/20261002"]'));
  await leader.press('ops_issue');
  await leader.awaits(`text="${leader.words('ops_state_issued')}"`, 'its bills are issued');
}

async function closesMonth({ desk }) {
  const leader = await desk('TRUONGHD');
  await leader.go('/van-hanh/khoa-so');
  await leader.tick('months_seen');
  await leader.press('months_close');
  await leader.awaits(`main .status:has-text("${leader.words('months_closed')}")`, 'the workers close the month, the page tells by itself');
  await leader.go('/van-hanh/khoa-so?thang=2026-10');
  await leader.sees('months_closed', 'the month is closed');
  await leader.sees('months_figures', 'and has its figures');
}

async function releasesPrices({ desk }) {
  const leader = await desk('TRUONGHD'), manager = await desk('GIAMDOC');
  await leader.go('/van-hanh/bieu-gia');
  await leader.fill('ops_prices_text', otherPriceBook());
  await leader.press('ops_prices_load');
  await leader.sees('3162', 'a price book is loaded and shows what it changes');
  await manager.go('/van-hanh/bieu-gia');
  await manager.arrives(() => manager.page.locator('table a').first().click());
  await manager.tick('ops_release_late');
  await manager.press('ops_release');
  await manager.go('/van-hanh/bieu-gia');
  await manager.sees('ops_price_now', 'another person releases it');
}

async function comparesBook({ desk, env }) {
  const rows = bills(env, '2026-09').map((bill) =>
    [bill.point, bill.month, bill.from, bill.to, bill.kwh, bill.pre_vat, bill.vat, bill.total]);
  const leader = await desk('TRUONGHD');
  const compare = async (lines) => {
    await leader.fill('ops_compare_month', '2026-09');
    await leader.fill('ops_compare_file', ['point,month,from,to,kwh,pre_vat,vat,total', ...lines.map((row) => row.join())].join('\n'));
    await leader.press('ops_compare_do');
  };
  await leader.go('/van-hanh/doi-chieu');
  await leader.arrives(() => book(leader).click());
  const more = (row, vnd) => row.map((value, i) => [5, 7].includes(i) ? value + vnd : value);
  await compare(rows.map((row, i) => i === 3 ? more(row, 5000) : i === 7 ? more(row, 1) : row));
  await leader.sees('ops_compare_differences', 'what differs from the earlier system is shown');
  await leader.sees(rows[3][0], 'by its point');
  await leader.misses('ops_compare_sign', 'and not signed');
  await compare(rows);
  await leader.press('ops_compare_sign');
  await leader.sees('ops_compare_signed', 'what agrees is signed live');
}

// ---- the own account ----------------------------------------------------------------------------

async function changesPassword({ desk }) {
  const reader = await desk('KIEMTRA'), next = 'một câu khác cũng dài';
  await reader.go('/tai-khoan');
  await reader.follow('password_title');
  const change = async (again) => {
    await reader.fill('password_present', password);
    await reader.fill('set_up_password', next);
    await reader.fill('set_up_again', again);
    await reader.press('set_up_save');
  };
  await change('một câu khác');
  await reader.sees('field_error', 'two that differ are refused');
  await change(next);
  await reader.sees('account_sessions', 'the password is changed');
  await reader.press('sign_out');
  await signsIn(reader, 'KIEMTRA');
  await reader.misses('sign_out', 'the old one opens nothing any more');
  await signsIn(reader, 'KIEMTRA', next);
  await reader.sees('sign_out', 'the new one does');
}

/** RFC 6238: the six digits of a secret in base 32 that hold at this moment, or so many steps later. */
function totp(secret, later = 0) {
  const bits = [...secret.replace(/[\s=]/g, '')].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2))), counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + later));
  const hash = createHmac('sha1', key).update(counter).digest(), at = hash.at(-1) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/** From the invitation to a second factor; last of all, because from then on everybody needs one. */
async function enrols({ arrive, env }) {
  sangden(['identity', 'set', 'second_factor_required', '--value', '1', '--source', 'test', '--as', 'QUANTRI'], { env });
  const [invitation] = sangden(['staff', 'invite', 'KIEMSOAT', '--as', 'QUANTRI'], { env }).split('\n');
  const auditor = await arrive('KIEMSOAT');
  await auditor.go('/dang-nhap/nhan-vien/mat-khau');
  await auditor.speaks();
  await auditor.fill('staff_code', 'KIEMSOAT');
  await auditor.fill('set_up_invitation', invitation);
  await auditor.fill('set_up_password', password);
  await auditor.fill('set_up_again', password);
  await auditor.press('set_up_save');
  await signsIn(auditor, 'KIEMSOAT');
  await auditor.sees('enrol_title', 'a password alone does not open the door');
  const secret = await auditor.page.locator('main code').innerText();
  await auditor.fill('staff_totp', totp(secret));
  await auditor.press('enrol_confirm');
  await auditor.sees('recovery_title', 'an authenticator does');
  const spares = await auditor.page.locator('main li code').allInnerTexts();
  await auditor.follow('recovery_onward');
  await auditor.press('sign_out');
  await signsIn(auditor, 'KIEMSOAT');
  await auditor.fill('staff_totp', spares[0]);
  await auditor.press('sign_in');
  await auditor.go('/tai-khoan');
  await auditor.sees('account_enrolled', 'and a recovery code, when it is lost');
  await auditor.follow('renew_title');
  await auditor.fill('password_present', password);
  await auditor.fill('staff_totp', totp(secret, 1)); // the one of before is used up
  await auditor.press('renew_make');
  const codes = await auditor.page.locator('main li code').allInnerTexts();
  verdict(codes.length === spares.length && !codes.some((code) => spares.includes(code)), 'new codes are made when few are left', codes.length);
}

/** In this order: bills are issued of a book that is signed, a month is closed behind them. */
export const staffJourneys = {
  'a call is answered and a hold placed': answersCall,
  'the hold is lifted': liftsHold,
  'a caller is called back and comes in': callsBack,
  'the morning': morning,
  'a book is returned, closed and signed': signsBook,
  'use that rose is judged by keyboard': judgesUse,
  'bills are drafted and issued': runs,
  'a month is closed': closesMonth,
  'a price book is released': releasesPrices,
  'a book is compared and signed live': comparesBook,
  'a password is changed': changesPassword,
  'a second factor is enrolled': enrols,
};
