import { expect, test } from '@jest/globals';
import type { Finding } from '../../../src/proof/finding.ts';
import { foldInventories } from '../../../src/restore/report-proof.ts';

const finding = (subject: string, was: string, is: string, area: Finding['area'] = 'inventory'): Finding => ({
  area,
  subject,
  attribute: 'value',
  was,
  is,
  verdict: 'differs',
  why: '',
  rule: 'postgresql/rows',
});

test('of many rows that differ losses are told, and the rest in one line', () => {
  const more = Array.from({ length: 20 }, (_, n) => finding(`table new${n}`, '', '3'));
  const { told, folded } = foldInventories([
    ...more,
    finding('table lost', '5', 'missing'),
    finding('table few', '5', '4'),
  ]);
  expect(told).toHaveLength(8);
  expect(told.map(each => each.subject)).toEqual(expect.arrayContaining(['table lost', 'table few']));
  expect(folded.get('postgresql/rows')).toHaveLength(14);
});

test('a few, and what is no row, stand one by one', () => {
  const few = Array.from({ length: 9 }, (_, n) => finding(`table ${n}`, '1', '2'));
  const processes = Array.from({ length: 20 }, (_, n) => finding(`process ${n}`, 'as root', 'missing', 'process'));
  expect(foldInventories([...few, ...processes]).told).toHaveLength(29);
});
