import { expect, test } from '@jest/globals';
import { isMeant } from '../../../src/proof/chosen-ports.ts';

test.each([
  ['tcp', 445, true],
  ['tcp', 32_767, true],
  ['tcp', 32_768, false],
  ['tcp', 60_999, false],
  ['tcp', 64_738, true],
  ['udp', 64_738, false],
  ['udp', 53, true],
] as const)('%s port %d is listened on on purpose: %s', (protocol, port, meant) => {
  expect(isMeant({ protocol, port })).toBe(meant);
});
