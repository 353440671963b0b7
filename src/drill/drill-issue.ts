import { code, count, plain, preformatted, table } from '../report/markdown.ts';
import { type DrillRecord, isGood } from './drill-record.ts';
import { findFirstFailure, findLastGood, ofArchive } from './history.ts';

/** An open issue about an archive that does not restore. */
export interface DrillIssue {
  number: number;
  body: string;
}

/** What is to be done about the one issue of an archive. */
export type IssueDeed =
  | { do: 'nothing' }
  | { do: 'open'; title: string; body: string }
  | { do: 'update'; number: number; body: string; comment?: string }
  | { do: 'close'; number: number; comment: string };

/** Label of the issues; nobody but who may label issues can pass another one off as ours. */
export const LABEL = 'perennial-drill';

/**
 * Decides from a history, which has the newest drill, and the open issues with our label. One issue an archive: opened by the
 * first drill that is not good, kept up to date by the following ones, closed by the next good one. Pure.
 */
export function decideIssue(history: readonly DrillRecord[], archive: string, open: readonly DrillIssue[]): IssueDeed {
  const drills = ofArchive(history, archive);
  const last = drills.at(-1);
  const issue = open.find(each => each.body.includes(marker(archive)));
  if (!last) return { do: 'nothing' };
  if (isGood(last)) return issue ? { do: 'close', number: issue.number, comment: worksAgain(last) } : { do: 'nothing' };
  const body = issueBody(history, archive, last);
  if (!issue) return { do: 'open', title: `Restore drill: ${words(archive)} does not come back`, body };
  const before = drills.at(-2);
  const news = before && (before.digest !== last.digest || before.reason !== last.reason);
  return { do: 'update', number: issue.number, body, ...(news ? { comment: stillNot(last) } : {}) };
}

/** Is in the issue's text and finds it again; `encodeURIComponent` leaves nothing that could end a comment. */
function marker(archive: string): string {
  return `<!-- ${LABEL}: ${encodeURIComponent(archive).replaceAll('-', '%2D')} -->`;
}

function issueBody(history: readonly DrillRecord[], archive: string, last: DrillRecord): string {
  const first = findFirstFailure(history, archive) ?? last;
  const good = findLastGood(history, archive);
  return [
    marker(archive),
    `The archive ${code(archive)} ${last.outcome === 'differs' ? 'restores, but the service does not answer as before' : 'does not restore any more'}. This issue is kept up to date by the drills and closed by the first good one.`,
    table(['', 'Drill', 'Base', 'Digest'], 'llll', [
      ['Last good', ...line(good)],
      ['First failure', ...line(first)],
      ...(first === last ? [] : [['Newest', ...line(last)]]),
    ]),
    `### Why\n\n${preformatted(last.reason || 'no reason was given', 30)}`,
    changes(first, good),
    '### What to do\n\nRestore by hand with `perennial restore` and look at its report; often a package has another name or a setting has gone. On the last good base it still works: name it with `base`. docs/guides/restore-drill.md has more.',
  ]
    .filter(part => part !== '')
    .join('\n\n');
}

function line(record: DrillRecord | undefined): string[] {
  if (!record) return ['never', '', ''];
  const day = plain(record.at.slice(0, 10));
  const when = /^https?:\/\/[\w.:/-]+$/.test(record.run) ? `[${day}](${record.run})` : day;
  return [when, record.base ? code(record.base) : 'none was reached', record.digest ? code(record.digest) : ''];
}

function changes(first: DrillRecord, good: DrillRecord | undefined): string {
  if (!good) return '';
  const all = first.changes ?? [];
  const title = '### Packages that changed between the last good drill and the first failure\n\n';
  if (all.length === 0)
    return `${title}${first.changes ? 'None.' : 'Not known: the drill ended before they could be read.'}`;
  const rows = all.map(each => [code(each.name), code(each.before), each.after ? code(each.after) : '**gone**']);
  return `${title}${table(['Package', 'Last good', 'First failure'], 'lll', rows, 100)}`;
}

function worksAgain(last: DrillRecord): string {
  const answers = last.tests > 0 ? `, ${count(last.same)} of ${count(last.tests)} answers as before` : '';
  return `✅ It restores again: ${line(last)[0]}, on ${code(last.base)} ${code(last.digest)}${answers}.`;
}

function stillNot(last: DrillRecord): string {
  return `❌ Still not, and otherwise than before: ${line(last).join(' ')}\n\n${preformatted(last.reason, 30)}`;
}

function words(archive: string): string {
  return archive.replace(/[^\w.@:/ -]/g, '?').slice(0, 100);
}
