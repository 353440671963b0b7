import { describe, expect, test } from '@jest/globals';
import { commands } from '../../../src/cli/commands.ts';
import { type ArgumentSpec, parseArguments, required } from '../../../src/cli/parse-arguments.ts';

const spec: ArgumentSpec = {
  values: ['container', 'out'],
  lists: ['build-arg'],
  flags: ['json', 'keep'],
  positionals: [1, 2],
  usage: 'usage: x BAG\n\nmore',
};

test('values, lists, flags and words', () => {
  const words = ['bag', '--out', 'a b', '--build-arg', 'A=1', '--build-arg=B=', '--json', 'path'];
  expect(parseArguments(words, spec)).toEqual({
    values: { container: undefined, out: 'a b' },
    lists: { 'build-arg': ['A=1', 'B='] },
    flags: new Set(['json']),
    positionals: ['bag', 'path'],
  });
});

test('a value may begin with dashes after =, and words after --', () => {
  expect(parseArguments(['--out=--x', '--', '--json'], spec)).toMatchObject({
    values: { out: '--x' },
    positionals: ['--json'],
  });
});

test.each<[string, string[], RegExp, RegExp]>([
  ['a misspelt option', ['bag', '--contianer', 'x'], /^Unknown option --contianer$/, /^Did you mean --container\?$/],
  ['a misspelt option with =', ['bag', '--ouut=x'], /Unknown option --ouut/, /Did you mean --out\?/],
  ['a misspelt flag', ['bag', '--jsn'], /Unknown option --jsn/, /Did you mean --json\?/],
  [
    'an option that nothing is near',
    ['bag', '--completely-else'],
    /Unknown option --completely-else/,
    /^usage: x BAG$/,
  ],
  ['a short option', ['bag', '-k'], /-k/, /^usage: x BAG$/],
  ['an option without its value', ['bag', '--out'], /--out/, /^usage: x BAG$/],
  ['an option in place of a value', ['bag', '--out', '--json'], /--out/, /^usage: x BAG$/],
  ['a flag with a value', ['bag', '--json=1'], /--json/, /^usage: x BAG$/],
  ['too few words', [], /missing/, /^usage: x BAG$/],
  ['too many words', ['a', 'b', 'c'], /"c" is one word too many/, /^usage: x BAG$/],
])('%s', (_, words, message, hint) => {
  const parse = () => parseArguments(words, spec);
  expect(parse).toThrow(message);
  expect(parse).toThrow(expect.objectContaining({ code: 'bad-input', exitCode: 2, hint: expect.stringMatching(hint) }));
});

test('what is required', () => {
  expect(required({ out: 'x' }, 'out', 'usage')).toBe('x');
  for (const values of [{}, { out: '' }, { out: undefined }])
    expect(() => required(values, 'out', 'usage: y\nz')).toThrow(
      expect.objectContaining({ message: '--out is missing', hint: 'usage: y' }),
    );
});

describe.each(Object.entries(commands))('%s', (name, command) => {
  const options = [...command.values, ...(command.lists ?? []), ...command.flags];

  test('usage names the command and every option, and no other', () => {
    expect(command.usage).toMatch(new RegExp(`^usage: perennial ${name} `));
    for (const option of options) expect(command.usage).toContain(`--${option}`);
    const named = [...command.usage.matchAll(/(?<![\w`])--([a-z][a-z-]+)/g)].map(match => match[1]!);
    expect(named.filter(option => !options.includes(option) && !/^(network|privileged)$/.test(option))).toEqual([]);
  });

  test('has a summary in one line', () => {
    expect(command.summary).toMatch(/^[^\n]{10,90}$/);
  });
});
