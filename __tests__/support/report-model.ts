import type { IndexEntry } from '../../src/bag/index-entry.ts';
import type { DrillRecord } from '../../src/drill/drill-record.ts';
import type { PageModel } from '../../src/report/page/page-model.ts';
import { packPaths } from '../../src/report/page/path-list.ts';
import type { ComparedResult } from '../../src/smoke/smoke-test.ts';

/** What would be markup, a script, a style or an end of either in a careless page. */
const HOSTILE = `</script></style><img src=x onerror=alert(1)>"'><svg onload=alert(2)><b style="color:red">\${7}&amp;\x1b[2J]]>`;

/** Paths of a lab's file server: people, experiments, files; every tenth one left as a cache. */
export function* manyPaths(count: number): Generator<IndexEntry> {
  for (let n = 0; n < count; n++) {
    const left = n % 10 === 9;
    yield {
      path: `/share/lab/person-${n % 97}/experiment-${Math.floor(n / 1000)}/measured-${n.toString(36)}.csv`,
      kind: 'file',
      mode: '0640',
      uid: 1000 + (n % 97),
      gid: 2000,
      user: `person-${n % 97}`,
      group: 'lab',
      size: (n * 7919) % 1_000_000,
      mtime: '1577836800',
      disposition: left ? 'leave' : 'keep',
      rule: left ? 'generated/cache' : n % 3 === 0 ? 'unowned/mount' : 'unowned/operation',
      why: left ? 'a cache' : 'no package ships it',
      origin: 'operation',
    };
  }
}

/** A page with everything on it, a part of it from somebody hostile, and this many paths. */
export async function reportModel(paths: number): Promise<PageModel> {
  const answer = (status: string, ...lines: string[]) => ({ status, lines });
  return {
    kind: 'Restored',
    title: 'lab file server',
    verdict: { mark: 'bad', text: 'Restored, but not as before' },
    summary: `Debian GNU/Linux 11 (bullseye) ended on 2026-01-02; brought back on Debian GNU/Linux 13 (sha256:${'ab'.repeat(32)}).`,
    figures: [
      { label: 'Same answers', value: '1 of 3' },
      { label: 'Kept data', value: '2.61 MB', note: '48 paths' },
    ],
    look: [
      { level: 'warning', what: '/etc/lab.conf', why: HOSTILE, rule: 'config/conflict', detail: `-a\n+${HOSTILE}` },
      { level: 'error', what: HOSTILE, why: 'another answer', rule: 'smoke', detail: '' },
    ],
    answers: [
      {
        name: 'reads',
        verdict: 'same',
        mark: 'good',
        before: answer('ok', 'measured 42'),
        after: answer('ok', 'measured 42'),
        results: results(),
      },
      {
        name: 'lists',
        verdict: 'differs',
        mark: 'bad',
        before: answer('ok', 'a', 'b'),
        after: answer('ok', 'a', HOSTILE),
      },
      { name: HOSTILE, verdict: 'new test', mark: 'plain', after: answer(HOSTILE) },
    ],
    state: {
      compared: { file: 48, port: 2 },
      findings: [
        {
          area: 'port',
          subject: 'tcp 445',
          attribute: 'presence',
          was: 'smbd',
          is: 'missing',
          verdict: 'differs',
          why: '',
          rule: 'proof',
        },
        {
          area: 'file',
          subject: HOSTILE,
          attribute: 'owner',
          was: 'a',
          is: 'b',
          verdict: 'explained',
          why: HOSTILE,
          rule: 'proof',
        },
      ],
    },
    steps: [
      { name: 'Verifying the bag', start: 0, seconds: 0.2 },
      { name: 'Building the image', start: 0.2, seconds: 30 },
    ],
    reasons: [
      {
        rule: 'package/unchanged',
        words: 'files of packages, as shipped',
        kept: false,
        paths: 11_000,
        bytes: 260_000_000,
      },
      { rule: 'unowned/operation', words: 'made during operation', kept: true, paths: 40, bytes: 2_500_000 },
      { rule: HOSTILE, words: HOSTILE, kept: true, paths: 1, bytes: 900_000 },
    ],
    sizes: [
      { label: 'The old image', note: 'what docker save would write', bytes: 494_000_000, kept: false },
      { label: 'The archive', note: 'all that is stored', bytes: 38_500, kept: true },
    ],
    news: [{ source: 'lab', version: '2.0-1', date: '2024-05-01', text: `- plain SMB1 is off\n${HOSTILE}` }],
    drift: [
      { name: 'ntp -> ntpsec', before: '1:4.2.8', after: '1.2.3', mended: 'ntpsec succeeds it', main: true },
      { name: HOSTILE, before: '1', after: '', mended: '', main: false },
    ],
    files: [
      {
        what: '/etc/lab.conf',
        why: 'edited in the same places',
        rule: 'config/conflict',
        conflict: true,
        diff: '--- a\n+++ b\n@@ -1 +1 @@\n-x\n+y\n',
      },
      { what: HOSTILE, why: 'merged', rule: 'config/key', conflict: false, diff: HOSTILE },
    ],
    accounts: [{ kind: 'user', name: 'alice', before: '1000', after: '1001', words: 'has another number' }],
    deeds: [{ stage: 'build', what: HOSTILE, why: 'as recorded', rule: 'build' }],
    history: [
      drill('2026-01-01T04:00:00Z', 'good'),
      drill('2026-02-01T04:00:00Z', 'failed'),
      drill('2026-03-01T04:00:00Z', 'good'),
    ],
    paths: await packPaths(manyPaths(paths), rules => Object.fromEntries(rules.map(each => [each.rule, '']))),
    made: { at: '2026-03-01T04:00:00.000Z', version: '0.0.0' },
  };
}

/** Of an analysis: a number, an image, and what somebody hostile named. */
function results(): ComparedResult[] {
  const tolerance = '1e-9 of the value';
  return [
    {
      what: 'output: lifetime',
      was: '7.304215830712345',
      is: '7.304215830712351',
      difference: '6.2e-15 (8.5e-16 of the value)',
      tolerance,
      verdict: 'within',
    },
    {
      what: '/srv/figure.png',
      was: 'image 600x400',
      is: 'image 600x400',
      difference: '31.0 % apart',
      tolerance: '5.0 %',
      verdict: 'differs',
    },
    { what: HOSTILE, was: HOSTILE, is: HOSTILE, difference: '0', tolerance, verdict: 'same' },
  ];
}

/** A drill of the archive `lab`. */
export function drill(at: string, outcome: DrillRecord['outcome'], changes: Partial<DrillRecord> = {}): DrillRecord {
  return {
    archive: 'lab',
    at,
    outcome,
    base: 'debian:trixie',
    digest: `sha256:${at.slice(5, 7).repeat(32)}`,
    release: 'Debian GNU/Linux 13 (trixie)',
    seconds: 40 + Number(at.slice(5, 7)),
    same: outcome === 'good' ? 9 : 0,
    tests: 9,
    reason: outcome === 'good' ? '' : 'the build failed',
    run: 'https://github.com/lab/archive/actions/runs/1',
    ...changes,
  };
}
