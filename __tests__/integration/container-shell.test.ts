import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { findEngine } from '../../src/engine/find-engine.ts';
import { ContainerShell } from '../../src/system/container-shell.ts';
import { readRunning } from '../../src/system/running.ts';
import { containerTarget } from '../../src/system/target.ts';
import { engine } from '../support/engine-state.ts';

jest.setTimeout(120_000);

const NAME = `shell-${randomBytes(3).toString('hex')}`;
const BASES = ['bullseye', 'trixie'];

beforeAll(() => {
  for (const base of BASES)
    engine(['run', '-d', '--init', '--name', `${NAME}-${base}`, `debian:${base}`, 'sleep', 'infinity']);
});
afterAll(() => void engine(['rm', '-f', ...BASES.map(base => `${NAME}-${base}`)]));

test.each(BASES)('one shell on %s runs command after command and gives back what each of them said', async base => {
  const docker = await findEngine('docker');
  const name = `${NAME}-${base}`;
  const shell = new ContainerShell(docker, name);
  const inside = (script: string) => engine(['exec', name, 'sh', '-c', script]);
  try {
    const words = [
      '',
      ' ',
      "it's",
      'a\nb\n',
      '$HOME `id` "x" \\n \\',
      '*',
      '-n',
      '\t',
      'é \u{1f600}',
      'x'.repeat(70_000),
    ];
    const printed = await shell.exec(['printf', '%s\\0', ...words], { env: { A: "1'\n2" } });
    expect(printed.stdout.toString().split('\0')).toEqual([...words, '']);
    expect((await shell.exec(['printenv', 'A'], { env: { A: "1'\n2" } })).stdout.toString()).toBe("1'\n2\n");

    const bytes = Buffer.concat([randomBytes(300_000), Buffer.from('\n0 exec env touch /srv/escaped\n\0')]);
    expect((await shell.exec(['cat'], { input: bytes })).stdout.equals(bytes)).toBe(true);
    await shell.exec(['true'], { input: bytes }); // reads nothing of it

    const failed = shell.exec(['sh', '-c', 'echo out; echo err >&2; exit 3'], { allowFailure: true });
    const [after, missing] = [shell.exec(['id', '-un']), shell.exec(['no-such-program'], { allowFailure: true })];
    expect(await failed).toEqual({ code: 3, stdout: Buffer.from('out\n'), stderr: 'err\n' });
    expect((await after).stdout.toString()).toBe('root\n');
    expect((await missing).code).toBe(127);
    await expect(shell.exec(['sh', '-c', 'echo why >&2; exit 4'])).rejects.toMatchObject({
      code: 'command-failed',
      message: expect.stringMatching(/ended with exit code 4: why/),
    });
    expect((await shell.exec(['id', '-un'], { user: 'nobody' })).stdout.toString()).toBe('nobody\n');

    // What a daemon goes on saying is in no answer, and it keeps nobody waiting.
    await shell.exec(['sh', '-c', 'while sleep 0.01; do echo noise; done & echo $! > /srv/noise']);
    for (let n = 0; n < 20; n++) expect((await shell.exec(['printf', `${n}`])).stdout.toString()).toBe(`${n}`);
    await shell.exec(['sh', '-c', 'kill "$(cat /srv/noise)"']);
    const { processes } = await readRunning(
      { ...containerTarget(docker, name), exec: shell.exec.bind(shell) },
      String,
      String,
    );
    expect(processes.map(each => each.argv[0]).filter(word => word === 'sh')).toEqual([]);

    const pid = (await shell.exec(['sh', '-c', 'echo $PPID'])).stdout.toString().trim();
    inside(`kill -9 ${pid}`);
    expect((await shell.exec(['true'], { allowFailure: true })).code).toBe(137);
    expect((await shell.exec(['echo', 'again'])).stdout.toString()).toBe('again\n');
    await shell.close();
    engine(['restart', '-t', '0', name]);
    expect((await shell.exec(['ls', '/srv'])).stdout.toString()).toBe('noise\n');
  } finally {
    await shell.close();
  }
  expect(inside('ls /dev/shm; grep -lz [p]erennial /proc/[0-9]*/cmdline | wc -l')).toBe('0\n');
});
