import type { ArchiveOutcome, ArchiveResult } from '../archive/archive.ts';
import type { Keeping } from '../archive/keep-bag.ts';
import type { Attestation } from '../attestation/verify-attestation.ts';
import { type SecretCount, secretWords } from '../classify/secrets.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import { type Annotation, annotation } from './annotation.ts';
import { attestationText } from './attestation-text.ts';
import { byteText } from './byte-text.ts';
import { code, count, folded, pageLink, plain, table } from './markdown.ts';
import { percentText } from './percent-text.ts';
import { pieChart } from './pie.ts';
import { ruleWords } from './rule-words.ts';

/** What is told of a decommission: the archive run, and what became of the bag. */
export interface ArchiveReport {
  result: ArchiveResult;
  /** The packed bag. */
  packed: { bytes: number; sha256: string };
  /** Where the bag is kept; empty when it is only on the runner. */
  kept: Keeping[];
  encrypted: boolean;
  /** Sentences about stores that forget the bag sooner than it shall last. */
  tooShort: string[];
  /** How it was verified, and what a rebuild found. */
  verified?: { how: 'rebuild' | 'digest' | 'none'; note: string; differences: string[] };
  /** Who signed for it, or why nobody did who should have. */
  attested?: { attestation?: Attestation; failure?: { message: string } };
  secrets: SecretCount[];
  /** Reasons of the rules of knowledge/, by id. */
  reasons: Record<string, string>;
  /** Address of the report page. */
  page?: string;
}

