// SPDX-License-Identifier: Apache-2.0
// Why an invoice differs: the plausible causes are tried with the engine, and those that give the
// amount of the invoice to the đồng are named, the simplest first.
import type { CalcAnswer, Line } from './engine.js';
import { isBackbill, type AnyRequest } from './link.js';
import { addDays, fromMilli, milli, monthDays, showDay, showDecimal } from './numbers.js';
import { categoryName, percent, text, tierName, touNames, voltageName,
         type Text } from './words.js';

/** What an invoice says. Lines by the position of the calculated ones. */
export interface Invoice {
  total: string;
  kwh?: string | null;
  lines?: { index: number; kwh: string | null; amount: string | null }[];
}

/** A cause in words; request, where the page can be set to it. */
export interface Cause {
  says: Text;
  request?: AnyRequest;
}

export interface Verdict {
  same: boolean;
  /** Invoice less calculation, in đồng. */
  difference: bigint;
  /** What the lines and the kWh of the invoice show, whatever the amount. */
  seen: Text[];
  causes: Cause[];
}

/** Calculates, or answers null when the request is refused. */
export type Calculate = (request: AnyRequest) => CalcAnswer | null;

interface Trial extends Cause {
  request: AnyRequest;
}

const changed = (request: AnyRequest, change: object): AnyRequest => {
  const result = { ...request, ...change } as Record<string, unknown>;
  for (const [name, value] of Object.entries(result)) if (value == null) delete result[name];
  return result as unknown as AnyRequest;
};

const days = (request: AnyRequest): [from: string, to: string] =>
  request.month != null ? monthDays(request.month) : [request.from!, request.to!];

// ---- causes that are another request ------------------------------------------------------------

function vatTrials(request: AnyRequest, answer: CalcAnswer): Trial[] {
  return ['0.1', '0.08', '0.05'].filter((rate) => rate !== answer.vat_rate).map((rate) => ({
    says: text(`Thuế GTGT: hóa đơn tính ${percent(rate)}, ở đây là ${percent(answer.vat_rate)}.`,
               `VAT: the invoice has ${percent(rate)}, here it is ${percent(answer.vat_rate)}.`),
    request: changed(request, { vat_rate: rate }),
  }));
}

function householdTrials(request: AnyRequest, answer: CalcAnswer): Trial[] {
  if (!answer.lines.some((line) => line.tier !== null)) return [];
  const here = request.households ?? '1';
  const counts = Array.from({ length: 20 }, (_, i) => String(i + 1));
  for (let quarter = 1; quarter <= 12; quarter++) counts.push(String(quarter / 4));
  for (let step = -4; step <= 4; step++) {
    if (Number(here) + step / 4 > 0) counts.push(String(Number(here) + step / 4));
  }
  return [...new Set(counts)].filter((count) => count !== here).map((count) => ({
    says: text(`Số hộ: hóa đơn tính ${showDecimal(count)} hộ, ở đây là ${showDecimal(here)} hộ.`,
               `Households: the invoice counts ${showDecimal(count)}, here it is ` +
               `${showDecimal(here)}.`),
    request: changed(request, { households: count }),
  }));
}

