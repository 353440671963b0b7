import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { answerLines } from '../../../src/smoke/answer-lines.ts';
import { contentOf } from '../../../src/smoke/content.ts';

const lines = (text: string | Buffer, mask: string[] = [], address = '') =>
  answerLines(contentOf(Buffer.from(text)), { mask, address });
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

describe('answerLines', () => {
  test.each<[string, string, string[]]>([
    ['nothing', '', []],
    ['line ends of DOS', 'a\r\nb\r\n', ['a', 'b']],
    ['blanks at line ends, empty lines at the end', 'a \t\n\n b\n\n \n', ['a', '', ' b']],
    ['a byte order mark', '\ufeffa', ['a']],
    ['letters of the world', 'naïve – 漢字', ['naïve – 漢字']],
    ['tabs and control characters inside', 'a\tb\u001b[31m', ['a\tb\u001b[31m']],
  ])('%s', (_, text, expected) => {
    expect(lines(text)).toEqual(expected);
  });

  test.each<[string, string, string[], string[]]>([
    ['a mask', 'id=17 x id=4', ['id=\\d+'], ['<masked> x <masked>']],
    ['masks one after the other', 'a b', ['a', 'masked'], ['<<masked>> b']],
    ['anchors mean a line', 'ab\nab', ['^a'], ['<masked>b', '<masked>b']],
  ])('%s', (_, text, mask, expected) => {
    expect(lines(text, mask)).toEqual(expected);
  });

  test.each<[string, string, string]>([
    ['in a URL', 'http://172.17.0.2:80/x', 'http://<host>:80/x'],
    ['at the end of a sentence', 'from 172.17.0.2.', 'from <host>.'],
    ['not as a part of another', '172.17.0.21 1172.17.0.2 172.17.0.2.5', '172.17.0.21 1172.17.0.2 172.17.0.2.5'],
  ])('the address %s', (_, text, expected) => {
    expect(lines(text, [], '172.17.0.2')).toEqual([expected]);
  });

  test('loopback stays: it names no container', () => {
    expect(lines('listen 127.0.0.1', [], '127.0.0.1')).toEqual(['listen 127.0.0.1']);
  });

  test.each<[string, Buffer]>([
    ['a zero byte', Buffer.from('a\0b')],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x41])],
  ])('binary content (%s) is its digest', (_, bytes) => {
    expect(lines(bytes)).toEqual([`binary content: ${bytes.length} bytes, sha256 ${sha256(bytes)}`]);
  });

  test('200 lines are shown, 201 are a digest of what is left after masking', () => {
    const numbered = (count: number, day: string) =>
      Array.from({ length: count }, (_, i) => `${i} ${day}\r\n`).join('');
    expect(lines(numbered(200, 'x'))).toHaveLength(200);
    const monday = lines(numbered(201, 'Mon'), ['[A-Z][a-z]{2}']);
    expect(monday).toEqual(lines(numbered(201, 'Tue'), ['[A-Z][a-z]{2}']));
    expect(monday[0]).toMatch(/^long content: 201 lines, sha256 [0-9a-f]{64}$/);
    expect(lines(numbered(201, 'Mon'))).not.toEqual(lines(numbered(201, 'Tue')));
  });

  test('a mask that never ends is stopped', () => {
    expect(() => lines(`${'a'.repeat(40)}b`, ['^(a+)+$'])).toThrow(/mask .* failed/);
  });
});
