import { describe, expect, test } from '@jest/globals';
import { capabilityAttribute } from '../../../src/system/file-capabilities.ts';

/* Expected values: `setcap TEXT FILE; getfattr -n security.capability -e base64 FILE`. */
describe('capabilityAttribute', () => {
  test.each<[string, string | undefined]>([
    ['cap_net_raw=ep', 'AQAAAgAgAAAAAAAAAAAAAAAAAAA='],
    ['= cap_net_raw+ep', 'AQAAAgAgAAAAAAAAAAAAAAAAAAA='],
    ['cap_net_raw+p', 'AAAAAgAgAAAAAAAAAAAAAAAAAAA='],
    ['cap_net_admin,cap_net_raw=ep', 'AQAAAgAwAAAAAAAAAAAAAAAAAAA='],
    ['cap_bpf=ei', 'AQAAAgAAAAAAAAAAAAAAAIAAAAA='],
    ['cap_chown=ip cap_kill+p-i', 'AAAAAiEAAAABAAAAAAAAAAAAAAA='],
    ['', undefined],
    ['=', undefined],
    ['cap_of_tomorrow=ep', undefined],
    ['nonsense', undefined],
  ])('%j', (text, attribute) => {
    expect(capabilityAttribute(text)).toBe(attribute);
  });
});
