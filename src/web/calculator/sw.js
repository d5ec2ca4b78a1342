// SPDX-License-Identifier: Apache-2.0
// Keeps the page for use without a network. build.mjs fills in its version and its files.
'use strict';
const CACHE = 'calculator-@VERSION@';
const FILES = ['./'];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES))
    .then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names
      .filter((name) => name.startsWith('calculator-') && name !== CACHE)
      .map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

const PATIENCE_MS = 3000;

/** The page from the network, so that new prices arrive; the kept one when that takes too long. */
async function page(request) {
  const kept = await caches.match('./');
  const fresh = fetch(request);
  if (!kept) return fresh;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([fresh.catch(() => kept), late]);
}

const PLACE = new URL('./', self.location).pathname;

// Files with a hash in their name never change. Other pages of the same server are not ours.
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  if (request.mode === 'navigate' && new URL(request.url).pathname !== PLACE) return;
  event.respondWith(request.mode === 'navigate' ? page(request)
    : caches.match(request).then((kept) => kept || fetch(request)));
});
