// SPDX-License-Identifier: Apache-2.0
// What customers do from the first click to the result, each for one person with a supply of the own:
// { bill, phone, another, tenant }. codes() is the code that was sent last.
import { verdict } from './tap.mjs';

const day = (iso) => iso.split('-').reverse().join('/');
const amount = (vnd, language) => vnd.toLocaleString(language === 'vi' ? 'de-DE' : 'en-US');

async function signIn(person, who, codes) {
  await person.fill('sign_in_who', who);
  await person.press('sign_in_send');
  await person.fill('code_label', codes());
  await person.press('sign_in');
}

/** The first click: the language, the door, a code; at the end the own home. */
async function comes(person, { bill, phone }, { codes }) {
  await person.go('/dang-nhap');
  await person.speaks();
  await person.sees('sign_in_lead', 'the door says how it opens');
  await signIn(person, phone, codes);
  await person.sees('done_title', 'a code opens it');
  await person.follow('done_onward');
  await person.sees(amount(bill.total, person.language), 'and home has the last bill');
}

async function readsBill(person, { bill }) {
  const { page } = person;
  await person.follow('nav_home');
  await person.follow('home_explain');
  await person.sees('bill_how', 'the bill explains itself');
  await person.sees(bill.number, 'under its number');
  const pdf = await page.request.get(person.address + await person.link('bill_pdf').getAttribute('href'));
  verdict(pdf.status() === 200 && (await pdf.body()).subarray(0, 5).toString() === '%PDF-', 'its link leads to a PDF', pdf.status());
  await person.link('pay').click();
  const code = page.locator('img.code');
  await code.scrollIntoViewIfNeeded();
  verdict(await code.evaluate((image) => image.decode().then(() => image.naturalWidth > 0)), 'the code to pay by is drawn');
  await person.follow('nav_compare');
  await person.sees('compare_months', 'use is compared with the year before');
  await person.unfold('bill_months_table');
  await person.sees('compare_before', 'also as a table');
}

async function readsMeter(person, { bill }) {
  await person.follow('nav_readings');
  await person.sees(day(bill.to), 'the reading of the bill stands there');
  const href = await person.link('readings_photo').getAttribute('href');
  const beside = await person.page.context().newPage(); // a browser frames a picture in its own way
  await beside.goto(person.address + href);
  const width = await beside.evaluate(() => document.images[0]?.naturalWidth ?? 0);
  verdict(width > 0, 'with the photo of the meter', href);
  await beside.close();
}

async function changesContact(person, who, { codes }) {
  await person.follow('nav_my_data');
  await person.follow('change_title');
  await person.fill('contact_who', who.another);
  await person.tick('contact_consent');
  await person.press('sign_in_send');
  await person.fill('code_label', codes());
  await person.press('code_confirm');
  await person.sees('my_known', 'back at the own data');
  await person.sees(who.another, 'the new contact stands there');
  await person.misses(who.phone, 'in place of the old one');
}

async function letsOthersSee(person, { tenant }) {
  await person.follow('nav_my_data');
  await person.misses('my_take_back', 'nobody else has access');
  await person.fill('my_give_who', tenant);
  await person.tick('my_give_tenant');
  await person.press('my_give');
  await person.sees('···' + tenant.slice(-3), 'who was let in stands there');
  await person.press('my_take_back');
  await person.misses('my_take_back', 'and is gone when it is taken back');
}

async function consents(person) {
  await person.follow('nav_my_data');
  await person.misses('my_given', 'nothing is agreed to');
  await person.press('my_agree');
  await person.sees('my_given', 'what was agreed to says so');
  await person.press('my_withdraw');
  await person.misses('my_given', 'until it is withdrawn');
}

async function declinesComparison(person) {
  await person.follow('nav_compare');
  await person.press('compare_decline');
  await person.sees('compare_declined', 'a home that declines is not compared');
  await person.press('compare_again');
  await person.misses('compare_declined', 'and is again when it wishes');
}

async function setsLevel(person) {
  await person.follow('nav_home');
  await person.follow('limit_set_one');
  await person.fill('limit_value', 'nhiều');
  await person.tick('limit_energy');
  await person.press('limit_set');
  await person.sees('field_error', 'what is no number is refused at its field');
  await person.fill('limit_value', '1500');
  await person.press('limit_set');
  await person.sees(amount(1500, person.language) + ' kWh', 'a level is set');
  await person.press('limit_end');
  await person.misses('limit_present', 'and removed');
}

async function getsHelp(person) {
  await person.follow('help');
  await person.misses('help_wrong_how', 'answers are folded');
  await person.unfold('help_wrong');
  await person.sees('help_wrong_how', 'and open');
}

async function leaves(person) {
  await person.press('sign_out');
  await person.go('/khach-hang');
  await person.sees('sign_in_lead', 'who left has to come in again');
}

/** With the paper in hand, and no session. */
async function verifies(person, { bill, code }) {
  await person.go('/kiem-chung');
  await person.speaks();
  const ask = async (words) => {
    await person.fill('verify_number', bill.number);
    await person.fill('verify_code', words);
    await person.press('verify_ask');
  };
  await ask('A1B2-C3D4-E5F6');
  await person.sees('verify_no', 'a wrong code is no proof');
  await ask(code);
  await person.sees('verify_genuine', 'the right one is');
  await person.sees(amount(bill.total, person.language), 'with the amount that the paper must have');
}

/** Nobody signed in for this supply yet; the paper is in hand. */
async function comesFirst(person, { first }, { codes }) {
  await person.go('/dang-nhap');
  await person.speaks();
  await person.unfold('sign_in_first');
  await person.follow('sign_in_first_start');
  await person.fill('bill_agreement', first.bill.agreement);
  await person.fill('verify_code', first.code);
  await person.fill('first_reading', first.reading);
  await person.press('sign_in');
  await person.fill('contact_who', first.phone);
  await person.tick('contact_consent');
  await person.press('sign_in_send');
  await person.fill('code_label', codes());
  await person.press('sign_in');
  await person.follow('done_onward');
  await person.sees(amount(first.bill.total, person.language), 'the bill in hand is the one at home');
  await person.follow('home_explain');
  await person.sees(first.bill.number, 'with its number');
  await leaves(person);
}

/** In this order: each goes on where the one before ended. */
export const portalJourneys = {
  'signs in with a code': comes,
  'reads a bill, its paper and the comparison': readsBill,
  'reads the meter': readsMeter,
  'lets a tenant see': letsOthersSee,
  'agrees and withdraws': consents,
  'declines the comparison': declinesComparison,
  'sets a level': setsLevel,
  'changes the contact': changesContact,
  'gets help': getsHelp,
  'signs out': leaves,
  'verifies a bill': verifies,
  'comes the first time with a bill': comesFirst,
};
