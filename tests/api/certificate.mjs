// SPDX-License-Identifier: Apache-2.0
// A partner that is known by a certificate beside its signature, through the nginx of deploy/: the key
// of the certificate is proved there, and nobody else can say that it was.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, end, folder } from '../http/house.mjs';
import { name, nginxBefore } from '../http/nginx.mjs';
import { equal, step, verdict } from '../web/tap.mjs';
import { unit, world } from './world.mjs';

const partners = 'doi-tac.' + name, path = `/api/v1/bills?unit=${unit}`;

/** A certificate made by openssl, with its key: what tls.connect wants of a client. */
function certificate(who) {
  const [key, cert] = ['key', 'pem'].map((end) => join(folder, `${who}.${end}`));
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=' + who,
                           '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { file: cert, key: readFileSync(key), cert: readFileSync(cert) };
}

process.env.SANGDEN_PROXIES = '127.0.0.1/32';
const w = await world('certificate');
const nginx = await nginxBefore(w.server.port);
if (nginx === null) end();
const [ours, another] = [certificate('partner'), certificate('another')];

/** A signed request through nginx: to a name, with a certificate or without. */
const through = (servername, pair, headers = {}) =>
  w.signed(w.keys.VIDIEN, (made) => ({ ...made, Host: servername, ...headers }), (path, options) =>
    ask(nginx.tlsPort, path, { ...options, over: { ...nginx.over, servername, ...pair && { key: pair.key, cert: pair.cert } } }))(path);

await step('before one is demanded', async () => {
  equal((await through(name, null)).status, 200, 'a signature is enough at the name of everybody');
  equal((await through(partners, null)).status, 200, 'and at that of partners');
  equal((await through(partners, another)).status, 200, 'whatever certificate comes with it');
});

await step('a certificate is demanded', async () => {
  w.run('partner', 'certificate', 'VIDIEN', ours.file);
  const without = await through(partners, null);
  verdict(without.status === 403 && without.text.includes('chứng thư đã đăng ký'), 'a signature alone is refused, and told why', without.text);
  equal((await through(partners, another)).status, 403, 'with another certificate, too');
  equal((await through(partners, ours)).status, 200, 'with the right one it is answered');
  equal((await through(name, ours)).status, 403, 'the name of everybody asks for none');
  equal((await w.partner(path)).status, 403, 'nor does the port behind');
});

await step('nobody can say it themselves', async () => {
  const said = { 'X-Client-Certificate': encodeURIComponent(ours.cert.toString()) };
  for (const [where, status] of [[name, 403], [partners, 403]])
    equal((await through(where, null, said)).status, status, `a header that tells the certificate, at ${where}`);
  equal((await through(partners, another, said)).status, 403, 'and beside another certificate');
  const mixed = await through(partners, { key: another.key, cert: another.cert }, said);
  equal(mixed.status, 403, 'whose key was proved');
});

await step('and nothing makes less be asked', async () => {
  const print = JSON.parse(w.run('partner', 'certificates', '--json'))[0].certificate;
  w.run('partner', 'revoke', print);
  equal((await through(partners, ours)).status, 403, 'a revoked one is refused');
  equal((await through(partners, null)).status, 403, 'and so is none');
  w.run('partner', 'lift', 'VIDIEN');
  equal((await through(name, null)).status, 200, 'until the demand is lifted');
});

await step('the name of partners', async () => {
  const get = (path, options) => ask(nginx.tlsPort, path, { headers: { Host: partners }, over: { ...nginx.over, servername: partners }, ...options });
  equal((await get('/')).status, 404, 'has no pages');
  const large = await get('/api/v1/bills', { method: 'POST', headers: { Host: partners, 'Content-Type': 'application/json' }, body: 'a'.repeat(17 << 20) });
  verdict(large.status === 413 && JSON.parse(large.text).detail_en.includes('too large'), 'refuses as a program is refused', large.text.slice(0, 200));
});
await nginx.stop();
await w.server.stop();
end();
