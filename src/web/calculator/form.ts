// SPDX-License-Identifier: Apache-2.0
// The form as a request, and a request as the form.
import { byId, say } from './dom.js';
import type { Engine, Quantities, Reading, Usage, Use } from './engine.js';
import { isBackbill, type AnyRequest, type Link, type Readings } from './link.js';
import { refusalWords } from './names.js';
import { fromMilli, milli, parseNumber, showDecimal, type Point } from './numbers.js';
import { addReading, addUse, byKwh, choose, control, fitReadings, fitUses, hasTiers, readingRows,
         useRows } from './rows.js';
import { text, type Text } from './words.js';

export type Control = HTMLInputElement | HTMLSelectElement;

/** What is wrong with a control, and what to do about it. */
export interface Problem {
  control: Control;
  message: string;
  hint: string;
}

/** The form as it stands: a request when everything needed is there and readable. */
export interface Filled {
  request: AnyRequest | null;
  readings?: Readings;
  problems: Problem[];
}

/** What a link brought that the form has no place for. */
export type Extra = { billed: string | Quantities; cause?: string; settlement?: string;
                      parts: (string | null)[] };

const input = (id: string) => byId<HTMLInputElement>(id);
const select = (id: string) => byId<HTMLSelectElement>(id);

export function chosen(name: string): string {
  return document.querySelector<HTMLInputElement>(`[name="${name}"]:checked`)!.value;
}

function check(name: string, value: string): void {
  document.querySelector<HTMLInputElement>(`[name="${name}"][value="${value}"]`)!.checked = true;
}

const notANumber: [Text, Text] = [
  text('Chưa đọc được số này', 'This is no number'),
  text('Viết như trên hóa đơn, ví dụ 461 hoặc 461,5', 'Write it as on the bill, such as 461 or 461,5')];

/** Numbers whose lone point parts places, because they are small: shares, cos φ, averages. */
const SMALL = /^(part|cosphi|average)/;

const pointOf = (field: Control): Point => (SMALL.test(field.name) ? 'decimal' : 'group');

class Reader {
  readonly problems: Problem[] = [];
  missing = false;

  problem(field: Control, message: Text, hint: Text): void {
    this.problems.push({ control: field, message: say(message), hint: say(hint) });
  }

  /** The decimal in a field; null when it is empty or no number. */
  number(field: HTMLInputElement): string | null {
    if (field.value.trim() === '') return null;
    const value = parseNumber(field.value, pointOf(field));
    if (value === null) this.problem(field, ...notANumber);
    return value;
  }

  /** The same where there must be one. */
  needed(field: HTMLInputElement): string {
    const value = this.number(field);
    if (value === null) this.missing = true;
    return value ?? '0';
  }
}

// ---- reading the form ---------------------------------------------------------------------------

function readPeriod(reader: Reader): object {
  if (chosen('period') === 'month') return { month: select('year').value + '-' + select('month').value };
  const [from, to] = [input('from').value, input('to').value];
  if (from === '' || to === '') reader.missing = true;
  return { from, to };
}

/** Energy from two readings, by the engine's own rule for a register that starts again at zero. */
function readMeter(reader: Reader, engine: Engine | null): { kwh: string; readings: Readings } {
  const [old, present] = [reader.needed(input('old')), reader.needed(input('new'))];
  const multiplier = reader.number(input('multiplier')) ?? '1';
  const readings = { old, new: present, multiplier };
  if (reader.missing || engine === null) return { kwh: '0', readings };
  const digits = Math.max(5, ...[old, present].map((value) => value.split('.')[0]!.length));
  const result = engine.meterKwh({ old, new: present, digits, multiplier });
  if (!result.ok) {
    const { field } = result.error;
    const [message, hint] = refusalWords(result.error);
    reader.problems.push({
      control: input(field === 'old' || field === 'multiplier' ? field : 'new'), message, hint });
  } else if (result.answer.kwh === undefined) {
    reader.problem(input('new'), text(result.answer.reason, result.answer.reason_en),
      text('Xem lại hai chỉ số, hoặc nhập số kWh trên hóa đơn',
           'Check both readings, or enter the kWh of the bill'));
  } else {
    return { kwh: result.answer.kwh, readings };
  }
  return { kwh: '0', readings };
}

function readUsage(reader: Reader, engine: Engine | null): { usage: Usage; readings?: Readings } {
  const mode = chosen('mode');
  let usage: Usage;
  let readings: Readings | undefined;
  if (mode === 'three') {
    usage = { normal: reader.needed(input('normal')), peak: reader.needed(input('peak')),
              offpeak: reader.needed(input('offpeak')) };
  } else if (mode === 'readings') {
    const meter = readMeter(reader, engine);
    usage = { kwh: meter.kwh };
    readings = meter.readings;
  } else {
    usage = { kwh: reader.needed(input('kwh')) };
  }
  const [kvarh, cosphi] = [reader.number(input('kvarh')), reader.number(input('cosphi'))];
  if (kvarh !== null) usage.kvarh = kvarh;
  if (cosphi !== null) usage.cosphi = cosphi;
  return readings ? { usage, readings } : { usage };
}

