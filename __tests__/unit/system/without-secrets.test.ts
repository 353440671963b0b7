import { expect, test } from '@jest/globals';
import { withoutSecrets } from '../../../src/system/without-secrets.ts';

test.each([
  ['-requirepass foobar', '-requirepass <hidden>'],
  ['+ENV DB_PASSWORD=abc OTHER=1 TOKEN="x y"', '+ENV DB_PASSWORD=<hidden> OTHER=1 TOKEN=<hidden>'],
  ['bindpw hunter2', 'bindpw <hidden>'],
  ['mysql://root:pw@host/x', 'mysql://root:<hidden>@host/x'],
  ['root:$6$ab$cd.ef/:19000:0', 'root:<hidden>:19000:0'],
  ['userPassword: {SSHA}abc==', 'userPassword: <hidden>'],
  ['alice:1000:XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:0CB6948805F797BF2A82807973B89537:[U', 'alice:1000:<hidden>:[U'],
  ['a\n+-----BEGIN RSA PRIVATE KEY-----\n+abc\n+-----END RSA PRIVATE KEY-----\n+x', 'a\n+<hidden>\n+x'],
  ['-----BEGIN PRIVATE KEY-----\ncut off', '<hidden>'],
  [' "api_key": "abc"', ' "api_key": <hidden>'],
  [
    '+<cloak mode="half" key="changeme-changeme-changeme" prefix="x">',
    '+<cloak mode="half" key="<hidden>" prefix="x">',
  ],
  ['  key: qxZ3bqmQ5Hb/Fl2cN0u6+w4aX8vTQ==', '  key: <hidden>'],
])('%j hides its secret', (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});

test.each([
  'passdb backend = tdbsam',
  ' unix password sync = yes',
  'PasswordAuthentication no',
  ' ssl_certificate_key = /etc/ssl/private/k.key',
  'password [success=1 default=ignore] pam_unix.so',
  'tokens = 3',
  'key = /etc/openvpn/a-long-name-of-a-server.key',
  'monkey = a-long-name-of-an-animal-at-least',
  'key = short-name',
  '@@ -1,2 +3 @@',
  'measured 42',
])('%j stays', text => {
  expect(withoutSecrets(text)).toBe(text);
});

test('a hostile line takes no time', () => {
  const started = performance.now();
  withoutSecrets(`${'a.'.repeat(500_000)}pass`.concat('\n', 'password '.repeat(200)));
  expect(performance.now() - started).toBeLessThan(5000);
});
