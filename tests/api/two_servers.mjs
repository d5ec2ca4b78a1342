// SPDX-License-Identifier: Apache-2.0
// Two servers on one store are one: who signed in at the first is known at the second, what was used
// up or taken away at one is so at the other, and no page that one keeps is older than what the other wrote.
import { ask, end, serve, stores } from '../http/house.mjs';
import { Client, givePassword } from '../web/demonstration.mjs';
import { equal, step, verdict } from '../web/tap.mjs';
import { customer, unit, world } from './world.mjs';

const spikes = `/api/v1/spikes?unit=${unit}&month=2026-10&waiting=true`;
const ASKED = 20;

async function behaveAsOne({ name, address }) {
  const w = await world('two' + name, address);
  const other = await serve({ ...w.env }, ['--workers', '0']);
  const ports = [w.server.port, other.port];
  const at = (port) => (path, options) => ask(port, path, options);

  await step('sessions of the staff', async () => {
    w.run('identity', 'set', 'second_factor_required', '--value', '0', '--source', 'test');
    givePassword(w.env, 'TRUONGHD');
    const [here, there] = ports.map((port) => new Client(port));
    const shared = () => { there.cookies = new Map(here.cookies); };
    await here.signInStaff('TRUONGHD');
    shared();
    equal((await there.ask('/van-hanh')).status, 200, `${name}: begun at one, known at the other`);
    const csrf = await there.token('/tai-khoan');
    equal((await here.send('/dang-xuat', {}, { csrf })).status, 303, `${name}: a form of one is good at the other`);
    equal((await there.ask('/van-hanh')).status, 303, `${name}: ended at one, unknown at the other`);
  });

  await step('signed requests', async () => {
    const kept = {}, path = '/api/v1/session';
    const first = await w.signed(w.keys.VIDIEN, (headers) => Object.assign(kept, headers), at(ports[0]))(path);
    equal(first.status, 200, `${name}: a request is good`);
    equal((await ask(ports[1], path, { headers: kept })).status, 401, `${name}: and not a second time at the other`);
    w.run('partner', 'revoke', w.keys.VIDIEN.key);
    for (const port of ports)
      equal((await w.signed(w.keys.VIDIEN, (headers) => headers, at(port))(path)).status, 401, `${name}: a revoked key is so at both`);
  });

  await step('a change sent to both', async () => {
    const [spike] = (await w.staff(spikes)).json.items, path = `/api/v1/spikes/${spike.point}/2026-10`;
    const { headers: { etag } } = await w.staff(path);
    const session = (await w.staff('/api/v1/session')).json.csrf;
    const send = (port) => ask(port, path + '/steps', { method: 'POST',
      body: JSON.stringify({ action: 'order', evidence: 'Ảnh ngày 12', reason: 'Cần kiểm tra tại chỗ' }),
      headers: { Cookie: `sangden=${'1'.repeat(64)}`, 'X-CSRF-Token': session, 'Content-Type': 'application/json', 'If-Match': etag, 'Idempotency-Key': 'a' } });
    const [one, two] = await Promise.all(ports.map(send));
    verdict(one.status === 200 && two.status === 200 && one.text === two.text, `${name}: with one key has one answer`, one.text, two.text);
    equal((await w.staff(path)).json.steps.length, 1, `${name}: and happened once`);
  });

  await step('pages that are kept', async () => {
    const [reader, writer] = ports.map((port) => new Client(port));
    for (const one of [reader, writer]) one.cookies.set('sangden', '4'.repeat(64));
    const path = '/khach-hang/nguong';
    for (const one of [reader, writer]) await one.ask(`${path}?hop-dong=${customer}`); // chosen for good
    const seen = async () => { // by every thread of the server, each of which keeps pages of its own
      let times = 0;
      for (let i = 0; i < ASKED; i++) if (/345(&nbsp;|\u00a0)kWh/.test((await reader.ask(path)).text)) times++;
      return times;
    };
    equal(await seen(), 0, `${name}: a level that is not set`);
    equal((await writer.send(path, { level: '345', kind: 'energy' })).status, 303, `${name}: it is set`);
    equal(await seen(), ASKED, `${name}: is seen at the one once the other wrote it`);
  });
  equal(await other.stop(), 0, `${name}: one ends`);
  equal((await ask(ports[0], '/readyz')).status, 200, `${name}: and the other goes on`);
  await w.server.stop();
}

for (const store of await stores('two')) {
  await behaveAsOne(store);
  store.leave();
}
end();
