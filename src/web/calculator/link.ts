// SPDX-License-Identifier: Apache-2.0
// The link that fills the page (docs/calculator-link.md): writer and reader of the fragment.
import type { BackbillRequest, CalcRequest, Quantities, Reading, Usage, Use } from './engine.js';

/** What is calculated: a bill, or the difference to what was billed. */
export type AnyRequest = CalcRequest | BackbillRequest;
type BilledUse = Use & { billed?: string | null };

/** Readings behind the energy, as typed. */
export interface Readings {
  old: string;
  new: string;
  multiplier: string;
}

/** A request with what the page shows beside it. */
export interface Link {
  request: AnyRequest;
  readings?: Readings;
  total?: string;
  number?: string;
  priceBook?: string;
}

export const isBackbill = (request: AnyRequest): request is BackbillRequest =>
  (request as BackbillRequest).billed != null;

// ---- writing ------------------------------------------------------------------------------------

function escape(text: string, slash = false): string {
  let out = '';
  for (const byte of new TextEncoder().encode(text)) {
    const c = String.fromCharCode(byte);
    out += /[A-Za-z0-9._-]/.test(c) || (slash && c === '/') ? c
      : '%' + byte.toString(16).toUpperCase().padStart(2, '0');
  }
  return out;
}

const registers = (q: Quantities) => q.kwh ?? `${q.normal}/${q.peak}/${q.offpeak}`;

function writeUse(use: BilledUse, alone: boolean): string {
  let out = escape(use.category);
  if (use.voltage != null) out += '@' + escape(use.voltage);
  if (use.households != null) out += '*' + use.households;
  if (use.kwh != null) {
    return out + ':' + use.kwh + 'kWh' + (use.billed != null ? '-' + use.billed : '');
  }
  return alone && (use.share ?? '100') === '100' ? out : out + ':' + use.share;
}

function writeReading({ date, usage }: Reading): string {
  return escape(date) + ':' + registers(usage) +
    (usage.kvarh != null ? ';kvarh:' + usage.kvarh : '') +
    (usage.cosphi != null ? ';cos:' + usage.cosphi : '');
}

function supportFacts(request: AnyRequest): string {
  const facts = [];
  if (request.support?.restricted_area) facts.push('restricted');
  if (request.support?.tourist_lodging) facts.push('tourist');
  if (request.support?.quarantine_site) facts.push(request.support.quarantine_site);
  return facts.join(',');
}

/** The fragment with its "#". */
export function writeLink(link: Link): string {
  const { request, readings } = link;
  const members: string[] = [];
  const add = (name: string, value: string | null | undefined) => {
    if (value != null && value !== '') members.push(name + '=' + value);
  };
  const text = (value: string | null | undefined, slash = false) =>
    value == null ? null : escape(value, slash);
  add('m', text(request.month));
  add('f', text(request.from));
  add('t', text(request.to));
  add('k', registers(request.usage));
  add('kvarh', request.usage.kvarh);
  add('cos', request.usage.cosphi);
  add('h', request.households);
  add('u', request.uses.map((use) => writeUse(use, request.uses.length === 1)).join(','));
  add('lodgers', request.lodgers_undeclared ? '1' : null);
  add('nopapers', request.papers_missing ? '1' : null);
  add('prorate', text(request.prorate));
  add('days', text(request.month_days));
  add('split', text(request.change_split));
  add('read', request.read_on_change?.map(writeReading).join(','));
  add('support', supportFacts(request));
  add('kw', request.demand_kw);
  add('qd', text(request.decision, true));
  add('avg', request.average);
  add('vat', request.vat_rate);
  const { billed, cause, settlement } = request as Partial<BackbillRequest>;
  if (billed != null) add('billed', typeof billed === 'string' ? billed : registers(billed));
  add('cause', text(cause));
  add('settled', text(settlement));
  if (readings) {
    add('i', `${readings.old}-${readings.new}` +
      (readings.multiplier === '1' ? '' : '*' + readings.multiplier));
  }
  add('x', link.total);
  add('n', text(link.number));
  add('b', text(link.priceBook));
  return '#' + members.join('&');
}

// ---- reading ------------------------------------------------------------------------------------

