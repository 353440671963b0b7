import { describe, expect, test } from '@jest/globals';
import { formatBagInfo, formatDigests, isBagPath, parseBagInfo, parseDigests } from '../../../src/bag/bagit.ts';

const digest = 'a'.repeat(64);

describe('manifests', () => {
  test('encode what RFC 8493 says and nothing else', () => {
    const paths = ['data/100%', 'data/a b', 'data/n\nr\r', 'data/x%0Ay', 'data/ü'];
    const text = formatDigests(new Map(paths.map(path => [path, { sha256: digest }])));
    expect(text.split('\n').map(line => line.slice(66))).toEqual([
      'data/100%25',
      'data/a b',
      'data/n%0Ar%0D',
      'data/x%250Ay',
      'data/ü',
      '',
    ]);
    expect([...parseDigests(text, 'm').keys()]).toEqual(paths);
  });

  test('take what sha256sum and other tools write', () => {
    expect(parseDigests(`${'A'.repeat(64)} *data/x\r\n\r\n${digest}\tdata/y\n`, 'm')).toEqual(
      new Map([
        ['data/x', digest],
        ['data/y', digest],
      ]),
    );
  });

  test.each([
    'abc  data/x',
    `${digest}  ../x`,
    `${digest}  /etc/passwd`,
    `${digest}  data/%2e%2e/x/../y`,
    `${digest}  data/x\n${digest}  data/x`,
    digest,
  ])('%j is refused', text => {
    expect(() => parseDigests(text, 'm')).toThrow(expect.objectContaining({ code: 'bag-invalid' }));
  });
});

test('bag-info.txt keeps a field on its line', () => {
  const text = formatBagInfo({ A: 'one\n  two: 2\nPayload-Oxum: 0.0', B: 'x' });
  expect(text.split('\n').length).toBe(3);
  expect(parseBagInfo(text)).toEqual({ A: 'one two: 2 Payload-Oxum: 0.0', B: 'x' });
  expect(parseBagInfo('A: one\n two\nB:x\r\n')).toEqual({ A: 'one two', B: 'x' });
});

test.each([
  ['data/x', true],
  ['README.md', true],
  ['', false],
  ['a/', false],
  ['.', false],
  ['a/../b', false],
  ['a\\b', false],
  ['\ud800', false],
])('isBagPath(%j) is %s', (path, safe) => expect(isBagPath(path)).toBe(safe));
