// SPDX-License-Identifier: Apache-2.0
// What `./dev run` prints opens every door: each role with its password, customers with the code that
// the workers put into a folder.
//
//   node logins.mjs SANGDEN
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { end, folder, freshStore, pause, sangden, serve } from '../http/house.mjs';
import { equal, step, verdict } from './tap.mjs';
import { Client, demonstration, givePassword } from './demonstration.mjs';

const notices = join(folder, 'codes');
const env = demonstration({ name: 'logins' });
sangden(['identity', 'set', 'password_memory_kib', '--value', '64', '--source', 'test', '--as', 'QUANTRI'], { env });
const logins = JSON.parse(sangden(['demo', 'logins', '--json', '--as', 'QUANTRI', '--out', join(folder, 'logins.txt')], { env }));
const server = await serve({ ...env, SANGDEN_NOTICE_FOLDER: notices }, ['--workers', '1']);

await step('the staff', async () => {
  equal(logins.staff.length, 12, 'every role has a person');
  for (const { role, code, password } of logins.staff) {
    const client = new Client(server.port);
    const { status } = await client.signInStaff(code, password);
    verdict(client.cookies.has('sangden') && status === 303, `${role}: the password opens the door`, status);
  }
});

/** The code in the newest file of the folder, once there are so many. */
async function newest(count) {
  for (let tries = 0; tries < 100; tries++, await pause(100)) {
    const names = existsSync(notices) ? readdirSync(notices).filter((name) => name.endsWith('.txt')) : []; // whole ones
    if (names.length < count) continue;
    const last = names.sort((a, b) => Number(/-(\d+)/.exec(a)[1]) - Number(/-(\d+)/.exec(b)[1])).at(-1);
    return /\b(\d{6})\b/.exec(readFileSync(join(notices, last), 'utf8'))?.[1];
  }
  return null;
}

await step('customers', async () => {
  verdict(logins.customers.length >= 3, 'there are some', logins.customers.length);
  for (const [i, { who, phone }] of logins.customers.entries()) {
    const client = new Client(server.port);
    const page = await client.send('/dang-nhap', { who: phone });
    const csrf = /name="csrf" value="([0-9a-f]+)"/.exec(page.text)?.[1] ?? '';
    const code = await newest(i + 1);
    verdict(/^\d{6}$/.test(code), `${who}: a worker put the code into the folder`, code);
    await client.send('/dang-nhap/ma', { code }, { csrf });
    const home = await client.ask('/khach-hang');
    verdict(home.status === 200 && home.text.includes('kWh'), `${who}: which leads home`, home.status);
  }
});
await server.stop();

await step('before there is a unit', async () => {
  const env = { ...freshStore('empty'), SANGDEN_IDENTITY_KEY: join(folder, 'empty.key') };
  const as = (...words) => sangden([...words, '--as', 'QT01'], { env });
  as('identity', 'key');
  as('identity', 'set', 'second_factor_required', '--value', '0', '--source', 'test');
  as('identity', 'set', 'password_memory_kib', '--value', '64', '--source', 'test');
  as('staff', 'add', 'TP01', '--name', 'Trần Văn Bình');
  for (const role of ['billing_leader', 'team_leader', 'agent']) as('staff', 'role', 'TP01', role);
  givePassword(env, 'TP01', 'QT01');
  const server = await serve(env), person = new Client(server.port);
  await person.signInStaff('TP01');
  for (const path of ['/van-hanh', '/van-hanh/ky', '/van-hanh/phuc-tra', '/van-hanh/so', '/van-hanh/khoa-so', '/van-hanh/bieu-gia',
                      '/van-hanh/doi-chieu', '/van-hanh/kiem-tra', '/van-hanh/don-vi', '/ban-lam-viec', '/ban-lam-viec/tim']) {
    const { status, text } = await person.ask(path);
    verdict([200, 403, 404].includes(status) && text.includes('</html>'), `${path} answers`, status);
    if (status === 404) verdict(text.includes('nạp danh sách đơn vị'), `${path} says what is missing`);
  }
  await server.stop();
});
end();
