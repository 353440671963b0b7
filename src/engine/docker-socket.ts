import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where docker listens when nobody says otherwise (dockerd(8)). */
const DEFAULT_SOCKET = '/var/run/docker.sock';
/** An answer is a small object: what is larger is none of an engine. */
const LARGEST_ANSWER = 4 * 1024 * 1024;
const ANSWER_MS = 5000;

/** What the engine answered: its status and its object, or its text where that is none. */
export interface SocketAnswer {
  status: number;
  body: unknown;
  server: string;
}

/**
 * The socket of docker's engine on this machine, where the program `docker` would use just that one and docker itself answers there.
 * Undefined otherwise (another machine, TLS, ssh, a context, podman behind docker's socket): the program finds its way.
 */
export async function findDockerSocket(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const path = await socketOf(env);
  if (path === undefined) return undefined;
  const answer = await ask(path, 'GET', '/_ping', undefined, ANSWER_MS).catch(() => undefined);
  return answer?.status === 200 && answer.server.startsWith('Docker/') ? path : undefined;
}

/** By the order of docker's documentation: DOCKER_HOST, then DOCKER_CONTEXT, then what `docker context use` has written. */
async function socketOf(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { DOCKER_HOST: host, DOCKER_CONTEXT: context = '' } = env;
  if (host) return host.startsWith('unix:///') ? host.slice('unix://'.length) : undefined;
  if (context !== '') return context === 'default' ? DEFAULT_SOCKET : undefined;
  const file = join(env.DOCKER_CONFIG || join(homedir(), '.docker'), 'config.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    const { currentContext = '', HttpHeaders } = JSON.parse(text) as { currentContext?: string; HttpHeaders?: unknown };
    const isDefault = currentContext === '' || currentContext === 'default';
    return isDefault && HttpHeaders === undefined ? DEFAULT_SOCKET : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Asks the engine one thing (Docker Engine API). Paths have no version: the engine answers by its own.
 * @param body is sent as JSON
 * @throws Error when the engine does not answer, in time where `milliseconds` are given
 */
export async function ask(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
  milliseconds?: number,
): Promise<SocketAnswer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const timeout = milliseconds === undefined ? {} : { signal: AbortSignal.timeout(milliseconds) };
    const asked = request({ socketPath, method, path, headers, agent: false, ...timeout }, resolve);
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
  return {
    status: response.statusCode ?? 0,
    body: await bodyOf(response),
    server: String(response.headers.server ?? ''),
  };
}

/** The object of an answer, or its text. @throws Error when it is cut off or far too large */
export async function bodyOf(response: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    if (text.length > LARGEST_ANSWER) throw new Error('the engine answered with too much');
  }
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