function prorationTrials(request: AnyRequest): Trial[] {
  const trials: Trial[] = [];
  if (request.prorate != null) {
    trials.push({
      says: text('Định mức bậc: hóa đơn tính đủ định mức, ở đây chia theo số ngày.',
                 'Tier widths: full on the invoice, by days here.'),
      request: changed(request, { prorate: null }),
    });
  }
  for (const [value, vi, en] of [
    [null, 'tháng trước liền kề', 'the month before'], ['own_month', 'tháng của hóa đơn', 'its month'],
    ['30', '30 ngày', '30 days']] as const) {
    const differs = value !== (request.month_days ?? null);
    if (request.prorate == null) {
      trials.push({
        says: text(`Số ngày: hóa đơn chia định mức bậc theo số ngày của kỳ (chia cho ${vi}), ở đây ` +
                   'tính đủ định mức.',
                   `Days: the invoice divides the tier widths by days (over ${en}), here they are ` +
                   'full.'),
        request: changed(request, { prorate: 'reading_day_change', month_days: value }),
      });
    }
    if (differs) {
      trials.push({
        says: text(`Số ngày: hóa đơn chia định mức cho ${vi}.`,
                   `Days: the invoice divides the widths over ${en}.`),
        request: changed(request, { month_days: value }),
      });
    }
  }
  trials.push(request.change_split === 'truncate_old'
    ? { says: text('Đổi giá: hóa đơn làm tròn định mức của từng phần.',
                   'Price change: the invoice rounds the widths of each part.'),
        request: changed(request, { change_split: null }) }
    : { says: text('Đổi giá: hóa đơn cắt lẻ định mức phần giá cũ, phần còn lại theo giá mới.',
                   'Price change: the invoice cuts the widths of the old part and gives the rest ' +
                   'to the new one.'),
        request: changed(request, { change_split: 'truncate_old' }) });
  return trials;
}

function dayTrials(request: AnyRequest): Trial[] {
  const [from, to] = days(request);
  const trials: Trial[] = [];
  for (const [a, b] of [[0, -1], [0, 1], [-1, 0], [1, 0], [1, 1], [-1, -1], [0, -2], [0, 2],
                        [-2, 0], [2, 0], [0, -3], [0, 3], [-3, 0], [3, 0]] as const) {
    const [first, last] = [addDays(from, a), addDays(to, b)];
    if (first >= last) continue;
    trials.push({
      says: text(`Ngày ghi chỉ số: hóa đơn tính từ ${showDay(first)} đến ${showDay(last)}.`,
                 `Reading days: the invoice runs from ${showDay(first)} to ${showDay(last)}.`),
      request: changed(request, { month: null, from: first, to: last }),
    });
  }
  return trials;
}

function decisionTrials(request: AnyRequest): Trial[] {
  return BOOK.decisions.filter(({ id, byAverage }) => !byAverage && id !== request.decision)
    .map(({ id, vi, en }) => ({
      says: text(`Giá: hóa đơn tính cả kỳ theo ${vi}.`,
                 `Prices: the invoice charges the whole period by ${en}.`),
      request: changed(request, { decision: id, average: null, read_on_change: null }),
    }));
}

function categoryTrials(request: AnyRequest): Trial[] {
  if (request.uses.length !== 1) return [];
  const use = request.uses[0]!;
  const trials: Trial[] = [];
  for (const { code, voltages } of BOOK.categories) {
    for (const voltage of voltages.length > 0 ? voltages : [null]) {
      if (code === use.category && voltage === (use.voltage ?? null)) continue;
      const name = categoryName(code);
      const at = voltage === null ? text('', '') : voltageName(voltage);
      trials.push({
        says: text(`Nhóm giá: hóa đơn tính theo giá ${name.vi}${at.vi && ', ' + at.vi}.`,
                   `Category: the invoice charges ${name.en}${at.en && ', ' + at.en}.`),
        request: changed(request, { uses: [{ ...use, category: code, voltage }] }),
      });
    }
  }
  return trials;
}

