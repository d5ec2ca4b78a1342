// SPDX-License-Identifier: Apache-2.0
// The page: calculates while one types, shows what is wrong beside its field, compares with an
// invoice, shares a link, prints. The form is usable before the engine has arrived.
import { byId, empty, english, h, remembered, say, setLanguage } from './dom.js';
import { loadEngine, type CalcAnswer, type Engine, type Refusal, type Result } from './engine.js';
import { chosen, fillForm, kwhOf, placeOf, readForm, tidyNumber, type Control, type Extra,
         type Filled, type Problem } from './form.js';
import { isBackbill, LinkError, oddMember, readLink, writeLink, type AnyRequest,
         type Link } from './link.js';
import { refusalWords } from './names.js';
import { daysBetween, monthDays, parseNumber, parseTotal, showDay, showDecimal } from './numbers.js';
import { compareInvoice, lineName, type Cause, type Invoice } from './reasons.js';
import { addReading, addUse, control, fitCategory, fitReadings, fitUses, useRows } from './rows.js';
import { money, redraw, showAnswer, showVerdict } from './view.js';
import { text, type Text } from './words.js';

const form = byId<HTMLFormElement>('calculator');
let engine: Engine | null = null;
let engineFailed = false;
let extra: Extra | null = null;
/** The bill that a link came from. */
let bill: { number?: string; priceBook?: string } = {};
let badLink: LinkError | null = null;
let answer: CalcAnswer | null = null;
/** Fields whose problems are shown: those one has left, or all once the bill was asked for. */
const touched = new Set<Control>();
let allTouched = false;

// ---- problems beside their fields ---------------------------------------------------------------

function clearProblems(): void {
  for (const message of document.querySelectorAll('.error')) message.remove();
  for (const field of document.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    field.removeAttribute('aria-describedby');
  }
}

function showProblem({ control: field, message, hint }: Problem): void {
  if (field.hasAttribute('aria-invalid')) return;
  const id = field.id + '-error';
  field.setAttribute('aria-invalid', 'true');
  field.setAttribute('aria-describedby', id);
  const place = field.closest('.field, .check')!;
  place.append(h('p', { class: 'error', id }, h('strong', {}, message + '.'), ' ' + hint + '.'));
  const more = field.closest('details');
  if (more) more.open = true;
}

// ---- calculating --------------------------------------------------------------------------------

const ask = (request: AnyRequest): Result<CalcAnswer> =>
  isBackbill(request) ? engine!.backbill(request) : engine!.calculate(request);

function calculated(request: AnyRequest): CalcAnswer | null {
  const result = ask(request);
  return result.ok ? result.answer : null;
}

const daysOf = (request: AnyRequest): [string, string] =>
  request.month != null ? monthDays(request.month) : [request.from!, request.to!];

function showDays(): void {
  const [from, to] = chosen('period') === 'month'
    ? monthDays(byId<HTMLSelectElement>('year').value + '-' + byId<HTMLSelectElement>('month').value)
    : [byId<HTMLInputElement>('from').value, byId<HTMLInputElement>('to').value];
  const days = from && to ? daysBetween(from, to) : 0;
  byId('days').textContent = days > 0
    ? `${showDay(from)} – ${showDay(to)}, ${days} ` + say(text('ngày', days === 1 ? 'day' : 'days'))
    : '\u00a0';
}

function showReadings({ request }: Filled): void {
  byId('read-kwh').textContent = request === null || chosen('mode') !== 'readings' ? '\u00a0'
    : '= ' + showDecimal(kwhOf(request.usage)) + ' kWh';
}

function showTotal(content: Node | string, amount: string): void {
  empty(byId('total'), content);
  byId('total').classList.toggle('long', amount.length > 13);
  byId('bar-total').textContent = amount;
  byId('bar').hidden = amount === '';
}

const muted = (words: Text) => h('span', { class: 'muted' }, say(words));

function showNothing(why: Text): void {
  answer = null;
  showTotal(muted(why), '');
  empty(byId('answer'));
  empty(byId('verdict'));
  byId('compare').classList.remove('used');
  byId('actions').hidden = true;
}

const width = (): number => Math.max(280, Math.floor(byId('answer').clientWidth));

function showBill(request: AnyRequest, bill: CalcAnswer): void {
  answer = bill;
  showTotal(money(bill.total), money(bill.total));
  const [from, to] = daysOf(request);
  const words = engine!.words({ amount: bill.total });
  showAnswer(byId('answer'), bill, words.ok ? words.answer.words : '', request,
             daysBetween(from, to), width());
  byId('book').textContent = say(text('Biểu giá ', 'Price book ')) + bill.price_book.slice(0, 8) + '.';
  byId('actions').hidden = false;
  showInvoiceLines(bill);
  compare(request, bill);
}

