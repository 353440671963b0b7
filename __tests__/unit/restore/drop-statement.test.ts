import { expect, test } from '@jest/globals';
import { dropStatement } from '../../../src/restore/check-service.ts';

test.each([
  [
    'zone "x" { type master; auto-dnssec maintain; file "y"; };',
    'auto-dnssec',
    'zone "x" { type master;  file "y"; };',
  ],
  ['options { dnssec-enable yes; };', 'dnssec-enable', 'options {  };'],
  ['a { x; }; trusted { 1; 2; }; b;', 'trusted', 'a { x; };  b;'],
  ['  dnssec-enable yes;', 'dnssec-enable', undefined],
  ['zone "x" {', 'dnssec-enable', undefined],
  ['not-dnssec-enable yes; a;', 'dnssec-enable', undefined],
])('%j without %s', (line, directive, rest) => expect(dropStatement(line, directive)).toBe(rest));
