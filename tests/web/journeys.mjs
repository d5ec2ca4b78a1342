// SPDX-License-Identifier: Apache-2.0
// Journeys from the first click to the result, by filling and sending the forms that are there: customers
// on a phone and on a desk, in both languages, with script and without; the staff with script. Each ends
// with what the person sees, and with a browser that complained of nothing.
//
//   node journeys.mjs SANGDEN [all]      ONLY=portal|staff runs a part, SCREENS=folder keeps a picture of each page
//
// all: every size with every language, and axe looks at each page of those with script; otherwise customers with a phone in Vietnamese and no script, and
// the staff at a desk in English.
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { end, folder, sangden, serve } from '../http/house.mjs';
import { desktop, launch, phone as small } from './browser.mjs';
import { bills, codeSent, demonstration, giveLogin, givePassword, paper } from './demonstration.mjs';
import { portalJourneys } from './journeys_portal.mjs';
import { signsIn, staffJourneys } from './journeys_staff.mjs';
import { Person } from './person.mjs';
import { picture } from './picture.mjs';
import { step, under, verdict } from './tap.mjs';

const all = process.argv[3] === 'all', only = process.env.ONLY;
const looks = { closely: all, album: process.env.SCREENS && resolve(process.env.SCREENS) };
if (looks.album) mkdirSync(looks.album, { recursive: true });
process.chdir(folder); // the photo store lies below the folder in which the program runs
const every = [small, desktop].flatMap((profile) => ['vi', 'en'].flatMap((language) =>
  [false, true].map((script) => ({ profile, language, script }))));
const named = ({ profile, language, script }) => `${profile.name} ${language}${script ? '' : ' without script'}`;
const usual = { customers: 'phone vi without script', staff: 'desktop en' };

/** All journeys, each behind the one before; people() are those who went so far. */
async function travel(combination, journeys, people, ...things) {
  for (const [name, journey] of Object.entries(journeys)) {
    under(`${named(combination)}: ${name}: `);
    await step('to the end', () => journey(...things));
    const harm = people().flatMap((person) => person.harm());
    verdict(harm.length === 0, 'no page is wider than the screen or has a barrier, and the browser has nothing to complain of', harm.join('\n'));
  }
  for (const person of people()) await person.leave();
}

/** A demonstration in which many sign in from one address, with passwords that cost little. */
function house(name) {
  const env = demonstration({ customers: 120, months: 14, name });
  for (const [parameter, value] of [['address_burst', '1000'], ['password_memory_kib', '64']])
    sangden(['identity', 'set', parameter, '--value', value, '--source', 'test', '--as', 'QUANTRI'], { env });
  return env;
}

const contact = (i, kind) => `09${kind}000${String(i).padStart(4, '0')}`;

/** Customers of one demonstration, two for each combination: one signs in, one has a bill in hand. */
async function customers(browser, combinations) {
  const env = house('portal');
  const own = bills(env).slice(20); // nobody of whom the demonstration tells
  const tenant = contact(0, 77);
  giveLogin(env, tenant, own.at(-20).agreement);
  mkdirSync('pictures');
  const people = combinations.map((combination, i) => {
    const [bill, first] = own.slice(2 * i);
    giveLogin(env, contact(i, 12), bill.agreement);
    const [{ meters: [{ serial }] }] = JSON.parse(sangden(['point', 'show', bill.agreement, '--json'], { env })).points;
    writeFileSync(`pictures/${serial}_${bill.to.replaceAll('-', '')}-093000.png`, picture(800 + i, 600));
    return { combination, tenant, bill, code: paper(env, bill).code, phone: contact(i, 12), another: contact(i, 33), from: `203.0.113.${10 + i}`,
             first: { bill: first, phone: contact(i, 66), ...paper(env, first) } };
  });
  sangden(['import', 'photos', 'pictures', '--unit', 'PZ0001', '--date', '2026-11-01', '--as', 'QUANTRI'], { env });
  const server = await serve(env);
  for (const who of people) {
    const person = await Person.arrive(browser, { ...who.combination, ...looks, from: who.from }, `http://127.0.0.1:${server.port}`);
    await travel(who.combination, portalJourneys, () => [person], person, who, { codes: () => codeSent(env) });
  }
  await server.stop();
}

/** The staff of a demonstration of its own: a month is closed once. */
async function staff(browser, combination) {
  const env = house(`staff-${named(combination)}`);
  const server = await serve(env, ['--workers', '1']), people = new Map();
  const arrive = async (code) => {
    people.set(code, await Person.arrive(browser, { ...combination, ...looks }, `http://127.0.0.1:${server.port}`));
    return people.get(code);
  };
  const desk = async (code) => {
    if (people.has(code)) return people.get(code);
    givePassword(env, code);
    const person = await arrive(code);
    await signsIn(person, code);
    await person.sees('sign_out', `${code} signs in with a password`);
    return person;
  };
  await travel(combination, staffJourneys, () => [...people.values()], { env, desk, arrive, bill: bills(env)[20] });
  await server.stop();
}

const browser = await launch();
if (only !== 'staff') await customers(browser, every.filter((one) => all || named(one) === usual.customers));
// The staff have script: their pages do everything without it, which walk.mjs and pages.mjs look at.
for (const { profile, language } of only === 'portal' ? [] : every.filter(({ script }) => script))
  if (all || named({ profile, language, script: true }) === usual.staff)
    await staff(browser, { profile, language, script: true });
await browser.close();
end();
