import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ClientContainer } from '../../../src/smoke/client-container.ts';
import { startOnHost } from '../../../src/smoke/host-command.ts';
import { httpProbe } from '../../../src/smoke/http-probe.ts';
import { isOnLocalNetwork, type Route } from '../../../src/smoke/route.ts';
import type { SmokeSession } from '../../../src/smoke/smoke-session.ts';
import type { HttpProbe } from '../../../src/smoke/smoke-test.ts';
import { tcpProbe } from '../../../src/smoke/tcp-probe.ts';

const servers: Server[] = [];
const listen = (server: Server): Promise<number> => {
  servers.push(server);
  return new Promise(resolve => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
};

let port: number;
let tlsPort: number;
let silentPort: number;
let textPort: number;
let closedPort: number;

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/moved') return void response.writeHead(302, { Location: 'http://172.17.0.2/x' }).end();
  if (request.url === '/binary') return void response.end(Buffer.alloc(1000));
  const chunks: Buffer[] = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    const { host, authorization } = request.headers;
    response.setHeader('X-Lab', 'probe');
    response.end(`${request.method} ${host} ${authorization ?? '-'}\r\n${Buffer.concat(chunks)}`);
  });
}

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-tls-'));
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const subject = ['-subj', '/CN=x', '-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject], {
    stdio: 'ignore',
  });
  port = await listen(createHttp(answer));
  tlsPort = await listen(createHttps({ key: readFileSync(key), cert: readFileSync(cert) }, answer));
  silentPort = await listen(createServer(socket => socket.resume().on('error', () => {})));
  textPort = await listen(createServer(socket => socket.on('error', () => {}).end('SSH-2.0-x\r\n')));
  const closed = createServer();
  closedPort = await listen(closed);
  closed.close();
  rmSync(folder, { recursive: true });
});
afterAll(() => {
  for (const server of servers) server.close();
});

/** A client container's commands, run on this machine: the tunnel is the real one. */
const client = {
  address: '127.0.0.1',
  start: (argv: string[]) => startOnHost(argv, { env: { PATH: process.env.PATH!, LC_ALL: 'C' } }),
} as unknown as ClientContainer;

describe.each<[string, Route]>([
  ['direct', { kind: 'direct', address: '127.0.0.1' }],
  ['through a client container', { kind: 'client', client: async () => client }],
])('%s', (_, route) => {
  const session = { route: async () => route } as unknown as SmokeSession;
  const ask = async (more: Partial<HttpProbe>, milliseconds = 5000) => {
    const attempt = await httpProbe.prepare({ type: 'http', name: 'x', port, ...more }, session);
    const { content, ...rest } = await attempt(AbortSignal.timeout(milliseconds));
    return { ...rest, size: content?.size, body: content?.bytes?.toString() };
  };

  test.each<[string, Partial<HttpProbe>, object]>([
    ['a page', {}, { status: '200', head: [], body: 'GET localhost -\r\n' }],
    ['a named host', { headers: { host: 'www.lab.example' } }, { body: 'GET www.lab.example -\r\n' }],
    [
      'a login',
      { user: 'a', password: 'ü' },
      { body: `GET localhost Basic ${Buffer.from('a:ü').toString('base64')}\r\n` },
    ],
    ['a body', { body: 'naïve' }, { body: 'POST localhost -\r\nnaïve' }],
    ['a method', { method: 'PUT', body: 'x' }, { body: 'PUT localhost -\r\nx' }],
    ['headers', { answerHeaders: ['X-LAB', 'X-None'] }, { head: ['x-lab: probe', 'x-none: (none)'] }],
    ['a redirect, not followed', { path: '/moved' }, { status: '302', head: ['location: http://172.17.0.2/x'] }],
    ['binary', { path: '/binary' }, { status: '200', size: 1000 }],
    ['HEAD', { method: 'HEAD' }, { status: '200', size: 0 }],
  ])('http: %s', async (_name, more, expected) => {
    expect(await ask(more)).toMatchObject(expected);
  });

  test('http: TLS with a certificate that nobody trusts', async () => {
    expect(await ask({ port: tlsPort, tls: true })).toMatchObject({ status: '200', body: 'GET localhost -\r\n' });
  });

  test('http: what is not HTTP, not TLS, or not there is an answer', async () => {
    expect((await ask({ port: textPort })).status).toMatch(/^(error HPE_|reset)/);
    expect((await ask({ port, tls: true })).status).toMatch(/^error |^reset/);
    expect((await ask({ port: closedPort })).status).toBe('refused');
  });

  test('http: a service that takes the connection and says nothing runs into the time limit', async () => {
    await expect(ask({ port: silentPort }, 300)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('tcp', async () => {
    const status = async (tried: number) => {
      const attempt = await tcpProbe.prepare({ type: 'tcp', name: 'x', port: tried }, session);
      return (await attempt(AbortSignal.timeout(5000))).status;
    };
    expect(await status(silentPort)).toBe('connected');
    expect(await status(closedPort)).toBe('refused');
  });
});

test.each<[string, boolean]>([
  ['172.17.0.2', true],
  ['172.18.0.2', false],
  ['fd00::5', true],
  ['', false],
  ['localhost', false],
])('isOnLocalNetwork(%j) is %s', (address, expected) => {
  const card = (cidr: string) => [{ cidr }] as never;
  expect(isOnLocalNetwork(address, { docker0: card('172.17.0.1/16'), eth0: card('fd00::1/64') })).toBe(expected);
});