function readUses(reader: Reader, extra: Extra | null): Use[] {
  const rows = useRows();
  return rows.map((row, i) => {
    const voltage = control<HTMLSelectElement>(row, 'voltage').value;
    const use: Use & { billed?: string } = {
      category: control<HTMLSelectElement>(row, 'category').value };
    if (voltage !== '') use.voltage = voltage;
    if (rows.length > 1) {
      use[byKwh() ? 'kwh' : 'share'] = reader.needed(control(row, 'part'));
      const own = reader.number(control(row, 'own_households'));
      if (own !== null) use.households = own;
    }
    const billed = extra?.parts[i];
    if (billed != null && byKwh()) use.billed = billed;
    return use;
  });
}

function readReadings(reader: Reader): Reading[] | undefined {
  const three = chosen('mode') === 'three';
  const list = readingRows().map((row) => {
    const date = control(row, 'read_date').value;
    if (date === '') reader.missing = true;
    const value = (name: string) => reader.needed(control(row, name));
    const usage: Usage = three
      ? { normal: value('read_normal'), peak: value('read_peak'), offpeak: value('read_offpeak') }
      : { kwh: value('read_kwh') };
    const { kvarh, cosphi } = row.dataset;
    if (kvarh !== undefined) usage.kvarh = kvarh;
    if (cosphi !== undefined) usage.cosphi = cosphi;
    return { date, usage };
  });
  return list.length > 0 ? list : undefined;
}

function readSupport(): object | undefined {
  const support = {
    ...(input('restricted').checked && { restricted_area: true }),
    ...(input('tourist').checked && { tourist_lodging: true }),
    ...(select('site').value !== '' && { quarantine_site: select('site').value }),
  };
  return Object.keys(support).length > 0 ? support : undefined;
}

/** Reads the form. The engine turns readings into energy; without it they stay open. */
export function readForm(engine: Engine | null, extra: Extra | null): Filled {
  const reader = new Reader();
  const choice = (id: string) => select(id).value || undefined;
  const { usage, readings } = readUsage(reader, engine);
  const request: Record<string, unknown> = {
    ...readPeriod(reader),
    usage,
    uses: readUses(reader, extra),
    households: hasTiers() ? reader.number(input('households')) ?? undefined : undefined,
    lodgers_undeclared: input('lodgers').checked || undefined,
    papers_missing: input('papers').checked || undefined,
    prorate: choice('prorate'),
    month_days: choice('month-days'),
    change_split: choice('split'),
    read_on_change: readReadings(reader),
    support: readSupport(),
    demand_kw: reader.number(input('demand')) ?? undefined,
    decision: choice('decision'),
    average: byId('average-field').hidden ? undefined
      : reader.number(input('average')) ?? undefined,
    vat_rate: choice('vat'),
    billed: extra?.billed,
    cause: extra?.cause,
    settlement: extra?.settlement,
  };
  for (const [name, value] of Object.entries(request)) if (value === undefined) delete request[name];
  const sound = !reader.missing && reader.problems.length === 0;
  return { request: sound ? request as unknown as AnyRequest : null,
           ...(readings && { readings }), problems: reader.problems };
}

// ---- filling it ---------------------------------------------------------------------------------

const show = (field: HTMLInputElement, value: string | null | undefined) => {
  field.value = value == null ? '' : showDecimal(value);
};

function fillUsage({ request, readings }: Link): void {
  const { usage } = request;
  if (readings && usage.kwh != null) {
    check('mode', 'readings');
    for (const name of ['old', 'new', 'multiplier'] as const) show(input(name), readings[name]);
  } else if (usage.kwh != null) {
    check('mode', 'kwh');
  } else {
    check('mode', 'three');
  }
  for (const name of ['kwh', 'normal', 'peak', 'offpeak', 'kvarh', 'cosphi'] as const) {
    show(input(name), usage[name]);
  }
}

function fillUses(uses: (Use & { billed?: string | null })[]): void {
  byId('uses').textContent = '';
  check('by', uses.some((use) => use.kwh != null) && uses.length > 1 ? 'kwh' : 'share');
  for (const use of uses) {
    const row = addUse(use);
    show(control(row, 'part'), use.kwh ?? use.share);
    show(control(row, 'own_households'), use.households);
  }
  fitUses();
}

