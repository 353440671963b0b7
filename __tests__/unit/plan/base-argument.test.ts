import { describe, expect, test } from '@jest/globals';
import { PerennialError } from '../../../src/errors.ts';
import { withBaseArgument } from '../../../src/plan/base-argument.ts';

const OURS = `FROM \${PERENNIAL_BASE}`;

describe('withBaseArgument', () => {
  test.each([
    ['one stage', 'FROM debian:11\nRUN x\n', {}, `ARG PERENNIAL_BASE=debian:11\n${OURS}\nRUN x\n`],
    [
      'another argument',
      'ARG BASE=debian:11\nFROM $BASE\n',
      {},
      `ARG BASE=debian:11\nARG PERENNIAL_BASE=debian:11\n${OURS}\n`,
    ],
    [
      'a given argument',
      'ARG BASE\nFROM $BASE\n',
      { BASE: 'debian:9' },
      `ARG BASE\nARG PERENNIAL_BASE=debian:9\n${OURS}\n`,
    ],
    [
      'directives and comments first',
      '# escape=`\n# FROM x\nFROM a:1 AS b\n',
      {},
      `# escape=\`\n# FROM x\nARG PERENNIAL_BASE=a:1\n${OURS} AS b\n`,
    ],
    [
      'a platform',
      'FROM --platform=linux/amd64 a:1\n',
      {},
      `ARG PERENNIAL_BASE=a:1\n${OURS.replace(' ', ' --platform=linux/amd64 ')}\n`,
    ],
    [
      'a builder on another image stays there',
      'FROM golang:1 AS make\nFROM a:1\nCOPY --from=make /x /x\n',
      {},
      `ARG PERENNIAL_BASE=a:1\nFROM golang:1 AS make\n${OURS}\nCOPY --from=make /x /x\n`,
    ],
  ])('%s', (_, text, buildArgs, expected) => {
    expect(withBaseArgument(text, buildArgs).text).toBe(expected);
  });

  test('gives the old base', () => {
    expect(withBaseArgument('ARG B=debian:11\nFROM $B\n', {}).base).toBe('debian:11');
  });

  test('a base that cannot be told is refused', () => {
    expect(() => withBaseArgument('ARG B\nFROM $B\n', {})).toThrow(PerennialError);
    expect(() => withBaseArgument('FROM scratch\n', {})).toThrow(PerennialError);
  });
});
