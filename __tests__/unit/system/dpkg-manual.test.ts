import { describe, expect, test } from '@jest/globals';
import { parseDpkgStatus } from '../../../src/system/dpkg.ts';

const stanza = (name: string, section: string) =>
  `Package: ${name}\nStatus: install ok installed\nSection: ${section}\nArchitecture: all\nVersion: 1\n`;

describe('whether a package was chosen', () => {
  const cases: [string, string, string, boolean][] = [
    ['a program', 'openssl', 'utils', true],
    ['a library', 'libssl3', 'libs', false],
    ['an old library', 'libpcre3', 'oldlibs', false],
    ['a library of another component', 'libx', 'contrib/libs', false],
    ['a transitional package', 'proftpd-basic', 'oldlibs', true],
  ];
  test.each(cases)('%s', (_, name, section, chosen) => {
    expect(parseDpkgStatus(stanza(name, section), '')[0]?.manual).toBe(chosen);
  });

  test('not what apt installed by itself', () => {
    const states = 'Package: openssl\nArchitecture: amd64\nAuto-Installed: 1\n';
    expect(parseDpkgStatus(stanza('openssl', 'utils'), states)[0]?.manual).toBe(false);
  });
});
