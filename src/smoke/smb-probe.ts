import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporary-folder.ts';
import { type Content, contentOf, finish } from './content.ts';
import { findProgram, startOnHost } from './host-command.ts';
import type { Attempt, Probe, ProbeResult } from './probe.ts';
import { shareLines, smbLines, smbStatus } from './smb-answer.ts';
import { AUTH_FILE, INPUT_FILE, isHarmlessOnHost, smbArguments, smbAuthFile } from './smb-request.ts';
import type { SmokeSession } from './smoke-session.ts';
import type { SmbProbe } from './smoke-test.ts';

/** smbclient's dates are in the client's time zone, its words in the client's language. */
const ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC0' };

/** smbclient: the list of shares, or commands in a share. On this machine if it can, else in a client container. */
export const smbProbe: Probe<SmbProbe> = {
  type: 'smb',
  async prepare(test, session) {
    const route = await session.route();
    const program = await findProgram('smbclient');
    if (route.kind === 'client' || program === undefined || !isHarmlessOnHost(test.command ?? '')) {
      return clientAttempt(test, session);
    }
    return hostAttempt(test, route.address, program);
  },
};

function hostAttempt(test: SmbProbe, address: string, program: string): Attempt {
  return async signal => {
    const temporary = await temporaryFolder('smb');
    const folder = temporary.path;
    try {
      await writeFile(join(folder, AUTH_FILE), smbAuthFile(test));
      await writeFile(join(folder, INPUT_FILE), test.input ?? '');
      const env = { ...ENVIRONMENT, PATH: process.env.PATH ?? '', HOME: folder };
      const argv = [program, ...smbArguments(test, address)];
      return answerOf(test, await finish(startOnHost(argv, { env, cwd: folder }), signal));
    } finally {
      await temporary.remove();
    }
  };
}

async function clientAttempt(test: SmbProbe, session: SmokeSession): Promise<Attempt> {
  const client = await session.packagedClient();
  const folder = await client.makeFolder({ [AUTH_FILE]: smbAuthFile(test), [INPUT_FILE]: test.input ?? '' });
  const argv = ['smbclient', ...smbArguments(test, client.address)];
  return async signal => {
    const stream = client.start(argv, { workdir: folder, env: { ...ENVIRONMENT, HOME: folder } });
    return answerOf(test, await finish(stream, signal));
  };
}

function answerOf(test: SmbProbe, ended: { code: number; stdout: Content; stderr: string }): ProbeResult {
  const stdout = ended.stdout.bytes;
  const status = smbStatus(ended.code, `${stdout?.toString('utf8') ?? ''}\n${ended.stderr}`);
  // latin1 keeps every byte of a file that `get` prints, so that binary content is known by its own digest
  const text = stdout?.toString('latin1');
  if (text === undefined) return { status, head: [], content: ended.stdout };
  const lines = test.share === undefined ? shareLines(text) : smbLines(text);
  return { status, head: [], content: contentOf(Buffer.from(lines.join('\n'), 'latin1')) };
}
