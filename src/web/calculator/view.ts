// SPDX-License-Identifier: Apache-2.0
// The bill as it is shown: total, picture, lines with their legal basis, tax, warnings; the verdict.
import { empty, english, h, say } from './dom.js';
import type { CalcAnswer, Line } from './engine.js';
import type { AnyRequest } from './link.js';
import { daysBetween, showDay, showDecimal } from './numbers.js';
import { drawBlocks } from './picture.js';
import { lineName, type Cause, type Verdict } from './reasons.js';
import { capital, categoryName, percent, text, voltageName } from './words.js';

export const money = (amount: number | bigint | string): string =>
  showDecimal(String(amount)) + '\u00a0đ';

/** Lines with the same period and category, in their order. */
function groups(lines: Line[]): Line[][] {
  const found = new Map<string, Line[]>();
  for (const line of lines) {
    const key = line.kind === 'reactive' ? 'reactive'
      : [line.kind === 'support', line.from, line.category, line.voltage, line.decision].join();
    const group = found.get(key);
    if (group) group.push(line);
    else found.set(key, [line]);
  }
  return [...found.values()];
}

function groupTitle(line: Line): string {
  if (line.kind === 'reactive') return say(text('Công suất phản kháng', 'Reactive energy'));
  const name = capital(say(categoryName(line.category)));
  const at = line.voltage === null ? '' : ', ' + say(voltageName(line.voltage));
  return line.kind === 'support' ? say(text('Hỗ trợ: ', 'Support: ')) + name + at : name + at;
}

const basisOf = (line: Line): string => (english() ? line.basis_en : line.basis);

function lineRow(line: Line): HTMLElement {
  const quantity = line.quantity === undefined ? '' : showDecimal(line.quantity);
  const what = line.kwh !== null ? showDecimal(line.kwh) : line.kind === 'fee' ? quantity + ' kW' : '';
  const price = line.price !== null ? showDecimal(line.price)
    : line.percent !== undefined ? showDecimal(line.percent) + '\u00a0%' : '';
  const name = line.kind === 'reactive' ? 'cos\u00a0φ ' + quantity
    : say(lineName(line)).replace(/ (?=\d)/, '\u00a0').replace(' hours', '');
  return h('tr', {}, h('th', { scope: 'row' }, name), h('td', {}, what),
           h('td', {}, price), h('td', {}, showDecimal(line.amount)));
}

/** What the bases of a group have in common in front of the colon, or each in full. */
function basisRow(group: Line[]): HTMLElement[] {
  const heads = new Set(group.map((line) => basisOf(line).split(': ')[0]!));
  return [...heads].map((basis) =>
    h('tr', { class: 'basis' }, h('td', { colspan: 4 }, say(text('Căn cứ: ', 'Basis: ')) + basis)));
}

function groupBody(group: Line[]): HTMLElement {
  const first = group[0]!;
  const days = daysBetween(first.from, first.to);
  const period = `${showDay(first.from)} – ${showDay(first.to)} (${days} ` +
    say(text('ngày', days === 1 ? 'day' : 'days')) + ')';
  return h('tbody', {},
    h('tr', { class: 'group' }, h('th', { colspan: 4, scope: 'rowgroup' },
      groupTitle(first), h('span', { class: 'period' }, period))),
    ...group.map(lineRow), ...basisRow(group));
}

function sumRow(name: string, amount: number, strong = false): HTMLElement {
  return h('tr', strong ? { class: 'sum' } : {},
    h('th', { colspan: 3, scope: 'row' }, name), h('td', {}, showDecimal(String(amount))));
}

/** Amounts of so many characters leave a phone no room for letters of the usual size. */
const LONG_AMOUNT = 12;

function table(answer: CalcAnswer, words: string): HTMLElement {
  const long = showDecimal(String(answer.total)).length > LONG_AMOUNT ||
    answer.lines.some((line) => showDecimal(line.amount).length > LONG_AMOUNT);
  return h('table', { class: long ? 'long' : undefined },
    h('caption', {}, say(text('Từng dòng của hóa đơn.', 'Line by line.')),
      answer.lines.some((line) => line.tier !== null) && say(text(
        ' Mỗi bậc là phần điện có cùng một đơn giá.', ' A tier is the energy that has one price.'))),
    h('thead', {}, h('tr', {}, ...[text('Khoản', 'Item'), text('kWh', 'kWh'), text('Đơn giá', 'Price'),
                                  text('Tiền (đ)', 'Amount (đ)')]
      .map((head) => h('th', { scope: 'col' }, say(head))))),
    ...groups(answer.lines).map(groupBody),
    h('tfoot', {},
      sumRow(say(text('Trước thuế', 'Before tax')), answer.pre_vat),
      sumRow(say(text('Thuế giá trị gia tăng (GTGT) ', 'Value added tax (VAT) ')) + percent(answer.vat_rate), answer.vat),
      sumRow(say(text('Tổng cộng', 'Total')), answer.total, true),
      h('tr', { class: 'basis' }, h('td', { colspan: 4, lang: 'vi' }, words))));
}

