import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { ArchiveResult } from '../../../../src/archive/archive.ts';
import type { Attestation } from '../../../../src/attestation/verify-attestation.ts';
import { PerennialError } from '../../../../src/errors.ts';
import { silentProgress } from '../../../../src/progress.ts';
import { accountChanges } from '../../../../src/report/account-changes.ts';
import { archivePage } from '../../../../src/report/page/archive-page.ts';
import { failedRestorePage } from '../../../../src/report/page/failed-restore-page.ts';
import { packPaths } from '../../../../src/report/page/path-list.ts';
import { reportPage } from '../../../../src/report/page/report-page.ts';
import { restorePage } from '../../../../src/report/page/restore-page.ts';
import { RestoreRecord } from '../../../../src/report/restore-record.ts';
import { Journal, STAGES } from '../../../../src/restore/journal.ts';
import type { RestoreResult } from '../../../../src/restore/restore.ts';
import { stoppedError } from '../../../../src/restore/stopped.ts';
import type { Accounts } from '../../../../src/system/system-facts.ts';
import { drill, reportModel } from '../../../support/report-model.ts';
import { tinyIndex, tinyManifest, tinyPackage } from '../../../support/tiny-bag.ts';

const TEXTS = { css: 'body{}', script: 'const a = 1;' };

function accounts(users: Record<string, number>): Accounts {
  const passwd = Object.entries(users).map(([name, uid]) => ({
    name,
    password: 'x',
    uid,
    gid: uid,
    gecos: '',
    home: '/',
    shell: '',
  }));
  return { passwd, group: [], shadow: [], gshadow: [], subuid: [], subgid: [] };
}

function restored(): RestoreResult {
  const os = tinyManifest().system.os;
  const journal = new Journal(silentProgress);
  journal.look('configuration', '/etc/a conflicts', 'same place', 'config/conflict', '-requirepass sesame\n+x');
  journal.done('state', '3 paths', 'by owner name', 'payload');
  return {
    manifest: tinyManifest(),
    plan: {
      service: 'tiny',
      base: 'debian:trixie',
      from: os,
      to: { ...os, prettyName: 'Debian 13' },
      dockerfile: { diff: '' },
      resolutions: [{ old: 'tinyd', new: 'tinyng', how: 'knowledge', why: 'tinyng took over' }],
    },
    journal,
    comparisons: [
      {
        name: 'reads',
        verdict: 'same',
        diff: '',
        golden: { name: 'reads', status: 'ok', lines: ['$6$salt$hash'], took: 1 },
      },
    ],
    state: { compared: { file: 3 }, findings: [] },
    same: true,
    now: { packages: [tinyPackage('tinyng', '2.0')], accounts: accounts({ alice: 1001, tinyd: 100 }) },
    seconds: 61,
  } as unknown as RestoreResult;
}

test('the policy names exactly the style and the script of the page', async () => {
  const text = reportPage(await reportModel(3), TEXTS);
  const style = /<style>([\s\S]*?)<\/style>/.exec(text)![1]!;
  const script = /<script type="module">([\s\S]*?)<\/script>/.exec(text)![1]!;
  const source = (part: string) => `'sha256-${createHash('sha256').update(part).digest('base64')}'`;
  expect(text).toContain(
    `content="default-src 'none'; style-src ${source(style)}; script-src ${source(script)}; base-uri 'none'; form-action 'none'"`,
  );
});

test('what is hostile stays text', async () => {
  const text = reportPage(await reportModel(3), TEXTS);
  expect(text).not.toMatch(/<img|<svg onload|<b style/);
  expect(text).toContain('&lt;img src=x onerror=alert(1)');
});

test('the page of a restore: drift, conflict, accounts, history; and no secret', () => {
  const record = new RestoreRecord(silentProgress, { paths: false });
  record.accounts = accounts({ alice: 1000, tinyd: 99 });
  const history = [drill('2026-01-01T00:00:00Z', 'good'), drill('2026-02-01T00:00:00Z', 'differs')];
  const result = restored();
  result.journal.news = [{ source: 'tiny', version: '2.0', date: '2024-05-01', text: '- the old log format is gone' }];
  const model = restorePage({ result, record, history, at: '2026-03-01T00:00:00Z' });
  expect(model.drift[1]).toEqual({
    name: 'tinyd -> tinyng',
    before: '1.0-1',
    after: '2.0',
    mended: 'tinyng took over',
    main: true,
  });
  expect(model.files).toMatchObject([{ conflict: true, diff: '-requirepass <hidden>\n+x' }]);
  expect(model.deeds.map(each => each.what)).toEqual(['3 paths']);
  const text = reportPage(model, TEXTS);
  for (const part of [
    'Restored: clients get the same answers',
    '1 min 1 s',
    '1 of 2 drills brought it back',
    'Nothing differs that nothing explains.',
    'tinyng took over',
    '<span class="same">- the old log format is gone</span>',
  ])
    expect(text).toContain(part);
  expect(text).not.toMatch(/sesame|\$6\$salt/);
});