function factTrials(request: AnyRequest): Trial[] {
  const flags: [string, boolean, string, string][] = [
    ['lodgers_undeclared', request.lodgers_undeclared === true,
     'nhà trọ chưa kê khai, toàn bộ theo giá bậc 3', 'lodgers not declared, all at tier 3'],
    ['papers_missing', request.papers_missing === true, 'thiếu giấy tờ về số hộ',
     'household papers missing']];
  const trials: Trial[] = flags.map(([name, here, vi, en]) => ({
    says: here ? text(`Hóa đơn không tính như ${vi}.`, `The invoice is not that of ${en}.`)
      : text(`Hóa đơn tính như ${vi}.`, `The invoice is that of ${en}.`),
    request: changed(request, { [name]: here ? null : true }),
  }));
  const facts: [object | null, string, string][] = [
    [null, 'không có hỗ trợ theo khu vực', 'no support by area'],
    [{ restricted_area: true }, 'có hỗ trợ khu vực giãn cách', 'support of restricted areas'],
    [{ tourist_lodging: true }, 'có hỗ trợ cơ sở lưu trú du lịch', 'support of tourist lodging']];
  for (const [support, vi, en] of facts) {
    trials.push({ says: text(`Hỗ trợ: hóa đơn ${vi}.`, `Support: the invoice has ${en}.`),
                  request: changed(request, { support }) });
  }
  return trials;
}

// ---- causes in the arithmetic -------------------------------------------------------------------

/** Half up, away from zero; both positive. */
const divide = (value: bigint, by: bigint): bigint => (2n * value + by) / (2n * by);
const ppm = (rate: string): bigint => BigInt(Math.round(Number(rate) * 1e6));

function totalOf(sumMilli: bigint, rate: string): bigint {
  const preVat = divide(sumMilli, 1000n);
  return preVat + divide(preVat * ppm(rate), 1000000n);
}

export function lineName(line: Line): Text {
  if (line.kind === 'reactive') return text('Phản kháng', 'Reactive energy');
  const name = line.tier !== null ? tierName(line.tier)
    : line.tou !== null ? touNames[line.tou]
    : line.kind === 'fee' ? text('Công suất', 'Demand') : text('Điện năng', 'Energy');
  return line.kind === 'support'
    ? text('Hỗ trợ ' + name.vi.toLowerCase(), 'Support, ' + name.en.toLowerCase()) : name;
}

/** Adds those whose amount is the wanted one. */
function arithmetic(answer: CalcAnswer, wanted: bigint, causes: Cause[]): void {
  const rate = answer.vat_rate;
  const sum = answer.lines.reduce((all, line) => all + milli(line.amount), 0n);
  const say = (total: bigint, vi: string, en: string) => {
    if (total === wanted) causes.push({ says: text(vi, en) });
  };
  const whole = answer.lines.map((line) => divide(milli(line.amount), 1000n));
  const rounded = whole.reduce((all, amount) => all + amount, 0n);
  say(totalOf(rounded * 1000n, rate), 'Làm tròn: hóa đơn làm tròn từng dòng đến đồng.',
      'Rounding: the invoice rounds each line to a đồng.');
  say(whole.reduce((all, amount) => all + amount + divide(amount * ppm(rate), 1000000n), 0n),
      'Làm tròn: hóa đơn tính và làm tròn thuế của từng dòng.',
      'Rounding: the invoice taxes and rounds each line.');
  const cut = sum / 1000n;
  say(cut + cut * ppm(rate) / 1000000n, 'Làm tròn: hóa đơn bỏ phần lẻ dưới một đồng.',
      'Rounding: the invoice drops what is below a đồng.');
  for (const step of [10n, 100n, 1000n]) {
    say(divide(BigInt(answer.total), step) * step, `Làm tròn: hóa đơn làm tròn đến ${step} đ.`,
        `Rounding: the invoice is rounded to ${step} đ.`);
  }
  for (const line of answer.lines) {
    const name = lineName(line);
    const amount = milli(line.amount);
    say(totalOf(sum - amount, rate), `Một dòng: hóa đơn thiếu “${name.vi}”.`,
        `One line: “${name.en}” is missing on the invoice.`);
    say(totalOf(sum + amount, rate), `Một dòng: hóa đơn tính “${name.vi}” hai lần.`,
        `One line: the invoice has “${name.en}” twice.`);
    swappedPrice(answer, line, wanted, causes);
  }
}

