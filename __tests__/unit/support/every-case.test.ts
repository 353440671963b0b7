import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const CASES = join(import.meta.dirname, '../../cases');

test('every service of the cases has a file that tests it', () => {
  const services = readdirSync(join(CASES, 'services'));
  expect(services.length).toBeGreaterThan(0);
  expect(services.filter(name => !existsSync(join(CASES, `${name}.test.ts`)))).toEqual([]);
});
