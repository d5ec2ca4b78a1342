// SPDX-License-Identifier: Apache-2.0
// A provider for tests: it speaks docs/einvoice-provider.md, keeps what it took, and breaks the
// contract on command in every way it can.
//
//   node provider.mjs FOLDER TOKEN [PORT]     writes the port to FOLDER/port when it listens
//
// With FOLDER/key.pem and FOLDER/certificate.pem it speaks TLS.
//
// What it took stands in FOLDER/journal, one line each, written before it answers, and is read again
// at its next start. The tests speak to it at /_/:
//
//   POST /_/plan   {"post":["cut-after"],"ask":["503:2"],"mode":"later:2"}   what comes next; with
//                  "strict" a request that comes before Retry-After is a breach
//   GET  /_/report what was taken, and every breach that it saw in the sender
//
// post and ask are lists, one entry per request, then mode holds: accept, later:N (accepted after N
// questions), refuse:CODE, slow:MS, wild:SEED (anything). 429:N and 503:N say when to come again, in
// seconds, or as a date with 429:dateN.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';

const [folder, token, wanted] = process.argv.slice(2);
const journal = `${folder}/journal`;
const PROLOG = '<?xml version="1.0" encoding="UTF-8"?>';
const WILD_POST = ['accept', 'later:1', 'later:3', 'slow:30', 'cut-before', 'cut-after', 'lost', 'half',
  'reset', '429:1', '503:1', '500', '500-lost', 'big', 'notjson', 'other-id', 'empty', 'forget', 'redirect',
  'twice', 'accept', 'later:1'];
const WILD_ASK = ['truth', 'truth', 'truth', 'cut-before', 'half', '503:1', 'notjson', 'other-id', '500',
  'stale', 'twice', 'truth'];

const messages = new Map(); // id -> what was taken
const accepted = new Map(); // document -> id
const breaches = [];
const counts = { post: 0, ask: 0, taken: 0, repeated: 0, denied: 0 };
let plan = { post: [], ask: [], mode: 'accept' };
let random = 1;
let restsUntil = 0;

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function next(bound) {
  random = (Math.imul(random, 1103515245) + 12345) >>> 0;
  return (random >>> 8) % bound;
}

function breach(text) {
  breaches.push(text);
  appendFileSync(journal, `${JSON.stringify({ breach: text })}\n`);
}

function remember(entry) {
  appendFileSync(journal, `${JSON.stringify(entry)}\n`);
  apply(entry);
}

function apply(entry) {
  if (entry.breach !== undefined) breaches.push(entry.breach);
  else if (entry.forget) messages.delete(entry.id);
  else {
    const message = messages.get(entry.id);
    messages.set(entry.id, { ...message, ...entry });
    if (entry.state !== 'accepted') return;
    const other = accepted.get(entry.document ?? message?.document);
    if (other !== undefined && other !== entry.id) breaches.push(`accepted under ${other} and ${entry.id}`);
    accepted.set(entry.document ?? message.document, entry.id);
  }
}

if (existsSync(journal))
  for (const line of readFileSync(journal, 'utf8').split('\n')) if (line !== '') apply(JSON.parse(line));

// What a message says; the breach where it does not hold what the contract asks for.
function read(body, key) {
  const text = body.toString('utf8');
  const field = (tag) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1] ?? '';
  const start = text.indexOf('<DLieu>') + 7;
  const end = text.lastIndexOf('</DLieu></TDiep>');
  const id = field('MTDiep');
  if (!text.startsWith(`${PROLOG}<TDiep><TTChung>`) || end < start) breach(`no envelope: ${text.slice(0, 80)}`);
  if (id !== key) breach(`the key ${key} is not the id ${id}`);
  if (!new RegExp(`^${field('MNGui')}[0-9A-F]{32}$`).test(id)) breach(`no id: ${id}`);
  return { id, type: field('MLTDiep'), document: sha256(PROLOG + text.slice(start, end)), bytes: sha256(body) };
}

