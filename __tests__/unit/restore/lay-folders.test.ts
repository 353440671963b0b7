import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { IndexEntry } from '../../../src/bag/index-entry.ts';
import { readTar } from '../../../src/bag/tar-reader.ts';
import { Journal } from '../../../src/restore/journal.ts';
import { layParents, layRuntimeFolders } from '../../../src/restore/lay-folders.ts';
import type { Placement } from '../../../src/restore/placement.ts';

const folder = (path: string, change: Partial<IndexEntry> = {}): IndexEntry => ({
  ...{
    path,
    kind: 'directory',
    mode: '2750',
    uid: 104,
    gid: 4,
    user: 'ntp',
    group: 'adm',
    size: 0,
    mtime: '1790000000.5',
  },
  ...{ disposition: 'parent', rule: 'package/unchanged', why: '', origin: 'image', ...change },
});

/** What tar would be given in a system that has some paths. Without placements: of folders below /run. */
async function laid(
  entries: IndexEntry[],
  placements: Record<string, Placement> | undefined,
  there: string[],
): Promise<string[]> {
  const inputs: Buffer[] = [];
  const system = {
    kindOf: (path: string) => (there.includes(path) ? 'directory' : undefined),
    target: { exec: async (_: string[], { input }: { input: Buffer }) => void inputs.push(input) },
  };
  const index = new Map(entries.map(each => [each.path, each]));
  const journal = new Journal({ step: () => {}, warn: () => {}, detail: () => {} } as never, async () => {});
  const place = (path: string) => path.replace('/5.36/', '/5.40/');
  if (placements) await layParents(system as never, index, new Map(Object.entries(placements)), place, journal);
  else await layRuntimeFolders(system as never, index, place, journal);
  const found: string[] = [];
  for (const input of inputs)
    for await (const { header } of readTar(Readable.from([input])))
      found.push(
        `${header.kind} ${header.path} ${header.mode.toString(8)} ${header.user}:${header.group} ${header.mtime}`,
      );
  return found;
}

const lay = (path: string): Placement => ({ action: 'lay', path, why: '' });

test('folders of packages that have gone come back as they were, and only those that are needed', async () => {
  const entries = [
    folder('/etc/ntp', { mode: '0755', user: 'root', group: 'root' }),
    folder('/etc/ntp/keys.d'),
    folder('/etc/other'),
    folder('/usr/lib/perl/5.36/own'),
    folder('/srv', { disposition: 'keep' }),
  ];
  const placements: Record<string, Placement> = {
    '/etc/ntp/keys.d/a': { action: 'merge', path: '/etc/ntp/keys.d/a', why: '' },
    '/etc/other/b': { action: 'skip', why: '', report: false },
    '/usr/lib/perl/5.36/own/c': lay('/usr/lib/perl/5.40/own/c'),
    '/srv/d': lay('/srv/d'),
  };
  expect(await laid(entries, placements, ['/etc', '/etc/ntp', '/usr/lib/perl/5.40'])).toEqual([
    'directory etc/ntp/keys.d 2750 ntp:adm 1790000000.5',
    'directory usr/lib/perl/5.40/own 2750 ntp:adm 1790000000.5',
  ]);
  expect(await laid(entries, placements, ['/etc/ntp', '/etc/ntp/keys.d', '/usr/lib/perl/5.40/own'])).toEqual([]);
});

test('folders below /run that operation made come back, and nothing that today makes itself', async () => {
  const left = { disposition: 'leave', rule: 'runtime/run', origin: 'operation' } as const;
  const entries = [
    folder('/run', left),
    folder('/run/lab', left),
    folder('/run/lab/in', left),
    folder('/run/here', left),
    folder('/run/lab/pid', { ...left, kind: 'file' }),
    folder('/run/image', { ...left, origin: 'image' }),
    folder('/tmp/x', { ...left, rule: 'runtime/tmp' }),
  ];
  expect(await laid(entries, undefined, ['/run/here'])).toEqual([
    'directory run/lab 2750 ntp:adm 1790000000.5',
    'directory run/lab/in 2750 ntp:adm 1790000000.5',
  ]);
  expect(await laid(entries, undefined, ['/run/lab', '/run/lab/in', '/run/here'])).toEqual([]);
});
