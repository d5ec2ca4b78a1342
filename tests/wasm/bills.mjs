// SPDX-License-Identifier: Apache-2.0
// Requests of `calc`: every field, category, voltage and date of the price book among them.
import { readFileSync } from 'node:fs';

const book = JSON.parse(readFileSync(new URL('../../data/pricebook.json', import.meta.url)));
const day = 86400000;
const days = (text) => Date.parse(text + 'T00:00Z') / day;
const text = (number) => new Date(number * day).toISOString().slice(0, 10);
const firstDay = days(book.decisions[0].effective_from);
const lastDay = days('2027-06-30');
const changes = book.decisions.map((decision) => decision.effective_from)
  .filter((from) => from !== null && days(from) > firstDay).map(days);

// Categories with the voltages that every decision prices, from the rows of the book.
const pairs = new Map();
for (const decision of book.decisions) {
  for (const row of decision.rows) {
    const key = JSON.stringify([row.category, row.voltage ?? null]);
    pairs.set(key, (pairs.get(key) ?? new Set()).add(decision.id));
  }
}
const everywhere = Math.max(...[...pairs.values()].map((ids) => ids.size));
const common = [...pairs].filter(([, ids]) => ids.size >= everywhere - 1)
  .map(([key]) => JSON.parse(key));
const all = [...pairs].map(([key]) => JSON.parse(key));

function period(chance, request) {
  if (chance.percent(40)) {
    const at = chance.between(firstDay + 62, lastDay);
    request.month = text(at).slice(0, 7);
    return [at - 60, at];
  }
  // Half of the periods lie across a price change.
  const length = chance.pick([1, 15, 27, 28, 29, 30, 31, 31, 33, 45, 62, 92, 400]);
  const near = chance.percent(50) ? chance.pick(changes) - chance.below(length + 1)
    : chance.between(firstDay, lastDay - length);
  const from = Math.max(near, firstDay);
  request.from = text(from);
  request.to = text(from + length);
  return [from, from + length];
}

function quantity(chance) {
  if (chance.percent(5)) return '0';
  return chance.percent(80) ? String(chance.below(1200)) : chance.decimal(7, 3);
}

function usage(chance, registers) {
  return registers
    ? { normal: quantity(chance), peak: quantity(chance), offpeak: quantity(chance) }
    : { kwh: quantity(chance) };
}

const milli = (decimal) => {
  const [whole, behind = ''] = decimal.split('.');
  return BigInt(whole + behind.padEnd(3, '0'));
};
const decimal = (number) => {
  const behind = String(number % 1000n).padStart(3, '0').replace(/0+$/, '');
  return String(number / 1000n) + (behind === '' ? '' : '.' + behind);
};

function use(chance) {
  const [category, voltage] = chance.pick(chance.percent(90) ? common : all);
  const result = { category: chance.percent(40) ? 'SH' : category };
  if (result.category === category && voltage !== null) result.voltage = voltage;
  return result;
}

// Shares that sum to 100, or kWh that sum to the usage.
function uses(chance, request, registers) {
  const count = chance.percent(70) ? 1 : chance.between(2, 4);
  const list = Array.from({ length: count }, () => use(chance));
  if (!registers && chance.percent(25)) {
    let sum = 0n;
    for (const item of list) {
      item.kwh = quantity(chance);
      sum += milli(item.kwh);
    }
    request.usage = { kwh: decimal(sum) };
  } else if (count > 1 || chance.percent(80)) {
    let left = 100000;
    list.forEach((item, index) => {
      const share = index === count - 1 ? left
        : chance.percent(70) ? 1000 * chance.below(Math.floor(left / 1000) + 1)
          : chance.below(left + 1);
      left -= share;
      item.share = decimal(BigInt(share));
    });
  }
  if (count > 1 && chance.percent(20)) list[0].households = households(chance);
  return list;
}

function households(chance) {
  return decimal(250n * BigInt(chance.between(1, chance.percent(90) ? 40 : 4000)));
}

