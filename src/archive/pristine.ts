import type { Pristine } from '../bag/manifest.ts';
import { readTar } from '../bag/tar-reader.ts';
import type { BagWriter } from '../bag/write-bag.ts';
import type { Baseline } from '../detect/baseline.ts';
import type { Decided } from '../detect/detect.ts';
import { tarStream } from '../detect/probe.ts';
import type { CommandStream } from '../engine/engine.ts';
import { useStream } from '../engine/use-stream.ts';
import type { Target } from '../system/target.ts';

/** Larger files are not configuration that anybody merges. */
const LARGEST = 1024 * 1024;

/**
 * Keeps the version before the owner's edits of every edited configuration file, for a three-way merge in ten years.
 * The image has it for whatever was there before operation, conffile or not.
 */
export async function writePristine(
  image: Target | undefined,
  decided: Iterable<Decided>,
  baseline: Baseline | undefined,
  bag: BagWriter,
): Promise<Pristine[]> {
  if (!image || !baseline) return [];
  const paths: string[] = [];
  for (const each of decided) if (wantsPristine(each, baseline)) paths.push(each.entry.path);
  if (paths.length === 0) return [];
  const pristine: Pristine[] = [];
  const read = async ({ stdout }: CommandStream) => {
    for await (const member of readTar(stdout as AsyncIterable<Buffer>)) {
      if (member.header.kind !== 'file') continue;
      const file = `pristine/${member.header.path}`;
      await bag.addFile(`data/${file}`, member.body);
      pristine.push({ path: `/${member.header.path}`, file, source: 'image' });
    }
  };
  await useStream(tarStream(image, paths), read, 'Reading the versions before the edits');
  return pristine;
}

function wantsPristine(each: Decided, baseline: Baseline): boolean {
  const before = baseline.image.get(each.entry.path);
  if (each.rule === 'accounts/account-databases') return before !== undefined; // tells new accounts from the image's own
  if (each.disposition !== 'keep' || each.origin !== 'operation' || !each.entry.path.isWellFormed()) return false;
  if (before?.kind !== 'file' || each.entry.kind !== 'file' || before.size > LARGEST) return false;
  return (
    each.entry.path.startsWith('/etc/') || each.rule === 'package/edited-conffile' || each.rule === 'package/modified'
  );
}