test('the page of a restore that failed: why, what was done, what not, how to go on, where; and no secret', async () => {
  const record = new RestoreRecord(silentProgress, { paths: false });
  const { plan, manifest } = restored();
  const journal = new Journal(silentProgress);
  await journal.stage('build', STAGES.build, async () => {});
  journal.look('configuration', '/etc/a conflicts', 'same place', 'config/conflict', '-requirepass sesame\n+x');
  journal.done('state', '3 paths', 'by owner name', 'payload');
  const message = 'requirepass sesame is refused\nThe command ended with 1';
  const cause = new PerennialError('step-failed', message, { hint: 'Look at it.' });
  const failing = journal.stage('configuration', STAGES.configuration, async () => {
    throw cause;
  });
  await expect(failing).rejects.toBe(cause);
  Object.assign(record, { plan, manifest, journal });
  record.steps.step('Building the image');
  record.steps.step('Merging configuration');
  const error = stoppedError(cause, journal, undefined);
  const model = failedRestorePage({ name: 'x', record, error, history: [], at: '2026-03-01T00:00:00Z' });
  expect(model.steps.map(each => each.failed ?? false)).toEqual([false, true]);
  expect(model.deeds.map(each => each.what)).toEqual(['3 paths']);
  expect(model.files).toMatchObject([{ conflict: true }]);
  const text = reportPage(model, TEXTS);
  for (const part of [
    'Not restored: stopped at &quot;Merging configuration&quot;',
    'Done: Building the image.',
    'Not done: Merging configuration;',
    '--resume goes on where the restore stopped',
    'stopped here',
    '3 paths',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('sesame');
  expect(text).not.toContain('\\x0a');
});

test('who made the archive is told on each page; what cannot be relied on is to be looked at', () => {
  const record = new RestoreRecord(silentProgress, { paths: false });
  const signer = { identity: 'https://github.com/lab/x', issuer: 'https://issuer.example', commit: 'c0ffee', run: '' };
  const attestation = { signer, signed: '2026-01-01', untrusted: undefined } as Attestation;
  const of = { result: restored(), record, history: [], at: '2026-03-01T00:00:00Z' };
  const told = 'Attested by https://github.com/lab/x, at commit c0ffee, on 2026-01-01';
  expect(reportPage(restorePage({ ...of, attestation }), TEXTS)).toContain(told);
  const failed = { name: 'x', record, error: new Error('x'), history: [], at: of.at };
  expect(reportPage(failedRestorePage({ ...failed, attestation }), TEXTS)).toContain(told);
  const doubted = { ...attestation, untrusted: 'no root vouches' };
  for (const model of [
    restorePage({ ...of, attestation: doubted }),
    failedRestorePage({ ...failed, attestation: doubted }),
  ]) {
    expect(model.attestation).toBeUndefined();
    expect(model.look).toContainEqual(
      expect.objectContaining({ level: 'warning', why: 'Its attestation cannot be relied on: no root vouches' }),
    );
  }
});

test('accounts: people, and what changed; never more than names and numbers', () => {
  expect(
    accountChanges(
      accounts({ root: 0, alice: 1000, tinyd: 99, old: 50 }),
      accounts({ root: 0, alice: 1001, tinyd: 99, fresh: 60 }),
    ),
  ).toEqual([
    {
      kind: 'user',
      name: 'alice',
      before: '1000',
      after: '1001',
      words: 'has another number; its files follow by name',
    },
    { kind: 'user', name: 'old', before: '50', after: '', words: 'not there any more' },
    { kind: 'user', name: 'fresh', before: '', after: '60', words: 'new: of today’s packages' },
  ]);
});

test('the page of a decommission', async () => {
  const manifest = tinyManifest({
    counts: { paths: 10, kept: 2, keptBytes: 6, deleted: 1, rules: { tiny: { paths: 2, bytes: 6, kept: true } } },
  });
  manifest.service.image = { size: 400_000_000 } as never;
  const golden = [{ name: 'reads', status: 'ok', lines: [], took: 1, flaky: true as const }];
  const timings = { detect: 0.5, total: 1 };
  const result: ArchiveResult = { bag: 'b', manifest, index: [], golden, incomplete: ['/srv/x'], timings };
  const paths = await packPaths(tinyIndex(), () => ({}));
  const report = {
    result,
    secrets: [],
    reasons: {},
    kept: [],
    encrypted: false,
    tooShort: [],
    packed: { bytes: 2345, sha256: 'ab' },
    attested: {
      attestation: {
        signer: { identity: 'https://github.com/lab/x', issuer: 'i', commit: '', run: '' },
        signed: '',
        untrusted: undefined,
      } as unknown as Attestation,
    },
  };
  const text = reportPage(archivePage({ report, steps: [], paths }), TEXTS);
  for (const part of [
    'but 1 paths could not be read',
    '/srv/x could not be read',
    '0.00059 % of the image',
    'Attested by https://github.com/lab/x (issuer i).',
    'flaky',
    '152 MB',
  ])
    expect(text).toContain(part);
});