// A reading on each price change inside the period, in order and inside the usage.
function readings(chance, request, [from, to], registers) {
  const inside = changes.filter((change) => change > from && change < to);
  if (inside.length === 0 || request.uses.some((item) => item.kwh !== undefined)) return;
  const whole = request.usage;
  request.read_on_change = inside.map((change, index) => {
    const part = (name) =>
      decimal(milli(whole[name]) * BigInt(index + 1) / BigInt(inside.length + 1));
    return { date: text(change), usage: registers
      ? { normal: part('normal'), peak: part('peak'), offpeak: part('offpeak') }
      : { kwh: part('kwh') } };
  });
}

function reactive(chance, request) {
  if (chance.percent(50)) request.usage.cosphi = '0.' + String(chance.between(50, 99));
  else request.usage.kvarh = quantity(chance);
  request.demand_kw = String(chance.between(10, 500));
}

export function billRequest(chance) {
  const request = {};
  const span = period(chance, request);
  const registers = chance.percent(25);
  request.usage = usage(chance, registers);
  request.uses = uses(chance, request, registers);
  if (chance.percent(40)) request.households = households(chance);
  if (chance.percent(5)) request.lodgers_undeclared = chance.percent(80);
  if (chance.percent(5)) request.papers_missing = chance.percent(80);
  if (chance.percent(15)) {
    request.prorate = chance.pick(
      ['new_supply', 'party_change', 'contract_end', 'reading_day_change', null]);
  }
  if (chance.percent(30)) request.month_days = chance.pick(['previous_month', 'own_month', '30']);
  if (chance.percent(20)) request.change_split = chance.pick(['half_up', 'truncate_old']);
  if (chance.percent(30)) readings(chance, request, span, registers);
  if (chance.percent(15)) reactive(chance, request);
  if (chance.percent(10)) {
    request.support = {};
    if (chance.percent(50)) request.support.restricted_area = chance.percent(80);
    if (chance.percent(30)) request.support.tourist_lodging = true;
    if (chance.percent(30)) request.support.quarantine_site = chance.pick(['free', 'paid']);
  }
  if (chance.percent(15)) {
    const decision = chance.pick(book.decisions);
    request.decision = decision.id;
    if (decision.by_average) request.average = '2' + chance.decimal(3, 4).padStart(3, '0');
    delete request.read_on_change;
  }
  if (chance.percent(20)) request.vat_rate = chance.pick(['0', '0.08', '0.1', '0.05', '1']);
  return request;
}

// A bill request and what of its usage was billed already.
export function backbillRequest(chance) {
  const request = billRequest(chance);
  delete request.support;
  if (chance.percent(90)) delete request.read_on_change;
  const tenths = BigInt(chance.below(11));
  const billed = {};
  for (const name of ['kwh', 'normal', 'peak', 'offpeak']) {
    if (request.usage[name] === undefined) continue;
    billed[name] = decimal(milli(request.usage[name]) * tenths / 10n);
  }
  request.billed = billed.kwh !== undefined && chance.percent(20) ? billed.kwh : billed;
  if (chance.percent(40)) request.cause = chance.pick(['theft', 'wrong_price', 'not_measured']);
  if (chance.percent(30)) request.settlement = text(chance.between(firstDay, lastDay));
  return request;
}

export function feeRequest(chance) {
  const request = { type: 'reconnection', voltage: chance.pick(['LE038', 'GT038_35', 'GT35']) };
  if (chance.percent(90)) request.distance_km = chance.percent(70)
    ? String(chance.below(60)) : chance.decimal(2, 3);
  if (chance.percent(90)) request.region = chance.pick(['plain', 'mountain_island']);
  request.residential = chance.percent(30);
  if (chance.percent(40)) request.date = text(chance.between(days('2021-01-01'), lastDay));
  if (chance.percent(20)) request.vat_rate = chance.pick(['0', '0.08', '0.1']);
  return request;
}

export function vendRequest(chance) {
  const money = chance.below(5000000);
  const request = { money: chance.percent(60) ? String(money) : money };
  const at = text(chance.between(firstDay + 31, lastDay));
  if (chance.percent(70)) request.month = at.slice(0, 7);
  else request.date = at;
  if (chance.percent(20)) request.vat_rate = chance.pick(['0', '0.08', '0.1']);
  return request;
}