/** The summary of a decommission as Markdown for a job summary. Pure; what comes from the container is escaped. */
export function archiveJobSummary(report: ArchiveReport): string {
  const { manifest, golden } = report.result;
  return [
    `## ${plain(manifest.service.name)}: decommissioned`,
    headline(report),
    pageLink(report.page),
    lookAt(archiveAnnotations(report)),
    sizes(report),
    chart(report),
    reasonTable(report, true),
    reasonTable(report, false),
    secretTable(report),
    golden.length === 0 ? '' : goldenTable(golden),
    packages(report),
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

function goldenTable(golden: ArchiveReport['result']['golden']): string {
  const flaky = golden.some(each => each.flaky);
  const heads = ['Smoke test', 'Answer', ...(flaky ? ['Twice the same'] : [])];
  const rows = golden.map(each => [
    plain(each.name),
    code(withoutSecrets(each.status), 80),
    ...(flaky ? [each.flaky ? '⚠️ flaky' : 'yes'] : []),
  ]);
  return `### Golden answers\n\n${table(heads, flaky ? 'lll' : 'll', rows)}`;
}

/** What a person should look at after a decommission. */
export function archiveAnnotations({
  result,
  secrets,
  kept,
  encrypted,
  tooShort,
  verified,
  attested,
}: Omit<ArchiveReport, 'packed' | 'reasons' | 'result'> & { result: ArchiveOutcome }): Annotation[] {
  const readers = kept.length > 0 && secrets.length > 0 && !encrypted;
  return [
    ...result.incomplete.map(path => annotation('error', 'Not archived', `${path} could not be read`)),
    ...tooShort.map(text => annotation('warning', 'Kept too short', text)),
    ...result.manifest.notes.map(note => annotation('warning', 'Archive', note)),
    ...result.golden
      .filter(each => each.flaky)
      .map(each =>
        annotation(
          'warning',
          'Flaky smoke test',
          `"${each.name}" gave two different answers on the living service: mask what changes, or a restore cannot be judged by it`,
        ),
      ),
    ...(attested?.failure ? [annotation('error', 'Not attested', attested.failure.message)] : []),
    ...(verified?.differences ?? []).map(each => annotation('error', 'Not the same after a rebuild', each)),
    ...(readers ? [annotation('notice', 'Secrets', `The archive holds in plain text: ${secretWords(secrets)}`)] : []),
  ];
}

function headline({ result, packed }: ArchiveReport): string {
  const { counts, service, system } = result.manifest;
  const image = service.image ? `, ${percentText(packed.bytes, service.image.size)} of the image` : '';
  return `${count(counts.kept)} of ${count(counts.paths)} paths of a ${plain(system.os.prettyName || 'system without a name')} are kept. The archive has **${byteText(packed.bytes)}**${image}.`;
}

function lookAt(annotations: Annotation[]): string {
  const marks = { error: '❌', warning: '⚠️', notice: 'ℹ️' };
  if (annotations.length === 0) return '';
  const lines = annotations.slice(0, 50).map(each => `- ${marks[each.level]} ${plain(each.message, 800)}`);
  const more = annotations.length > 50 ? [`- … ${count(annotations.length - 50)} more`] : [];
  return ['### Look at this', '', ...lines, ...more].join('\n');
}

function sizes({ result, packed, kept, encrypted, verified, attested }: ArchiveReport): string {
  const { counts, service } = result.manifest;
  const rows = [
    ...(service.image ? [['Image', byteText(service.image.size)]] : []),
    [
      'Mutable data',
      `${byteText(counts.keptBytes)} in ${count(counts.kept)} paths, ${count(counts.deleted)} ${counts.deleted === 1 ? 'deletion' : 'deletions'}`,
    ],
    [
      'Archive',
      `${byteText(packed.bytes)}${service.image ? `, ${percentText(packed.bytes, service.image.size)} of the image` : ''}`,
    ],
    ...result.manifest.dumps.map(each => ['Logical export', `${code(each.file)}, ${byteText(each.bytes)}`]),
    ...(verified ? [['Verified', verified.note]] : []),
    ...(attested?.attestation ? [['Attestation', plain(attestationText(attested.attestation), 800)]] : []),
    ['Found in', `${result.timings.detect} s`],
    ['Archived in', `${result.timings.total} s`],
    ...kept.map(each => ['Kept as', `${code(each.reference, 200)}, put there in ${each.seconds} s, ${expiry(each)}`]),
    ['Encrypted', encrypted ? 'yes, with age' : 'no'],
    ['sha256', code(packed.sha256)],
  ];
  return `### Sizes and times\n\n${table(['', ''], 'll', rows)}`;
}

function expiry({ expires }: Keeping): string {
  return expires ? `**until ${expires.slice(0, 10)}**` : 'without an end';
}

/** Bytes in kB: what is kept is thousands of times smaller than what is left, the chart shows just that. */
function chart({ result, reasons }: ArchiveReport): string {
  const rules = Object.entries(result.manifest.counts.rules);
  const ids = rules.map(([rule]) => rule);
  const words = ruleWords(ids, result.index, reasons);
  const kept = rules.reduce((sum, [, each]) => sum + (each.kept ? each.bytes : 0), 0);
  const left = rules
    .filter(([, each]) => !each.kept)
    .map(([rule, each]) => ({ label: `left, ${words[rule] || rule}`, value: each.bytes / 1000 }));
  return pieChart('Kept against left, in kB', [{ label: 'kept', value: kept / 1000 }, ...left]);
}

function reasonTable({ result, reasons }: ArchiveReport, kept: boolean): string {
  const rules = Object.entries(result.manifest.counts.rules)
    .filter(([, each]) => each.kept === kept)
    .toSorted(([, a], [, b]) => b.bytes - a.bytes || b.paths - a.paths);
  if (rules.length === 0) return '';
  const words = ruleWords(
    rules.map(([rule]) => rule),
    result.index,
    reasons,
  );
  const rows = rules.map(([rule, each]) => [
    plain(words[rule] ?? ''),
    code(rule),
    count(each.paths),
    byteText(each.bytes),
  ]);
  const text = table(['Why', 'Rule', 'Paths', 'Bytes'], 'llrr', rows);
  return kept ? `### Kept, and why\n\n${text}` : folded('Left out, and why', text);
}

/** Whoever may not read the archive may still read the summary: names of files stay out of it when it is encrypted. */
function secretTable({ secrets, encrypted }: ArchiveReport): string {
  if (secrets.length === 0) return '';
  const rows = secrets.map(each => [
    each.kind,
    count(each.paths.length),
    encrypted
      ? ''
      : each.paths
          .slice(0, 5)
          .map(path => code(path))
          .join(' '),
  ]);
  return folded(`Secrets in the archive: ${secretWords(secrets)}`, table(['Kind', 'Count', 'Where'], 'lrl', rows));
}

function packages({ result }: ArchiveReport): string {
  const chosen = result.manifest.system.packages.filter(each => each.manual && each.priority !== 'required');
  if (chosen.length === 0) return '';
  const rows = chosen.map(each => [code(each.name), code(each.version)]);
  const all = result.manifest.system.packages.length;
  return folded(
    `Versions: ${count(chosen.length)} chosen packages of ${count(all)}`,
    table(['Package', 'Version'], 'll', rows, 100),
  );
}
