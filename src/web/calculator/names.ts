// SPDX-License-Identifier: Apache-2.0
// Refusals of the engine in the words of the page: it names the members of a request, a person sees
// fields with labels.
import { english } from './dom.js';
import type { Refusal } from './engine.js';
import { showDecimal } from './numbers.js';

/** The control whose label names a member. */
const labelled: Record<string, string> = {
  from: '#from', to: '#to', month: '#month', households: '#households', kwh: '#kwh',
  kvarh: '#kvarh', cosphi: '#cosphi', demand_kw: '#demand', decision: '#decision',
  average: '#average', vat_rate: '#vat', prorate: '#prorate', month_days: '#month-days',
  change_split: '#split', voltage: '[name="voltage"]', category: '[name="category"]',
  share: '[name="by"][value="share"]',
};

/** What stands under the heading of a member that is a group. */
const headed: Record<string, string> = { usage: '#kwh', uses: '#uses', support: '#restricted' };

/** Among the uses kWh are those of each use. */
const ofUses: Record<string, string> = { kwh: '[name="by"][value="kwh"]' };

const at = (place: string | undefined): Element | null =>
  place === undefined ? null : document.querySelector(place);

function labelOf(member: string, field: string | null): string | undefined {
  const own = field?.startsWith('uses') ? ofUses[member] : undefined;
  const label = at(own ?? labelled[member])?.closest('label');
  const words = label?.querySelector('.name') ?? label?.querySelector('.label, span') ??
    at(headed[member])?.closest('fieldset')?.querySelector('legend');
  return words?.textContent ?? undefined;
}

function inLabels(words: string, field: string | null): string {
  return words.replace(/"([^"]+)"/g, (_, quoted: string) => {
    const shown = /^[\d.]+$/.test(quoted) ? showDecimal(quoted) : labelOf(quoted, field) ?? quoted;
    return `“${shown}”`;
  });
}

/** What is wrong and what to do, in the language of the page. */
export function refusalWords(error: Refusal): [message: string, hint: string] {
  const words = english() ? [error.message_en, error.hint_en] : [error.message, error.hint];
  return words.map((text) => inLabels(text!, error.field)) as [string, string];
}
