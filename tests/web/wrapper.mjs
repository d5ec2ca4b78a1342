// SPDX-License-Identifier: Apache-2.0
// The TypeScript wrapper in Node: typed answers, refusals as values, the same figures as the command.
//
//   node wrapper.mjs SANGDEN build/sangden.wasm build/calculator
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { written } from './requests.mjs';
import { equal, finish, step, verdict } from './tap.mjs';

const [program, modulePath, folder] = process.argv.slice(2);
const { loadEngine } = await import(pathToFileURL(join(folder, 'sangden-calculator.mjs')).href);

const command = (name, ...rest) => spawnSync(program, [name, ...rest.slice(1)],
  { input: rest[0], encoding: 'utf8' }).stdout.trimEnd();

const engine = await loadEngine(pathToFileURL(modulePath));
const fromBytes = await loadEngine(readFileSync(modulePath));
equal(fromBytes.names.join(), engine.names.join(), 'loaded from an address and from bytes');
verdict(['calc', 'backbill', 'fee', 'vend', 'rate', 'meter-kwh', 'words']
  .every((name) => engine.names.includes(name)), 'all calculators are there', engine.names);

for (const request of written()) {
  const told = command('calc', JSON.stringify(request) + '\n');
  if (request.billed === undefined && request.usage?.billed === undefined) {
    const result = engine.calculate(request);
    equal(result.text, told, 'the bytes of the command: ' + told.slice(0, 40));
    equal(result.ok ? result.answer.total : result.error.field,
          JSON.parse(told).total ?? JSON.parse(told).error.field, 'and what they mean');
  }
}
for (const amount of [0, 24, 305230, -55, 1388405, 9007199254740991]) {
  const result = engine.words({ amount });
  equal(result.text, command('words', '', '--json', '--', String(amount)), amount + ' in words');
}

const refused = engine.calculate({ month: '2026-07', usage: { kwh: '-1' }, uses: [{ category: 'SH' }] });
verdict(!refused.ok && refused.error.field === 'usage.kwh' && refused.error.hint_en !== '',
        'a refusal is a value with its place and remedy', refused.text);
equal(engine.meterKwh({ old: '99850', new: '00120', digits: 5 }).answer.kwh, '270', 'a rollover');
verdict(engine.meterKwh({ old: '00850', new: '00120', digits: 5 }).answer.review !== undefined,
        'a doubtful reading');
equal(JSON.parse(engine.answer('fee', '{"type":"reconnection","voltage":"LE038","residential":true}'))
  .fee, 98000, 'every other calculator by its name');
let known = false;
try {
  engine.answer('none', '{}');
} catch (error) {
  known = error instanceof RangeError;
}
verdict(known, 'but no calculator that there is not');

await step('a stopped engine starts again', async () => {
  const bytes = Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]);
  const failed = await loadEngine(bytes).then(() => false, () => true);
  verdict(failed, 'a module that is none is refused');
  const own = await loadEngine(readFileSync(modulePath));
  const healthy = own.exports.calculate;
  own.exports = { ...own.exports, memory: own.exports.memory, calculate() {
    throw new WebAssembly.RuntimeError('unreachable');
  } };
  const stopped = own.calculate({ month: '2026-07', usage: { kwh: '1' }, uses: [{ category: 'SH' }] });
  verdict(!stopped.ok && stopped.error.message_en.includes('loaded again'), 'a trap is a refusal');
  verdict(own.exports.calculate !== healthy &&
    own.calculate({ month: '2026-07', usage: { kwh: '461' }, uses: [{ category: 'SH' }] })
      .answer.total === 1388405, 'and the next request is answered by a new instance');
});

await step('the README', async () => {
  const readme = readFileSync(new URL('../../src/web/calculator/README.md', import.meta.url), 'utf8');
  const example = /```js\n([^]*?)```/.exec(readme)[1]
    .replace('./build/calculator/sangden-calculator.mjs',
             pathToFileURL(join(folder, 'sangden-calculator.mjs')).href)
    .replace("new URL('build/sangden.wasm', import.meta.url)",
             `new URL(${JSON.stringify(pathToFileURL(modulePath).href)})`);
  const temporary = mkdtempSync(join(tmpdir(), 'sangden-wrapper-'));
  writeFileSync(join(temporary, 'example.mjs'), example);
  equal(execFileSync(process.execPath, [join(temporary, 'example.mjs')], { encoding: 'utf8' }).trim(),
        '1388405', 'its example runs');
  // The declarations alone must be enough for a program in TypeScript, and must refuse nonsense.
  const require = createRequire(import.meta.url);
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
  const check = (name, body) => {
    const path = join(temporary, name);
    writeFileSync(join(temporary, 'sangden-calculator.d.ts'),
                  readFileSync(join(folder, 'sangden-calculator.d.ts')));
    writeFileSync(path, "import { loadEngine } from './sangden-calculator.js';\n" +
      'const engine = await loadEngine(new Uint8Array());\n' + body);
    return spawnSync(process.execPath, [tsc, '--noEmit', '--strict', '--target', 'es2022', '--module',
      'esnext', '--moduleResolution', 'bundler', '--types', '', '--lib', 'es2022,dom',
      '--ignoreConfig', path], { encoding: 'utf8' });
  };
  const sound = check('sound.ts', "const r = engine.calculate({ month: '2026-07', usage: { kwh: '1' }," +
    " uses: [{ category: 'SH' }] });\nexport const t: number | null = r.ok ? r.answer.total : null;\n");
  equal(sound.stdout + sound.stderr, '', 'its types fit a program');
  for (const [what, body] of [
    ['a number as quantity', "engine.calculate({ month: '2026-07', usage: { kwh: 1 }, uses: [] });"],
    ['kWh and registers', "engine.calculate({ month: '2026-07', usage: { kwh: '1', peak: '1' }, uses: [] });"],
    ['month and days', "engine.calculate({ month: '2026-07', from: '2026-06-30', to: '2026-07-31', usage: { kwh: '1' }, uses: [] });"],
    ['an answer unasked', "engine.calculate({ month: '2026-07', usage: { kwh: '1' }, uses: [] }).answer;"]]) {
    verdict(check('wrong.ts', body).status !== 0, 'they refuse ' + what);
  }
  rmSync(temporary, { recursive: true });
});
finish();
