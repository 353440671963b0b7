import { describe, expect, test } from '@jest/globals';
import { type DrillIssue, decideIssue } from '../../../src/drill/drill-issue.ts';
import { drillTargets, idOf } from '../../../src/drill/drill-list.ts';
import { addDrills, findFirstFailure, formatHistory, parseHistory } from '../../../src/drill/history.ts';
import { packageDifferences } from '../../../src/drill/package-differences.ts';
import { drill } from '../../support/report-model.ts';

const JAN = drill('2026-01-01T00:00:00Z', 'good', {
  packages: { labd: '1', libc6: '2.36', mawk: '1' },
  basePackages: { libc6: '2.36', mawk: '1' },
});
const FEB = drill('2026-02-01T00:00:00Z', 'failed', {
  basePackages: { libc6: '2.41' },
  gone: ['labd'],
  reason: 'no labd',
});
const MAR = drill('2026-03-01T00:00:00Z', 'failed', { reason: 'still no labd' });
const APR = drill('2026-04-01T00:00:00Z', 'good', { packages: { labd: '3' } });

describe('history', () => {
  test('comes back as it was written, with versions of the last good drill only', () => {
    const { packages: _, basePackages: __, ...january } = JAN;
    expect(parseHistory(formatHistory(addDrills(addDrills([], [JAN]), [APR])))).toEqual([january, APR]);
  });

  test('a failure keeps what changed since the last good drill, the packages that are gone first', () => {
    const [, feb] = parseHistory(formatHistory(addDrills([JAN], [FEB])));
    expect(feb!.changes).toEqual([
      { name: 'labd', before: '1', after: '' },
      { name: 'libc6', before: '2.36', after: '2.41' },
      { name: 'mawk', before: '1', after: '' },
    ]);
    expect(feb!.basePackages).toBeUndefined();
  });

  test('archives do not mix', () => {
    const other = { ...FEB, archive: 'other' };
    expect(addDrills([JAN], [other])[1]!.changes).toBeUndefined();
    expect(findFirstFailure([JAN, other], 'lab')).toBeUndefined();
  });

  test.each(['{', '{"archive":"x"}', JSON.stringify({ ...JAN, at: 'yesterday' })])(
    '%s is refused by its line',
    line => {
      expect(() => parseHistory(`${formatHistory([JAN])}${line}\n`)).toThrow('Line 2 of drills.ndjson');
    },
  );
});

test('differences of two whole systems', () => {
  const [before, after] = [
    { a: '1', b: '1', c: '1' },
    { a: '1', b: '2', d: '1' },
  ];
  expect(packageDifferences(before, after)).toEqual([
    { name: 'b', before: '1', after: '2' },
    { name: 'c', before: '1', after: '' },
    { name: 'd', before: '', after: '1' },
  ]);
});