/** Pictures of the groups whose lines are blocks of energy; more than four would hide the bill. */
function pictures(answer: CalcAnswer, width: number): Node[] {
  const drawn = groups(answer.lines).filter((group) =>
    group[0]!.kind === 'energy' && group.length > 1);
  if (drawn.length === 0 || drawn.length > 4) return [];
  return drawn.map((group) => h('figure', {},
    drawn.length > 1 && h('figcaption', {}, groupTitle(group[0]!) + ', ' +
      showDay(group[0]!.from) + ' – ' + showDay(group[0]!.to)),
    drawBlocks(group, width)));
}

/** Draws the pictures again where their place has another width. */
export function redraw(place: Element, answer: CalcAnswer, width: number): void {
  const pictured = place.querySelector('.pictures');
  if (pictured !== null) empty(pictured, ...pictures(answer, width));
}

/** The bill below its total. */
export function showAnswer(place: Element, answer: CalcAnswer, words: string, request: AnyRequest,
                           days: number, width: number): void {
  const perDay = days > 0 ? String(Math.round((Number(answer.kwh) / days) * 10) / 10) : '0';
  const kwh = showDecimal(answer.kwh) + ' kWh';
  const households = request.households ?? '1';
  const facts = say(text(
    `${kwh} · ${days} ngày · bình quân ${showDecimal(perDay)} kWh mỗi ngày`,
    `${kwh} · ${days} days · ${showDecimal(perDay)} kWh a day`)) +
    (households === '1' ? '' : ' · ' + showDecimal(households) + say(text(' hộ', ' households')));
  empty(place, h('p', { class: 'muted facts' }, facts),
    h('div', { class: 'pictures' }, ...pictures(answer, width)),
    answer.lines.length > 0 && table(answer, words),
    ...answer.warnings.map((warning) => h('p', { class: 'warning' },
      h('strong', {}, say(text('Lưu ý: ', 'Note: '))),
      english() ? warning.text_en : warning.text_vi)));
}

// ---- the verdict on an invoice ------------------------------------------------------------------

function causeItem(cause: Cause, apply: (cause: Cause) => void): HTMLElement {
  return h('li', {}, h('p', {}, say(cause.says)), cause.request !== undefined &&
    h('button', { type: 'button', class: 'plain', click: () => apply(cause) },
      say(text('Tính theo cách này', 'Calculate it this way'))));
}

function causesFound(verdict: Verdict, apply: (cause: Cause) => void): Node[] {
  const { causes } = verdict;
  if (causes.length === 0) {
    return [h('p', {}, say(text(
      'Chưa tìm thấy một nguyên nhân cho đúng số tiền này. Hãy so ngày ghi chỉ số, số hộ, nhóm giá ' +
      'và từng dòng; nếu vẫn khác, gửi phép tính này cho điện lực để được trả lời trong 24 giờ.',
      'No single cause gives exactly this amount. Compare the reading days, households, category ' +
      'and each line; if it still differs, send this calculation to your electricity company, ' +
      'which answers within 24 hours.')))];
  }
  const several = causes.length > 1;
  return [
    h('p', {}, say(several
      ? text('Mỗi điều sau đều cho đúng số tiền của hóa đơn, đến từng đồng:',
             'Each of these gives exactly the amount of the invoice:')
      : text('Điều này cho đúng số tiền của hóa đơn, đến từng đồng:',
             'This gives exactly the amount of the invoice:'))),
    h('ul', { class: 'causes' }, ...causes.map((cause) => causeItem(cause, apply))),
  ];
}

/** Says whether the invoice is right, and where it differs. */
export function showVerdict(place: Element, verdict: Verdict, apply: (cause: Cause) => void): void {
  const { difference } = verdict;
  const amount = money(difference < 0n ? -difference : difference);
  const head = verdict.same
    ? h('p', { class: 'verdict same' }, say(text('Khớp đến từng đồng.', 'The same to the đồng.')))
    : h('p', { class: 'verdict' }, say(difference > 0n
      ? text(`Hóa đơn cao hơn ${amount}.`, `The invoice is ${amount} higher.`)
      : text(`Hóa đơn thấp hơn ${amount}.`, `The invoice is ${amount} lower.`)));
  empty(place, head, ...verdict.seen.map((seen) => h('p', {}, say(seen))),
    ...(verdict.same ? [] : causesFound(verdict, apply)));
}
