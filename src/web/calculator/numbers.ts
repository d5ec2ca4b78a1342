// SPDX-License-Identifier: Apache-2.0
// Numbers as people here write them, 1.388.405 and 461,5, from and to exact decimals.

/** How a lone point with three digits behind it is understood: 1.388 kWh, or a share of 33.333 %. */
export type Point = 'group' | 'decimal';

/** The decimal ("1388405", "461.5") that a text means, with or without its unit; or null when it is
 *  no number. */
export function parseNumber(text: string, point: Point = 'group'): string | null {
  const t = text.replace(/[\s\u00a0\u202f_']/g, '').replace(/(đ|vnd|kwh|kvarh)$/i, '');
  let plain: string;
  if (/^\d+$/.test(t)) plain = t;
  else if (/^[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/.test(t) &&
           (point === 'group' || t.includes(',') || t.split('.').length > 2)) {
    plain = t.replace(/\./g, '').replace(',', '.');
  } else if (/^[1-9]\d{0,2}(,\d{3}){2,}(\.\d+)?$/.test(t) ||
             /^[1-9]\d{0,2},\d{3}\.\d+$/.test(t)) {
    plain = t.replace(/,/g, '');
  } else if (/^\d+[.,]\d+$/.test(t)) plain = t.replace(',', '.');
  else return null;
  const [whole, behind = ''] = plain.split('.') as [string, string?];
  const places = behind.replace(/0+$/, '');
  return (whole.replace(/^0+(?=\d)/, '') || '0') + (places === '' ? '' : '.' + places);
}

/** A total in whole đồng: a comma before three digits groups, as on a bill in English. */
export function parseTotal(text: string): string | null {
  const t = text.replace(/\s*(đ|vnd)\s*$/i, '').trim();
  return parseNumber(/^[1-9]\d{0,2},\d{3}$/.test(t) ? t.replace(',', '') : t);
}

/** "1388405.5" as "1.388.405,5": on the English page too, because e-invoices print it so. */
export function showDecimal(decimal: string): string {
  const minus = decimal.startsWith('-') ? '\u2212' : '';
  const [whole, places] = decimal.replace('-', '').split('.') as [string, string?];
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  return minus + groups + (places === undefined ? '' : ',' + places);
}

/** Thousandths, exact. */
export function milli(decimal: string): bigint {
  const minus = decimal.startsWith('-');
  const [whole, places = ''] = decimal.replace('-', '').split('.') as [string, string?];
  const value = BigInt(whole + (places + '000').slice(0, 3));
  return minus ? -value : value;
}

/** The decimal of so many thousandths. */
export function fromMilli(value: bigint): string {
  const minus = value < 0n;
  const digits = String(minus ? -value : value).padStart(4, '0');
  const places = digits.slice(-3).replace(/0+$/, '');
  return (minus ? '-' : '') + digits.slice(0, -3) + (places === '' ? '' : '.' + places);
}

const DAY_MS = 86400000;

/** Days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to + 'T00:00Z') - Date.parse(from + 'T00:00Z')) / DAY_MS);
}

/** The day so many days later. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day + 'T00:00Z') + days * DAY_MS).toISOString().slice(0, 10);
}

/** The two reading days that a month stands for. */
export function monthDays(month: string): [from: string, to: string] {
  const [year, number] = month.split('-').map(Number) as [number, number];
  const last = (m: number) => new Date(Date.UTC(year, m, 0)).toISOString().slice(0, 10);
  return [last(number - 1), last(number)];
}

/** "2026-07-31" as "31/07/2026". */
export function showDay(day: string): string {
  return day.split('-').reverse().join('/');
}
