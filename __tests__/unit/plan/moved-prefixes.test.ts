import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { movedPrefixes, movesForSed } from '../../../src/plan/moved-prefixes.ts';
import type { Plan } from '../../../src/plan/plan.ts';

const PLAN = {
  substitutions: [{ stem: 'php', old: '7.4', new: '8.4' }],
  differences: [
    {
      service: 'samba',
      difference: { id: 'a', move: { '/var/lib/samba/passdb.tdb': '/var/lib/samba/private/passdb.tdb' } },
    },
  ],
} as unknown as Plan;
const MOVES: [string, string][] = [
  ['/etc/php/7.4', '/etc/php/8.4'],
  ['/etc/php/7.4/fpm/pool.d/www.conf', '/etc/php/8.4/fpm/pool.d/www.conf'],
  ['/etc/php/7.4/fpm/php7.4.d/php7.4.conf', '/etc/php/8.4/fpm/php8.4.d/php8.4.conf'],
  ['/var/log/php7.4-fpm.log', '/var/log/php8.4-fpm.log'],
  ['/var/lib/samba/passdb.tdb', '/var/lib/samba/private/passdb.tdb'],
  ['/srv/php/7.4', '/srv/php/7.4'],
  ['/etc/hosts', '/etc/hosts'],
];

async function* entries(paths: string[]) {
  for (const path of paths) yield { path, disposition: 'keep' };
  yield { path: '/etc/left/php7.4', disposition: 'leave' };
}

test('few prefixes say where all paths move, to sed as to tar', async () => {
  const moves = await movedPrefixes(entries(MOVES.map(([from]) => from)), PLAN);
  expect(moves.map(each => each.from)).toEqual([
    '/etc/php/7.4/fpm/php7.4.d/php7.4.conf',
    '/etc/php/7.4/fpm/php7.4.d',
    '/var/lib/samba/passdb.tdb',
    '/var/log/php7.4-fpm.log',
    '/etc/php/7.4',
  ]);
  const program = movesForSed(moves).join('\n');
  const sed = (input: string) => execFileSync('sed', ['-E', program], { input, encoding: 'utf8' });
  expect(sed(MOVES.map(([from]) => `${from}\n.${from}\n`).join(''))).toBe(
    MOVES.map(([, to]) => `${to}\n.${to}\n`).join(''),
  );
  expect(sed('/etc/php/7.45\n/x/etc/php/7.4\n/etc/php/7x4\n')).toBe('/etc/php/7.45\n/x/etc/php/7.4\n/etc/php/7x4\n');
});

test('nothing is read where nothing moves', async () => {
  const none = { substitutions: [], differences: [] } as unknown as Plan;
  const never = (async function* (): AsyncGenerator<{ path: string; disposition: string }> {
    yield* [];
    throw new Error('read');
  })();
  expect(await movedPrefixes(never, none)).toEqual([]);
});
