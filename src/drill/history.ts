import { PerennialError } from '../errors.ts';
import { type DrillRecord, isGood, parseRecord } from './drill-record.ts';
import { packageDifferences } from './package-differences.ts';

/** Drills of one archive that a history keeps; older ones go. A monthly drill fills it in forty years. */
const MOST = 500;

/**
 * The records of a drills.ndjson: one JSON object a line, in the order of their times.
 * @throws PerennialError `bad-input` naming the line that is no record
 */
export function parseHistory(text: string): DrillRecord[] {
  return text
    .split('\n')
    .map((line, at) => ({ line, at }))
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, at }) => {
      try {
        return parseRecord(JSON.parse(line));
      } catch (cause) {
        throw new PerennialError('bad-input', `Line ${at + 1} of drills.ndjson is no record of a drill`, {
          cause,
          hint: 'Mend or remove the line; the next drill goes on from there.',
        });
      }
    });
}

/** A history as text. Versions of packages stay with the last good drill of each archive, which later ones are compared with. */
export function formatHistory(records: readonly DrillRecord[]): string {
  const lastGood = new Set([...new Set(records.map(each => each.archive))].map(name => findLastGood(records, name)));
  return records
    .map(each => {
      const { packages, basePackages, gone: _, ...rest } = each;
      return `${JSON.stringify(lastGood.has(each) ? { ...rest, packages, basePackages } : rest)}\n`;
    })
    .join('');
}

/**
 * Adds drills to a history. One that is not good gets the packages that changed since the last good one of its archive, which is
 * the first thing to look at. Pure.
 */
export function addDrills(history: readonly DrillRecord[], drills: readonly DrillRecord[]): DrillRecord[] {
  const added = drills.map(each => withChanges(each, findLastGood(history, each.archive)));
  const all = [...history, ...added].toSorted((a, b) => a.at.localeCompare(b.at));
  const names = [...new Set(all.map(each => each.archive))];
  const kept = new Set(names.flatMap(name => ofArchive(all, name).slice(-MOST)));
  return all.filter(each => kept.has(each));
}

/** Drills of one archive. */
export function ofArchive(records: readonly DrillRecord[], archive: string): DrillRecord[] {
  return records.filter(each => each.archive === archive);
}

export function findLastGood(records: readonly DrillRecord[], archive: string): DrillRecord | undefined {
  return ofArchive(records, archive).findLast(isGood);
}

/** The first drill since the last good one that was not good; undefined when the last one is good. */
export function findFirstFailure(records: readonly DrillRecord[], archive: string): DrillRecord | undefined {
  const these = ofArchive(records, archive);
  return these[these.findLastIndex(isGood) + 1];
}

function withChanges(record: DrillRecord, lastGood: DrillRecord | undefined): DrillRecord {
  if (isGood(record) || !lastGood) return record;
  // What was never installed is compared by the bases alone.
  const whole = lastGood.packages && record.packages;
  const [before, after] = whole ? [lastGood.packages, record.packages] : [lastGood.basePackages, record.basePackages];
  const gone = (record.gone ?? []).map(name => ({ name, before: lastGood.packages?.[name] ?? '', after: '' }));
  if (!before || !after) return record;
  return { ...record, changes: packageDifferences(before, after, gone) };
}
