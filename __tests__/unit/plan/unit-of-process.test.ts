import { describe, expect, test } from '@jest/globals';
import { compileInitScript } from '../../../src/plan/init-script.ts';
import { unitOfProcess } from '../../../src/plan/unit-of-process.ts';

const process = (user: string, program: string, ...args: string[]) => ({
  pid: 7,
  user,
  program,
  argv: [program, ...args],
  package: '',
});
const service = (...of: Parameters<typeof process>) =>
  Object.fromEntries(unitOfProcess(process(...of))?.get('Service') ?? []);

describe('a unit of a process that ran', () => {
  test('it changes its user by itself, and detaches', () => {
    const words = ['--user=gitdaemon', '--detach', '--base-path=/srv/git'];
    expect(service('gitdaemon', '/usr/lib/git-core/git-daemon', ...words)).toEqual({
      Type: ['forking'],
      ExecStart: [`/usr/lib/git-core/git-daemon ${words.join(' ')}`],
    });
  });

  test('somebody else started it as its user', () => {
    expect(service('lab', '/usr/sbin/labd', '-p', '80')).toEqual({
      Type: ['simple'],
      ExecStart: ['/usr/sbin/labd -p 80'],
      User: ['lab'],
    });
  });

  test.each([
    ['a title instead of words', ['root', '/usr/sbin/sshd', '[listener]', '0 of 10-100']],
    ['words of a shell', ['root', '/usr/bin/labd', '$(id)']],
    ['a specifier of systemd', ['root', '/usr/bin/labd', '%h']],
    ['no path', ['root', 'labd']],
  ] as [string, [string, string, ...string[]]][])('not from %s', (_, of) => {
    expect(unitOfProcess(process(...of))).toBeUndefined();
  });

  test('an init script comes of it', () => {
    const script = compileInitScript(
      'git-daemon',
      unitOfProcess(process('root', '/usr/lib/git-core/git-daemon'))!,
      'x',
    );
    expect(script).toContain('/usr/lib/git-core/git-daemon');
  });
});