describe('the one issue of an archive', () => {
  const opened = (history: (typeof JAN)[]) => {
    const deed = decideIssue(history, 'lab', []);
    return deed.do === 'open' ? deed : { title: '', body: '' };
  };

  test('a good archive has none', () => {
    expect(decideIssue([JAN], 'lab', [])).toEqual({ do: 'nothing' });
  });

  test('the first failure opens it: first failing base, reason, packages since the last good drill', () => {
    const { title, body } = opened(addDrills([JAN], [FEB]));
    expect(title).toBe('Restore drill: lab does not come back');
    for (const part of [
      `| First failure | [2026-02-01](${FEB.run}) | <code>debian:trixie</code> | <code>sha256:${'02'.repeat(32)}</code> |`,
      '| Last good | [2026-01-01]',
      '<pre>no labd</pre>',
      '| <code>labd</code> | <code>1</code> | **gone** |',
      '| <code>libc6</code> | <code>2.36</code> | <code>2.41</code> |',
    ])
      expect(body).toContain(part);
  });

  test('further failures keep the first one named, and comment only news', () => {
    const history = addDrills(addDrills([JAN], [FEB]), [MAR]);
    const issue: DrillIssue = { number: 7, body: opened(addDrills([JAN], [FEB])).body };
    const deed = decideIssue(history, 'lab', [{ number: 3, body: 'lab' }, issue]);
    expect(deed).toMatchObject({ do: 'update', number: 7, comment: expect.stringContaining('still no labd') });
    if (deed.do === 'update') expect(deed.body).toMatch(/First failure \| \[2026-02-01.*\n\| Newest \| \[2026-03-01/);
    const again = { ...MAR, at: '2026-03-02T00:00:00Z' };
    expect(decideIssue([...history, again], 'lab', [issue])).not.toHaveProperty('comment');
  });

  test('the next good drill closes it', () => {
    const issue = { number: 7, body: opened([JAN, FEB]).body };
    expect(decideIssue([JAN, FEB, APR], 'lab', [issue])).toMatchObject({ do: 'close', number: 7 });
  });

  test('an archive finds its own issue by any name, and a name makes no markup', () => {
    const name = '--><img src=x> @all `x`';
    const failed = { ...FEB, archive: name, reason: '</pre><script>' };
    const deed = decideIssue([failed], name, []);
    const body = deed.do === 'open' ? deed.body : '';
    expect(body).not.toMatch(/<img|<script|@all/);
    expect(decideIssue([failed], name, [{ number: 9, body }])).toMatchObject({ do: 'update', number: 9 });
    expect(decideIssue([FEB], 'lab', [{ number: 9, body }])).toMatchObject({ do: 'open' });
  });
});

describe('what to drill', () => {
  const artifact = (name: string, runId: number, createdAt: string) => ({ name, runId, createdAt });
  const kept = [
    artifact('lab.tar.zst', 1, '2026-01-01'),
    artifact('lab.tar.zst', 3, '2026-03-01'),
    artifact('wiki.tar.zst', 2, '2026-02-01'),
    artifact('lab-report.html', 4, '2026-04-01'),
  ];
  const short = (targets: ReturnType<typeof drillTargets>) =>
    targets.map(each => [each.archive, each.bag, each.artifact, each['run-id']]);

  test('the newest of every archive, where none are named', () => {
    expect(short(drillTargets([], kept))).toEqual([
      ['lab', '', 'lab', '3'],
      ['wiki', '', 'wiki', '2'],
    ]);
  });

  test('names, runs, paths and references; one that is not there is drilled too', () => {
    const wanted = ['wiki.tar.zst', 'lab@1', 'bags/lab', 'oci://registry/lab:1', 'expired'];
    expect(short(drillTargets(wanted, kept))).toEqual([
      ['wiki', '', 'wiki', '2'],
      ['lab', '', 'lab', '1'],
      ['bags/lab', 'bags/lab', '', ''],
      ['oci://registry/lab:1', 'oci://registry/lab:1', '', ''],
      ['expired', '', 'expired', ''],
    ]);
  });

  test('nothing at all is an error', () => {
    expect(() => drillTargets([], [])).toThrow('no archive to drill');
  });

  test('ids are fit for names and do not collide', () => {
    expect(idOf('bags/lab')).toMatch(/^bags-lab-[0-9a-f]{6}$/);
    expect(idOf('bags-lab')).not.toBe(idOf('bags/lab'));
    expect(idOf('日本')).toMatch(/^archive-[0-9a-f]{6}$/);
  });
});

test('an encrypted archive is found by its name, too', () => {
  const artifacts = [{ name: 'lab.tar.zst.age', runId: 7, createdAt: '2026-01-01T00:00:00Z' }];
  const found = { archive: 'lab', artifact: 'lab', 'run-id': '7' };
  expect(drillTargets([], artifacts)).toMatchObject([found]);
  expect(drillTargets(['lab.tar.zst.age'], artifacts)).toMatchObject([found]);
});
