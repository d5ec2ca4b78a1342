// SPDX-License-Identifier: Apache-2.0
// The service worker of the portal: the page of the last bill, and what it loads, for when there is no
// network. One page, of who is signed in, the bill that their home page names, whatever else they open;
// when the server leads to the door it is forgotten.
'use strict';
const BILL = 'portal-bill';
const FILES = 'portal-files';
const KEPT = '/khach-hang/hoa-don-da-luu';
const HOME = '/khach-hang';
const IS_HOME = /^\/khach-hang(\/ung-dung)?$/;
const IS_BILL = /^\/khach-hang\/hoa-don\/[^/]+$/;
const IS_CODE = /^\/khach-hang\/hoa-don\/[^/]+\/ma-thanh-toan$/;
const NAMES = /href="(\/khach-hang\/hoa-don\/[^"/?#]+)["#]/;
const DAY = 86400000;
let forgotten = 0; // how often: what was being fetched then is not to stay

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
  meanwhile(event, follow(askHome()));
});

const forget = () => { forgotten++; return caches.delete(BILL); };
const kept = async () => (await caches.open(BILL)).match(KEPT);
const askHome = () => fetch(HOME, { headers: { Accept: 'text/html', Purpose: 'prefetch' } }); // no visit
const isPage = (answer) => answer.ok && !answer.redirected;
const meanwhile = (event, work) => event.waitUntil(work.catch(() => { /* what is kept stays */ }));

/** The page as it will be shown without a network: it says so, and its forms carry no secret. */
async function keep(path, page) {
  const html = page.replace('id="offline" hidden', 'id="offline"')
    .replace(/(name="csrf" value=")[^"]*/g, '$1');
  await caches.delete(BILL);
  const bill = await caches.open(BILL);
  await bill.put(KEPT, new Response(html, { headers: {
    'Content-Type': 'text/html; charset=utf-8', 'Content-Location': path, Date: new Date().toUTCString() } }));
  const code = /<img class="code" src="([^"]+)"/.exec(html);
  if (code) await bill.add(code[1]).catch(() => { /* the page is right without it */ });
  const files = await caches.open(FILES);
  for (const { url } of await files.keys()) {
    const { pathname } = new URL(url);
    if (!html.includes(pathname) && !pathname.endsWith('.woff2')) await files.delete(url);
  }
  for (const [, name] of html.matchAll(/(?:src|href)="(\/tai-nguyen\/[^"]+)"/g)) await file(name).catch(() => {});
}

/** Keeps the bill that the home page names; nobody else's stays beside it. */
async function follow(home) {
  const since = forgotten;
  const answer = await home;
  if (!isPage(answer)) return;
  const [, last] = NAMES.exec(await answer.text()) ?? [];
  const before = await kept();
  const same = before?.headers.get('Content-Location') === last;
  if (before && !same) await caches.delete(BILL);
  if (!last || (same && Date.now() - Date.parse(before.headers.get('Date')) < DAY)) return;
  const bill = await fetch(last, { headers: { Accept: 'text/html' } });
  if (isPage(bill)) await keep(last, await bill.text());
  if (since !== forgotten) await caches.delete(BILL);
}

/** A bill that was opened: the kept one is renewed; after any other the home page says which is the last. */
async function opened(path, answer) {
  const since = forgotten;
  if ((await kept())?.headers.get('Content-Location') !== path) return follow(askHome());
  await keep(path, await answer.text());
  if (since !== forgotten) await caches.delete(BILL);
}

async function page(event) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch (error) {
    const last = await kept();
    if (last) return last;
    throw error;
  }
  const { pathname } = new URL(event.request.url);
  if (answer.type === 'opaqueredirect') await forget();
  else if (answer.ok && IS_HOME.test(pathname)) meanwhile(event, follow(answer.clone()));
  else if (answer.ok && IS_BILL.test(pathname)) meanwhile(event, opened(pathname, answer.clone()));
  return answer;
}

/** Files with a hash in their name never change. */
async function file(request) {
  const files = await caches.open(FILES);
  const kept = await files.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await files.put(request, answer.clone());
  return answer;
}

async function code(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(BILL)).match(request.url);
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(event));
  else if (pathname.startsWith('/tai-nguyen/')) event.respondWith(file(request));
  else if (IS_CODE.test(pathname)) event.respondWith(code(request));
});
