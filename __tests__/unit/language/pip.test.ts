import { describe, expect, test } from '@jest/globals';
import { parseMetadata, parseRecord } from '../../../src/language/pip.ts';

const SITE = '/opt/app/lib/python3.9/site-packages';

describe('parseRecord', () => {
  // Lines that pip 20.3 wrote.
  test.each<[string, object[]]>([
    [
      'six.py,sha256=xdSphaKBeJBSAhjYrYRrMSWcGiE0NnMjNGiIjDqSGOY,34159',
      [{ path: `${SITE}/six.py`, sha256: 'c5d4a985a2817890520218d8ad846b31259c1a21343673233468888c3a9218e6' }],
    ],
    ['six-1.15.0.dist-info/RECORD,,', [{ path: `${SITE}/six-1.15.0.dist-info/RECORD` }]],
    ['../../../bin/flask,sha256=,219', [{ path: '/opt/app/bin/flask' }]],
    ['/usr/local/etc/x.conf,md5=abc,1', [{ path: '/usr/local/etc/x.conf' }]],
    ['"a,""b"".py",,', [{ path: `${SITE}/a,"b".py` }]],
    ['', []],
    ['\r\nx.py,,\r\n', [{ path: `${SITE}/x.py` }]],
  ])('%j', (line, files) => {
    expect(parseRecord(line, SITE)).toEqual(files);
  });
});

describe('parseMetadata', () => {
  test.each([
    ['Metadata-Version: 2.1\nName: Flask\nVersion: 1.1.2\n\nName: not this\n', { name: 'Flask', version: '1.1.2' }],
    ['name: x\r\nversion:2\r\n\r\nbody', { name: 'x', version: '2' }],
    ['', { name: '', version: '' }],
  ])('%j', (text, expected) => {
    expect(parseMetadata(text)).toEqual(expected);
  });
});
