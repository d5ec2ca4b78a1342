// SPDX-License-Identifier: Apache-2.0
// Requests of `rate` and `meter-kwh`: mostly sound, every field and kind of charge among them.
const periods = ['peak', 'normal', 'offpeak', 'đêm', '1', '2'];

function blocks(chance, sized) {
  const count = chance.between(1, 6);
  let upto = 0;
  const list = [];
  for (let i = 0; i < count; i++) {
    upto += chance.between(1, 400);
    const last = i === count - 1;
    const block = { upto: last && chance.percent(90) ? null : String(upto + (last ? 10 ** 9 : 0)) };
    block.unit = chance.decimal(4, 9);
    if (chance.percent(40)) block.flat = chance.decimal(6, 3);
    if (sized && chance.percent(20)) block.size = String(chance.between(1, 100));
    list.push(block);
  }
  return list;
}

function charge(chance, usage) {
  const type = chance.pick(['graduated', 'volume', 'package', 'time_of_use', 'demand', 'fixed']);
  if (type === 'fixed') {
    const amount = chance.percent(50) ? chance.below(10 ** 6) : chance.decimal(6, 9);
    return { type, amount };
  }
  if (type === 'demand') {
    usage.demand ??= {};
    const prices = {};
    for (const name of periods) {
      prices[name] = { price: chance.decimal(6, 9) };
      if (chance.percent(50)) usage.demand[name] = chance.decimal(5, 3);
    }
    return { type, periods: prices };
  }
  if (type === 'time_of_use') {
    usage.by_period ??= {};
    const pooled = chance.percent(50);
    const shared = blocks(chance, false);
    const prices = {};
    for (const name of periods) {
      prices[name] = pooled && chance.percent(98)
        ? shared.map((block) => ({ ...block, unit: chance.decimal(4, 9) }))
        : blocks(chance, !pooled);
      if (chance.percent(60)) usage.by_period[name] = chance.decimal(6, 6);
    }
    return { type, pooled, periods: prices };
  }
  usage.quantity ??= chance.decimal(7, 9);
  if (type === 'package') {
    return { type, size: String(chance.between(1, 1000)), price: chance.decimal(6, 3),
             free: chance.decimal(3, 0) };
  }
  const result = { type, blocks: blocks(chance, true) };
  if (chance.percent(20)) result.from = chance.decimal(4, 3);
  if (chance.percent(10)) result.size = String(chance.between(1, 50));
  return result;
}

export function rateRequest(chance) {
  const usage = {};
  const charges = [];
  for (let i = chance.between(1, 3); i > 0; i--) charges.push(charge(chance, usage));
  const request = { charges, usage };
  if (chance.percent(20)) request.minimum = chance.decimal(6, 2);
  if (chance.percent(20)) request.maximum = String(10 ** 9 + chance.below(10 ** 9));
  if (chance.percent(5)) delete request.usage;
  return request;
}

function reading(chance, digits) {
  const text = String(chance.below(10 ** Math.min(digits, 9)));
  return chance.percent(50) ? text.padStart(digits, '0') : text;
}

function register(chance) {
  const digits = chance.between(3, 9);
  const request = { old: reading(chance, digits), new: reading(chance, digits), digits };
  if (chance.percent(60) && Number(request.old) > Number(request.new)) {
    [request.old, request.new] = [request.new, request.old];
  }
  if (chance.percent(30)) request.multiplier = chance.decimal(4, 3);
  if (chance.percent(20)) request.expected = chance.decimal(5, 3);
  return request;
}

export function meterRequest(chance) {
  const request = register(chance);
  if (chance.percent(20)) request.removed = chance.decimal(5, 3);
  if (chance.percent(10)) request.removed = register(chance);
  if (chance.percent(20)) request.direct = chance.decimal(5, 3);
  return request;
}
