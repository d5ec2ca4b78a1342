// SPDX-License-Identifier: Apache-2.0
// A store that answers whoever reads, and not the one that writes notes down: after half a minute the
// service no longer tells systemd that it is alive, and does so again once the store answers.
import { readdirSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { equal, step, verdict } from '../web/tap.mjs';
import { ask, end, folder, pause, program, psql, sangden, signedIn, start, stores } from './house.mjs';
import { listen, watched } from './systemd.mjs';

/** A way to PostgreSQL on which single connections can be held up. */
function way(address) {
  const [, host] = /host=([^&]+)/.exec(address);
  const name = readdirSync(host).find((file) => /^\.s\.PGSQL\.\d+$/.test(file));
  const pairs = [];
  const server = net.createServer((client) => {
    const store = net.connect(join(host, name));
    const both = [client, store];
    client.pipe(store).pipe(client);
    for (const one of both) one.on('error', () => {}).on('close', () => both.forEach((other) => other.destroy()));
    pairs.push(both);
  });
  server.listen(join(folder, name));
  return { address: address.replace(host, folder), opened: () => pairs.length,
           hold: (at) => pairs[at].forEach((one) => one.pause()),
           free: (at) => pairs[at].forEach((one) => one.resume()),
           close: () => server.close() };
}

const count = (heard) => heard.filter(({ word }) => word === 'WATCHDOG=1').length;

/** How many signs of life come within that time. */
async function beats({ heard }, ms) {
  const before = count(heard);
  await pause(ms);
  return count(heard) - before;
}

await step('a store that stands still', async () => {
  const [, store] = await stores('standstill');
  if (store === undefined) return verdict(true, 'PostgreSQL # SKIP PostgreSQL 15 is not installed');
  const env = { SANGDEN_STORE: store.address, SANGDEN_IDENTITY_KEY: join(folder, 'standstill.key') };
  sangden(['init', '--as', 'QT01', '--name', 'Nguyễn Thị An', '--kind', 'test'], { env });
  sangden(['identity', 'key', '--as', 'QT01'], { env });
  /* Sessions that were not used for a while, so that a visit is a note. */
  const people = [1, 2].map(() => signedIn('customer', 1));
  for (const { sql } of people) psql(store.address, sql);
  psql(store.address, 'UPDATE session SET created_at = created_at - 3000000, seen_at = seen_at - 3000000');
  const between = way(store.address), socket = join(folder, 'notify'), supervisor = await listen(socket);
  const service = await start(program, ['serve', '--json', '--threads', '1', '--port', '0', '--workers', '0'],
                              { env: { ...env, SANGDEN_STORE: between.address, NOTIFY_SOCKET: socket, ...watched }, line: /"port":(\d+)/ });
  const visit = async ({ token }) =>
    (await ask(Number(service.match[1]), '/tro-giup', { headers: { Accept: 'text/html', Cookie: `sangden=${token}` } })).status;
  await supervisor.until('READY=1');
  const started = between.opened();
  verdict(await visit(people[0]) < 500, 'a page is answered');
  for (let tries = 0; tries < 100 && between.opened() < started + 2; tries++) await pause(20);
  equal(between.opened(), started + 2, 'who writes notes has a connection of its own');
  await pause(500);
  between.hold(started + 1);
  verdict(await visit(people[1]) < 500, 'and where that stands still pages are answered');
  verdict(await beats(supervisor, 20000) > 20, 'the service lives while it waits');
  await pause(15000);
  equal(await beats(supervisor, 3000), 0, 'and after half a minute it asks to be started anew');
  verdict(await visit(people[1]) < 500, 'answering still');
  between.free(started + 1);
  verdict(await beats(supervisor, 4000) > 2, 'a store that answers again brings it back');
  equal(await service.stop(), 0, 'and it ends in peace');
  await supervisor.stop();
  between.close();
  store.leave();
});
end();