/** One line at the price of another, or some of its kWh. */
function swappedPrice(answer: CalcAnswer, line: Line, wanted: bigint, causes: Cause[]): void {
  if (line.kind !== 'energy') return;
  const sum = answer.lines.reduce((all, other) => all + milli(other.amount), 0n);
  for (const other of answer.lines) {
    if (other.kind !== 'energy' || other.price === line.price || other.from !== line.from) continue;
    const step = BigInt(other.price!) - BigInt(line.price!);
    const kwh = milli(line.kwh!);
    const [name, as] = [lineName(line), lineName(other)];
    if (totalOf(sum + kwh * step, answer.vat_rate) === wanted) {
      causes.push({ says: text(
        `Một bậc: hóa đơn tính “${name.vi}” theo giá “${as.vi}” (${showDecimal(other.price!)} đ).`,
        `One tier: “${name.en}” is charged at the price of “${as.en}” ` +
        `(${showDecimal(other.price!)} đ).`) });
      continue;
    }
    const next = line.tier !== null && other.tier !== null && Math.abs(line.tier - other.tier) === 1;
    for (let moved = 1000n; next && moved < kwh && moved <= 50000n; moved += 1000n) {
      if (totalOf(sum + moved * step, answer.vat_rate) !== wanted) continue;
      causes.push({ says: text(
        `Một bậc: ${moved / 1000n} kWh của “${name.vi}” được tính theo giá “${as.vi}”.`,
        `One tier: ${moved / 1000n} kWh of “${name.en}” are charged at the price of “${as.en}”.`) });
      return;
    }
  }
}

// ---- energy -------------------------------------------------------------------------------------

const withKwh = (request: AnyRequest, kwh: string): AnyRequest =>
  changed(request, { usage: { ...request.usage, kwh }, read_on_change: null });

/** The whole kWh that give the amount: more energy never costs less. */
function energySearch(calculate: Calculate, request: AnyRequest, here: string,
                      wanted: bigint): Cause[] {
  if (request.usage.kwh == null || request.uses.some((use) => use.kwh != null)) return [];
  let [low, high] = [0n, milli(here) / 1000n * 20n + 5000n];
  while (low < high) {
    const middle = (low + high) / 2n;
    const total = calculate(withKwh(request, String(middle)))?.total;
    if (total === undefined) return [];
    if (BigInt(total) < wanted) low = middle + 1n;
    else high = middle;
  }
  const found = withKwh(request, String(low));
  if (calculate(found)?.total !== Number(wanted)) return [];
  const more = low * 1000n - milli(here);
  return [{
    says: text(`Sản lượng: số tiền này ứng với ${showDecimal(String(low))} kWh, ` +
               `${more < 0n ? 'ít hơn' : 'nhiều hơn'} ${showDecimal(fromMilli(more < 0n ? -more : more))}` +
               ' kWh so với ở đây. Xem lại chỉ số.',
               `Energy: the amount is that of ${showDecimal(String(low))} kWh, ` +
               `${showDecimal(fromMilli(more < 0n ? -more : more))} kWh ` +
               `${more < 0n ? 'less' : 'more'} than here. Check the readings.`),
    request: found,
  }];
}

// ---- what the invoice itself shows --------------------------------------------------------------

function seenLines(answer: CalcAnswer, invoice: Invoice): Text[] {
  const seen: Text[] = [];
  const note = (name: Text, theirs: string, ours: string, unit: string) => {
    if (milli(theirs) === milli(ours)) return;
    seen.push(text(`${name.vi}: hóa đơn ghi ${showDecimal(theirs)} ${unit}, ở đây là ` +
                   `${showDecimal(ours)} ${unit}.`,
                   `${name.en}: ${showDecimal(theirs)} ${unit} on the invoice, ` +
                   `${showDecimal(ours)} ${unit} here.`));
  };
  if (invoice.kwh != null) note(text('Điện năng', 'Energy'), invoice.kwh, answer.kwh, 'kWh');
  for (const { index, kwh, amount } of invoice.lines ?? []) {
    const line = answer.lines[index];
    if (line === undefined) continue;
    if (kwh !== null && line.kwh !== null) note(lineName(line), kwh, line.kwh, 'kWh');
    // A bill prints whole đồng.
    if (amount !== null) {
      note(lineName(line), amount, String(divide(milli(line.amount), 1000n)), 'đ');
    }
  }
  return seen;
}

