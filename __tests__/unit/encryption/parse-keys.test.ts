import { expect, test } from '@jest/globals';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { parseIdentities, parsePassphrase, parseRecipients } from '../../../src/encryption/parse-keys.ts';

const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);

test('recipients and identities as age-keygen writes them, with comments', () => {
  expect(parseRecipients(`# lab\n${recipient}\n\n  ${recipient}\r\n`, 'x')).toEqual([recipient, recipient]);
  expect(parseIdentities(`# created: 2026\n# public key: ${recipient}\n${identity}\n`, 'x')).toEqual([identity]);
});

test('a passphrase is the first line', () => {
  expect(parsePassphrase('correct horse \nother\n', 'x')).toBe('correct horse ');
});

test.each([
  ['none', '# only a comment\n', /keys.txt names no recipient/],
  ['a word', 'alice', /"alice" is no recipient/],
  ['a damaged recipient', recipient.slice(0, -1), /is no recipient/],
  ['an ssh key', 'ssh-ed25519 AAAA alice', /is no recipient/],
])('refuses %s as recipient', (_, text, message) => {
  expect(() => parseRecipients(text, 'keys.txt')).toThrow(message);
});

test.each([
  ['none', '', /key.txt holds no identity/],
  ['a recipient', recipient, /key.txt: identity 1 is not one of age/],
  ['an encrypted file', 'age-encryption.org/v1\n-> scrypt', /key.txt is itself encrypted/],
])('refuses %s as identity', (_, text, message) => {
  expect(() => parseIdentities(text, 'key.txt')).toThrow(message);
});

test('no secret is ever in an error', () => {
  for (const parse of [() => parseRecipients(identity, 'x'), () => parseIdentities(identity.slice(0, -2), 'x')]) {
    expect(parse).toThrow(expect.not.objectContaining({ message: expect.stringContaining(identity.slice(16, 40)) }));
    expect(parse).toThrow(/secret key where a recipient|not one of age/);
  }
  expect(() => parsePassphrase('\n', 'F')).toThrow(/F holds no passphrase/);
});
