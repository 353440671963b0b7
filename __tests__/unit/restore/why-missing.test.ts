import { expect, test } from '@jest/globals';
import { whyMissing } from '../../../src/restore/start-service.ts';

const socket = { program: '/usr/sbin/labd' };

test('a start command that ended well gives the reason in what it printed, once', () => {
  const attempt = {
    code: 0,
    printed: 'Starting labd\nlabd: bind: \u001b[31mAddress in use\n',
    waited: 15.04,
    said: '',
  };
  expect(whyMissing(socket, attempt, true)).toMatch(
    /^\/usr\/sbin\/labd did before the end; waited 15\.0 s for it; what it was started with said: Starting labd.*labd: bind: .*Address in use$/s,
  );
  expect(whyMissing(socket, attempt, true)).not.toContain('\u001b');
  expect(whyMissing(socket, attempt, false)).toBe('/usr/sbin/labd did before the end; waited 15.0 s for it');
});

test('what a command that failed printed stands with its exit code already', () => {
  const attempt = { code: 1, printed: 'labd: no', waited: 2, said: '' };
  expect(whyMissing({ program: '' }, attempt, true)).toBe('a program did before the end; waited 2.0 s for it');
  expect(whyMissing(socket, { ...attempt, code: 0, printed: ' \n' }, true)).not.toContain('said');
});

test('the log of the program tells more than the start command', () => {
  const said = 'Starting\n==> /var/log/lab/labd.log <==\nfatal: schema is too old\n';
  expect(whyMissing(socket, { code: 0, printed: 'Starting', waited: 15, said }, true)).toBe(
    '/usr/sbin/labd did before the end; waited 15.0 s for it; /var/log/lab/labd.log says: fatal: schema is too old',
  );
});

test('colours are left out', () => {
  const printed = '\u001b[1m\u001b[32mlabd\u001b[0m 4\n';
  expect(whyMissing(socket, { code: 0, printed, waited: 15, said: '' }, true)).toMatch(/said: labd 4$/);
});

test('of what was printed complaints tell more than the end', () => {
  const printed = 'LabD 4\nERROR: Cannot open log files: Permission denied\nExiting...\nLabD\nSee /INFO\n';
  expect(whyMissing(socket, { code: 0, printed, waited: 15, said: '' }, true)).toMatch(
    /said: ERROR: Cannot open log files: Permission denied$/,
  );
});
