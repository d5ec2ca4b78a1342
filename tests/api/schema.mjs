// SPDX-License-Identifier: Apache-2.0
// Whether a value is what a JSON schema says: the words of JSON Schema that the served document uses.

/** Answers null, or where and why the value does not fit. */
export function misfit(document, schema, value, at = '$') {
  if (schema === undefined) return `${at}: no schema`;
  if (schema.$ref) return misfit(document, resolve(document, schema.$ref), value, at);
  for (const word of Object.keys(schema))
    if (!known.has(word) && !word.startsWith('x-')) return `${at}: the checker does not know ${word}`;
  if (schema.oneOf) {
    const fits = schema.oneOf.filter((one) => misfit(document, one, value, at) === null).length;
    if (fits !== 1) return `${at}: fits ${fits} of oneOf`;
  }
  const types = schema.type === undefined ? null : [schema.type].flat();
  if (types && !types.some((type) => isOf(type, value))) return `${at}: ${JSON.stringify(value)} is no ${types.join(' or ')}`;
  if (schema.enum && !schema.enum.includes(value)) return `${at}: ${JSON.stringify(value)} is none of ${schema.enum.join()}`;
  if (typeof value === 'string') return ofText(schema, value, at);
  if (typeof value === 'number') return ofNumber(schema, value, at);
  if (Array.isArray(value)) return first(value, (item, i) => schema.items && misfit(document, schema.items, item, `${at}[${i}]`));
  return value === null || typeof value !== 'object' ? null : ofObject(document, schema, value, at);
}

const known = new Set(['type', 'enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'format', 'required',
                       'properties', 'additionalProperties', 'items', 'oneOf', 'description']);

export function resolve(document, ref) {
  return ref.slice(2).split('/').reduce((node, key) => node?.[key], document);
}

function isOf(type, value) {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return value !== null && typeof value === 'object' && !Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function ofText(schema, value, at) {
  if (schema.pattern && !new RegExp(schema.pattern, 'u').test(value)) return `${at}: ${value} does not match ${schema.pattern}`;
  if ([...value].length < (schema.minLength ?? 0)) return `${at}: too short`;
  if ([...value].length > (schema.maxLength ?? Infinity)) return `${at}: too long`;
  return schema.format === 'date-time' && Number.isNaN(Date.parse(value)) ? `${at}: ${value} is no instant` : null;
}

function ofNumber(schema, value, at) {
  return value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity) ? `${at}: ${value} is out of range` : null;
}

function ofObject(document, schema, value, at) {
  for (const name of schema.required ?? []) if (!(name in value)) return `${at}.${name} is missing`;
  return first(Object.entries(value), ([name, member]) => {
    const of = schema.properties?.[name];
    if (of) return misfit(document, of, member, `${at}.${name}`);
    return schema.additionalProperties === false ? `${at}.${name} is not in the schema` : null;
  });
}

function first(list, look) {
  for (let i = 0; i < list.length; i++) {
    const found = look(list[i], i);
    if (found) return found;
  }
  return null;
}
