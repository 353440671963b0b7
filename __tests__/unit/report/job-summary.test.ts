import { describe, expect, test } from '@jest/globals';
import type { ArchiveResult } from '../../../src/archive/archive.ts';
import { PerennialError } from '../../../src/errors.ts';
import { silentProgress } from '../../../src/progress.ts';
import { type ArchiveReport, archiveAnnotations, archiveJobSummary } from '../../../src/report/archive-job-summary.ts';
import { failureSummary } from '../../../src/report/failure-summary.ts';
import { restoreAnnotations, restoreJobSummary } from '../../../src/report/restore-job-summary.ts';
import { RestoreRecord } from '../../../src/report/restore-record.ts';
import { restoreSummary } from '../../../src/report/restore-summary.ts';
import { Journal } from '../../../src/restore/journal.ts';
import type { RestoreResult } from '../../../src/restore/restore.ts';
import { compareAnswers } from '../../../src/smoke/compare-answers.ts';
import { tinyManifest } from '../../support/tiny-bag.ts';

const EVIL = '</code>|<img src=x>\n::error::x `[a](b)';

function keptAt(reference: string, expires = ''): ArchiveReport['kept'][number] {
  const common = { name: 'tiny.tar.zst', service: 'tiny', bytes: 2345, sha256: 'ab', created: '', encrypted: false };
  return { ...common, reference, expires, place: 'a place', seconds: 1.5 };
}

function archived(changes: Partial<ArchiveResult> = {}): ArchiveReport {
  const manifest = tinyManifest({
    counts: {
      paths: 1000,
      kept: 3,
      keptBytes: 2000,
      deleted: 1,
      rules: {
        'unowned/operation': { paths: 3, bytes: 2000, kept: true },
        'package/unchanged': { paths: 997, bytes: 4_000_000, kept: false },
        'lab/own': { paths: 0, bytes: 0, kept: false },
      },
    },
  });
  manifest.service.image = { size: 400_000_000 } as never;
  return {
    result: {
      bag: 'b',
      manifest,
      index: [],
      golden: [],
      incomplete: [],
      timings: { detect: 0.5, total: 1 },
      ...changes,
    },
    packed: { bytes: 2345, sha256: 'ab' },
    kept: [keptAt('artifact:o/r@7/tiny.tar.zst', '2026-05-06T00:00:00Z')],
    encrypted: false,
    tooShort: [],
    secrets: [],
    reasons: { 'lab/own': 'made again by the lab' },
  };
}

