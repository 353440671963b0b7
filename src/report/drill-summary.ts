import type { DrillRecord } from '../drill/drill-record.ts';
import { ofArchive } from '../drill/history.ts';
import { code, count, plain, table } from './markdown.ts';

const WORDS = {
  good: '✅ restores',
  differs: '❌ other answers',
  failed: '❌ does not restore',
  lost: '❌ no result',
};
/** Drills that a row shows as a line of marks. */
const MARKS = 20;

/** The summary of a drill as Markdown for a job summary. Pure. */
export function drillSummary(drills: DrillRecord[], history: DrillRecord[]): string {
  const good = drills.filter(each => each.outcome === 'good').length;
  const rows = drills.map(each => [
    code(each.archive),
    WORDS[each.outcome],
    plain(each.release || each.base),
    each.tests > 0 ? `${each.same} of ${each.tests}` : '',
    `${each.seconds} s`,
    marks(ofArchive(history, each.archive)),
    plain(each.reason, 200),
  ]);
  return [
    `## Restore drill: ${count(good)} of ${count(drills.length)} archives come back`,
    'A drill restores each archive on today’s base and asks the service what clients asked before its end. Nothing of it is left running.',
    table(['Archive', '', 'Base', 'Same answers', 'Time', 'Drills so far', 'Why'], 'lllrrll', rows, 256),
  ].join('\n\n');
}

function marks(drills: DrillRecord[]): string {
  return drills
    .slice(-MARKS)
    .map(each => (each.outcome === 'good' ? '🟩' : '🟥'))
    .join('');
}
