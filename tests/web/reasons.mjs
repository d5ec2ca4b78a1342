// SPDX-License-Identifier: Apache-2.0
// Why an invoice differs: whatever is claimed to give its amount does give it, and a bill that was
// changed in one usual way is explained.
//
//   node reasons.mjs build/sangden.wasm COUNT [SEED]
import { billRequest } from '../wasm/bills.mjs';
import { Chance } from '../wasm/chance.mjs';
import { Module } from '../wasm/module.mjs';
import { load } from './load.mjs';
import { finish, verdict } from './tap.mjs';

const [modulePath, countText, seedText] = process.argv.slice(2);
const module = new Module(modulePath);
const chance = new Chance(Number(seedText ?? 20261128));
const { compareInvoice } = await load('reasons.ts');

function calculate(request) {
  const answer = JSON.parse(module.answer('calc', Buffer.from(JSON.stringify(request))));
  return answer.error ? null : answer;
}

/** One usual way in which a bill comes out wrong. */
const changes = {
  VAT: (request, answer) => ({ vat_rate: answer.vat_rate === '0.1' ? '0.08' : '0.1' }),
  households: (request) => ({ households: String((Number(request.households) || 1) + 1) }),
  proration: (request) => ({ prorate: request.prorate ? null : 'new_supply' }),
  decision: (request) => ({ decision: request.decision === 'QD648/2019' ? 'QD2941/2023' : 'QD648/2019',
                            average: null, read_on_change: null }),
  energy: (request) => ({ usage: { ...request.usage, kwh: String(chance.below(3000)) },
                          read_on_change: null }),
  lodgers: (request) => ({ lodgers_undeclared: !request.lodgers_undeclared }),
};

function changed(request, change) {
  const result = { ...request, ...change };
  for (const name of Object.keys(result)) if (result[name] === null) delete result[name];
  return result;
}

const tally = new Map(Object.keys(changes).map((name) => [name, { tried: 0, explained: 0 }]));
const faults = [];
let compared = 0;

function compare(request, answer, total) {
  const result = compareInvoice(calculate, request, answer, { total: String(total) });
  compared++;
  for (const cause of result.causes) {
    if (cause.request && calculate(cause.request)?.total !== total) {
      faults.push(`${cause.says.en}: ${JSON.stringify(request)} ≠ ${total}`);
    }
    if (!cause.says.vi || !cause.says.en) faults.push('a cause without words');
  }
  if (result.same !== (total === answer.total)) faults.push('same or not: ' + JSON.stringify(request));
  return result;
}

for (let i = 0; i < Number(countText); i++) {
  const request = billRequest(chance);
  const answer = calculate(request);
  if (answer === null) continue;
  compare(request, answer, answer.total);
  if (i % 20 === 0) compare(request, answer, chance.below(5000000));
  const name = chance.pick(Object.keys(changes));
  if (name === 'energy' && (request.usage.kwh === undefined || request.uses.some((use) => use.kwh))) continue;
  const other = calculate(changed(request, changes[name](request, answer)));
  if (other === null || other.total === answer.total) continue;
  const counts = tally.get(name);
  counts.tried++;
  if (compare(request, answer, other.total).causes.length > 0) counts.explained++;
}

verdict(faults.length === 0, `what is claimed is so: ${compared} invoices`, ...faults.slice(0, 5));
for (const [name, { tried, explained }] of tally) {
  verdict(tried > 0 && explained >= tried * 0.98, `explained: ${name}`, explained + ' of ' + tried);
  console.log(`# ${name}: ${explained} of ${tried}`);
}
finish();