/** A link that is not understood; name is the member at fault. */
export class LinkError extends Error {
  constructor(readonly member: string) {
    super('member of the link not understood: ' + member);
  }
}

const QUANTITY = '\\d[\\d.]*';

class Members {
  private left = new Map<string, string>();

  constructor(fragment: string) {
    for (const piece of fragment.replace(/^#/, '').split('&')) {
      const at = piece.indexOf('=');
      if (at < 1 || at === piece.length - 1) throw new LinkError(piece);
      const name = piece.slice(0, at);
      if (this.left.has(name)) throw new LinkError(name);
      this.left.set(name, piece.slice(at + 1));
    }
  }

  take(name: string): string | undefined {
    const value = this.left.get(name);
    this.left.delete(name);
    return value;
  }

  /** The parts of a value of that shape; an absent member gives undefined. */
  match(name: string, shape: string): RegExpExecArray | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    const found = new RegExp('^' + shape + '$').exec(value);
    if (found === null) throw new LinkError(name);
    return found;
  }

  quantity(name: string): string | undefined {
    return this.match(name, QUANTITY)?.[0];
  }

  text(name: string): string | undefined {
    const value = this.take(name);
    return value === undefined ? undefined : unescape(value, name);
  }

  finish(): void {
    for (const name of this.left.keys()) throw new LinkError(name);
  }
}

function unescape(value: string, name: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new LinkError(name);
  }
}

function readRegisters(value: string, name: string): Quantities {
  const parts = value.split('/');
  const sound = parts.every((part) => new RegExp('^' + QUANTITY + '$').test(part));
  if (sound && parts.length === 1) return { kwh: parts[0]! };
  if (!sound || parts.length !== 3) throw new LinkError(name);
  return { normal: parts[0]!, peak: parts[1]!, offpeak: parts[2]! };
}

function readUse(text: string, alone: boolean): BilledUse {
  const found = new RegExp('^([^@*:]+)(?:@([^@*:]+))?(?:\\*(' + QUANTITY + '))?(?::(' + QUANTITY +
    ')(?:(kWh)(?:-(' + QUANTITY + '))?)?)?$').exec(text);
  if (found === null || (!alone && found[4] === undefined)) throw new LinkError('u');
  const [, category, voltage, households, quantity, kwh, billed] = found;
  const use: BilledUse = { category: unescape(category!, 'u') };
  if (voltage !== undefined) use.voltage = unescape(voltage, 'u');
  if (quantity !== undefined) {
    if (kwh) use.kwh = quantity;
    else use.share = quantity;
  }
  if (households !== undefined) use.households = households;
  if (billed !== undefined) use.billed = billed;
  return use;
}

function readReading(text: string): Reading {
  const found = new RegExp('^([^:;]+):([\\d./]+)(?:;kvarh:(' + QUANTITY + '))?(?:;cos:(' +
    QUANTITY + '))?$').exec(text);
  if (found === null) throw new LinkError('read');
  const usage: Usage = readRegisters(found[2]!, 'read');
  if (found[3] !== undefined) usage.kvarh = found[3];
  if (found[4] !== undefined) usage.cosphi = found[4];
  return { date: unescape(found[1]!, 'read'), usage };
}

function readSupport(members: Members): AnyRequest['support'] {
  const found = members.match('support', '(restricted)?,?(tourist)?,?(free|paid)?');
  if (found === undefined) return undefined;
  const [, restricted, tourist, site] = found;
  if ([restricted, tourist, site].filter((fact) => fact).join(',') !== found[0]) {
    throw new LinkError('support');
  }
  return {
    ...(restricted && { restricted_area: true }),
    ...(tourist && { tourist_lodging: true }),
    ...(site && { quarantine_site: site as 'free' | 'paid' }),
  };
}

function readUsage(members: Members): Usage {
  const k = members.take('k');
  if (k === undefined) throw new LinkError('k');
  const usage: Usage = readRegisters(k, 'k');
  const kvarh = members.quantity('kvarh');
  const cosphi = members.quantity('cos');
  if (kvarh !== undefined) usage.kvarh = kvarh;
  if (cosphi !== undefined) usage.cosphi = cosphi;
  return usage;
}

