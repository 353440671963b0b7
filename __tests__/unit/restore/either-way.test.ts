import { describe, expect, test } from '@jest/globals';
import { packagesOfPrograms, tryEitherWay } from '../../../src/restore/either-way.ts';
import type { InstalledPackage, RunningProcess } from '../../../src/system/system-facts.ts';

/** Which ways were gone, and how it ended. */
async function go(
  first: boolean | Error,
  other: boolean | Error | undefined,
  mayBeOrder = true,
  mayHelp = true,
): Promise<[string[], string]> {
  const gone: string[] = [];
  const way = async (name: string, result: boolean | Error) => {
    gone.push(name);
    if (result instanceof Error) throw result;
    return { alive: result };
  };
  const ended = await tryEitherWay({
    first: () => way('packages first', first),
    other: other === undefined ? undefined : ({ error }) => way(`state first, after ${error ?? 'no start'}`, other),
    mayHelp: () => mayHelp,
    mayBeOrder: () => mayBeOrder,
  }).then(
    ({ alive }) => (alive ? 'alive' : 'dead'),
    (error: Error) => error.message,
  );
  return [gone, ended];
}

describe('the other order', () => {
  test('is not tried where the first one brings the service back', async () => {
    expect(await go(true, true)).toEqual([['packages first'], 'alive']);
  });

  test('is tried once where the service does not come up', async () => {
    expect(await go(false, true)).toEqual([['packages first', 'state first, after no start'], 'alive']);
    expect(await go(false, false)).toEqual([['packages first', 'state first, after no start'], 'dead']);
  });

  test('is not tried where it cannot help what did not come up', async () => {
    expect(await go(false, true, true, false)).toEqual([['packages first'], 'dead']);
    expect(await go(new Error('broken'), true, true, false)).toMatchObject([{ length: 2 }, 'alive']);
  });

  test('is tried where the image does not build, and its own error counts then', async () => {
    const [broken, worse] = [new Error('broken'), new Error('worse')];
    expect(await go(broken, true)).toEqual([['packages first', 'state first, after Error: broken'], 'alive']);
    expect(await go(broken, worse)).toEqual([['packages first', 'state first, after Error: broken'], 'worse']);
  });

  test('is no way out of an error that has nothing to do with it', async () => {
    expect(await go(new Error('the data'), true, false)).toEqual([['packages first'], 'the data']);
  });

  test('that there is not leaves the first as it ends', async () => {
    expect(await go(false, undefined)).toEqual([['packages first'], 'dead']);
    expect(await go(new Error('broken'), undefined)).toEqual([['packages first'], 'broken']);
  });
});

describe('packages that have to do with programs that are missed', () => {
  const installed = (name: string, source: string) => ({ name, source }) as InstalledPackage;
  const [apache, bin, irc] = [
    installed('apache2', 'apache2'),
    installed('apache2-bin', 'apache2'),
    installed('ircd', 'ircd'),
  ];
  const processes = [
    { program: '/usr/sbin/apache2', package: 'apache2-bin' },
    { program: '/usr/sbin/ircd', package: 'ircd' },
    { program: '/opt/own' },
  ] as RunningProcess[];
  const ask = (...missed: string[]) => packagesOfPrograms(missed, processes, [apache, bin, irc], [apache, irc]);

  test('are those of their sources, and no others', () => {
    expect(ask('/usr/sbin/apache2')).toEqual(new Set(['apache2']));
    expect(ask('/usr/sbin/ircd', '/opt/own')).toEqual(new Set(['ircd']));
    expect(ask('/opt/own')).toEqual(new Set());
  });

  test('nobody can tell where no program is known', () => {
    expect(ask()).toBeUndefined();
    expect(ask('/usr/sbin/ircd', '')).toBeUndefined();
  });
});
