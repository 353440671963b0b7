import { expect, test } from '@jest/globals';
import { compileRule } from '../../../src/classify/rule.ts';
import { Decisions } from '../../../src/detect/decisions.ts';
import { keepLinksToKept } from '../../../src/detect/links-to-kept.ts';
import { PathTable } from '../../../src/detect/path-table.ts';

const rule = (id: string, unlessTargetKept: boolean) =>
  compileRule({
    ...{ id, action: 'leave', reason: 'a reason', source: 'x(1)', paths: [`/${id}/*`], except: [], targets: [] },
    ...{ kinds: ['symlink'], examples: { matches: [], not: [] }, unlessTargetKept },
  });
const rules = [rule('certs', true), rule('other', false)];

/** Links by their targets; what is no link is a kept file, or one that is left. */
const links = new Map([
  ['/certs/hash', 'own.pem'],
  ['/certs/elsewhere', '../srv/tls/site.pem'],
  ['/certs/chain', 'hash'],
  ['/certs/packaged', '/usr/share/ca/Root.crt'],
  ['/certs/hash-of-packaged', 'packaged'],
  ['/certs/dangling', 'none'],
  ['/certs/circle', 'circle'],
  ['/certs/excluded', 'own.pem'],
  ['/other/hash', '/certs/own.pem'],
]);

/** @param few so many paths are objects of the table, the others rows */
function decide(few: number): Decisions {
  const table = new PathTable(few);
  const paths = [...links.keys(), '/certs/own.pem', '/srv/tls/site.pem', '/usr/share/ca/Root.crt'];
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
  keepLinksToKept(rules, links, table, decisions);
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
