// SPDX-License-Identifier: Apache-2.0
// Pages of customers do everything without script. This one keeps the last bill on the device, for when
// there is no network, and forgets it before anybody signs out.
(() => {
  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.register('/khach-hang/sw.js', { scope: '/khach-hang' })
      .catch(() => { /* then pages need the network */ });
  }
  for (const form of document.querySelectorAll('form[action="/dang-xuat"]')) {
    form.addEventListener('submit', (event) => {
      if (!('caches' in window)) return;
      event.preventDefault();
      caches.delete('portal-bill').finally(() => form.submit());
    });
  }
})();
