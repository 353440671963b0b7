import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { encodeBytes } from '../../../src/system/byte-text.ts';
import { shellWord, shellWords } from '../../../src/system/shell-quote.ts';
import { HOSTILE } from '../../support/hostile-text.ts';
import { tempDir } from '../../support/temp-dir.ts';

const cwd = tempDir();

/** What a shell hands to a program for these words. */
function asSeen(words: string): Buffer[] {
  const seen = execFileSync('sh', ['-s'], { cwd, input: encodeBytes(`printf '%s\\0' ${words}\n`) });
  const parts: Buffer[] = [];
  for (let at = 0; at < seen.length; at = seen.indexOf(0, at) + 1) parts.push(seen.subarray(at, seen.indexOf(0, at)));
  return parts;
}

describe('shellWord', () => {
  test.each(HOSTILE)('%j reaches the program as it is', word => {
    expect(asSeen(shellWord(word))).toEqual([encodeBytes(word)]);
    expect(existsSync(join(cwd, 'canary'))).toBe(false);
  });

  test('every single byte but NUL', () => {
    const bytes = Array.from({ length: 255 }, (_, at) => (at < 127 ? String.fromCharCode(at + 1) : ''));
    const odd = Array.from({ length: 128 }, (_, at) => String.fromCharCode(0xdc80 + at));
    for (const word of [...bytes, ...odd]) expect(asSeen(shellWord(word))).toEqual([encodeBytes(word)]);
  });

  test('a NUL is refused', () => {
    expect(() => shellWord('a\0b')).toThrow(TypeError);
  });

  test.each([
    ['/usr/sbin/smbd', '/usr/sbin/smbd'],
    ['--mount', '--mount'],
    ['445:445/tcp', '445:445/tcp'],
    ['LANG=C', "'LANG=C'"], // as the first word it would be an assignment
    ['a b', "'a b'"],
  ])('%s is written as %s', (word, written) => {
    expect(shellWord(word)).toBe(written);
  });
});

test('shellWords keeps the words apart', () => {
  expect(asSeen(shellWords(HOSTILE))).toEqual(HOSTILE.map(encodeBytes));
});
