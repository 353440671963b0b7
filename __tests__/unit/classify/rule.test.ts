import { describe, expect, test } from '@jest/globals';
import { Minimatch } from 'minimatch';
import { ANY_END, compileGlobs, compileRule, ruleFinder } from '../../../src/classify/rule.ts';
import { readRules } from '../../../src/knowledge/read-rules.ts';

const PATHS = [
  ...[
    '/',
    '/etc',
    '/etc/passwd',
    '/etc/passwd-',
    '/etc/samba/smb.conf',
    '/etc/samba/.hidden',
    '/var/log',
    '/var/log/a.log',
  ],
  ...[
    '/var/log/apt/term.log',
    '/a.log',
    '/srv/x/y',
    '/srv/a/b/x/c/y',
    '/srv/ä/y',
    '/usr/lib/python3/__pycache__/x.pyc',
  ],
  ...['/usr/share', '/usr/shared/x', '/x/new\nline', '/x/[1]', '/x/{a,b}', '/home/a+b'],
];

describe('compileGlobs agrees with minimatch', () => {
  const globs = [
    ...[
      '/etc/passwd',
      '/etc/**',
      '/**',
      '**',
      '**/*.log',
      '/**/*.log',
      '/var/log/**',
      '/etc/{passwd,samba/*}',
      '/etc/passwd?(-)',
    ],
    ...[
      '/srv/**/y',
      '/srv/**/x/**/y',
      '/usr/shar?/x',
      '/usr/[ls]*/**',
      '/x/\\[1\\]',
      '/x/*',
      '/home/a+b',
      '/var/log/*.log',
    ],
    ...[
      '/**/__pycache__/**',
      '/etc/+(samba|apt)/**',
      '/x/!(new*)',
      '/usr/share/',
      '/usr/**/__pycache__/*',
      '/srv/*/b/**',
      '/srv/**/b/x/?/*',
      '/**/log/**/t*.log',
    ],
  ];
  /** minimatch's own matching, part by part: its expressions lose what follows a second `**`. A folder is below itself. */
  const oracle = (glob: string) => {
    const options = { dot: true, nocomment: true, nonegate: true };
    const all = [glob];
    while (all.at(-1)!.endsWith('/**')) all.push(all.at(-1)!.slice(0, -3));
    const compiled = all.map(each => new Minimatch(each, options));
    return (path: string) => compiled.some(each => each.match(path));
  };
  const ROOT = ['/**', '**']; // of which match() says that they do not have / in them

  test.each(globs)('%s', glob => {
    const paths = PATHS.filter(path => path !== '/' || !ROOT.includes(glob));
    expect(paths.filter(compileGlobs([glob]))).toEqual(paths.filter(oracle(glob)));
  });

  test.each([
    ['/**/node_modules/**', '/srv/app/node_modules/a/index.js', true],
    ['/**/node_modules/**', '/srv/app/node_modules', true],
    ['/**/node_modules/**', '/srv/app/node_modules.bak/x', false],
    ['/srv/**/cache/**/*.tmp', '/srv/a/cache/b/c/x.tmp', true],
    ['/srv/**/cache/**/*.tmp', '/srv/a/cache/x.txt', false],
    ['/**/{tmp,cache}/**', '/home/ana/.x/cache/y', true],
  ])('with more than one `**`: %s and %s', (glob, path, expected) => {
    expect(compileGlobs([glob])(path)).toBe(expected);
  });

  test('trees of random names, random globs', () => {
    let seed = 1;
    const random = (below: number) => {
      seed = (seed * 48271) % 2147483647; // Park and Miller's
      return seed % below;
    };
    const pick = <T>(from: readonly T[]) => from[random(from.length)]!;
    const path = () => Array.from({ length: 1 + random(5) }, () => `/${pick(['a', 'b', '.c', 'ab', 'a b'])}`).join('');
    const glob = () =>
      Array.from(
        { length: 1 + random(5) },
        () => `/${pick(['a', 'b', '*', '**', '?', 'a*', '.c', '**', '{a,b}'])}`,
      ).join('');
    for (let round = 0; round < 3000; round++) {
      const [one, paths] = [glob(), Array.from({ length: 20 }, path)];
      expect([one, paths.filter(compileGlobs([one]))]).toEqual([one, paths.filter(oracle(one))]);
    }
  });

  test.each(globs)('%s may match where it does', glob => {
    const test = compileGlobs([glob]);
    for (const path of PATHS.filter(each => test(each)))
      for (const prefix of [...path].map((_, n) => path.slice(0, n + 1)))
        for (const last of [path.charCodeAt(path.length - 1), ANY_END]) expect(test.mayMatch(prefix, last)).toBe(true);
  });

  test('and says of others that it does not', () => {
    const test = compileGlobs(['/etc/*.log', '/srv/**']);
    const may = (prefix: string, end: string) => test.mayMatch(prefix, end.charCodeAt(0));
    expect([may('/etc/x', 'g'), may('/etc/x', 'h'), may('/var', 'g'), may('/srv/a', 'h'), may('/', 'h')]).toEqual([
      ...[true, false, false, true, true],
    ]);
    expect(compileGlobs([]).mayMatch('/', ANY_END)).toBe(false);
  });

  test('any of several, none of none', () => {
    expect(PATHS.filter(compileGlobs(['/etc', '/a*']))).toEqual(['/etc', '/a.log']);
    expect(PATHS.filter(compileGlobs([]))).toEqual([]);
  });
});

describe('ruleFinder', () => {
  test('finds what trying each rule in turn finds, on all examples of the shipped rules', async () => {
    const rules = await readRules();
    const find = ruleFinder(rules);
    const paths = [...PATHS, ...rules.flatMap(rule => [...rule.examples.matches, ...rule.examples.not])];
    for (const path of paths)
      for (const kind of ['file', 'directory', 'symlink'] as const)
        expect(find(path, kind, '/x')?.id).toBe(rules.find(rule => rule.test(path, kind, '/x'))?.id);
  });

  test('the first of two rules decides', () => {
    const rule = (id: string, paths: string[]) =>
      compileRule({
        ...{ id, paths, action: 'leave', reason: 'r', source: 's', except: [], targets: [], kinds: [] },
        examples: { matches: [], not: [] },
      });
    const find = ruleFinder([rule('a', ['/var/log/x']), rule('b', ['/**/x']), rule('c', ['/var/**'])]);
    expect(['/var/log/x', '/var/x', '/var/y/z', '/usr/y'].map(path => find(path, 'file')?.id)).toEqual([
      'a',
      'b',
      'c',
      undefined,
    ]);
  });
});