function fillReadings(readings: Reading[]): void {
  byId('readings-list').textContent = '';
  for (const { date, usage } of readings) {
    const row = addReading();
    control(row, 'read_date').value = date;
    for (const name of ['kwh', 'normal', 'peak', 'offpeak'] as const) {
      show(control(row, 'read_' + name), usage[name]);
    }
    if (usage.kvarh != null) row.dataset.kvarh = usage.kvarh;
    if (usage.cosphi != null) row.dataset.cosphi = usage.cosphi;
  }
  fitReadings(chosen('mode') === 'three');
}

function extraOf(request: AnyRequest): Extra | null {
  if (!isBackbill(request)) return null;
  const { billed, cause, settlement, uses } = request;
  return { billed, parts: uses.map((use) => use.billed ?? null),
           ...(cause != null && { cause }), ...(settlement != null && { settlement }) };
}

/** Fills the form; answers what it has no place for. */
export function fillForm(link: Link): Extra | null {
  const { request } = link;
  check('period', request.month != null ? 'month' : 'days');
  if (request.month != null) {
    const [year, month] = request.month.split('-') as [string, string?];
    choose(select('year'), year);
    choose(select('month'), month ?? '');
  } else {
    input('from').value = request.from ?? '';
    input('to').value = request.to ?? '';
  }
  fillUsage(link);
  fillUses(request.uses);
  show(input('households'), request.households ?? '1');
  input('lodgers').checked = request.lodgers_undeclared === true;
  input('papers').checked = request.papers_missing === true;
  choose(select('prorate'), request.prorate ?? '');
  choose(select('month-days'), request.month_days ?? '');
  choose(select('split'), request.change_split ?? '');
  fillReadings(request.read_on_change ?? []);
  input('restricted').checked = request.support?.restricted_area === true;
  input('tourist').checked = request.support?.tourist_lodging === true;
  choose(select('site'), request.support?.quarantine_site ?? '');
  show(input('demand'), request.demand_kw);
  choose(select('decision'), request.decision ?? '');
  show(input('average'), request.average);
  choose(select('vat'), request.vat_rate ?? '');
  return extraOf(request);
}

/** Writes a number the way it was understood: 1388 becomes 1.388. */
export function tidyNumber(field: HTMLInputElement): void {
  const value = parseNumber(field.value, pointOf(field));
  if (value !== null) field.value = showDecimal(value);
}

/** The kWh of the period so far, for a hint beside the readings. */
export const kwhOf = (usage: Usage): string =>
  usage.kwh ?? fromMilli(milli(usage.normal!) + milli(usage.peak!) + milli(usage.offpeak!));

// ---- places of refusals -------------------------------------------------------------------------

const places: Record<string, string> = {
  from: 'from', to: 'to', month: 'month', households: 'households', lodgers_undeclared: 'lodgers',
  papers_missing: 'papers', prorate: 'prorate', month_days: 'month-days', change_split: 'split',
  demand_kw: 'demand', decision: 'decision', average: 'average', vat_rate: 'vat',
  'usage.normal': 'normal', 'usage.peak': 'peak', 'usage.offpeak': 'offpeak',
  'usage.kvarh': 'kvarh', 'usage.cosphi': 'cosphi', support: 'restricted',
  'support.restricted_area': 'restricted', 'support.tourist_lodging': 'tourist',
  'support.quarantine_site': 'site',
};

function inRows(rows: HTMLElement[], index: string | undefined, name: string): Control | null {
  const row = rows[Number(index ?? rows.length - 1)];
  return row === undefined ? null : row.querySelector<Control>(`[name="${name}"]`);
}

/** The control that a refusal of the engine speaks of; null when it speaks of the whole. */
export function placeOf(field: string | null): Control | null {
  if (field === null) return null;
  const days = field === 'from' || field === 'to' || field === 'month';
  if (days && chosen('period') === 'month') return select('month');
  if (field.startsWith('usage') && places[field] === undefined) {
    return input({ kwh: 'kwh', readings: 'new', three: 'normal' }[chosen('mode')]!);
  }
  const use = /^uses(?:\[(\d+)\])?(?:\.(\w+))?/.exec(field);
  if (use !== null) {
    const name = { category: 'category', voltage: 'voltage', households: 'own_households' }[
      use[2] ?? ''] ?? (useRows().length > 1 ? 'part' : 'category');
    return inRows(useRows(), use[1], name);
  }
  const reading = /^read_on_change(?:\[(\d+)\])?(?:\.usage\.(\w+))?/.exec(field);
  if (reading !== null) {
    const three = chosen('mode') === 'three';
    return inRows(readingRows(), reading[1],
                  reading[2] === undefined ? 'read_date' : 'read_' + (three ? 'normal' : 'kwh'));
  }
  const id = places[field];
  return id === undefined ? null : byId<HTMLInputElement>(id);
}
