// SPDX-License-Identifier: Apache-2.0
// Requests of the calculator out of tests/cases, the price book and the fuzz corpus.
import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const json = (path) => JSON.parse(readFileSync(new URL(path, root)));

/** Households' and three-price bills of tests/cases/bill_examples.json with what they must cost. */
export function examples() {
  return json('tests/cases/bill_examples.json').cases
    .filter(({ calc, vat_rate: vat }) => vat != null && !calc.discount_pct &&
      (calc.type === 'blocks' || calc.type === 'tou'))
    .map(({ id, title, period, calc, vat_rate, expect }) => ({
      id, title, expect,
      request: {
        month: period ?? '2026-07',
        usage: calc.type === 'tou'
          ? { normal: calc.normal, peak: calc.peak, offpeak: calc.offpeak } : { kwh: calc.kwh },
        uses: [{ category: calc.category, ...(calc.voltage && { voltage: calc.voltage }) }],
        ...(calc.quota && { households: calc.quota }),
        decision: calc.decision,
        vat_rate,
      },
    }));
}

/** Every request that stands in a file of the project. */
export function written() {
  const corpus = new URL('tests/fuzz/corpus/calc/', root);
  return [
    ...examples().map(({ request }) => request),
    ...json('data/pricebook.json').cases.map(({ request }) => request),
    ...readdirSync(corpus).map((name) => readFileSync(new URL(name, corpus), 'utf8'))
      .flatMap((text) => { try { return [JSON.parse(text)]; } catch { return []; } })
      .filter((request) => request.uses !== undefined),
  ];
}
