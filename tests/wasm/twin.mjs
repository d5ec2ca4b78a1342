// SPDX-License-Identifier: Apache-2.0
// The WebAssembly module answers byte for byte like the command, refusals included.
//
//   node twin.mjs SANGDEN MODULE COUNT [SEED]       TAP on standard output
//
// COUNT requests of the bill calculator from the seed, and some of each other calculator; each
// batch goes through the command once, as JSON lines, and through the module one by one.
import { spawnSync } from 'node:child_process';
import { backbillRequest, billRequest, feeRequest, vendRequest } from './bills.mjs';
import { Chance } from './chance.mjs';
import { Module } from './module.mjs';
import { meterRequest, rateRequest } from './plans.mjs';
import { spoil } from './spoil.mjs';

const [program, modulePath, countText, seedText] = process.argv.slice(2);
const count = Number(countText);
const seed = Number(seedText ?? 20261121);
const batch = 5000;
const newline = Buffer.from('\n');
const calculators = [
  { name: 'calc', make: billRequest, part: 1 },
  { name: 'backbill', make: backbillRequest, part: 5 },
  { name: 'fee', make: feeRequest, part: 20 },
  { name: 'vend', make: vendRequest, part: 20 },
  { name: 'rate', make: rateRequest, part: 5 },
  { name: 'meter-kwh', make: meterRequest, part: 20 },
];

// A request that is one line of bytes: sound most of the time.
function line(chance, make) {
  const request = make(chance);
  const text = chance.percent(85) ? JSON.stringify(request) : spoil(chance, request);
  const bytes = Buffer.from(text.replaceAll('\n', ' '));
  // Now and then a byte that no UTF-8 has there.
  if (bytes.length > 0 && chance.percent(1)) {
    bytes[chance.below(bytes.length)] = chance.between(128, 255);
  }
  return bytes;
}

function command(name, lines) {
  const run = spawnSync(program, [name], {
    input: Buffer.concat(lines.flatMap((bytes) => [bytes, newline])),
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (run.error) throw run.error;
  if (run.status > 1) throw new Error('the command ended with status ' + run.status);
  return run.stdout;
}

// Compares one batch; answers what differs first, or null.
function compare(module, name, lines, counts) {
  const told = command(name, lines);
  let at = 0;
  for (const request of lines) {
    const end = told.indexOf(10, at);
    if (end < 0) return { request: request.toString(), command: 'no answer', module: '' };
    const theirs = told.subarray(at, end);
    at = end + 1;
    const started = process.hrtime.bigint();
    const ours = module.answer(name, request);
    counts.nanoseconds += process.hrtime.bigint() - started;
    counts.all++;
    if (!theirs.subarray(0, 9).equals(refused)) counts.answered++;
    if (!ours.equals(theirs)) {
      return { request: request.toString('latin1'), command: theirs.toString(),
               module: ours.toString() };
    }
  }
  return at === told.length ? null : { request: '', command: told.subarray(at), module: '' };
}

// What no generator draws: nothing, depth, the longest line and one that is a byte longer.
const longest = 2 ** 20;
const edges = ['', '  ', '\t\r', '['.repeat(100), '{"a":'.repeat(40) + '1' + '}'.repeat(40),
               '"' + 'x'.repeat(longest - 2) + '"', '"' + 'x'.repeat(longest - 1) + '"',
               ' '.repeat(2 * longest)].map((text) => Buffer.from(text));

const refused = Buffer.from('{"error":');
const module = new Module(modulePath);
let failed = 0;
let number = 0;
for (const { name, make, part } of calculators) {
  const chance = new Chance(seed + number);
  const wanted = Math.ceil(count / part);
  const counts = { all: 0, answered: 0, nanoseconds: 0n };
  let difference = compare(module, name, edges, { ...counts });
  while (difference === null && counts.all < wanted) {
    const lines = Array.from({ length: Math.min(batch, wanted - counts.all) },
                             () => line(chance, make));
    difference = compare(module, name, lines, counts);
  }
  const enough = counts.answered * 10 >= counts.all * 7;
  number++;
  if (difference !== null || !enough) failed++;
  console.log(`${difference === null ? 'ok' : 'not ok'} ${2 * number - 1} - ${name}: the same bytes`);
  if (difference !== null) console.log('# ' + JSON.stringify(difference));
  console.log(`${enough ? 'ok' : 'not ok'} ${2 * number} - ${name}: at least 70 % are answered`);
  const each = counts.all > 0 ? Number(counts.nanoseconds / BigInt(counts.all)) : 0;
  console.log(`# ${counts.all} requests, ${counts.answered} answered, seed ${seed}, ` +
              `${each} ns each in the module`);
}
const megabytes = module.exports.memory.buffer.byteLength / 2 ** 20;
if (megabytes > 32) failed++;
console.log(`${megabytes > 32 ? 'not ok' : 'ok'} ${2 * number + 1} - the module gives its memory back`);
console.log(`# ${megabytes} MiB at the end`);
console.log(`1..${2 * number + 1}`);
process.exitCode = failed > 0 ? 1 : 0;
