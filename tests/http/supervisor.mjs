// SPDX-License-Identifier: Apache-2.0
// What systemd is told of a service: ready once it answers, alive while its loop goes on, stopping at its end; by it alone.
import { equal, step, verdict } from '../web/tap.mjs';
import { ask, end, folder, freshStore, pause, program, start } from './house.mjs';
import { listen, watched } from './systemd.mjs';

const words = (heard) => heard.map(({ word }) => word).filter((word, i, all) => word !== all[i - 1]).join();
const store = freshStore();

/** A service from its beginning to its end; run is asked in between. */
async function life(name, socket, command, env, run = async () => {}) {
  const supervisor = await listen(socket);
  const service = await start(program, command, { env: { ...store, NOTIFY_SOCKET: socket, ...env } });
  verdict(await supervisor.until('READY=1'), `${name}: is ready`, service.log);
  await run(supervisor, service);
  equal(await service.stop(), 0, `${name}: ends in peace`);
  verdict(await supervisor.until('STOPPING=1', 1000), `${name}: says that it stops`);
  verdict(supervisor.heard.every(({ pid }) => pid === service.pid), `${name}: it alone speaks`, JSON.stringify(supervisor.heard));
  await supervisor.stop();
  return words(supervisor.heard);
}

const beats = ({ heard }) => heard.filter(({ word }) => word === 'WATCHDOG=1').length;

/** It beats twice a second, and no more when its loop stands still. */
async function beating(supervisor, service) {
  const before = beats(supervisor);
  await pause(2500);
  const seen = beats(supervisor) - before;
  verdict(seen >= 3 && seen <= 6, 'it beats twice as often as the watchdog wants', seen);
  service.kill('SIGSTOP');
  await pause(300);
  const still = beats(supervisor);
  await pause(1500);
  equal(beats(supervisor), still, 'whoever stands still does not beat');
  service.kill('SIGCONT');
  await pause(800);
  verdict(beats(supervisor) > still, 'and beats again when it goes on');
}

await step('the server', async () => {
  const port = String(20000 + process.pid % 10000);
  const told = await life('serve', folder + '/notify', ['serve', '--port', port, '--workers', '1'], watched,
    async (supervisor, service) => {
      equal((await ask(Number(port), '/healthz')).status, 200, 'who is ready answers');
      await beating(supervisor, service);
    });
  equal(told, 'READY=1,WATCHDOG=1,STOPPING=1', 'in this order');
});

await step('the workers', async () => {
  equal(await life('work', folder + '/notify2', ['work', '--workers', '2'], watched, beating),
        'READY=1,WATCHDOG=1,STOPPING=1', 'in this order');
});

await step('without a watchdog', async () => {
  const name = '@sangden-test-' + process.pid, serve = ['serve', '--port', '0', '--workers', '0'];
  const other = { ...watched, WATCHDOG_PID: '1' };
  equal(await life('a name outside the file system', name, serve, other, () => pause(1200)), 'READY=1,STOPPING=1',
        'nothing of a watchdog that is for another process');
  for (const nobody of ['relative', folder + '/nobody', '/' + 'x'.repeat(200)]) {
    const service = await start(program, serve, { env: { ...store, ...watched, NOTIFY_SOCKET: nobody }, line: /127\.0\.0\.1:\d+/ });
    await pause(700);
    equal(await service.stop(), 0, `where nobody listens (${nobody.slice(0, 20)}) the service goes on`);
    equal(service.log.match(/supervisor\.unheard/g)?.length, 1, 'and says so once');
  }
});
end();
