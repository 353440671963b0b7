import type { Attestation } from '../attestation/verify-attestation.ts';
import type { RestoreResult } from '../restore/restore.ts';
import type { SmokeComparison } from '../smoke/smoke-test.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import { type Annotation, annotation } from './annotation.ts';
import { attestationText } from './attestation-text.ts';
import { byteText } from './byte-text.ts';
import { code, count, folded, pageLink, plain, preformatted, table } from './markdown.ts';
import type { PackageChange } from './package-changes.ts';
import { RESULT_HEADS, RESULT_WORDS } from './result-words.ts';

/** What is told of a restore. */
export interface RestoreReport {
  result: RestoreResult;
  /** Where the bag came from, in words. */
  source: string;
  changes: PackageChange[];
  /** The new image, and the packed bag. */
  imageBytes?: number;
  packedBytes?: number;
  /** Of the bag, where it has one. */
  attestation?: Attestation;
  /** Address of the report page. */
  page?: string;
}

/** Rows and entries that a job summary takes before it becomes unreadable; the report's journal.json has all. */
const MOST = 40;
const MOST_RESULTS = 120;
/** So few entries stand for themselves; more are folded into one line. */
const FEW_NEWS = 5;

/** The summary of a restore or a drill as Markdown for a job summary. Pure; what comes from the bag is escaped. */
export function restoreJobSummary(report: RestoreReport): string {
  return [
    `## ${plain(report.result.plan.service)}: ${report.result.same ? 'restored' : 'restored, but not as before'}`,
    headline(report),
    pageLink(report.page),
    look(report.result),
    answers(report.result),
    versions(report.changes),
    news(report.result),
    facts(report),
    dockerfile(report.result),
    doneTable(report.result),
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

/** What a person should look at after a restore. */
export function restoreAnnotations(result: RestoreResult, attestation?: Attestation): Annotation[] {
  const differing = result.comparisons.filter(each => each.verdict === 'differs' || each.verdict === 'missing');
  return [
    ...(attestation?.untrusted === undefined
      ? []
      : [annotation('warning', 'Attestation', attestationText(attestation))]),
    ...differing.map(each =>
      annotation(
        'error',
        'Not the same answer',
        `Smoke test "${each.name}": ${each.verdict === 'missing' ? 'no answer' : 'another answer than before the end'}`,
      ),
    ),
    ...result.journal.entries
      .filter(each => each.level === 'look' && each.stage !== 'smoke')
      .map(each => annotation('warning', `Restore: ${each.stage}`, `${each.what}: ${each.why}`)),
    ...(result.comparisons.length === 0
      ? [
          annotation(
            'warning',
            'No smoke tests',
            'Nothing shows that the service answers as before: add smoke tests to perennial.yml',
          ),
        ]
      : []),
  ];
}

function headline({ result, source }: RestoreReport): string {
  const { plan, comparisons, seconds } = result;
  const same = comparisons.filter(each => each.verdict === 'same' || each.verdict === 'drift').length;
  const proof =
    comparisons.length === 0
      ? 'There are no smoke tests, so nothing shows that it answers as before.'
      : `${result.same ? '✅' : '❌'} **${same} of ${comparisons.length}** answers are as before the end.`;
  return `${plain(plan.from.prettyName)} → **${plain(plan.to.prettyName)}** on ${code(plan.base)} in ${seconds} s, from ${plain(source)}. ${proof}`;
}

function look({ journal }: RestoreResult): string {
  const entries = journal.entries.filter(each => each.level === 'look' && each.stage !== 'smoke');
  if (entries.length === 0) return '';
  const lines = entries.slice(0, MOST).map(each => {
    const line = `- ⚠️ ${plain(each.what)}: ${plain(each.why, 600)} (${code(each.rule)})`;
    return each.detail ? `${line}\n\n${folded('detail', preformatted(each.detail, 60))}\n` : line;
  });
  const more = entries.length > MOST ? [`- … ${count(entries.length - MOST)} more`] : [];
  return ['### Look at this', '', ...lines, ...more].join('\n');
}

function answers({ comparisons }: RestoreResult): string {
  if (comparisons.length === 0) return '';
  const marks = {
    same: '✅ same',
    drift: '✅ same, other version',
    differs: '❌ differs',
    missing: '❌ no answer',
    flaky: '⚠️ flaky',
    'no-golden': 'new',
  };
  const rows = comparisons.map(each => [
    plain(each.name),
    each.verdict === 'drift' && each.results ? '✅ same results' : marks[each.verdict],
    each.golden ? code(withoutSecrets(each.golden.status), 80) : '',
    each.now ? code(withoutSecrets(each.now.status), 80) : '',
  ]);
  const diffs = comparisons
    .filter(each => each.diff !== '')
    .slice(0, MOST)
    .map(each => folded(plain(each.name), preformatted(each.diff)));
  const results = comparisons.filter(each => each.results && each.results.length > 0).map(resultTable);
  return ['### Smoke answers', table(['Smoke test', '', 'Then', 'Now'], 'llll', rows), ...results, ...diffs].join(
    '\n\n',
  );
}

/** What an analysis gave then and now, and how far it is apart. */
function resultTable({ name, results = [] }: SmokeComparison): string {
  const rows = results.map(each => [
    plain(each.what, 120),
    `${each.verdict === 'differs' ? '❌' : '✅'} ${RESULT_WORDS[each.verdict]}`,
    each.was ? code(withoutSecrets(each.was), 40) : '',
    each.is ? code(withoutSecrets(each.is), 40) : '',
    plain(each.difference),
    plain(each.tolerance),
  ]);
  return `**Results of ${plain(name)}**\n\n${table([...RESULT_HEADS], 'llllll', rows, MOST_RESULTS)}`;
}

function versions(changes: PackageChange[]): string {
  if (changes.length === 0) return '';
  const rows = (these: PackageChange[]) =>
    these.map(each => [code(each.name), each.before ? code(each.before) : '', each.after ? code(each.after) : '']);
  const main = changes.filter(each => each.main);
  const rest = changes.filter(each => !each.main);
  const heads = ['Package', 'Then', 'Now'];
  return [
    '### Versions',
    ...(main.length > 0 ? [table(heads, 'lll', rows(main))] : []),
    ...(rest.length > 0
      ? [
          folded(
            `${count(rest.length)} other ${rest.length === 1 ? 'package' : 'packages'}`,
            table(heads, 'lll', rows(rest), 400),
          ),
        ]
      : []),
  ].join('\n\n');
}

function news({ journal }: RestoreResult): string {
  if (journal.news.length === 0) return '';
  const told = journal.news.slice(0, MOST).map(each => {
    const title = `${plain(`${each.source} ${each.version}`)}${each.date ? ` (${each.date})` : ''}`;
    return folded(title, preformatted(each.text, 40));
  });
  const more = journal.news.length > MOST ? [`… ${count(journal.news.length - MOST)} more`] : [];
  return [
    '### What the packages say that changed',
    'Their maintainers tell this to everybody who upgrades from the old versions.',
    ...(told.length > FEW_NEWS
      ? [folded(`${count(journal.news.length)} changes`, [...told, ...more].join('\n\n'))]
      : told),
  ].join('\n\n');
}

function facts({ result, imageBytes, packedBytes, attestation }: RestoreReport): string {
  const { container, journal, manifest } = result;
  const rows = [
    ...(container ? [['Container', code(container.name)]] : []),
    ...(container?.address ? [['Address', code(container.address)]] : []),
    ...(manifest.service.image ? [['Old image', byteText(manifest.service.image.size)]] : []),
    ...(imageBytes ? [['New image', byteText(imageBytes)]] : []),
    ...(packedBytes ? [['Archive', byteText(packedBytes)]] : []),
    ['Archive taken', plain(manifest.created)],
    ...(attestation ? [['Attestation', plain(attestationText(attestation), 800)]] : []),
    ['Mutable data', byteText(manifest.counts.keptBytes)],
    ...Object.entries(journal.seconds).map(([stage, seconds]) => [`Time for ${stage}`, `${seconds} s`]),
    ['Time in all', `${result.seconds} s`],
  ];
  return `### Sizes and times\n\n${table(['', ''], 'll', rows)}`;
}

function dockerfile({ plan }: RestoreResult): string {
  return plan.dockerfile.diff ? folded('What changed in the Dockerfile', preformatted(plan.dockerfile.diff)) : '';
}

function doneTable({ journal }: RestoreResult): string {
  const done = journal.entries.filter(each => each.level === 'done' && each.stage !== 'smoke');
  if (done.length === 0) return '';
  const rows = done.map(each => [each.stage, plain(each.what), plain(each.why), code(each.rule)]);
  return folded(
    `What was done: ${count(done.length)} ${done.length === 1 ? 'thing' : 'things'}`,
    table(['Stage', 'What', 'Why', 'Rule'], 'llll', rows, 200),
  );
}