function answer(response, status, body, headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers });
  response.end(text);
}

function state(message) {
  const body = { message: message.id, state: message.state };
  // Message 301 answers an error notice; all others are answered by message 204.
  const notice = (kind) => (message.type === '300' ? {} : { notice: kind });
  if (message.state === 'refused') return { ...body, code: message.code, reason: `Lý do ${message.code}`, ...notice(message.type === '400' ? 4 : 3) };
  if (message.state !== 'accepted') return body;
  return message.type === '200' ? { ...body, mccqt: message.document.slice(0, 34).toUpperCase(), notice: 2 } : { ...body, ...notice(2) };
}

// Takes a message once; answers what is known of it.
function take(seen, how) {
  const known = messages.get(seen.id);
  if (known !== undefined) {
    counts.repeated++;
    if (known.bytes !== seen.bytes) {
      breach(`${seen.id} came with other bytes`);
      return { status: 409, body: {} };
    }
    return { status: 200, body: state(known) };
  }
  counts.taken++;
  const [word, argument] = how.split(':');
  if (word === 'refuse') remember({ ...seen, state: 'refused', code: argument });
  else if (word === 'later') remember({ ...seen, state: 'pending', left: Number(argument) });
  else if (word === 'forget') remember({ ...seen, state: 'pending', left: 0, fades: true });
  else remember({ ...seen, state: 'accepted' });
  const taken = messages.get(seen.id);
  return taken.state === 'pending' ? { status: 202, body: { message: seen.id, state: 'received' } } : { status: 200, body: state(taken) };
}

function half(response, body) {
  const text = JSON.stringify(body);
  response.writeHead(200, { 'content-length': text.length });
  response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
}

function flood(response) {
  response.writeHead(200, { 'content-length': 100 << 20 });
  const piece = Buffer.alloc(1 << 20, ' ');
  let left = 100;
  const more = () => {
    while (left > 0 && response.writable) {
      left--;
      if (!response.write(piece)) return response.once('drain', more);
    }
    return response.end();
  };
  response.on('error', () => {});
  more();
}

// The whole answer two times over.
function twice(response, body) {
  const text = JSON.stringify(body);
  const whole = `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
  response.socket.end(whole + whole);
}

// Not now: after some seconds, or at a date, which has no parts of seconds.
function comeAgain(response, status, when) {
  if (when === undefined) return answer(response, status, '');
  const seconds = Number(when.replace('date', ''));
  const date = new Date(Date.now() + seconds * 1000);
  date.setMilliseconds(0);
  restsUntil = when.startsWith('date') ? date.getTime() : Date.now() + seconds * 1000;
  return answer(response, status, '', { 'retry-after': when.startsWith('date') ? date.toUTCString() : when });
}

// Behaviours that need no knowledge of the message. False for the others.
function misbehaves(how, response, body) {
  const [word, argument] = how.split(':');
  if (word === 'reset') response.socket.resetAndDestroy();
  else if (word === 'lost' || word === 'cut-after') response.socket.destroy();
  else if (word === '429' || word === '503') comeAgain(response, Number(word), argument);
  else if (word === '401' || word === '413' || word === '404') answer(response, Number(word), 'no');
  else if (word === '500' || word === '500-lost') answer(response, 500, '<html>500</html>');
  else if (word === 'redirect') answer(response, 307, '', { location: `http://127.0.0.1:${server.address().port}/elsewhere` });
  else if (word === 'half') half(response, body);
  else if (word === 'twice') twice(response, body);
  else if (word === 'big') flood(response);
  else if (word === 'notjson') answer(response, 200, '{"message":');
  else if (word === 'empty') answer(response, 200, '');
  else if (word === 'other-id') answer(response, 200, { message: 'V0000000000', state: 'accepted', mccqt: 'X' });
  else if (word === 'silent') return true;
  else return false;
  return true;
}

