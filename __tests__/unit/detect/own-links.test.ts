import { describe, expect, test } from '@jest/globals';
import { compileRule } from '../../../src/classify/rule.ts';
import { Decisions } from '../../../src/detect/decisions.ts';
import { keepLinksToKept, keepUnknownAlternatives } from '../../../src/detect/own-links.ts';
import { PathTable } from '../../../src/detect/path-table.ts';

const rule = (id: string, unlessTargetKept: boolean) =>
  compileRule({
    ...{ id, action: 'leave', reason: 'a reason', source: 'x(1)', paths: [`/${id}/*`], except: [], targets: [] },
    ...{ kinds: ['symlink'], examples: { matches: [], not: [] }, unlessTargetKept },
  });
const rules = [
  rule('certs', true),
  { ...rule('other', false), remake: { run: 'update-ca-certificates', from: ['/local/ca/**'] } },
];

/** Links by their targets; what is no link is a kept file, or one that is left. */
const links = new Map([
  ['/certs/hash', 'own.pem'],
  ['/certs/elsewhere', '../srv/tls/site.pem'],
  ['/certs/chain', 'hash'],
  ['/certs/packaged', '/usr/share/ca/Root.crt'],
  ['/certs/remade', '/local/ca/own.pem'], // kept, and what the links are made from
  ['/certs/hash-of-packaged', 'packaged'],
  ['/certs/dangling', 'none'],
  ['/certs/circle', 'circle'],
  ['/certs/excluded', 'own.pem'],
  ['/other/hash', '/certs/own.pem'],
]);

/** @param few so many paths are objects of the table, the others rows */
function decide(few: number): Decisions {
  const table = new PathTable(few);
  const paths = [...links.keys(), '/local/ca/own.pem', '/certs/own.pem', '/srv/tls/site.pem', '/usr/share/ca/Root.crt'];
  const entry = (path: string) => ({
    ...{ path, kind: links.has(path) ? ('symlink' as const) : ('file' as const), mode: 0o644, uid: 0, gid: 0, size: 1 },
    ...{ links: 1, mtime: '1.000000000', ctime: '2.000000000', target: links.get(path) ?? '' },
  });
  for (const path of paths) table.add(entry(path));
  const decisions = new Decisions(table);
  const ruleOf = (path: string) => (path === '/certs/excluded' ? 'owner/exclude' : path.split('/')[1]!);
  for (const path of paths) {
    const kept = path.endsWith('.pem');
    const rule = kept ? 'unowned/operation' : ruleOf(path);
    const disposition = kept ? 'keep' : 'leave';
    decisions.set({ entry: entry(path), disposition, rule, why: '', origin: 'operation', seenBy: ['walk'] });
  }
  keepLinksToKept({ rules, links, entries: table, decided: decisions });
  return decisions;
}

test.each([0, 100])('links of such a rule go with what they lead to (%d objects)', few => {
  const kept = [...decide(few)].filter(each => each.rule === 'structure/link');
  expect(kept.map(each => [each.entry.path, each.disposition, each.why])).toEqual([
    ['/certs/chain', 'keep', 'it leads to /certs/own.pem, which is kept'],
    ['/certs/elsewhere', 'keep', 'it leads to /srv/tls/site.pem, which is kept'],
    ['/certs/hash', 'keep', 'it leads to /certs/own.pem, which is kept'],
  ]);
});

describe('links that look like alternatives', () => {
  const slaves = [
    { name: 'editor.1.gz', link: '/usr/share/man/man1/editor.1.gz', path: '/usr/share/man/man1/nano.1.gz' },
  ];
  const alternatives = [
    {
      ...{ name: 'editor', link: '/bin/editor', mode: 'auto' as const, value: '/bin/nano' },
      choices: [{ path: '/bin/nano', priority: 40, slaves }],
    },
  ];
  const alternativeLinks = new Map([
    ['/bin', 'usr/bin'],
    ['/usr/bin/editor', '/etc/alternatives/editor'],
    ['/etc/alternatives/editor', '/bin/nano'],
    ['/usr/share/man/man1/editor.1.gz', '/etc/alternatives/editor.1.gz'],
    ['/etc/alternatives/editor.1.gz', '/usr/share/man/man1/nano.1.gz'],
    ['/usr/local/bin/edit', '/etc/alternatives/editor'],
    ['/etc/alternatives/tool', '/opt/tool/bin/tool'],
    ['/usr/local/bin/tool', '/etc/alternatives/tool'],
  ]);
  const about = (id: string, paths: string[], targets: string[] = []) =>
    compileRule({
      ...{ id, action: 'leave', reason: 'a reason', source: 'x(1)', paths, except: [], targets, kinds: ['symlink'] },
      ...{ examples: { matches: [], not: [] }, onlyAlternatives: true },
    });
  const both = [about('choices', ['/etc/alternatives/**']), about('names', ['/**'], ['/etc/alternatives/*'])];

  function kept(changes: [string, string][], origin: 'image' | 'operation', rebuildable: boolean): string[] {
    const all = new Map([...alternativeLinks, ...changes]);
    const table = new PathTable(0);
    const entries = [...all].map(([path, target]) => ({
      ...{ path, kind: 'symlink' as const, mode: 0o777, uid: 0, gid: 0, size: 1, links: 1, target },
      ...{ mtime: '1.000000000', ctime: '2.000000000' },
    }));
    for (const entry of entries) table.add(entry);
    const result = new Decisions(table);
    for (const entry of entries) {
      const rule = both.find(each => each.test(entry.path, 'symlink', entry.target))?.id ?? 'other';
      result.set({ entry, disposition: 'leave', rule, why: '', origin, seenBy: ['walk'] });
    }
    keepUnknownAlternatives(alternatives, { rules: both, links: all, entries: table, decided: result }, rebuildable);
    return [...result].filter(each => each.disposition === 'keep').map(each => each.entry.path);
  }
  const own = ['/etc/alternatives/tool', '/usr/local/bin/edit', '/usr/local/bin/tool'];

  test('those that it does not know are kept', () => expect(kept([], 'operation', true)).toEqual(own));

  test('a choice that somebody laid past it is kept', () =>
    expect(kept([['/etc/alternatives/editor', '/opt/vi']], 'operation', true)).toEqual([
      '/etc/alternatives/editor',
      ...own,
    ]));

  test('of the image, the build makes them again', () => expect(kept([], 'image', true)).toEqual([]));

  test('of an image that nobody builds again they are kept', () => expect(kept([], 'image', false)).toEqual(own));
});