function calculate(): Filled {
  const filled = readForm(engine, extra);
  clearProblems();
  showDays();
  showReadings(filled);
  const { problems } = filled;
  if (filled.request !== null && engine !== null) {
    const result = ask(filled.request);
    if (result.ok) showBill(filled.request, result.answer);
    else refuse(result.error, problems);
  } else if (engine === null) {
    showNothing(engineFailed ? text('Chưa tải được bộ tính', 'The calculator did not load')
                             : text('Đang tải bộ tính…', 'Loading the calculator…'));
  } else if (problems.length > 0) {
    showNothing(text('Xem lại ô được đánh dấu', 'See the marked field'));
  } else {
    showNothing(text('Nhập điện đã dùng', 'Enter the energy used'));
  }
  for (const problem of problems) {
    if (allTouched || touched.has(problem.control)) showProblem(problem);
  }
  showNotice();
  return filled;
}

function refuse(error: Refusal, problems: Problem[]): void {
  const field = placeOf(error.field);
  const [message, hint] = refusalWords(error);
  showNothing(text('Chưa tính được', 'Not calculated'));
  if (field === null) {
    empty(byId('answer'), h('p', { class: 'error' }, h('strong', {}, message + '.'), ' ' + hint + '.'));
    return;
  }
  touched.add(field);
  problems.push({ control: field, message, hint });
}

// ---- the invoice --------------------------------------------------------------------------------

function showInvoiceLines({ lines }: CalcAnswer): void {
  const place = byId('invoice-lines');
  const key = lines.map((line) => say(lineName(line)) + line.from).join();
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  empty(place, ...lines.map((line, i) => {
    const name = say(lineName(line));
    const box = (what: string, unit: string) => h('div', { class: 'field' }, h('label', {},
      h('span', { class: 'label' }, unit, h('span', { class: 'unseen' }, ': ' + name)),
      h('input', { name: `line_${what}_${i}`, id: `line-${what}-${i}`, form: 'calculator',
                   inputmode: 'decimal', autocomplete: 'off' })));
    return h('div', { class: 'invoice-line' }, h('p', {}, name),
             h('div', { class: 'pair' }, box('kwh', 'kWh'), box('amount', say(text('Tiền (đ)', 'Amount (đ)')))));
  }));
}

function invoiceNumber(id: string, problems: Problem[]): string | null {
  const field = byId<HTMLInputElement>(id);
  if (field === null || field.value.trim() === '') return null;
  const value = id === 'invoice' ? parseTotal(field.value)
    : parseNumber(field.value);
  if (value === null) {
    problems.push({ control: field,
      message: say(text('Chưa đọc được số này', 'This is no number')),
      hint: say(text('Viết như trên hóa đơn, ví dụ 1.388.405',
                     'Write it as on the invoice, such as 1.388.405')) });
  }
  return value;
}

function readInvoice(bill: CalcAnswer): Invoice | null {
  const problems: Problem[] = [];
  const total = invoiceNumber('invoice', problems);
  const kwh = invoiceNumber('invoice-kwh', problems);
  const lines = bill.lines.map((_, index) => ({
    index, kwh: invoiceNumber('line-kwh-' + index, problems),
    amount: invoiceNumber('line-amount-' + index, problems) }));
  if (total?.includes('.')) {
    problems.push({ control: byId<HTMLInputElement>('invoice'),
      message: say(text('Tổng tiền là số nguyên đồng', 'A total is in whole đồng')),
      hint: say(text('Bỏ phần lẻ sau dấu phẩy', 'Leave out what stands behind the comma')) });
  }
  for (const problem of problems) if (touched.has(problem.control)) showProblem(problem);
  if (total === null || problems.length > 0) return null;
  return { total, kwh, lines: lines.filter((line) => line.kwh !== null || line.amount !== null) };
}

function compare(request: AnyRequest, bill: CalcAnswer): void {
  const invoice = readInvoice(bill);
  byId('compare').classList.toggle('used', invoice !== null);
  if (invoice === null) empty(byId('verdict'));
  else showVerdict(byId('verdict'), compareInvoice(calculated, request, bill, invoice), apply);
}

function apply({ request }: Cause): void {
  fill({ request: request! });
  byId('result').focus();
}

// ---- links --------------------------------------------------------------------------------------

function fill(link: Link): void {
  extra = fillForm(link);
  if (link.total !== undefined) byId<HTMLInputElement>('invoice').value = showDecimal(link.total);
  fit();
  calculate();
}