const NEVER_TAKEN = ['lost', '429', '503', '401', '413', '404', '500-lost', 'redirect'];

function post(how, body, request, response) {
  counts.post++;
  const seen = read(body, request.headers['idempotency-key']);
  const [word, argument] = how.split(':');
  if (NEVER_TAKEN.includes(word)) return misbehaves(how, response, {});
  const known = take(seen, ['accept', 'later', 'refuse', 'forget'].includes(word) ? how : plan.mode.split(':')[0] === 'wild' ? 'later:1' : plan.mode);
  if (word === 'slow') return setTimeout(() => answer(response, known.status, known.body), Number(argument));
  if (!misbehaves(how, response, known.body)) answer(response, known.status, known.body);
  return undefined;
}

function ask(how, id, response) {
  counts.ask++;
  const message = messages.get(id);
  if (message?.fades) {
    remember({ id, forget: true });
    return answer(response, 404, {});
  }
  if (how === 'stale' && message !== undefined && message.state !== 'refused') return answer(response, 200, { message: id, state: 'pending' });
  if (how.startsWith('says-')) return answer(response, 200, state({ ...message, id, state: how.slice(5), code: 'LATE' }));
  if (misbehaves(how, response, message === undefined ? {} : state(message))) return undefined;
  if (message === undefined) return answer(response, 404, {});
  if (message.state === 'pending' && message.left <= 0) remember({ id, state: 'accepted' });
  else if (message.state === 'pending') remember({ id, left: message.left - 1 });
  return answer(response, 200, state(messages.get(id)));
}

function choose(list, wild, otherwise) {
  const planned = plan[list].shift();
  if (planned !== undefined) return planned;
  return plan.mode.startsWith('wild') ? wild[next(wild.length)] : otherwise;
}

function control(path, body, response) {
  if (path === '/_/plan') {
    plan = { post: [], ask: [], ...plan, ...JSON.parse(body) };
    if (plan.mode.startsWith('wild:')) random = Number(plan.mode.slice(5)) || 1;
    return answer(response, 200, {});
  }
  const states = {};
  for (const message of messages.values()) states[message.state] = (states[message.state] ?? 0) + 1;
  return answer(response, 200, { ...counts, messages: messages.size, accepted: accepted.size, planned: plan.post.length + plan.ask.length, states, breaches });
}

function serve(request, response) {
  const path = new URL(request.url, 'http://127.0.0.1').pathname;
  const chunks = [];
  request.on('error', () => {});
  response.on('error', () => {});
  if (path.startsWith('/_/')) {
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => control(path, Buffer.concat(chunks).toString(), response));
    return;
  }
  const isPost = request.method === 'POST' && path === '/v1/messages';
  const isAsk = request.method === 'GET' && path.startsWith('/v1/messages/');
  if (!isPost && !isAsk) {
    breach(`${request.method} ${path}`);
    answer(response, 404, {});
    return;
  }
  if (plan.strict && Date.now() < restsUntil) breach(`came ${restsUntil - Date.now()} ms too early`);
  const how = isPost ? choose('post', WILD_POST, plan.mode) : choose('ask', WILD_ASK, 'truth');
  if (how === 'cut-before') {
    request.socket.destroy();
    return;
  }
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      counts.denied++;
      answer(response, 401, {});
    } else if (isPost) post(how, Buffer.concat(chunks), request, response);
    else ask(how, path.slice('/v1/messages/'.length), response);
  });
}

const secure = existsSync(`${folder}/key.pem`);
const server = secure
  ? createSecureServer({ key: readFileSync(`${folder}/key.pem`), cert: readFileSync(`${folder}/certificate.pem`) }, serve)
  : createServer(serve);
server.listen(Number(wanted ?? 0), '127.0.0.1', () => {
  writeFileSync(`${folder}/port.new`, String(server.address().port));
  renameSync(`${folder}/port.new`, `${folder}/port`);
});
