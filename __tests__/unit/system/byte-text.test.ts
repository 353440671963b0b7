import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { decodeBytes, encodeBytes, printable } from '../../../src/system/byte-text.ts';

describe('bytes to text and back', () => {
  test.each<[string, number[], string]>([
    ['ASCII', [0x61], 'a'],
    ['UTF-8 of every length', [...Buffer.from('aé€😀')], 'aé€😀'],
    ['a lone byte', [0xff], '\udcff'],
    ['Latin-1 between letters', [0x61, 0xe9, 0x62], 'a\udce9b'],
    ['an overlong slash', [0xc0, 0xaf], '\udcc0\udcaf'],
    ['a surrogate in UTF-8 (CESU)', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
    ['above the last code point', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
    ['a sequence that is cut off', [0xf0, 0x9f, 0x98], '\udcf0\udc9f\udc98'],
    ['a continuation byte alone', [0x80], '\udc80'],
    ['nothing', [], ''],
    ['NUL and newline', [0, 10], '\0\n'],
    ['the replacement character itself', [0xef, 0xbf, 0xbd], '\ufffd'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
  ])('%s', (_, bytes, text) => {
    expect(decodeBytes(Buffer.from(bytes))).toBe(text);
    expect([...encodeBytes(text)]).toEqual(bytes);
  });

  test('any bytes come back, also through JSON', () => {
    for (let round = 0; round < 2000; round++) {
      const bytes = randomBytes(round % 24);
      const text = decodeBytes(bytes);
      expect(encodeBytes(JSON.parse(JSON.stringify(text)))).toEqual(bytes);
    }
  });

  test('different bytes are different text', () => {
    const texts = new Set(Array.from({ length: 65536 }, (_, n) => decodeBytes(Buffer.from([n >> 8, n & 255]))));
    expect(texts.size).toBe(65536);
  });
});

test.each([
  ['plain é 😀', 'plain é 😀'],
  ['a\nb\tc', 'a\\x0ab\\x09c'],
  ['\x1b[31m', '\\x1b[31m'],
  ['\x9b31m', '\\x9b31m'],
  ['\udcff', '\\xff'],
  ['\u2028', '\\u2028'],
  ['\ud800', '\\ud800'],
])('printable(%j)', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
