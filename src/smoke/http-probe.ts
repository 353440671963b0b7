import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { connectionStatus } from './connection-status.ts';
import { readContent } from './content.ts';
import type { Probe, ProbeResult } from './probe.ts';
import { openConnection, type Route } from './route.ts';
import type { HttpProbe } from './smoke-test.ts';

/**
 * One request without following redirects: status, the chosen headers (and where a redirect points), body.
 * node:http and not fetch, which drops the Host header that name-based hosts need.
 */
export const httpProbe: Probe<HttpProbe> = {
  type: 'http',
  async prepare(test, session) {
    const route = await session.route();
    return async signal => {
      try {
        const { response, secure } = await ask(test, route, signal);
        return await answerOf(response, secure, test);
      } catch (error) {
        signal.throwIfAborted();
        return { status: connectionStatus(error), head: [], content: undefined };
      }
    };
  },
};

interface Answered {
  response: IncomingMessage;
  /** What was agreed on, taken while the connection stands. */
  secure: string[];
}

async function ask(test: HttpProbe, route: Route, signal: AbortSignal): Promise<Answered> {
  const raw = await openConnection(route, test.port ?? (test.tls ? 443 : 80), signal);
  signal.addEventListener('abort', () => raw.destroy(signal.reason as Error), { once: true });
  const options = requestOptions(test);
  const connection = test.tls ? secured(raw, hostOf(test)) : raw;
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    const asked = request({ ...options, createConnection: () => connection as never });
    const answered = (response: IncomingMessage) =>
      resolve({ response, secure: test.answerTls && connection instanceof TLSSocket ? tlsLines(connection) : [] });
    asked.once('response', answered).once('error', reject);
    asked.once('upgrade', (response, socket) => {
      answered(response);
      socket.destroy();
    });
    asked.end(test.body);
  });
}

/**
 * The certificate is not checked and old protocols are taken: both are of their time, and not what is asked.
 */
function secured(raw: Duplex, host: string): Duplex {
  const name = host.replace(/:\d+$/, '');
  const old = { rejectUnauthorized: false, minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  return connectTls({ socket: raw, ...old, ...(isIP(name) ? {} : { servername: name }) });
}

/** What node:http is asked to send; a fixed Host, so that the service sees the same request at any address. */
export function requestOptions(test: HttpProbe): RequestOptions {
  const login = `${test.user ?? ''}:${test.password ?? ''}`;
  const authorization =
    test.user === undefined ? {} : { Authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  const length = test.body === undefined ? {} : { 'Content-Length': Buffer.byteLength(test.body) };
  const own = {
    Host: 'localhost',
    Connection: 'close',
    Accept: '*/*',
    'User-Agent': 'perennial',
    ...authorization,
    ...length,
  };
  return {
    method: test.method ?? (test.body === undefined ? 'GET' : 'POST'),
    path: test.path ?? '/',
    headers: merged(own, test.headers ?? {}),
    setHost: false,
  };
}

/** Header names know no case: what the test gives replaces ours. */
function merged(own: Record<string, string | number>, given: Record<string, string>): Record<string, string | number> {
  const names = new Set(Object.keys(given).map(name => name.toLowerCase()));
  return { ...Object.fromEntries(Object.entries(own).filter(([name]) => !names.has(name.toLowerCase()))), ...given };
}

function hostOf(test: HttpProbe): string {
  const given = Object.entries(test.headers ?? {}).find(([name]) => name.toLowerCase() === 'host');
  return given?.[1] ?? 'localhost';
}

/** Protocol and certificate, a line each. */
function tlsLines(connection: TLSSocket): string[] {
  const { subject, issuer, fingerprint256, valid_to: until } = connection.getPeerCertificate();
  const name = (parts: object | undefined) =>
    Object.entries(parts ?? {})
      .map(([key, value]) => `${key}=${[value].flat().join('+')}`)
      .join(', ');
  return [
    `tls: ${connection.getProtocol()}`,
    `certificate: ${name(subject)}`,
    `issuer: ${name(issuer)}`,
    `fingerprint: ${fingerprint256 ?? ''}`,
    `valid until: ${until ?? ''}`,
  ];
}

/** The title of an HTML page, blanks as one; empty without one. */
export function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]{0,1000})<\/title>/i.exec(html)?.[1] ?? '';
  return title.replace(/\s+/g, ' ').trim();
}

async function answerOf(response: IncomingMessage, secure: string[], test: HttpProbe): Promise<ProbeResult> {
  const names = (test.answerHeaders ?? []).map(name => name.toLowerCase());
  if (response.headers.location !== undefined && !names.includes('location')) names.push('location');
  const head = names.map(name => `${name}: ${headerText(response.headers[name])}`);
  const status = String(response.statusCode);
  const content = await readContent(response);
  if (test.answerBody === 'none') return { status, head: [...secure, ...head], content: undefined };
  if (test.answerBody === 'title') {
    const title = `title: ${titleOf(content.bytes?.toString('utf8') ?? '')}`;
    return { status, head: [...secure, ...head, title], content: undefined };
  }
  return { status, head: [...secure, ...head], content };
}

function headerText(value: string | string[] | undefined): string {
  return value === undefined ? '(none)' : [value].flat().join(', ');
}
