// SPDX-License-Identifier: Apache-2.0
// Request → link (C) → request (TypeScript): the same request, and the same answer byte for byte.
//
//   node link.mjs SANGDEN MODULE COUNT [SEED]
import { spawnSync } from 'node:child_process';
import { backbillRequest, billRequest } from '../wasm/bills.mjs';
import { Chance } from '../wasm/chance.mjs';
import { Module } from '../wasm/module.mjs';
import { spoil } from '../wasm/spoil.mjs';
import { load } from './load.mjs';
import { written } from './requests.mjs';
import { equal, finish, verdict } from './tap.mjs';

const [program, modulePath, countText, seedText] = process.argv.slice(2);
const seed = Number(seedText ?? 20261128);
const module = new Module(modulePath);

const { readLink, writeLink, oddMember, LinkError } = await load('link.ts');

const present = (value) => value !== null && value !== undefined;

/** An object with those members, in that order, that say something. */
function members(map, names) {
  const out = {};
  for (const name of names) if (present(map[name])) out[name] = map[name];
  return out;
}

const quantities = (map) => members(map, ['kwh', 'normal', 'peak', 'offpeak']);
const usageOf = (map) => ({ ...quantities(map), ...members(map, ['kvarh', 'cosphi']) });

/** The one form that docs/calculator-link.md promises, made without the code under test. */
function canonical(request) {
  const whole = { ...request, billed: request.billed ?? request.usage.billed };
  const out = members(whole, ['month', 'from', 'to', 'usage', 'uses', 'households',
    'lodgers_undeclared', 'papers_missing', 'prorate', 'month_days', 'change_split',
    'read_on_change', 'support', 'demand_kw', 'decision', 'average', 'vat_rate', 'billed', 'cause',
    'settlement']);
  out.usage = usageOf(request.usage);
  out.uses = request.uses.map((use) => {
    const item = members(use, ['category', 'voltage', 'share', 'kwh', 'households', 'billed']);
    if (request.uses.length === 1 && item.share === '100') delete item.share;
    return item;
  });
  for (const flag of ['lodgers_undeclared', 'papers_missing']) if (!out[flag]) delete out[flag];
  out.read_on_change = out.read_on_change?.map(({ date, usage }) => ({ date, usage: usageOf(usage) }));
  if (!out.read_on_change?.length) delete out.read_on_change;
  const support = members(out.support ?? {}, ['restricted_area', 'tourist_lodging',
                                              'quarantine_site']);
  for (const name of Object.keys(support)) if (!support[name]) delete support[name];
  if (Object.keys(support).length > 0) out.support = support;
  else delete out.support;
  if (typeof out.billed === 'object') {
    out.billed = present(out.billed.kwh) ? out.billed.kwh : quantities(out.billed);
  }
  return out;
}

/** The link of every line, null where it was refused. */
function links(lines) {
  const run = spawnSync(program, ['calculator', 'link', '--total', '1388405', '--number',
    'PD0100-1', '--price-book', '0123456789abcdef'],
    { input: lines.join('\n') + '\n', maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'ignore'] });
  return run.stdout.toString().trimEnd().split('\n').map((line) => JSON.parse(line).link ?? null);
}

const answerOf = (request, text) => module.answer(
  present(request.billed ?? request.usage?.billed) ? 'backbill' : 'calc', Buffer.from(text));

/** What the calculator refused stays refused, in whatever words; a null it did not like is no member
 *  of the link any more. */
function sameAnswer(given, wanted, text) {
  const refused = (bytes) => bytes.subarray(0, 9).equals(Buffer.from('{"error":'));
  if (!refused(wanted)) return given.equals(wanted);
  return refused(given) || text.includes(':null');
}

/** What is wrong with the link of one request, or null. */
function fault(text, link, sound) {
  if (link === null) return sound ? 'refused' : null;
  const fragment = link.slice(link.indexOf('#'));
  const read = readLink(fragment);
  const request = JSON.parse(text);
  const found = JSON.stringify(read.request);
  if (sound && found !== JSON.stringify(canonical(request))) return 'another request: ' + found;
  const [wanted, given] = [answerOf(request, text), answerOf(read.request, found)];
  if (sound ? !given.equals(wanted) : !sameAnswer(given, wanted, text)) return 'another answer: ' + found;
  if (writeLink(read) !== fragment) return 'another link: ' + writeLink(read);
  if (read.total !== '1388405' || read.number !== 'PD0100-1' || read.priceBook !== '01234567') {
    return 'the bill is lost';
  }
  return null;
}

