import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { CommandLineEngine } from '../../src/engine/command-line-engine.ts';
import { findDockerSocket } from '../../src/engine/docker-socket.ts';
import type { CommandResult, ExecOptions } from '../../src/engine/engine.ts';
import { execOverSocket } from '../../src/engine/exec-over-socket.ts';
import { engine } from '../support/engine-state.ts';

jest.setTimeout(120_000);

const NAME = `socket-${randomBytes(3).toString('hex')}`;
const [byProgram, bySocket] = [new CommandLineEngine('docker'), new CommandLineEngine('docker')];
let path = '';

beforeAll(async () => {
  engine(['run', '-d', '--init', '--name', NAME, 'debian:trixie', 'sleep', 'infinity']);
  await bySocket.version();
  path = (await findDockerSocket())!;
});
afterAll(() => void engine(['rm', '-f', NAME]));

test('docker answers at its socket here', () => {
  expect(path).toMatch(/^\//);
});

const bytes = randomBytes(700_000);
const COMMANDS: [string, string[], ExecOptions][] = [
  ['both outputs and an exit code', ['sh', '-c', 'echo a; echo b >&2; exit 3'], { allowFailure: true }],
  ['no such program', ['no-such-program'], { allowFailure: true }],
  ['no program', ['/etc/passwd'], { allowFailure: true }],
  ['no such user', ['id'], { user: 'nobody-at-all', allowFailure: true }],
  ['an input', ['sha256sum'], { input: bytes }],
  ['an empty input', ['wc', '-c'], { input: '' }],
  ['an input that nobody reads', ['true'], { input: bytes }],
  ['no input', ['cat'], {}],
  [
    'user, folder and environment',
    ['sh', '-c', 'id -u; pwd; printenv A'],
    { user: '33', workdir: '/tmp', env: { A: 'b=c\nd' } },
  ],
  ['odd words', ['printf', '%s|', '', ' ', "it's", 'é\u{1f600}', '-n', '$HOME'], {}],
  ['outputs that end before it does', ['sh', '-c', 'exec >&- 2>&-; sleep 0.3'], {}],
  ['a signal', ['sh', '-c', 'kill -9 $$'], { allowFailure: true }],
];

test.each(COMMANDS)('a command by the socket is as by the program: %s', async (_, argv, options) => {
  const one = async (docker: CommandLineEngine): Promise<CommandResult> => docker.exec(NAME, argv, options);
  expect(await one(bySocket)).toEqual(await one(byProgram));
});

test('a failure is told in the same words, also of a container that is not there or does not run', async () => {
  const told = (docker: CommandLineEngine, name: string) =>
    docker.exec(name, ['sh', '-c', 'echo why >&2; exit 4']).catch(error => [error.code, error.message]);
  for (const name of [NAME, `${NAME}-none`]) expect(await told(bySocket, name)).toEqual(await told(byProgram, name));
  engine(['pause', NAME]);
  expect(await told(bySocket, NAME)).toEqual(await told(byProgram, NAME));
  engine(['unpause', NAME]);
});

test('a command that closes its outputs is waited for, to its exit code', async () => {
  const argv = ['sh', '-c', 'exec >&- 2>&-; sleep 0.5; exit 7'];
  await expect(bySocket.exec(NAME, argv, { allowFailure: true })).resolves.toMatchObject({ code: 7 });
});

test('megabytes pass in both directions, whole, with a slow reader', async () => {
  const size = 64 * 1024 * 1024;
  const stream = execOverSocket(path, NAME, ['sh', '-c', `head -c ${size} /dev/zero; sha256sum`], {}, true);
  const sent = createHash('sha256');
  const writing = (async () => {
    for (let n = 0; n < 32; n++) {
      const chunk = randomBytes(1024 * 1024);
      sent.update(chunk);
      if (!stream.stdin.write(chunk)) await new Promise(done => stream.stdin.once('drain', done));
    }
    stream.stdin.end();
  })();
  let [count, last, zeros] = [0, Buffer.alloc(0), true];
  for await (const chunk of stream.stdout as AsyncIterable<Buffer>) {
    if (count < 4_000_000) await sleep(5);
    if (count + chunk.length <= size) zeros &&= chunk.every(byte => byte === 0);
    count += chunk.length;
    last = Buffer.concat([last, chunk]).subarray(-100);
  }
  await writing;
  await stream.done;
  expect([zeros, count]).toEqual([true, size + 64 + 4]); // the digest, two blanks, a dash and a line's end
  expect(last.toString()).toContain(sent.digest('hex'));
});

test('an input that goes on reaches a command that answers, line by line', async () => {
  const stream = bySocket.execStream(NAME, ['sh', '-c', 'while read -r line; do echo "got $line"; done; echo end']);
  const answers = (stream.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  const next = async () => (await answers.next()).value?.toString();
  stream.stdin.write('one\n');
  expect(await next()).toBe('got one\n');
  stream.stdin.write('two\n');
  expect(await next()).toBe('got two\n');
  stream.stdin.end();
  expect(await next()).toBe('end\n');
  await expect(stream.done).resolves.toEqual({ code: 0, stderr: '' });
});

test('a container that is killed ends its command', async () => {
  const stream = bySocket.execStream(NAME, ['sleep', '1000'], { allowFailure: true });
  setTimeout(() => engine(['kill', NAME]), 300);
  for await (const _ of stream.stdout);
  expect((await stream.done).code).toBe(137);
  engine(['start', NAME]);
});
