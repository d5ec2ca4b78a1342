// SPDX-License-Identifier: Apache-2.0
// Keys of staff pages: one letter for each thing that has an accesskey, and "?" for the list of them.
// Without this script the same things are reached by Tab, by links and by the browser's own way to an
// accesskey.
(() => {
  const typing = (e) => e.closest('input:not([type=checkbox],[type=radio]), textarea, select') !== null;
  const keyed = () => [...document.querySelectorAll('[accesskey]')].filter((e) => e.checkVisibility());
  const words = (e) => e.dataset.key || (e.labels && e.labels[0] ? e.labels[0].textContent : e.textContent).trim();
  const list = document.getElementById('keys');

  function show() {
    const rows = keyed().map((e) => {
      const row = document.createElement('div');
      const key = row.appendChild(document.createElement('dt'));
      key.appendChild(document.createElement('kbd')).textContent = e.accessKey;
      row.appendChild(document.createElement('dd')).textContent = words(e);
      return row;
    });
    list.querySelector('dl').replaceChildren(...rows);
    list.showModal();
  }

  const button = document.getElementById('show-keys');
  if (button && list) {
    button.hidden = false;
    button.addEventListener('click', show);
  }

  // J and K go through the things of the page that follow each other.
  function step(by) {
    const items = [...document.querySelectorAll('[data-step]')].filter((e) => e.checkVisibility());
    const at = items.indexOf(document.activeElement);
    const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by];
    if (next) next.focus();
  }

  // A key of several things, such as of each hold, goes to the next one every time: the first has the
  // accesskey, which is one on a page, the others are data-again.
  function withKey(key)
  {
      return [...document.querySelectorAll('[accesskey], [data-again]') ].filter(
          (e) => (e.dataset.again || e.accessKey).toLowerCase() === key && e.checkVisibility());
  }

  function next(found)
  {
      return found[(found.indexOf(document.activeElement) + 1) % found.length];
  }

  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (typing(event.target)) {
      if (event.key === 'Escape') event.target.blur();
      return;
    }
    if (list && list.open) return;
    const key = event.key.toLowerCase();
    const found = next(withKey(key));
    if (key === '?' && list) show();
    else if (key === 'j' || key === 'k') step(key === 'j' ? 1 : -1);
    else if (found && /^(input|select|textarea)$/i.test(found.tagName) && found.type !== 'checkbox') found.focus();
    else if (found) {
        found.focus();
        found.click();
        found.closest('details[open] > summary')
            ?.parentElement.querySelector('input:not([type=hidden]), select, textarea')
            ?.focus();
    } else return;
    event.preventDefault();
  });
})();
