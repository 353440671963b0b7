import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DockerfileParser, From, Run } from 'dockerfile-ast';
import type { Engine } from '../engine/engine.ts';
import { printable } from '../system/byte-text.ts';
import { withoutSecrets } from '../system/without-secrets.ts';
import type { RebuildContext } from './rebuild-context.ts';

const MOST_SHOWN = 100;

/**
 * Says when the Dockerfile of a context has steps that an image was not built by: what the image's build made is left to the Dockerfile, and
 * another one would not make it again.
 * @returns notes for the manifest
 */
export async function foreignDockerfileNotes(
  engine: Engine,
  imageId: string,
  context: RebuildContext,
): Promise<string[]> {
  const text = await readFile(join(context.directory, context.dockerfile), 'utf8');
  const missing = stepsMissing(text, await engine.imageHistory(imageId));
  if (missing.length === 0) return [];
  const first = printable(withoutSecrets(missing[0]!)).slice(0, MOST_SHOWN);
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : '';
  return [
    `The Dockerfile of the context may not be the one of this image, which has no step "RUN ${first}"${more}. What the build made is not in the archive: see with \`perennial verify --rebuild\` that this Dockerfile makes the same, or archive without a context`,
  ];
}

/**
 * RUN instructions of a Dockerfile's last stage that no layer of an image was made by. Pure. Those in JSON and heredocs are not looked at:
 * builders write them down in their own ways.
 * @param history what each layer was made by, as the engine tells it
 */
export function stepsMissing(dockerfile: string, history: readonly string[]): string[] {
  const instructions = DockerfileParser.parse(dockerfile).getInstructions();
  const last = instructions.findLastIndex(each => each instanceof From);
  const made = history.map(squeeze);
  return instructions
    .slice(last + 1)
    .filter(each => each instanceof Run)
    .filter(each => each.getJSONStrings().length === 0 && each.getHeredocs().length === 0)
    .map(each => oneLine(each.getRawArgumentsContent() ?? ''))
    .filter(step => step !== '' && !made.some(layer => layer.includes(squeeze(step))));
}

/** Lines that go on, without the comments between them. */
function oneLine(step: string): string {
  return step.replace(/^[ \t]*#.*\n/gm, '').replace(/\\[ \t]*\n/g, '');
}

/** Builders keep or drop the blanks of lines that go on. */
function squeeze(text: string): string {
  return text.replace(/\s+/g, '');
}
