// SPDX-License-Identifier: Apache-2.0
// Breaks a sound request in one of the ways that people and programs break them.
const strange = ['', '-1', '1e3', 'một', '1.0000000001', '99999999999999999999', 'NaN', '０', null,
                 true, 1, 0.5, [], {}, 'SH', '2026-02-30', '0'];

// Every place of the tree where a member stands: [parent, key].
function places(node, found = []) {
  if (node === null || typeof node !== 'object') return found;
  for (const key of Object.keys(node)) {
    found.push([node, key]);
    places(node[key], found);
  }
  return found;
}

const cut = (chance, text) => text.slice(0, chance.below(text.length));
const flip = (chance, text) => {
  const at = chance.below(text.length);
  const put = chance.pick(['{', '}', '"', ',', '\\', '\\u00e', 'é', '\u0001']);
  return text.slice(0, at) + put + text.slice(at + 1);
};
const twice = (chance, text) => text.replace(/"(\w+)":/, '"$1":1,"$1":');
const real = (chance, text) => text.replace(/"(\d+)"/, '$1.5');

export function spoil(chance, request) {
  const found = places(request);
  if (chance.percent(60) && found.length > 0) {
    const [parent, key] = chance.pick(found);
    const way = chance.below(3);
    if (way === 0) delete parent[key];
    else if (way === 1) parent[key] = chance.pick(strange);
    else parent[chance.pick(['unknown', 'kWh', 'đơn giá', 'x'.repeat(120), 'ệ'.repeat(60)])] = '1';
    return JSON.stringify(request);
  }
  const text = JSON.stringify(request);
  return chance.pick([cut, flip, twice, real])(chance, text);
}
