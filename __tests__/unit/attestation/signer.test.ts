import { expect, test } from '@jest/globals';
import { parseExpectedSigner } from '../../../src/attestation/signer.ts';

const names = { attestedBy: '--attested-by', identity: '--certificate-identity', issuer: '--certificate-oidc-issuer' };
const given = (attestedBy = '', identity = '', issuer = '') =>
  parseExpectedSigner({ attestedBy, identity, issuer, names });

test('a repository, its address, an identity with GitHub as the issuer or another one, or nothing', () => {
  expect(given('lab/services')).toEqual({ repository: 'lab/services' });
  expect(given('https://github.com/lab/services')).toEqual({ repository: 'lab/services' });
  expect(given('', 'https://x/y')).toEqual({
    identity: 'https://x/y',
    issuer: 'https://token.actions.githubusercontent.com',
  });
  expect(given('', 'me@lab.example', 'https://accounts.example')).toEqual({
    identity: 'me@lab.example',
    issuer: 'https://accounts.example',
  });
  expect(given()).toBeUndefined();
});

test.each([
  ['lab', '', '', '--attested-by "lab" is no OWNER/REPO'],
  ['lab/a/b', '', '', 'no OWNER/REPO'],
  ['.*/.*', '', '', 'no OWNER/REPO'],
  ['lab/services', 'https://x/y', '', 'Both --attested-by and --certificate-identity are given'],
  ['lab/services', '', 'https://x', 'Both --attested-by and --certificate-oidc-issuer are given'],
  ['', '', 'https://x', '--certificate-oidc-issuer is given without --certificate-identity'],
])('%j, %j and %j say nobody', (attestedBy, identity, issuer, message) => {
  expect(() => given(attestedBy, identity, issuer)).toThrow(message);
});
