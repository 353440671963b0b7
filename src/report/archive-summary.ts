import type { ArchiveOutcome } from '../archive/archive.ts';
import { printable } from '../system/byte-text.ts';
import { byteText } from './byte-text.ts';

/** The result of an archive run for a terminal. */
export function archiveSummary(result: ArchiveOutcome): string {
  const { manifest, timings } = result;
  const { counts } = manifest;
  return [
    `Archived ${printable(manifest.service.name)} (${printable(manifest.system.os.prettyName)}) into ${printable(result.bag)}`,
    `  kept ${counts.kept} of ${counts.paths} paths, ${byteText(counts.keptBytes)}; ${counts.deleted} deletions recorded`,
    `  found in ${timings.detect} s, archived in ${timings.total} s`,
    ...(manifest.dumps.length > 0
      ? [`  exports: ${manifest.dumps.map(each => `${each.file} (${byteText(each.bytes)})`).join(', ')}`]
      : []),
    ...(result.golden.length > 0 ? [`  golden answers of ${result.golden.length} smoke tests`] : []),
    ...(result.incomplete.length > 0 ? [`  INCOMPLETE: ${result.incomplete.length} paths could not be read`] : []),
  ].join('\n');
}
