import { describe, expect, test } from '@jest/globals';
import { findRefusedLine, readMends } from '../../../src/knowledge/read-mends.ts';

const mends = await readMends();

describe('what programs say when they refuse a line', () => {
  for (const mend of mends) {
    for (const example of mend.examples) {
      test(`${mend.id}: ${example.said}`, () => {
        expect(findRefusedLine(example.said, [mend])).toEqual({ file: example.file, line: example.line, id: mend.id });
        expect(findRefusedLine(example.said, mends)).toMatchObject({ file: example.file, line: example.line });
      });
    }
  }

  test.each([
    '/etc/lab.conf:12: deprecated option old_style, use new_style',
    'nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)',
    "2026-11-23 12:00:00 client 10.0.0.1: invalid user 'bob'",
    '/etc/lab.conf: permission denied',
  ])('says nothing of a line: %s', said => {
    expect(findRefusedLine(said, mends)).toBeUndefined();
  });
});
