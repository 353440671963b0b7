import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { compileInitScript } from '../../../src/plan/init-script.ts';
import { parseUnitCommand, splitWords } from '../../../src/plan/unit-command.ts';
import { findSetting, parseUnitFile } from '../../../src/plan/unit-file.ts';

describe('parseUnitFile', () => {
  test('sections, comments, continued lines, lists that are cleared', () => {
    const text =
      '# c\n[Unit]\nDescription=a b\n; c\n[Service]\nExecStart=/x \\\n # between\n  -y\nExecStartPre=/a\nExecStartPre=\nExecStartPre=/b\n';
    const unit = parseUnitFile('x', text, '[Service]\nUser=lab\n');
    expect(findSetting(unit.get('Unit'), 'Description')).toBe('a b');
    expect(
      unit
        .get('Service')
        ?.get('ExecStart')
        ?.map(each => each.replace(/\s+/g, ' ')),
    ).toEqual(['/x -y']);
    expect(unit.get('Service')?.get('ExecStartPre')).toEqual(['/b']);
    expect(findSetting(unit.get('Service'), 'User')).toBe('lab');
  });

  test('a line that is nothing of these is refused', () => {
    expect(() => parseUnitFile('x.service', '[Service]\nhello\n')).toThrow(/x\.service: "hello"/);
  });
});

describe('parseUnitCommand', () => {
  test.each([
    ['/usr/sbin/rsyslogd -n -iNONE', ['/usr/sbin/rsyslogd', '-n', '-iNONE']],
    ['/bin/d $OPTS --id=${ID} $$5', ['/bin/d', '$OPTS', '--id="${ID}"', "'$'5"]],
    [`/bin/sh -c 'echo "a b"; x'`, ['/bin/sh', '-c', `'echo "a b"; x'`]],
    ['/bin/d "two words" %N 100%%', ['/bin/d', "'two words'", 'lab', '100%']],
    ['@/bin/d myname -x', ['/bin/d', '-x']],
    [':/bin/d $OPTS', ['/bin/d', "'$OPTS'"]],
    ['/bin/d `reboot` $(reboot) ;', ['/bin/d', "'`reboot`'", "'$(reboot)'", "';'"]],
  ])('%s', (text, expected) => {
    const { program, words } = parseUnitCommand(text, { N: 'lab' });
    expect([program, ...words]).toEqual(expected);
  });

  test('prefixes', () => {
    expect(parseUnitCommand('-/x', {})).toMatchObject({ mayFail: true, privileged: false });
    expect(parseUnitCommand('+/x', {})).toMatchObject({ mayFail: false, privileged: true });
  });

  test('quotes and escapes', () => expect(splitWords('a\\ b "c \\"d" \'e\'')).toEqual(['a b', 'c "d', 'e']));
});

describe('compileInitScript', () => {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-unit-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function script(unit: string): string {
    const text = compileInitScript('lab', parseUnitFile('lab.service', `[Service]\n${unit}`), 'lab.service');
    expect(text).toBeDefined();
    // The log is the only path outside of the folder.
    const path = join(folder, 'lab');
    writeFileSync(path, text!.replaceAll('/var/log/', `${folder}/`), { mode: 0o755 });
    return path;
  }

  test('a unit that starts nothing has no script', () => {
    expect(compileInitScript('lab', parseUnitFile('x', '[Unit]\nDescription=x\n'), 'x')).toBeUndefined();
    expect(compileInitScript('lab', parseUnitFile('x', '[Service]\nType=oneshot\n'), 'x')).toBeUndefined();
  });

  test('a simple daemon starts in the background with its environment, and stops', () => {
    const out = join(folder, 'out');
    writeFileSync(join(folder, 'env'), `# c\nOPTS="one two"\nBAD LINE\nEVIL=$(touch ${folder}/evil)\n`);
    const path = script(
      `PIDFile=${folder}/pid\nEnvironment=A=1 "B=b c"\nEnvironmentFile=-${folder}/none\nEnvironmentFile=${folder}/env\n` +
        `ExecStartPre=/bin/mkdir -p ${folder}/pre\nExecStart=/bin/sh -c 'echo "$$A|$$B|$$#|$$EVIL" > ${out}; exec sleep 60' x $OPTS\n`,
    );
    const run = (action: string) => spawnSync('sh', [path, action], { encoding: 'utf8', timeout: 20000 });
    expect(run('start')).toMatchObject({ status: 0, stdout: 'Starting lab: done.\n' });
    expect(readFileSync(out, 'utf8')).toBe(`1|b c|2|$(touch ${folder}/evil)\n`);
    expect(run('status').status).toBe(0);
    expect(run('start').status).toBe(0);
    expect(run('stop').status).toBe(0);
    expect(run('status').status).toBe(3);
  });

  test('a daemon that dies at once is told, with what it said', () => {
    const path = script(`PIDFile=${folder}/pid2\nExecStart=/bin/sh -c 'echo no such option >&2; exit 1'\n`);
    const { status, stdout } = spawnSync('sh', [path, 'start'], { encoding: 'utf8' });
    expect([status, stdout]).toEqual([1, 'Starting lab: failed!\nno such option\n']);
  });

  test('a check before the start that fails stops it', () => {
    const path = script(`PIDFile=${folder}/pid3\nExecStartPre=/bin/false\nExecStart=/bin/touch ${folder}/started\n`);
    expect(spawnSync('sh', [path, 'start']).status).toBe(1);
  });
});
