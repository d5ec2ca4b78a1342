// SPDX-License-Identifier: Apache-2.0
// The nginx of deploy/ in front of a running server: the file as it is shipped, moved to a folder and
// ports of the test.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { equal, verdict } from '../web/tap.mjs';
import { exchange, folder, pause, start } from './house.mjs';

export const name = 'dien.example.vn';

const freePort = () => new Promise((resolve) => {
  const server = net.createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

function configuration(upstream, tlsPort, plainPort) {
  const here = join(folder, 'nginx');
  mkdirSync(here);
  chmodSync(folder, 0o755);
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
    '-keyout', join(here, 'key.pem'), '-out', join(here, 'certificate.pem'), '-days', '2',
    '-subj', '/CN=' + name, '-addext', 'subjectAltName=DNS:' + name], { stdio: 'ignore' });
  const text = readFileSync(new URL('../../deploy/nginx.conf', import.meta.url), 'utf8');
  const path = join(here, 'nginx.conf');
  const moved = text
    .replace('user www-data;', process.getuid() === 0 ? 'user root;' : '')
    .replaceAll('/etc/ssl/sangden', here).replaceAll('/run/nginx.pid', join(here, 'pid'))
    .replaceAll('/var/log/nginx', here)
    .replaceAll('listen 443', 'listen 127.0.0.1:' + tlsPort).replaceAll('listen 80', 'listen 127.0.0.1:' + plainPort)
    .replaceAll('127.0.0.1:8080', '127.0.0.1:' + upstream)
    .replace('http {', `http {\n    client_body_temp_path ${here}/body; proxy_temp_path ${here}/proxy;\n` +
      `    fastcgi_temp_path ${here}/fastcgi; uwsgi_temp_path ${here}/uwsgi; scgi_temp_path ${here}/scgi;`);
  writeFileSync(path, moved);
  return path;
}

async function isUp(port) {
  for (let tries = 0; tries < 100; tries++, await pause(50)) {
    const { text, closed } = await exchange(port, `GET / HTTP/1.1\r\nHost: ${name}\r\n\r\n`, { wait: 200 });
    if (text !== '' || !closed) return true;
  }
  return false;
}

/** nginx in front of a port: { tlsPort, plainPort, over, stop }, where over is what exchange and tls.connect
 *  want to know; null, and a case that says so, where it is not installed. */
export async function nginxBefore(upstream) {
  if (spawnSync('nginx', ['-v']).error || spawnSync('openssl', ['version']).error) {
    verdict(true, 'through nginx # SKIP nginx or openssl is not installed');
    return null;
  }
  const [tlsPort, plainPort] = [await freePort(), await freePort()];
  const path = configuration(upstream, tlsPort, plainPort);
  const check = spawnSync('nginx', ['-t', '-q', '-c', path], { encoding: 'utf8' });
  equal(check.status, 0, 'nginx takes the configuration: ' + check.stderr);
  const nginx = await start('nginx', ['-c', path, '-g', 'daemon off;']);
  verdict(await isUp(plainPort), 'nginx answers', nginx.log);
  const over = { servername: name, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] };
  return { tlsPort, plainPort, over, stop: () => nginx.stop('SIGQUIT') };
}
