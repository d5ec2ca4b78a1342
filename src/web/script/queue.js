// SPDX-License-Identifier: Apache-2.0
// A queue by keyboard: J and K go through its rows, Enter opens one; a digit decides, on a row as in its
// case. On a row it sends what the page of the case offers, and the queue comes back; a case that offers
// nothing for that key, or no evidence, is opened. In a case J goes on. Keys act while the queue or the decision has the focus, which this script gives it, and
// never while somebody types (WCAG 2.1.4). Without it the same things are links and buttons.
(() => {
  const form = document.querySelector('form[data-queue]');
  const rows = [...document.querySelectorAll('[data-step]')];
  const next = document.querySelector('[data-next]');
  const types = (element) => element.closest('input, textarea, select') !== null;
  const place = form ?? next ?? rows[0];
  if (!place) return;

  for (const hint of document.querySelectorAll('.keys')) hint.hidden = false;
  if (form) {
    form.tabIndex = -1;
    form.addEventListener('submit', () => { for (const button of form.querySelectorAll('button')) button.inert = true; });
  }
  if (!location.hash) place.focus({ preventScroll: true });

  function step(by) {
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(Math.max(at + by, 0), rows.length - 1)]?.focus();
  }

  let deciding = false;
  async function decide(row, key)
  {
      if (deciding) return;
      deciding = true;
      try {
          const answer = await fetch(row.href, {credentials : 'same-origin'});
          const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
          const offered = page.querySelector('form[data-queue]');
          const button = offered?.querySelector(`button[accesskey="${CSS.escape(key)}"]`);
          if (!answer.ok || !button || !offered.elements.evidence.value)
              return location.assign(row.href);
          offered.hidden = true;
          offered.elements.ve.value = 'danh-sach';
          document.body.append(document.adoptNode(offered));
          offered.requestSubmit(button);
      } catch {
          deciding = false;
      }
  }

  document.addEventListener('keydown', (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || types(target)) return;
    if (key === 'j' || key === 'k') {
      if (rows.includes(target)) step(key === 'j' ? 1 : -1);
      else if (key === 'j' && (form ?? next)?.contains(target)) next?.click();
      return;
    }
    if (rows.includes(target) && /^[1-9]$/.test(key)) decide(target, key);
    else if (form?.contains(target))
        form.querySelector(`button[accesskey="${CSS.escape(key)}"]`)?.click();
  });
})();
