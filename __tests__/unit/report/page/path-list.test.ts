import { gunzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { packPaths } from '../../../../src/report/page/path-list.ts';
import { manyPaths } from '../../../support/report-model.ts';
import { tinyIndex } from '../../../support/tiny-bag.ts';

const unpack = (packed: string) => gunzipSync(Buffer.from(packed, 'base64')).toString();

test('every path but mere parents, with reason, size, mode and owner', async () => {
  const list = await packPaths(tinyIndex(), () => ({ tiny: 'of the test' }));
  expect(list.reasons).toEqual([{ rule: 'tiny', kept: true, words: 'of the test' }]);
  expect(unpack(list.packed).split('\n').slice(0, 3)).toEqual([
    '0\t7\t0644\troot:root\t/etc/tinyd.conf',
    '0\t\t2770\troot:root\t/srv/data',
    '0\t6\t0644\troot:root\t/srv/data/a',
  ]);
  expect({ paths: list.paths, listed: list.listed }).toEqual({ paths: 6, listed: 6 });
});

test('a name cannot make a row or a cell of its own', async () => {
  const [entry] = tinyIndex([{ path: '/srv/a\nb\tc\udcff', content: '' }]);
  const list = await packPaths([{ ...entry!, user: 'x\ty' }], () => ({}));
  expect(unpack(list.packed)).toBe('0\t0\t0644\tx\\x09y:root\t/srv/a\\x0ab\\x09c\\xff\n');
});

test('it ends where a page would become too large, and says how many are listed', async () => {
  const list = await packPaths(manyPaths(100_000), () => ({}), 100_000);
  expect(list.paths).toBe(100_000);
  expect(list.listed).toBeLessThan(50_000);
  expect(unpack(list.packed).split('\n')).toHaveLength(list.listed + 1);
  expect(list.packed.length).toBeLessThan(300_000);
});
