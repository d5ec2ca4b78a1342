// SPDX-License-Identifier: Apache-2.0
// TAP on standard output: cases one after the other, each with its own name.
let number = 0;
let failed = 0;
let before = '';

export function verdict(good, name, ...details) {
  number++;
  if (!good) failed++;
  console.log(`${good ? 'ok' : 'not ok'} ${number} - ${before}${name}`);
  if (!good) for (const detail of details) console.log('# ' + String(detail).replace(/\n/g, '\n# '));
}

/** What stands before the names of the cases that follow: "PostgreSQL: ". */
export function under(words) {
  before = words;
}

export function equal(found, wanted, name) {
  verdict(found === wanted, name, 'found:  ' + found, 'wanted: ' + wanted);
}

/** Runs one case; an exception fails it and leaves the others alone. */
export async function step(name, run) {
  try {
    await run();
  } catch (error) {
    verdict(false, name, error.stack ?? error);
  }
}

/** Everything is left out, by name and reason. */
export function skipAll(reason) {
  console.log('1..0 # SKIP ' + reason);
  process.exit(0);
}

export function finish() {
  console.log('1..' + number);
  process.exitCode = failed > 0 ? 1 : 0;
}
