import { PerennialError } from '../errors.ts';
import type { DockerfileText, DockerStage, DockerVariable } from './dockerfile-text.ts';

export interface StageReport {
  /** Name after AS, empty when it has none. */
  name: string;
  /** 1-based. */
  line: number;
  /** As written. */
  image: string;
  /** With build arguments put in; the name of another stage when it builds on one. */
  resolved: string;
  /** It stands, maybe through other stages, on the base that is replaced; the others are left as they are. */
  rebased: boolean;
}

/**
 * What each stage stands on, and which image the final one stands on in the end (through other stages).
 * @param buildArgs values given at build time; they win over ARG defaults before the first FROM.
 * @returns `resolved`: the image or stage that each FROM names; `roots`: the image at the end of that chain.
 * Throws `base-unknown` when the final stage's image is not known, or is `scratch`.
 */
export function resolveStages(
  { stages, variables }: DockerfileText,
  buildArgs: Record<string, string>,
): { resolved: string[]; roots: string[]; finalBase: string } {
  const values = globalArgs(stages[0]!, variables, buildArgs);
  const resolved = stages.map(({ image }) => expandVariables(image.text, values));
  const roots: string[] = [];
  for (const [at, image] of resolved.entries()) {
    const parent = stages.findLastIndex(({ name }, index) => index < at && isNamed(name, image));
    roots.push(parent < 0 ? image : roots[parent]!);
  }
  const finalBase = roots.at(-1)!;
  if (finalBase === '' || finalBase === 'scratch' || finalBase.includes('$')) {
    const written = stages.at(-1)!.image.text;
    throw new PerennialError('base-unknown', `The base of the Dockerfile's last stage is not known: ${written}`, {
      hint: 'Give the build arguments that the image was built with, or name the base.',
    });
  }
  return { resolved, roots, finalBase };
}

/**
 * Puts values into `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` as the Dockerfile frontend does.
 * Names without a value stay as they are.
 */
export function expandVariables(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(/\$(?:(\w+)|\{(\w+)(?:(:[-+])([^}]*))?\})/g, (whole, plain, braced, operator, word) => {
    const value = values.get(plain ?? braced);
    if (operator === ':-') return value || word;
    if (operator === ':+') return value ? word : '';
    return value ?? whole;
  });
}

/** ARGs before the first FROM: the only variables that a FROM may use. */
function globalArgs(
  first: DockerStage,
  variables: DockerVariable[],
  buildArgs: Record<string, string>,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const { kind, name, value, start } of variables) {
    if (kind !== 'ARG' || start > first.image.start) continue;
    const given = buildArgs[name] ?? value;
    if (given !== undefined) values.set(name, given);
  }
  return values;
}

/** Stage names are compared without case. */
function isNamed(name: string, image: string): boolean {
  return name !== '' && name.toLowerCase() === image.toLowerCase();
}