function prove(name, texts, sound) {
  const made = links(texts);
  let wrong = null;
  let linked = 0;
  texts.forEach((text, i) => {
    if (made[i] !== null) linked++;
    let found;
    try {
      found = fault(text, made[i], sound);
    } catch (error) {
      found = error.stack;
    }
    if (found !== null) wrong ??= [found, text, made[i]];
  });
  verdict(wrong === null && made.length === texts.length, `${name}: ${texts.length} requests`,
          ...(wrong ?? []));
  return linked;
}

const chance = new Chance(seed);
const generate = (make, count) => Array.from({ length: count }, () => make(chance));
const count = Number(countText);

prove('as they are written', written().map((request) => JSON.stringify(request)), true);
prove('bills by chance', generate(billRequest, count).map((r) => JSON.stringify(r)), true);
prove('back-billing by chance', generate(backbillRequest, count).map((r) => JSON.stringify(r)), true);
const spoiled = generate((c) => spoil(c, c.percent(50) ? billRequest(c) : backbillRequest(c)), count)
  .map((text) => text.replaceAll('\n', ' ')).filter((text) => text.trim() !== '');
const linked = prove('spoiled ones: the same answer, or no link', spoiled, false);
verdict(linked > count / 20 && linked < spoiled.length, 'some of the spoiled ones have a link');

// What a reader must not guess.
const good = '#m=2026-07&k=461&u=SH';
const bad = {
  '#m=2026-07&k=461': 'u', '#m=2026-07&u=SH': 'k', [good + '&k=462']: 'k', [good + '&z=1']: 'z',
  [good + '&h=1,5']: 'h', [good + '&x=12.5']: 'x', [good + '&b=XY']: 'b', [good + '&n=%E1']: 'n',
  [good + '&lodgers=0']: 'lodgers', [good + '&support=free,paid']: 'support',
  [good + '&read=2026-07-10']: 'read', '#m=2026-07&k=1/2&u=SH': 'k', '#m=2026-07&k=1&u=SH:1x': 'u',
  '#m=2026-07&k=1&u=SH,KD:50': 'u', [good + '&h=']: 'h=', [good + '&&h=1']: '',
};
for (const [fragment, member] of Object.entries(bad)) {
  let found = 'taken';
  try {
    readLink(fragment);
  } catch (error) {
    found = error instanceof LinkError ? error.member : error.stack;
  }
  equal(found, member, fragment + ' is not understood');
}

// What has the right shape and is nothing: the page names it and calculates nothing.
const odd = {
  '#m=2026-13&k=1&u=SH': 'm', '#m=x&k=1&u=SH': 'm', '#f=2027-01-31&t=2027-02-29&k=1&u=SH': 't',
  '#f=2026-6-30&t=2026-07-31&k=1&u=SH': 'f', '#m=2026-07&k=1.2.3&u=SH': 'k', [good + '&h=1.']: 'h',
  '#m=2026-07&k=1&u=SH:1..2': 'u', [good + '&cause=theft']: 'cause', [good + '&settled=2026-07-01']: 'settled',
  [good + '&billed=1&settled=x']: 'settled', [good + '&n=' + 'A'.repeat(65)]: 'n',
  [good + '&n=%E2%80%AEabc']: 'n', [good + '&read=2026-02-30:1']: 'read',
};
for (const [fragment, member] of Object.entries(odd)) {
  equal(oddMember(readLink(fragment)), member, fragment + ' says nothing');
}
for (const fragment of [good, '#f=2028-01-31&t=2028-02-29&k=0.5&u=SH', good + '&billed=1&cause=theft']) {
  equal(oddMember(readLink(fragment)), undefined, fragment + ' says all');
}

// Numbers as they are pasted.
const { parseNumber, parseTotal } = await load('numbers.ts');
for (const [text, number] of [[' 461 kWh', '461'], ['1.388,5 kVArh', '1388.5'], ['12,345', '12.345'],
                              ['-5', null], ['1e3', null], ['1.2.3', null]]) {
  equal(parseNumber(text), number, `“${text}” as a quantity`);
}
for (const [text, total] of [['143,720 đ', '143720'], ['1,388,405', '1388405'], ['1.388.405 đ', '1388405'],
                             ['143.720', '143720']]) {
  equal(parseTotal(text), total, `“${text}” as a total`);
}
finish();
