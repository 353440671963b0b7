import { expect, test } from '@jest/globals';
import { cleanLines } from '../../../src/smoke/answer-lines.ts';
import { maskNames } from '../../../src/smoke/named-masks.ts';

test.each([
  ['date', 'at 2026-01-02, not 2026', 'at <masked>, not 2026'],
  ['date', 'Date: Thu, 26 Nov 2026 x', 'Date: <masked> x'],
  ['date', 'Nov  6 host', '<masked> host'],
  ['date', '[06/Nov/2026', '[<masked>'],
  ['time', 'at 12:34:56.789 UTC on 10 samples', 'at <masked> on 10 samples'],
  ['uuid', 'id 123e4567-e89b-12d3-a456-426614174000.', 'id <masked>.'],
  ['hex', 'session 0xdeadbeef01, face', 'session <masked>, face'],
  ['port', 'from 10.0.0.1:54321 to port 80, 12 of 99', 'from 10.0.0.1:<masked> to port <masked>, 12 of 99'],
  ['number', 'took 1.25 s of 3', 'took <masked> s of <masked>'],
])('{%s}: %s', (name, line, masked) => {
  expect(maskNames).toContain(name);
  expect(cleanLines([line], { mask: [`{${name}}`], address: '' })).toEqual([masked]);
});
