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

// Files with a hash in their name never change; the page itself is asked for anew while there is a
// network.
self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(self.registration.scope)) return;
  if (request.mode === 'navigate') {
    event.respondWith(fetch(request).catch(() => caches.match('./')));
  } else {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
