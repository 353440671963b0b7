import { expect, test } from '@jest/globals';
import { programOf } from '../../../src/restore/renamed-programs.ts';

test.each([
  ['[Service]\nExecStart=/usr/bin/mumble-server -ini /etc/x -fg\n', '/usr/bin/mumble-server'],
  ['[Service]\nExecStart=-!/usr/sbin/labd\n', '/usr/sbin/labd'],
  ['[Service]\nExecStart=/bin/sh-like/labd\n', undefined],
  ['[Service]\nType=oneshot\n', undefined],
  ['[Unit]\nExecStart=/usr/sbin/labd\n', undefined],
  ['no unit\n', undefined],
])('%j runs %s', (text, program) => {
  expect(programOf(text, 'lab.service')).toBe(program);
});
