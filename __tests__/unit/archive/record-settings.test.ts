import { expect, test } from '@jest/globals';
import { deprecations } from '../../../src/archive/record-settings.ts';

test('lines that tell of what goes away, each once', () => {
  // testparm (Samba 4.13), named-checkconf (BIND 9.16), proftpd -t, doveconf -n (2.3)
  const text = `Load smb config files from /etc/samba/smb.conf
WARNING: The "encrypt passwords" option is deprecated
WARNING: The "encrypt passwords" option is deprecated
Loaded services file OK.
/etc/bind/named.conf.options:3: option 'dnssec-enable' is obsolete and should be removed
 - warning: the DelayEngine directive will be removed in a future release
doveconf: Warning: ssl_protocols has been replaced; use ssl_min_protocol instead
`;
  expect(deprecations(text)).toEqual([
    'WARNING: The "encrypt passwords" option is deprecated',
    "/etc/bind/named.conf.options:3: option 'dnssec-enable' is obsolete and should be removed",
    '- warning: the DelayEngine directive will be removed in a future release',
    'doveconf: Warning: ssl_protocols has been replaced; use ssl_min_protocol instead',
  ]);
});
