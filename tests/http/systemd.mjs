// SPDX-License-Identifier: Apache-2.0
// What a test takes for systemd: it hears what services tell of themselves.
import { createInterface } from 'node:readline';
import { pause, start } from './house.mjs';

/** Of a service that has to beat twice a second. */
export const watched = { WATCHDOG_USEC: '1000000' };

// systemd's end of the socket: every message with the process that sent it.
const listener = `
import socket, struct, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
s.bind(sys.argv[1].replace('@', chr(0), 1) if sys.argv[1][0] == '@' else sys.argv[1])
print('bound', flush=True)
while True:
    data, [(_, _, who)], _, _ = s.recvmsg(4096, 64)
    print(struct.unpack('3i', who)[0], data.decode(), flush=True)
`;

/** .heard fills with { pid, word, at }; .until(word, ms) waits for one. */
export async function listen(name) {
  const child = await start('python3', ['-u', '-c', listener, name], { line: /bound/ });
  const heard = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [pid, word] = line.split(' ');
    if (word) heard.push({ pid: Number(pid), word, at: Date.now() });
  });
  const until = async (word, ms = 10000) => {
    for (const last = Date.now() + ms; Date.now() < last && !heard.some((one) => one.word === word);) await pause(20);
    return heard.some((one) => one.word === word);
  };
  return { heard, until, stop: () => child.stop() };
}
