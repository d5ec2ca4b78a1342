// SPDX-License-Identifier: Apache-2.0
// Requests at a fixed rate, whether or not the answers come: an open loop. What waits for a free
// connection waits on the clock too, because time counts from the instant at which a request was due;
// a server that stalls cannot slow down its own measurement.
import net from 'node:net';

const CONNECTIONS = 64, TICK_MS = 1, WARM_MS = 1000;
const headEnd = Buffer.from('\r\n\r\n');

/** One connection that is opened again when the server has closed it. */
class Line {
  constructor(port, answered) {
    this.port = port;
    this.answered = answered;
    this.due = null;
    this.open();
  }

  open() {
    this.pieces = Buffer.alloc(0);
    this.socket = net.connect({ host: '127.0.0.1', port: this.port, noDelay: true });
    this.socket.on('data', (data) => this.take(data));
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      if (this.due !== null) this.finish(false);
      if (!this.ended) this.open();
    });
  }

  send(bytes, due) {
    this.due = due;
    this.socket.write(bytes);
  }

  take(data) {
    this.pieces = this.pieces.length === 0 ? data : Buffer.concat([this.pieces, data]);
    const head = this.pieces.indexOf(headEnd);
    if (head < 0) return;
    const text = this.pieces.latin1Slice(0, head);
    const length = Number(/\r\nContent-Length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (this.pieces.length < head + headEnd.length + length) return;
    this.pieces = Buffer.alloc(0);
    if (/\r\nConnection: close/i.test(text)) this.socket.end();
    this.finish(text.startsWith('HTTP/1.1 200 '));
  }

  finish(good) {
    const due = this.due;
    this.due = null;
    this.answered(this, due, good);
  }

  end() {
    this.ended = true;
    this.socket.destroy();
  }
}

/** Sends the requests in turn, so many a second; answers { answered, failed, p50, p99 } in ms, where
 *  those of the first second count as answered but not as time: this program is not warm yet. */
export async function openLoop(port, requests, perSecond, seconds) {
  const took = [], waiting = [], free = [];
  let good = 0, failed = 0, under = 0, begin = 0;
  const answered = (line, due, right) => {
    under--;
    if (right) good++;
    else failed++;
    if (right && due >= begin + WARM_MS) took.push(performance.now() - due);
    if (waiting.length === 0 || line.socket.writableEnded) free.push(line);
    else line.send(...waiting.shift());
  };
  const lines = [...Array(CONNECTIONS)].map(() => new Line(port, answered));
  free.push(...lines);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const total = perSecond * seconds;
  begin = performance.now();
  for (let sent = 0; sent < total || under > 0;) {
    for (; sent < total && begin + sent * 1000 / perSecond <= performance.now(); sent++) {
      const due = begin + sent * 1000 / perSecond, bytes = requests[sent % requests.length];
      under++;
      const at = free.findIndex((line) => line.socket.readyState === 'open' || line.socket.connecting);
      if (at < 0) waiting.push([bytes, due]);
      else free.splice(at, 1)[0].send(bytes, due);
    }
    while (waiting.length > 0 && free.some((line) => line.socket.readyState === 'open'))
      free.splice(free.findIndex((line) => line.socket.readyState === 'open'), 1)[0].send(...waiting.shift());
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  for (const line of lines) line.end();
  took.sort((a, b) => a - b);
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))];
  return { answered: good, failed, p50: at(0.5), p99: at(0.99) };
}
