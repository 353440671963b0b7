import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toolEnv } from '../../scripts/provision/paths.ts';
import type { Answer, Call } from './artifact-service/exchange.ts';
import { FaultyServer } from './faulty-server.ts';

/** A real registry (docker-registry of Debian, distribution 2.8) on a free port of the loopback. */
export class RegistryProcess {
  readonly host: string;
  private readonly child: ChildProcess;

  private constructor(host: string, child: ChildProcess) {
    this.host = host;
    this.child = child;
  }

  /** `auth` is that part of the registry's configuration, as YAML lines. */
  static async start(folder: string, auth: string[] = []): Promise<RegistryProcess> {
    const file = join(folder, 'config.yml');
    mkdirSync(join(folder, 'data'), { recursive: true });
    const lines = [
      'version: 0.1',
      'log: {level: info}',
      `storage: {filesystem: {rootdirectory: ${JSON.stringify(join(folder, 'data'))}}}`,
      'http: {addr: "127.0.0.1:0", relativeurls: true, secret: test}',
      ...(auth.length > 0 ? ['auth:', ...auth.map(line => `  ${line}`)] : []),
    ];
    writeFileSync(file, `${lines.join('\n')}\n`);
    const child = spawn('docker-registry', ['serve', file], { env: toolEnv(), stdio: ['ignore', 'ignore', 'pipe'] });
    return new RegistryProcess(await listening(child), child);
  }

  async stop(): Promise<void> {
    const ended = new Promise(done => this.child.once('close', done));
    this.child.kill();
    await ended;
  }
}

/** The registry says on which port it listens. */
function listening(child: ChildProcess): Promise<string> {
  let said = '';
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => reject(new Error(`docker-registry ended with ${code}: ${said}`)));
    child.stderr!.on('data', chunk => {
      said += chunk;
      const port = /listening on 127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (port) resolve(`127.0.0.1:${port}`);
    });
  });
}

/** Stands before a registry and can fail in its stead. */
export class RegistryProxy extends FaultyServer {
  private readonly host: string;

  constructor(host: string) {
    super();
    this.host = host;
  }

  protected async answer(call: Call): Promise<Answer> {
    const { host: _, connection: __, 'transfer-encoding': ___, ...headers } = call.headers;
    const response = await fetch(`http://${this.host}${call.url.pathname}${call.url.search}`, {
      method: call.method,
      headers: headers as Record<string, string>,
      redirect: 'manual',
      ...(call.body.length > 0 ? { body: new Uint8Array(call.body) } : {}),
    });
    const body = Buffer.from(await response.arrayBuffer());
    const kept = [...response.headers].filter(
      ([name]) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name),
    );
    return { status: response.status, headers: Object.fromEntries(kept), body };
  }
}
