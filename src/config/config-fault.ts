import type * as v from 'valibot';
import { PerennialError } from '../errors.ts';
import { configKeys, smokeTestKeys, smokeTestTypes } from './config-schema.ts';
import { findNearestName } from './nearest-name.ts';
import type { PathStep, YamlSource } from './yaml-source.ts';

/**
 * What the schema found wrong, as one error with file, line, the place in words and the way out.
 * @param issue the first issue that valibot reports
 * @param source where it was read
 * @param above steps that the file does not have because it is only a part of perennial.yml (a bare list of tests)
 */
export function configFault(issue: v.BaseIssue<unknown>, source: YamlSource, above = 0): PerennialError {
  const path = (issue.path ?? []).map(item => item.key as PathStep);
  const at = `${source.name}:${source.lineOf(path.slice(above))}: `;
  const { said, hint } = explain(issue, path, above);
  return new PerennialError('config-invalid', at + said, { hint });
}

function explain(issue: v.BaseIssue<unknown>, path: PathStep[], above: number): { said: string; hint: string } {
  const place = words(path.slice(above));
  const key = String(path.at(-1) ?? '');
  const parent = issue.path?.at(-1)?.input;
  if (issue.type === 'strict_object' && issue.expected === 'never')
    return unknownKey(key, place, knownKeys(path, parent));
  if (issue.type === 'strict_object' && issue.received === 'undefined') {
    return { said: `\`${place}\` is missing`, hint: `Add \`${key}:\` there.` };
  }
  if (issue.type === 'variant' && key === 'type') return unknownType(parent, place);
  return { said: `\`${place}\`: ${issue.message}`, hint: `It says ${shown(issue.input)} now.` };
}

function unknownKey(key: string, place: string, known: string[]): { said: string; hint: string } {
  const nearest = findNearestName(key, known);
  return {
    said: `unknown key \`${place}\`${nearest ? `; did you mean \`${nearest}\`?` : ''}`,
    hint: `Known keys here: ${known.join(', ')}.`,
  };
}

function unknownType(test: unknown, place: string): { said: string; hint: string } {
  const type = (test as { type?: unknown } | undefined)?.type;
  const known = `Known types: ${smokeTestTypes.join(', ')}.`;
  if (type === undefined) return { said: `\`${place}\` is missing`, hint: known };
  const nearest = typeof type === 'string' ? findNearestName(type, smokeTestTypes) : undefined;
  const said = `\`${place}\`: unknown probe type ${shown(type)}${nearest ? `; did you mean \`${nearest}\`?` : ''}`;
  return { said, hint: known };
}

function knownKeys(path: PathStep[], parent: unknown): string[] {
  return path.length <= 1 ? configKeys : smokeTestKeys((parent as { type?: unknown } | undefined)?.type);
}

/** `smoke[2].port`, counting from 1 as people do. */
function words(path: PathStep[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step + 1}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** The value, but never a long one or the inside of a structure: it may hold a password. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'a mapping' : String(value);
}
