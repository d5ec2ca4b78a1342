// SPDX-License-Identifier: Apache-2.0
// The service worker of the portal: the bill page that was opened last, and what it loads, for when there
// is no network. One page, of who is signed in; when the server leads to the door it is forgotten.
'use strict';
const BILL = 'portal-bill';
const FILES = 'portal-files';
const KEPT = '/khach-hang/hoa-don-da-luu';
const IS_BILL = /^\/khach-hang\/hoa-don\/[^/]+$/;
const IS_CODE = /^\/khach-hang\/hoa-don\/[^/]+\/ma-thanh-toan$/;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

/** The page as it will be shown without a network: it says so, and its forms carry no secret. */
async function keep(answer) {
  const html = (await answer.text())
    .replace('id="offline" hidden', 'id="offline"')
    .replace(/(name="csrf" value=")[^"]*/g, '$1');
  await caches.delete(BILL);
  const bill = await caches.open(BILL);
  await bill.put(KEPT, new Response(html, { headers: { 'Content-Type': 'text/html; charset=utf-8' } }));
  const code = /<img class="code" src="([^"]+)"/.exec(html);
  if (code) await bill.add(code[1]).catch(() => { /* the page is right without it */ });
  const files = await caches.open(FILES);
  for (const { url } of await files.keys()) {
    const { pathname } = new URL(url);
    if (!html.includes(pathname) && !pathname.endsWith('.woff2')) await files.delete(url);
  }
}

async function page(event) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch (error) {
    const kept = await (await caches.open(BILL)).match(KEPT);
    if (kept) return kept;
    throw error;
  }
  if (answer.type === 'opaqueredirect') await caches.delete(BILL);
  else if (answer.ok && IS_BILL.test(new URL(event.request.url).pathname)) event.waitUntil(keep(answer.clone()));
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
