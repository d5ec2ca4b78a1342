// SPDX-License-Identifier: Apache-2.0
// A part of a page that tells how far something is: asked for anew every second while it works.
// <div data-live="/address" data-working>: the answer is that part again; without data-working it is
// done, and the page is loaded once more for what became of it. A server that does not answer is asked
// again, more and more seldom.
const SECOND = 1000;
let pause = SECOND;

async function renew() {
  const part = document.querySelector('[data-live][data-working]');
  if (!part) return;
  try {
    const answer = await fetch(part.dataset.live, { credentials: 'same-origin' });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const parsed = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = parsed.querySelector('[data-live]');
    if (!next) throw new Error('no such part');
    part.replaceWith(document.adoptNode(next));
    pause = SECOND;
    if (!('working' in next.dataset)) return location.reload();
  } catch {
    pause = Math.min(pause * 2, 30 * SECOND);
  }
  setTimeout(renew, pause);
}
setTimeout(renew, SECOND);
