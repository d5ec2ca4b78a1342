// SPDX-License-Identifier: Apache-2.0
// The rows of the form that come and go: uses of one meter, readings of price-change days.
import { byId, empty, h, say, translate } from './dom.js';
import type { Use } from './engine.js';
import { capital, categoryName, text, voltageName } from './words.js';

/** A control inside a row or the form by its name. */
export function control<T extends HTMLInputElement | HTMLSelectElement = HTMLInputElement>(
  root: ParentNode, name: string): T {
  return root.querySelector(`[name="${name}"]`) as T;
}

/** Sets a choice; one that the list does not have is added, so that nothing is lost. */
export function choose(select: HTMLSelectElement, value: string): void {
  if (![...select.options].some((option) => option.value === value)) {
    select.append(h('option', { value }, value));
  }
  select.value = value;
}

let counter = 0;

/** A copy of a template of index.html, in the language of the page and with ids of its own. */
function copyOf(template: string): HTMLElement {
  const copy = byId<HTMLTemplateElement>(template).content.firstElementChild!.cloneNode(true);
  const row = copy as HTMLElement;
  for (const element of row.querySelectorAll<HTMLElement>('input, select')) {
    element.id = element.getAttribute('name') + '-' + ++counter;
  }
  translate(row);
  return row;
}

// ---- uses ---------------------------------------------------------------------------------------

export const useRows = (): HTMLElement[] => [...byId('uses').children] as HTMLElement[];

/** Whether the uses carry kWh of their own instead of shares. */
export const byKwh = (): boolean =>
  document.querySelector<HTMLInputElement>('[name="by"][value="kwh"]')!.checked;

const categoryOf = (row: HTMLElement) => BOOK.categories.find((category) =>
  category.code === control<HTMLSelectElement>(row, 'category').value);

/** Voltages and the full name follow the category. */
export function fitCategory(row: HTMLElement, voltage?: string): void {
  const category = categoryOf(row);
  const voltages = category?.voltages ?? [];
  const select = control<HTMLSelectElement>(row, 'voltage');
  const before = voltage ?? select.value;
  empty(select, ...voltages.map((code) =>
    h('option', { value: code }, capital(say(voltageName(code))))));
  if (voltages.includes(before)) select.value = before;
  else if (voltage) choose(select, voltage);
  else if (voltages.length > 0) select.value = voltages[voltages.length - 1]!;
  row.querySelector<HTMLElement>('.voltage')!.hidden = select.options.length === 0;
  const name = category ? say(categoryName(category.code)) : '';
  const full = row.querySelector<HTMLElement>('.full-name')!;
  full.hidden = name.length < 34;
  full.textContent = capital(name);
}

/** What the number of uses, their categories and the way of dividing show and hide. */
export function fitUses(): void {
  const rows = useRows();
  const several = rows.length > 1;
  byId('by').hidden = !several;
  for (const row of rows) {
    row.querySelector<HTMLElement>('.parts')!.hidden = !several;
    row.querySelector<HTMLElement>('.remove')!.hidden = !several;
    row.querySelector<HTMLElement>('.part-label')!.textContent = byKwh()
      ? 'kWh' : say(text('Tỷ lệ (%)', 'Share (%)'));
  }
  byId('households-field').hidden = !rows.some((row) => categoryOf(row)?.shape === 'tiers');
}

export function addUse(use?: Use): HTMLElement {
  const row = copyOf('use');
  byId('uses').append(row);
  if (use) choose(control<HTMLSelectElement>(row, 'category'), use.category);
  fitCategory(row, use?.voltage ?? undefined);
  return row;
}

/** Whether the category has households and their tiers. */
export const hasTiers = (): boolean => !byId('households-field').hidden;

// ---- readings -----------------------------------------------------------------------------------

export const readingRows = (): HTMLElement[] =>
  [...byId('readings-list').children] as HTMLElement[];

/** One quantity or three, as the energy of the period. */
export function fitReadings(three: boolean): void {
  for (const row of readingRows()) {
    row.querySelector<HTMLElement>('.one')!.hidden = three;
    row.querySelector<HTMLElement>('.three')!.hidden = !three;
  }
}

export function addReading(): HTMLElement {
  const row = copyOf('reading');
  byId('readings-list').append(row);
  return row;
}
