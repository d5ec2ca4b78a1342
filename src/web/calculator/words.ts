// SPDX-License-Identifier: Apache-2.0
// Both languages of what the program says; the texts of the page itself stand in index.html.

export type Language = 'vi' | 'en';

/** One text in both languages. */
export interface Text {
  vi: string;
  en: string;
}

export const text = (vi: string, en: string): Text => ({ vi, en });

export const tierName = (tier: number): Text => text('Bậc ' + tier, 'Tier ' + tier);

export const touNames: Record<'normal' | 'peak' | 'offpeak', Text> = {
  normal: text('Giờ bình thường', 'Normal hours'),
  peak: text('Giờ cao điểm', 'Peak hours'),
  offpeak: text('Giờ thấp điểm', 'Off-peak hours'),
};

/** A name with a capital letter in front. */
export const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

export function categoryName(code: string | null): Text {
  const found = BOOK.categories.find((category) => category.code === code);
  return found ? text(found.vi, found.en) : text(code ?? '', code ?? '');
}

export function voltageName(code: string): Text {
  const found = BOOK.voltages[code];
  return found ? text(found[0], found[1]) : text(code, code);
}

/** Percent of a rate: "0.08" is "8 %". */
export const percent = (rate: string): string =>
  String(Math.round(Number(rate) * 1e6) / 1e4).replace('.', ',') + '\u00a0%';
