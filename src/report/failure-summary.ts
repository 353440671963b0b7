import { PerennialError } from '../errors.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import { code, pageLink, plain, preformatted, table } from './markdown.ts';
import type { RestoreRecord } from './restore-record.ts';

/**
 * The summary of a restore that came to no end, as Markdown for a job summary: why, on which base, how far it came, what was not
 * done and how to go on. Pure.
 * @param page address of the report page
 */
export function failureSummary(name: string, record: RestoreRecord, error: unknown, page?: string): string {
  const known = error instanceof PerennialError;
  const gone = (record.plan?.resolutions ?? []).filter(each => each.how === 'gone');
  const steps = record.steps.steps();
  return [
    `## ${plain(record.plan?.service ?? name)}: not restored`,
    '❌ The service did not come back.',
    pageLink(page),
    preformatted(withoutSecrets(known ? error.message : String(error)), 40),
    known && error.hint ? hintLines(error.hint) : '',
    record.base
      ? table(['Base', 'Digest', 'Release'], 'lll', [
          [code(record.base.reference), code(record.base.digest), plain(record.base.release)],
        ])
      : '',
    gone.length > 0
      ? `### Packages without a successor on this base\n\n${table(
          ['Package', 'Why'],
          'll',
          gone.map(each => [code(each.old), plain(each.why)]),
        )}`
      : '',
    steps.length > 0
      ? `### How far it came\n\n${table(
          ['Step', 'Time'],
          'lr',
          steps.map((each, n) => [`${n === steps.length - 1 ? '❌ ' : ''}${plain(each.name)}`, `${each.seconds} s`]),
        )}`
      : '',
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

/** One paragraph for each line: what was done, what was not, and how to go on (`stoppedError`). */
function hintLines(hint: string): string {
  return withoutSecrets(hint)
    .split('\n')
    .map(line => plain(line, 1000))
    .join('\n\n');
}