test('an archive: sizes, ratio, reasons, chart', () => {
  const text = archiveJobSummary(archived());
  for (const part of [
    '## tiny: decommissioned',
    'The archive has **2.35 kB**, 0.00059 % of the image.',
    '| Image | 400 MB |',
    '| made or changed during operation, no package ships it | <code>unowned/operation</code> | 3 | 2.00 kB |',
    '| files of packages, as shipped | <code>package/unchanged</code> | 997 | 4.00 MB |',
    '| made again by the lab | <code>lab/own</code> | 0 | 0 B |',
    '  "left, files of packages, as shipped" : 4000\n  "kept" : 2',
    '| Kept as | <code>artifact:o/r&#64;7/tiny.tar.zst</code>, put there in 1.5 s, **until 2026-05-06** |',
    '| Encrypted | no |',
    '| <code>tinyd</code> | <code>1.0-1</code> |',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('Look at this');
});

test('an encrypted archive: no names of files, no warning of readers', () => {
  const report = { ...archived(), encrypted: true, secrets: [{ kind: 'private keys' as const, paths: ['/etc/k'] }] };
  const text = archiveJobSummary({ ...report, kept: [keptAt('release:v1')], tooShort: ['it is forgotten'] });
  expect(text).not.toContain('/etc/k');
  expect(text).toContain('| Encrypted | yes, with age |');
  expect(text).toContain('put there in 1.5 s, without an end');
  expect(archiveAnnotations({ ...report, tooShort: ['it is forgotten'] }).map(each => each.message)).toEqual([
    'it is forgotten',
  ]);
});

test('an archive: what a person should look at', () => {
  const report = archived({
    incomplete: ['/srv/a'],
    golden: [{ name: 'n', status: 's', lines: [], took: 1, flaky: true }],
  });
  report.result.manifest.notes.push('sources disagree');
  report.secrets = [{ kind: 'private keys', paths: ['/etc/k', '/etc/l'] }];
  expect(archiveAnnotations(report).map(each => [each.level, each.message.slice(0, 40)])).toEqual([
    ['error', '/srv/a could not be read'],
    ['warning', 'sources disagree'],
    ['warning', '"n" gave two different answers on the li'],
    ['notice', 'The archive holds in plain text: private'],
  ]);
  expect(archiveJobSummary(report)).toContain('- ❌ /srv/a could not be read');
  expect(archiveJobSummary(report)).toContain('| private keys | 2 | <code>/etc/k</code> <code>/etc/l</code> |');
});

function restored(changes: Partial<RestoreResult> = {}): RestoreResult {
  const os = tinyManifest().system.os;
  return {
    manifest: tinyManifest(),
    plan: {
      service: 'tiny',
      base: 'debian:trixie',
      from: os,
      to: { ...os, prettyName: 'Debian 13' },
      dockerfile: { diff: '-FROM a\n+FROM b' },
    },
    journal: new Journal(silentProgress),
    container: { name: 'restored', address: '10.0.0.2' },
    image: 'perennial/tiny:restored',
    comparisons: [{ name: 'answers', verdict: 'same', diff: '' }],
    same: true,
    seconds: 12.5,
    ...changes,
  } as unknown as RestoreResult;
}

test('a restore that answers as before', () => {
  const result = restored();
  result.journal.done('packages', 'x', 'y', 'z');
  result.journal.news = [{ source: 'tiny', version: '2.0', date: '2024-05-01', text: 'the <old> log is gone' }];
  const changes = [
    { name: 'tinyd', before: '1', after: '2', main: true },
    { name: 'lib', before: '1', after: '', main: false },
  ];
  const text = restoreJobSummary({ result, source: 'the artifact tiny', changes });
  for (const part of [
    '## tiny: restored\n',
    'in 12.5 s, from the artifact tiny. ✅ **1 of 1** answers are as before the end.',
    '| answers | ✅ same |',
    '| <code>tinyd</code> | <code>1</code> | <code>2</code> |',
    '<details><summary>1 other package</summary>',
    '<details><summary>tiny 2.0 (2024-05-01)</summary>\n\n<pre>the &lt;old&gt; log is gone</pre>',
    '<pre>-FROM a\n+FROM b</pre>',
    '| packages | x | y | <code>z</code> |',
  ])
    expect(text).toContain(part);
  expect(restoreAnnotations(result)).toEqual([]);
});

test('an analysis: each value then and now, its difference and its tolerance', () => {
  const value = { what: 'output: lifetime', was: '7.5', is: '7.6', difference: '0.10', tolerance: '0.05 of the value' };
  const results = [
    { ...value, verdict: 'within' as const },
    { ...value, what: `/f${EVIL}`, verdict: 'differs' as const },
  ];
  const of = (verdict: 'drift' | 'differs') =>
    restoreJobSummary({
      result: restored({ comparisons: [{ name: 'fit', verdict, diff: '', results }] }),
      source: 's',
      changes: [],
    });
  const text = of('drift');
  expect(text).toContain('| fit | ✅ same results |');
  expect(of('differs')).toContain('| fit | ❌ differs |');
  expect(text).toContain(
    '| output: lifetime | ✅ within tolerance | <code>7.5</code> | <code>7.6</code> | 0.10 | 0.05 of the value |',
  );
  expect(text).toMatch(/^\| \/f&#60;.* \| ❌ differs \| <code>7\.5<\/code> /m);
});

test('a restore that does not', () => {
  const answer = { name: 'a', status: 'ok', lines: [], took: 1 };
  const result = restored({
    same: false,
    comparisons: [
      { name: 'a', verdict: 'differs', golden: answer, now: { ...answer, status: 'refused' }, diff: '-ok\n+refused' },
      { name: 'b', verdict: 'missing', diff: '' },
    ],
  });
  result.journal.look('configuration', 'smb.conf', 'a conflict', 'config/merge', '<<<<');
  result.journal.look('smoke', 'a: differs', 'said elsewhere', 'smoke');
  const text = restoreJobSummary({ result, source: 's', changes: [] });
  for (const part of [
    '## tiny: restored, but not as before',
    '❌ **0 of 2** answers',
    '| a | ❌ differs | <code>ok</code> | <code>refused</code> |',
    '<details><summary>a</summary>\n\n<pre>-ok\n+refused</pre>',
    '- ⚠️ smb.conf: a conflict (<code>config/merge</code>)',
    '<pre>&lt;&lt;&lt;&lt;</pre>',
  ])
    expect(text).toContain(part);
  expect(restoreAnnotations(result).map(each => [each.level, each.title])).toEqual([
    ['error', 'Not the same answer'],
    ['error', 'Not the same answer'],
    ['warning', 'Restore: configuration'],
  ]);
  expect(restoreAnnotations(restored({ comparisons: [] }))[0]).toMatchObject({ title: 'No smoke tests' });
});

test('nothing that a container or a bag says is Markdown, HTML or a new line of ours', () => {
  const report = archived({ incomplete: [EVIL], golden: [{ name: EVIL, status: EVIL, lines: [], took: 1 }] });
  const { manifest } = report.result;
  manifest.service.name = EVIL;
  manifest.system.os.prettyName = EVIL;
  manifest.system.packages[0]!.version = EVIL;
  manifest.notes.push(EVIL);
  manifest.dumps.push({ file: EVIL, service: 's', export: 'e', bytes: 1 });
  manifest.counts.rules[EVIL] = { paths: 1, bytes: 1, kept: true };
  report.secrets = [{ kind: 'keytabs', paths: [EVIL] }];
  const result = restored({ comparisons: [{ name: EVIL, verdict: 'differs', diff: EVIL }] });
  result.plan.service = EVIL;
  result.journal.look('checks', EVIL, EVIL, EVIL, EVIL);
  result.journal.done('checks', EVIL, EVIL, EVIL);
  const changes = [{ name: EVIL, before: EVIL, after: EVIL, main: true }];
  for (const text of [archiveJobSummary(report), restoreJobSummary({ result, source: EVIL, changes })]) {
    expect(text).not.toMatch(/<img|\[a\]\(b\)[^<]*\|/);
    expect(text.replace(/<pre>.*?<\/pre>/gs, '')).not.toMatch(/^::|\[a\]/m);
  }
});

test('a password in an answer is told to nobody who reads the summary, nor the terminal', () => {
  const answer = (password: string) => ({ name: 'asks', status: `password=${password}`, lines: [], took: 1 });
  const golden = { ...answer('x'), status: 'ok', lines: ['DB_PASSWORD=sesame', 'db_host=a'] };
  const now = { ...answer('open'), lines: ['DB_PASSWORD=simsim', 'db_host=a'] };
  const result = restored({ same: false, comparisons: compareAnswers([golden], [now]) });
  for (const text of [restoreJobSummary({ result, source: 's', changes: [] }), restoreSummary(result)]) {
    expect(text).toContain('DB_PASSWORD=');
    expect(text).not.toMatch(/sesame|simsim|password=open/);
  }
});

test('a restore that came to no end: why, on which base, which packages are gone', () => {
  const record = new RestoreRecord(silentProgress, { paths: false });
  record.base = { reference: 'debian:trixie', digest: 'sha256:ab', release: 'Debian 13', packages: [] };
  record.plan = { service: 'tiny', resolutions: [{ old: 'tinyd', how: 'gone', why: 'nothing provides it' }] } as never;
  record.steps.step('Verifying the bag');
  const text = failureSummary(
    'x',
    record,
    new PerennialError('step-failed', `bad\n${EVIL}`, { hint: 'Look at it.\nDone: nothing.' }),
    'https://github.com/lab/x/actions/runs/1/artifacts/2',
  );
  for (const part of [
    '## tiny: not restored',
    '<pre>bad\n&lt;/code&gt;',
    'Look at it.\n\nDone: nothing.',
    '[The whole report](https://github.com/lab/x/actions/runs/1/artifacts/2)',
    '| <code>debian:trixie</code> | <code>sha256:ab</code> | Debian 13 |',
    '| <code>tinyd</code> | nothing provides it |',
    '| ❌ Verifying the bag |',
  ])
    expect(text).toContain(part);
});

describe('who made an archive', () => {
  const signer = {
    identity: 'https://github.com/lab/x/.github/workflows/<b>.yml@refs/heads/main',
    issuer: 'https://token.actions.githubusercontent.com',
    repository: 'https://github.com/lab/x',
    commit: '0123',
    run: '',
  };
  const trusted = { signer, signed: '2026-01-02T03:04:05.000Z', untrusted: undefined };

  test('is in both summaries, and what the certificate says is no markup', () => {
    const words = /Attestation.*Attested by.*lab.*at commit 0123, on 2026-01-02T03/;
    const told = [
      archiveJobSummary({ ...archived(), attested: { attestation: trusted } }),
      restoreJobSummary({ result: restored(), source: 's', changes: [], attestation: trusted }),
    ];
    for (const text of told) {
      expect(text).toMatch(words);
      expect(text).not.toContain('<b>');
    }
    expect(restoreAnnotations(restored(), trusted).filter(each => each.title === 'Attestation')).toEqual([]);
  });

  test('is said of nobody when nobody vouches for it, and is an error when it could not be signed', () => {
    const untrusted = { ...trusted, signed: '', untrusted: 'no certificate path' };
    const annotations = restoreAnnotations(restored(), untrusted);
    expect(annotations.find(each => each.title === 'Attestation')).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('no certificate path'),
    });
    expect(JSON.stringify(annotations)).not.toContain('lab/x');
    const failed = { ...archived(), attested: { failure: { message: 'no token' } } };
    expect(archiveAnnotations(failed)).toContainEqual(
      expect.objectContaining({ level: 'error', title: 'Not attested' }),
    );
  });
});