/** Fills the form from the link of the page; without one it stays as it is. */
function followLink(): void {
  badLink = null;
  if (location.hash.length < 3 || !location.hash.includes('=')) return;
  try {
    const link = readLink(location.hash);
    const odd = oddMember(link);
    if (odd !== undefined) throw new LinkError(odd);
    bill = { ...(link.number !== undefined && { number: link.number }),
             ...(link.priceBook !== undefined && { priceBook: link.priceBook }) };
    fill(link);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    badLink = error;
    showNotice();
  }
}

/** The address of the portal, where the page was written out with one; else that of the page. */
function ownAddress(): string {
  const portal = document.querySelector<HTMLMetaElement>('meta[name="portal"]')?.content;
  return portal ? portal + 'tinh-dien' : location.href.split('#')[0]!;
}

function linkOf({ request, readings }: Filled): string {
  const total = parseTotal(byId<HTMLInputElement>('invoice').value);
  return ownAddress() + writeLink({
    request: request!,
    ...(readings && { readings }),
    ...(total !== null && !total.includes('.') && { total }),
    ...(bill.number !== undefined && { number: bill.number }),
    ...(answer !== null && { priceBook: answer.price_book.slice(0, 8) }),
  });
}

async function share(): Promise<void> {
  const filled = readForm(engine, extra);
  if (filled.request === null) return;
  const url = linkOf(filled);
  const address = byId<HTMLInputElement>('address');
  address.value = url;
  address.hidden = false;
  const told = byId('shared');
  try {
    if (navigator.share !== undefined && matchMedia('(pointer: coarse)').matches) {
      await navigator.share({ url });
      return;
    }
    await navigator.clipboard.writeText(url);
    told.textContent = url.startsWith('file:') ? say(text(
      'Đã chép đường dẫn, nhưng nó chỉ mở được trên máy này. Muốn gửi đi, hãy gửi kèm tệp của trang.',
      'The link is copied, but opens on this device only. To send it, send the file of the page, too.'))
      : say(text('Đã chép đường dẫn. Ai mở cũng thấy đúng phép tính này.',
                                'The link is copied. Whoever opens it sees this calculation.'));
  } catch {
    address.select();
    told.textContent = say(text('Chép đường dẫn dưới đây để gửi đi.', 'Copy this link to send it.'));
  }
}

function noticeLines(): Text[] {
  const lines: Text[] = [];
  if (badLink !== null) {
    lines.push(text(`Đường dẫn có phần không hiểu được: “${badLink.member}”. Chưa tính gì từ đó; hãy ` +
                    'mở lại đường dẫn đầy đủ hoặc nhập số liệu bằng tay.',
                    `A part of the link is not understood: “${badLink.member}”. Nothing was taken ` +
                    'from it; open the complete link again or enter the figures by hand.'));
  }
  if (bill.number !== undefined) {
    lines.push(text(`Số liệu của hóa đơn ${bill.number}.`, `The figures of bill ${bill.number}.`));
  }
  if (bill.priceBook !== undefined && answer !== null &&
      !answer.price_book.startsWith(bill.priceBook)) {
    lines.push(text(
      `Hóa đơn lập theo biểu giá ${bill.priceBook}, trang này có ${answer.price_book.slice(0, 8)}: ` +
      'kết quả có thể khác.',
      `The bill was made with price book ${bill.priceBook}, this page has ` +
      `${answer.price_book.slice(0, 8)}: results may differ.`));
  }
  if (engineFailed) {
    lines.push(text('Chưa tải được bộ tính vì mất kết nối. Số liệu đã nhập vẫn còn. Khi có mạng, trang ' +
                    'tự tải lại.',
                    'The calculator could not be loaded. What you entered is kept. The page tries ' +
                    'again when there is a connection.'));
  }
  return lines;
}

function showNotice(): void {
  const lines = noticeLines();
  byId('notice').hidden = lines.length === 0;
  empty(byId('notice'), ...lines.map((line) => h('p', {}, say(line))));
  byId('extra').hidden = extra === null;
  if (extra === null) return;
  const { billed } = extra;
  const kwh = showDecimal(typeof billed === 'string' ? billed : kwhOf(billed));
  empty(byId('extra'),
    h('p', {}, say(text(`Truy thu: ${kwh} kWh đã lập hóa đơn, các dòng là phần chênh lệch.`,
                        `Back-billing: ${kwh} kWh are billed, the lines are the difference.`))),
    h('button', { type: 'button', class: 'plain', click: () => { extra = null; calculate(); } },
      say(text('Tính như hóa đơn thường', 'Calculate as a plain bill'))));
}

