import { parseArgs } from 'node:util';
import { findNearestName } from '../config/nearest-name.ts';
import { PerennialError } from '../errors.ts';

/** What a command takes: options with a value, flags, options that may be repeated, and how many positional words. */
export interface Arguments {
  values: Record<string, string | undefined>;
  lists: Record<string, string[]>;
  flags: Set<string>;
  positionals: string[];
}

export interface ArgumentSpec {
  values: string[];
  lists?: string[];
  flags: string[];
  /** Least and most positional words. */
  positionals: [number, number];
  usage: string;
}

/** @throws PerennialError `bad-input` naming the word, with the nearest option that exists */
export function parseArguments(args: string[], spec: ArgumentSpec): Arguments {
  const options = Object.fromEntries([
    ...spec.values.map(name => [name, { type: 'string' as const }]),
    ...(spec.lists ?? []).map(name => [name, { type: 'string' as const, multiple: true }]),
    ...spec.flags.map(name => [name, { type: 'boolean' as const }]),
  ]);
  const parsed = parse(args, options, spec);
  const [least, most] = spec.positionals;
  if (parsed.positionals.length < least) throw badInput('Something is missing', spec);
  if (parsed.positionals.length > most) throw badInput(`"${parsed.positionals[most]}" is one word too many`, spec);
  const given = parsed.values as Record<string, string | boolean | string[] | undefined>;
  return {
    values: Object.fromEntries(spec.values.map(name => [name, given[name] as string | undefined])),
    lists: Object.fromEntries((spec.lists ?? []).map(name => [name, (given[name] as string[] | undefined) ?? []])),
    flags: new Set(spec.flags.filter(name => given[name] === true)),
    positionals: parsed.positionals,
  };
}

function parse(
  args: string[],
  options: Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>,
  spec: ArgumentSpec,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const wrong = args
      .filter(word => word.startsWith('--') && word !== '--')
      .map(word => word.replace(/=.*/s, '')) // a value may be a secret
      .find(word => !Object.hasOwn(options, word.slice(2)));
    const near = wrong ? findNearestName(wrong.slice(2), Object.keys(options)) : undefined;
    const message = wrong ? `Unknown option ${wrong}` : (error as Error).message.split('\n')[0]!;
    throw near
      ? new PerennialError('bad-input', message, { hint: `Did you mean --${near}?` })
      : badInput(message, spec);
  }
}

function badInput(message: string, spec: ArgumentSpec): PerennialError {
  return new PerennialError('bad-input', message, { hint: spec.usage.split('\n')[0]! });
}

/** @throws PerennialError `bad-input` when an option that is needed was not given */
export function required(values: Record<string, string | undefined>, name: string, usage: string): string {
  const value = values[name];
  if (value === undefined || value === '')
    throw new PerennialError('bad-input', `--${name} is missing`, { hint: usage.split('\n')[0]! });
  return value;
}