/** The members of the request in the order of the contract, those given only. */
function readRequest(members: Members): AnyRequest {
  const month = members.text('m');
  const from = members.text('f');
  const to = members.text('t');
  const usage = readUsage(members);
  const households = members.quantity('h');
  const u = members.take('u')?.split(',');
  if (u === undefined) throw new LinkError('u');
  const uses = u.map((text) => readUse(text, u.length === 1));
  const billed = members.take('billed');
  const quantities = billed === undefined ? undefined : readRegisters(billed, 'billed');
  const request = {
    month, from, to, usage, uses, households,
    lodgers_undeclared: members.match('lodgers', '1') && true,
    papers_missing: members.match('nopapers', '1') && true,
    prorate: members.text('prorate'),
    month_days: members.text('days'),
    change_split: members.text('split'),
    read_on_change: members.take('read')?.split(',').map(readReading),
    support: readSupport(members),
    demand_kw: members.quantity('kw'),
    decision: members.text('qd'),
    average: members.quantity('avg'),
    vat_rate: members.quantity('vat'),
    billed: quantities?.kwh ?? quantities,
    cause: members.text('cause'),
    settlement: members.text('settled'),
  };
  for (const [name, value] of Object.entries(request)) {
    if (value === undefined) delete (request as Record<string, unknown>)[name];
  }
  // What is no choice of the calculator, it refuses by name.
  return request as unknown as AnyRequest;
}

function readReadings(members: Members): Readings | undefined {
  const found = members.match('i', '(' + QUANTITY + ')-(' + QUANTITY + ')(?:\\*(' + QUANTITY + '))?');
  return found && { old: found[1]!, new: found[2]!, multiplier: found[3] ?? '1' };
}

/** Reads a fragment; LinkError names the first member that is not understood. */
export function readLink(fragment: string): Link {
  const members = new Members(fragment);
  const link: Link = { request: readRequest(members) };
  const readings = readReadings(members);
  const total = members.match('x', '-?\\d{1,15}')?.[0];
  const number = members.text('n');
  const priceBook = members.match('b', '[0-9a-f]{1,64}')?.[0];
  if (readings) link.readings = readings;
  if (total !== undefined) link.total = total;
  if (number !== undefined) link.number = number;
  if (priceBook !== undefined) link.priceBook = priceBook;
  members.finish();
  return link;
}

// ---- what no page fills in ----------------------------------------------------------------------

const NUMBER_MAX = 64;

function isDay(day: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day + 'T00:00Z') : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

const areNumbers = (values: object): boolean =>
  Object.values(values).every((value) => /^\d+(\.\d+)?$/.test(String(value)));

function soundUse({ share, kwh, households, billed }: BilledUse): boolean {
  return areNumbers([share, kwh, households, billed].filter((value) => value !== undefined));
}

/** The first member whose shape is right and whose value is none: a day that no calendar has,
 *  1.2.3, a cause of nothing, a number that no bill bears. */
export function oddMember({ request, number }: Link): string | undefined {
  const all = request as CalcRequest & Partial<BackbillRequest>;
  const { kvarh, cosphi, ...k } = all.usage;
  const backbill = isBackbill(request);
  const odd: [name: string, sound: boolean][] = [
    ['m', all.month == null || isDay(all.month + '-01')],
    ['f', all.from == null || isDay(all.from)],
    ['t', all.to == null || isDay(all.to)],
    ['k', areNumbers(k)], ['kvarh', areNumbers([kvarh ?? 0])], ['cos', areNumbers([cosphi ?? 0])],
    ['h', areNumbers([all.households ?? 0])],
    ['u', all.uses.every(soundUse)],
    ['read', (all.read_on_change ?? []).every(({ date, usage }) => isDay(date) && areNumbers(usage))],
    ['kw', areNumbers([all.demand_kw ?? 0])], ['avg', areNumbers([all.average ?? 0])],
    ['vat', areNumbers([all.vat_rate ?? 0])],
    ['billed', areNumbers(typeof all.billed === 'object' ? all.billed : [all.billed ?? 0])],
    ['cause', all.cause == null || backbill],
    ['settled', all.settlement == null || (backbill && isDay(all.settlement))],
    ['n', (number ?? '').length <= NUMBER_MAX && !/\p{C}/u.test(number ?? '')],
  ];
  return odd.find(([, sound]) => !sound)?.[0];
}
