import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { runCommand, streamCommand } from '../../../src/engine/command.ts';
import { endedEarly, useStream } from '../../../src/engine/use-stream.ts';
import { PerennialError } from '../../../src/errors.ts';

const sh = (script: string, ...args: string[]) => ['sh', '-c', script, 'sh', ...args];

describe('runCommand', () => {
  test('input, output, both kinds, and words that a shell would take apart', async () => {
    const result = await runCommand(sh('cat; printf "%s|" "$@" >&2', 'a b', '$(x)', '"'), { input: 'in' });
    expect(result).toEqual({ code: 0, stdout: Buffer.from('in'), stderr: 'a b|$(x)|"|' });
  });

  test('a failure names the program and what it said last, not its arguments', async () => {
    const failing = runCommand(sh('echo "$2"; for n in $(seq 20); do echo line $n >&2; done; exit 3', 'x', 'password'));
    await expect(failing).rejects.toMatchObject({
      code: 'command-failed',
      message: expect.stringMatching(/^sh -c ended with exit code 3: line 9\n/),
    });
    await expect(failing).rejects.not.toThrow(/password/);
  });

  test('a failure may be allowed', async () => {
    expect(await runCommand(sh('exit 3'), { allowFailure: true })).toMatchObject({ code: 3 });
  });

  test('a program that is not there', async () => {
    await expect(runCommand(['perennial-no-such-program'])).rejects.toMatchObject({ code: 'engine-missing' });
  });

  test('a program that does not read its input', async () => {
    expect(await runCommand(sh('exec <&-; exit 0'), { input: Buffer.alloc(1 << 20) })).toMatchObject({ code: 0 });
  });

  test('whole lines as they come, both outputs', async () => {
    const lines: string[] = [];
    await runCommand(sh('printf "a\\nb"; printf "c\\n"; sleep 0.1; echo d >&2'), { onLine: line => lines.push(line) });
    expect(lines).toEqual(['a', 'bc', 'd']);
  });
});

describe('useStream', () => {
  test('gives what the work gave, and how the command ended', async () => {
    const used = await useStream(
      streamCommand(sh('echo x; echo y >&2; exit 1'), { allowFailure: true }),
      ({ stdout }) => text(stdout),
    );
    expect(used).toEqual({ result: 'x\n', code: 1, stderr: 'y\n' });
  });

  test('a command that fails is the error', async () => {
    await expect(useStream(streamCommand(sh('exit 4')), ({ stdout }) => text(stdout))).rejects.toMatchObject({
      code: 'command-failed',
    });
  });

  test('work that fails ends the command', async () => {
    const stream = streamCommand(sh('exec sleep 600'));
    await expect(useStream(stream, () => Promise.reject(new Error('ours')))).rejects.toThrow('ours');
    await expect(stream.done).rejects.toThrow(/exit code 137/);
  });

  const cut = () => Promise.reject(new PerennialError('bag-truncated', 'the stream ends early'));

  test('output that is cut off because the command failed is the command’s fault', async () => {
    const stream = streamCommand(sh('echo "daemon is gone" >&2; exit 1'), { allowFailure: true });
    await expect(useStream(stream, cut, 'Reading')).rejects.toMatchObject({
      code: 'engine-failed',
      message: 'Reading ended early (exit code 1): daemon is gone',
    });
  });

  test('output that is cut off although the command is content is the stream’s fault', async () => {
    await expect(useStream(streamCommand(sh('exit 0')), cut)).rejects.toMatchObject({ code: 'bag-truncated' });
  });
});

test.each<[string, (stdout: NodeJS.ReadableStream) => Promise<string>]>([
  ['as chunks', stdout => text(stdout as AsyncIterable<Buffer>)],
  [
    'through a pipe',
    async stdout => {
      const through = new PassThrough();
      const read = text(through);
      await pipeline(stdout, through);
      return read;
    },
  ],
  [
    'by its events',
    stdout =>
      new Promise(resolve => {
        let all = '';
        stdout.on('data', chunk => {
          all += chunk;
        });
        stdout.on('end', () => resolve(all));
      }),
  ],
])('what a command printed before anybody read it is not lost: %s', async (_, read) => {
  const command = streamCommand(sh('seq 5000'));
  await sleep(300); // it has ended by now
  const printed = await read(command.stdout);
  expect(printed.split('\n')).toHaveLength(5001);
  expect(await command.done).toMatchObject({ code: 0 });
});

test.each([
  [
    127,
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "find": executable file not found in $PATH: unknown',
    'image-unsuitable',
  ],
  [
    127,
    'Error: runc: runc create failed: exec: "find": executable file not found in $PATH: OCI runtime attempted to invoke a command that was not found',
    'image-unsuitable',
  ],
  [
    127,
    'Error: crun: executable file `find` not found in $PATH: No such file or directory: OCI not found',
    'image-unsuitable',
  ],
  [1, 'find: unrecognized: -printf', 'image-unsuitable'],
  [1, 'find: unknown predicate `-printf’', 'image-unsuitable'],
  [1, 'Error response from daemon: Container abc is paused, unpause the container before exec', 'engine-failed'],
  [1, "find: '/x': No such file or directory", 'engine-failed'],
  [255, '', 'engine-failed'],
])('exit code %i, %j is %s', (code, said, expected) => {
  expect(endedEarly('Listing', code, said)).toMatchObject({ code: expected, hint: expect.any(String) });
});