// ---- the page -----------------------------------------------------------------------------------

/** Shows what the choices ask for and hides the rest. */
function fit(): void {
  for (const part of document.querySelectorAll<HTMLElement>('[data-when]')) {
    const [name, value] = part.dataset.when!.split('=') as [string, string];
    part.hidden = chosen(name) !== value;
  }
  fitUses();
  fitReadings(chosen('mode') === 'three');
  const decision = byId<HTMLSelectElement>('decision').value;
  byId('average-field').hidden = !BOOK.decisions.some(({ id, byAverage }) =>
    id === decision && byAverage);
}

let waiting = 0;

function soon(): void {
  clearTimeout(waiting);
  waiting = window.setTimeout(calculate, 120);
}

function onChange(event: Event): void {
  const field = event.target as Control;
  touched.add(field);
  if (field instanceof HTMLInputElement && field.inputMode !== '') tidyNumber(field);
  const row = field.closest<HTMLElement>('.use');
  if (row !== null && field.name === 'category') fitCategory(row);
  fit();
  clearTimeout(waiting);
  calculate();
}

function onSubmit(event: Event): void {
  event.preventDefault();
  allTouched = true;
  const { request } = calculate();
  const wrong = form.querySelector<Control>('[aria-invalid]');
  if (wrong !== null) wrong.focus();
  else if (request === null) firstEmpty()?.focus();
  else byId('result').focus();
}

/** The first field in sight that must be filled and is not. */
function firstEmpty(): Control | null {
  const names = ['from', 'to', 'kwh', 'old', 'new', 'normal', 'peak', 'offpeak', 'part', 'read_date'];
  return [...form.querySelectorAll<HTMLInputElement>('input')].find((field) =>
    names.includes(field.name) && field.value.trim() === '' && field.offsetParent !== null) ?? null;
}

function onClick(event: Event): void {
  const button = (event.target as Element).closest('button');
  const row = button?.closest<HTMLElement>('.use, .reading');
  if (button?.classList.contains('remove') && row) {
    row.remove();
    byId(row.classList.contains('use') ? 'add-use' : 'add-reading').focus();
    fit();
    calculate();
  }
}

function presentMonth(): void {
  const now = new Date();
  now.setDate(1);
  now.setMonth(now.getMonth() - 1);
  const year = byId<HTMLSelectElement>('year');
  if (year.selectedIndex > 0) return; // chosen before this program had arrived
  year.value = String(now.getFullYear());
  byId<HTMLSelectElement>('month').value = String(now.getMonth() + 1).padStart(2, '0');
}

function changeLanguage(): void {
  setLanguage(english() ? 'vi' : 'en', true);
  for (const row of useRows()) fitCategory(row);
  fit();
  calculate();
}

function listen(): void {
  form.addEventListener('submit', onSubmit);
  document.addEventListener('input', soon);
  document.addEventListener('change', onChange);
  document.addEventListener('click', onClick);
  byId('language').addEventListener('click', changeLanguage);
  byId('share').addEventListener('click', () => void share());
  byId('print').addEventListener('click', () => window.print());
  byId('add-use').addEventListener('click', () => {
    const row = addUse();
    fit();
    calculate();
    control<HTMLSelectElement>(row, 'category').focus();
  });
  byId('add-reading').addEventListener('click', () => {
    const row = addReading();
    fit();
    calculate();
    control(row, 'read_date').focus();
  });
  window.addEventListener('hashchange', followLink);
  window.addEventListener('online', () => void start());
  const draw = (at: () => number) => () => {
    if (answer !== null) redraw(byId('answer'), answer, at());
  };
  window.addEventListener('resize', draw(width));
  window.addEventListener('beforeprint', draw(() => 900));
  window.addEventListener('afterprint', draw(width));
}

/** The module inside the page as base64, where the page carries it. */
function embedded(): Uint8Array<ArrayBuffer> | null {
  const held = document.getElementById('engine');
  if (held === null) return null;
  const binary = atob(held.textContent!.trim());
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function start(): Promise<void> {
  if (engine !== null) return;
  try {
    engine = await loadEngine(embedded() ?? MODULE_URL);
    engineFailed = false;
  } catch {
    engineFailed = true;
  }
  calculate();
}

if (useRows().length === 0) addUse();
presentMonth();
setLanguage(remembered() ?? 'vi', false);
fit();
listen();
calculate();
followLink();
void start();
if (MODULE_URL !== '' && 'serviceWorker' in navigator && location.protocol !== 'file:') {
  navigator.serviceWorker.register('sw.js').catch(() => { /* then it works with a network only */ });
}
