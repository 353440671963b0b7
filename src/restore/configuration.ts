import type { TarHeader } from '../bag/tar-reader.ts';
import { mergeConfig } from '../plan/merge-config.ts';
import { rewriteText, type Substitution } from '../plan/path-substitution.ts';
import { printable } from '../system/byte-text.ts';
import { unifiedDiff } from '../unified-diff.ts';
import { closedDiff } from './closed-diff.ts';
import type { Journal } from './journal.ts';
import { BESIDE, type Captured, layFiles } from './lay-payload.ts';
import type { NewSystem } from './new-system.ts';

/** A configuration file as it was put back, with what it could be instead when the service refuses it. */
export interface PlacedConfiguration {
  path: string;
  header: TarHeader;
  content: Buffer;
  /** The owner's file, names of today, without today's defaults; when it differs from `content`. */
  edited: Buffer;
}

export interface ConfigurationOptions {
  captured: Captured[];
  substitutions: Substitution[];
  /** Today's defaults that dpkg put beside edited files which were there first (`.dpkg-dist`). */
  defaultsBeside: ReadonlySet<string>;
  /** The version before the owner's edits, by old path. */
  pristine: (path: string) => Promise<Buffer | undefined>;
}

/** Merges every configuration file that both sides have: three ways where the version before the edits is known. */
export async function restoreConfiguration(
  system: NewSystem,
  options: ConfigurationOptions,
  journal: Journal,
): Promise<PlacedConfiguration[]> {
  const placed: PlacedConfiguration[] = [];
  const files: { header: TarHeader; content: Buffer }[] = [];
  for (const { entry, header, content: edited, placement } of options.captured) {
    if (placement.action === 'skip') continue;
    if (placement.action === 'beside') {
      files.push({ header: renamed(header, placement.path + BESIDE), content: edited });
      journal.look(
        'configuration',
        `${printable(placement.path)} is the new package's; the old one is beside it (${BESIDE})`,
        placement.why,
        'payload/beside',
      );
      continue;
    }
    const beside = `${placement.path}.dpkg-dist`;
    const fresh = await system.read(options.defaultsBeside.has(beside) ? beside : placement.path);
    if (fresh) system.defaults.set(placement.path, fresh.toString('latin1'));
    const pristineOld = await options.pristine(entry.path);
    const merged = mergeConfig({
      path: placement.path,
      edited,
      substitutions: options.substitutions,
      ...(pristineOld ? { pristineOld } : {}),
      ...(fresh ? { pristineNew: fresh } : {}),
    });
    files.push({ header: renamed(header, placement.path), content: merged.content });
    if (merged.beside)
      files.push({
        header: { ...renamed(header, placement.path + merged.beside.suffix) },
        content: merged.beside.content,
      });
    placed.push({
      path: placement.path,
      header: renamed(header, placement.path),
      content: merged.content,
      edited: renameIn(edited, options.substitutions),
    });
    const made = isMade(system, placement.path, edited);
    report(journal, placement.path, merged, { fresh, made, mode: header.mode });
  }
  await layFiles(system, files);
  return placed;
}

/** Bytes that no package ships (a key, a table of passwords): today's were made by a script, and are no default that has changed. */
function isMade(system: NewSystem, path: string, edited: Buffer): boolean {
  return edited.includes(0) && !system.packages.has(system.canonical(path));
}

function report(
  journal: Journal,
  path: string,
  merged: ReturnType<typeof mergeConfig>,
  { fresh, made, mode }: { fresh: Buffer | undefined; made: boolean; mode: number },
): void {
  const name = printable(path);
  const labels = { from: `${name} (today's default)`, to: `${name} (restored)` };
  const diff = fresh ? closedDiff(unifiedDiff(fresh.toString(), merged.content.toString(), labels), mode) : '';
  if (merged.outcome === 'conflict') {
    const where = merged.conflicts.map(each => printable(String(each.where))).join(', ');
    journal.look(
      'configuration',
      `${name} conflicts with today's default: yours is kept, today's is beside it (${merged.beside?.suffix ?? ''})`,
      `edited in the same places: ${where}`,
      'config/conflict',
      diff,
    );
    return;
  }
  const isFresh = fresh?.equals(merged.content) ?? false;
  const level = merged.defaultChanged && !made && merged.outcome === 'edited-kept' && !isFresh ? 'look' : 'done';
  const how = {
    'edited-kept': 'the edited file',
    'new-default': "today's default (it was not edited)",
    merged: `merged by ${merged.how}`,
  }[merged.outcome];
  journal[level](
    'configuration',
    `${name}: ${how}`,
    merged.notes.join('; ') || 'the owner and the new release both have it',
    `config/${merged.how}`,
    diff,
  );
}

/** Rewrites versioned names and paths in configuration that is laid as it is, and says where people's own code has them. */
export function renameIn(content: Buffer, substitutions: Substitution[]): Buffer {
  if (substitutions.length === 0 || content.includes(0)) return content;
  const text = content.toString('latin1'); // names are ASCII; every other byte stays as it is
  const rewritten = rewriteText(text, substitutions);
  return rewritten.hits.length === 0 ? content : Buffer.from(rewritten.text, 'latin1');
}

function renamed(header: TarHeader, path: string): TarHeader {
  return { ...header, path: path.slice(1) };
}