// ---- the whole ----------------------------------------------------------------------------------

function singles(request: AnyRequest, answer: CalcAnswer): Trial[] {
  return [...vatTrials(request, answer), ...householdTrials(request, answer),
          ...prorationTrials(request), ...dayTrials(request), ...decisionTrials(request),
          ...factTrials(request), ...categoryTrials(request)];
}

/** Two causes at once, of those that happen often. */
function* pairs(request: AnyRequest, answer: CalcAnswer): Generator<Trial> {
  const often = (from: AnyRequest) => [
    ...vatTrials(from, answer).slice(0, 2), ...householdTrials(from, answer).slice(0, 5),
    ...prorationTrials(from), ...dayTrials(from).slice(0, 4), ...decisionTrials(from)];
  const first = often(request);
  for (const one of first) {
    const second = often(one.request);
    for (const two of second.slice(first.indexOf(one) + 1)) {
      yield { says: text(one.says.vi + ' ' + two.says.vi, one.says.en + ' ' + two.says.en),
              request: two.request };
    }
  }
}

const CAUSES_MAX = 4;

function search(calculate: Calculate, request: AnyRequest, answer: CalcAnswer,
                wanted: bigint): Cause[] {
  const exact = (trial: Trial) => calculate(trial.request)?.total === Number(wanted);
  const causes: Cause[] = [];
  if (BigInt(answer.pre_vat) === wanted) {
    return [{ says: text('Số tiền này là tiền điện trước thuế GTGT.', 'This is the amount before VAT.') }];
  }
  arithmetic(answer, wanted, causes);
  if (!isBackbill(request)) causes.unshift(...singles(request, answer).filter(exact));
  const energy = energySearch(calculate, request, answer.kwh, wanted);
  causes.push(...energy);
  if (causes.length > 0 || isBackbill(request)) return causes;
  for (const pair of pairs(request, answer)) if (exact(pair)) return [pair];
  return [];
}

function distinct(causes: Cause[]): Cause[] {
  const known = new Set<string>();
  return causes.filter(({ says }) => !known.has(says.vi) && known.add(says.vi)).slice(0, CAUSES_MAX);
}

/** Compares an invoice with a calculation. */
export function compareInvoice(calculate: Calculate, request: AnyRequest, answer: CalcAnswer,
                               invoice: Invoice): Verdict {
  const wanted = BigInt(invoice.total);
  const difference = wanted - BigInt(answer.total);
  const seen = seenLines(answer, invoice);
  if (difference === 0n) return { same: true, difference, seen, causes: [] };
  const kwh = invoice.kwh;
  if (kwh != null && milli(kwh) !== milli(answer.kwh) && request.usage.kwh != null) {
    const theirs = withKwh(request, kwh);
    const theirAnswer = calculate(theirs);
    if (theirAnswer !== null) {
      if (BigInt(theirAnswer.total) === wanted) {
        const says = text(`Sản lượng: với ${showDecimal(kwh)} kWh của hóa đơn thì khớp đến từng đồng.`,
                          `Energy: with the ${showDecimal(kwh)} kWh of the invoice it is the same ` +
                          'to the đồng.');
        return { same: false, difference, seen, causes: [{ says, request: theirs }] };
      }
      const causes = distinct(search(calculate, theirs, theirAnswer, wanted));
      return { same: false, difference, seen, causes };
    }
  }
  return { same: false, difference, seen,
           causes: distinct(search(calculate, request, answer, wanted)) };
}
