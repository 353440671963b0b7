import { describe, expect, test } from '@jest/globals';
import { readMends } from '../../../src/knowledge/read-mends.ts';
import { Journal } from '../../../src/restore/journal.ts';
import { mendRefusedLine } from '../../../src/restore/mend-refused-line.ts';
import type { NewSystem } from '../../../src/restore/new-system.ts';

const mends = await readMends();

/** Files by path, and the two programs that are run: the search for a line, and the writing of a file. */
function systemOf(files: Record<string, string>, defaults: Record<string, string> = {}) {
  const exec = async (_: string[], { env }: { env: Record<string, string> }) => {
    const hits = Object.entries(files).flatMap(([path, text]) =>
      path.startsWith('/etc/')
        ? text.split('\n').flatMap((line, at) => (line === env.LINE ? [`${path}:${at + 1}`] : []))
        : [],
    );
    return { code: 0, stdout: Buffer.from(`${hits.join('\n')}\n`), stderr: '' };
  };
  const script = async (_: string, __: string, { env, input }: { env: { TARGET: string }; input: Buffer }) => {
    files[env.TARGET] = input.toString();
    return '';
  };
  const read = async (path: string) => (files[path] === undefined ? undefined : Buffer.from(files[path]));
  const modeOf = (path: string) => (path.includes('closed') ? 0o640 : 0o644);
  const system = {
    read,
    script,
    modeOf,
    target: { exec },
    mended: new Set(),
    defaults: new Map(Object.entries(defaults)),
  };
  return system as unknown as NewSystem;
}

async function mend(files: Record<string, string>, said: string, defaults: Record<string, string> = {}) {
  const journal = new Journal({ step: () => {}, detail: () => {}, warn: () => {} } as never);
  const done = await mendRefusedLine(systemOf(files, defaults), said, mends, 'start', journal);
  return { done, files, reported: journal.entries.map(each => each.what) };
}

describe('a line that a program refuses', () => {
  const said = '/etc/lab.conf line 2: Bad configuration option: old';

  test('is commented out, and reported', async () => {
    const { done, files, reported } = await mend({ '/etc/lab.conf': 'a 1\nold 2\nb 3\n' }, `starting\n${said}\n`);
    expect(done).toBe(true);
    expect(files['/etc/lab.conf']).toBe('a 1\n# perennial: refused today: old 2\nb 3\n');
    expect(reported).toEqual(['/etc/lab.conf: line 2 "old 2" is commented out']);
  });

  test('of a file that not everybody may read is not shown', async () => {
    const { files, reported } = await mend({ '/etc/closed': 'a\nold sesam\n' }, said.replace('lab.conf', 'closed'));
    expect(files['/etc/closed']).toBe('a\n# perennial: refused today: old sesam\n');
    expect(reported).toEqual(['/etc/closed: line 2 "old <hidden>" is commented out']);
  });

  test('in a generated file is found where it was written', async () => {
    const files = { '/var/lib/lab/made': 'x\nold = yes\n', '/etc/lab.d/1': '# here\nold = yes\n' };
    const { done } = await mend(files, 'lab: error in line 2 of /var/lib/lab/made:\n  option "old" unknown\n');
    expect(done).toBe(true);
    expect(files).toEqual({
      '/var/lib/lab/made': 'x\nold = yes\n',
      '/etc/lab.d/1': '# here\n# perennial: refused today: old = yes\n',
    });
  });

  test.each([
    ["of today's own default", { '/etc/lab.conf': 'a 1\nold 2\n' }, { '/etc/lab.conf': 'old   2\n' }],
    ['that opens a block', { '/etc/lab.conf': 'a 1\nold {\n' }, {}],
    ['that is a comment', { '/etc/lab.conf': 'a 1\n# old 2\n' }, {}],
    ['of a file that is not there', {}, {}],
  ] as [string, Record<string, string>, Record<string, string>][])('%s stays', async (_, files, defaults) => {
    const before = { ...files };
    expect((await mend(files, said, defaults)).done).toBe(false);
    expect(files).toEqual(before);
  });
});
