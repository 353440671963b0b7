import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mergeConfig } from '../../../src/plan/merge-config.ts';

const captured = (release: string, file: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../captured/config', release, file));
const substitutions = [
  { stem: 'php', old: '7.4', new: '8.4' },
  { stem: 'postgresql', old: '13', new: '17' },
];
const sshMatch = 'Match Group sftp\\n  ForceCommand internal-sftp\\n  ChrootDirectory %h';

/** Defaults of bullseye and trixie, edited by the sed expressions of real owners. */
describe('from bullseye to trixie', () => {
  test.each([
    {
      file: 'php.ini',
      path: '/etc/php/8.4/fpm/php.ini',
      sed: 's/^upload_max_filesize.*/upload_max_filesize = 24M/; s/^post_max_size.*/post_max_size = 32M/; s/^memory_limit.*/memory_limit = 192M/; s#^;date.timezone.*#date.timezone = Asia/Tokyo#; s/^expose_php.*/expose_php = Off/; s/^;\\?error_log = syslog.*/error_log = \\/var\\/log\\/php\\/errors.log/',
      how: 'keys',
      changed: [
        'memory_limit = 192M',
        'error_log = /var/log/php/errors.log',
        'post_max_size = 32M',
        'upload_max_filesize = 24M',
        'date.timezone = Asia/Tokyo',
      ],
    },
    {
      file: 'www.conf',
      path: '/etc/php/8.4/fpm/pool.d/www.conf',
      sed: 's/^pm.max_children.*/pm.max_children = 7/; s/^;pm.status_path.*/pm.status_path = \\/fpm-status/',
      how: 'keys',
      changed: ['pm.max_children = 7', 'pm.status_path = /fpm-status'],
    },
    {
      file: 'postgresql.conf',
      path: '/etc/postgresql/17/main/postgresql.conf',
      sed: "s/^#\\?listen_addresses.*/listen_addresses = '*'/; s/^max_connections.*/max_connections = 60/; s/^log_line_prefix.*/log_line_prefix = '%m [%p] %q%u@%d from %h '/",
      how: 'keys',
      changed: ["listen_addresses = '*'", 'max_connections = 60', "log_line_prefix = '%m [%p] %q%u@%d from %h '"],
    },
    {
      file: 'sshd_config',
      path: '/etc/ssh/sshd_config',
      sed: `s/^#Port 22/Port 2222/; s/^#PasswordAuthentication yes/PasswordAuthentication no/; $a${sshMatch}`,
      how: 'keys',
      changed: [
        'Port 2222',
        'PasswordAuthentication no',
        'Match Group sftp',
        '  ForceCommand internal-sftp',
        '  ChrootDirectory %h',
      ],
    },
    {
      file: 'smb.conf',
      path: '/etc/samba/smb.conf',
      sed: 's/^   workgroup = .*/   workgroup = LAB/; $a[lab]\\n   path = /share/lab',
      how: 'keys',
      changed: ['   workgroup = LAB', '[lab]', '   path = /share/lab'],
    },
    {
      file: 'login.defs',
      path: '/etc/login.defs',
      sed: 's/^UMASK.*/UMASK 027/; s/^PASS_MAX_DAYS.*/PASS_MAX_DAYS 90/',
      how: 'keys',
      changed: ['PASS_MAX_DAYS 90', 'UMASK 027'],
    },
    {
      file: 'default-cron',
      path: '/etc/default/cron',
      sed: 's/^#EXTRA_OPTS=.*/EXTRA_OPTS="-L 5"/',
      how: 'keys',
      changed: ['EXTRA_OPTS="-L 5"'],
    },
    {
      file: 'apache2.conf',
      path: '/etc/apache2/apache2.conf',
      sed: 's/^Timeout 300/Timeout 75/; s#^LogFormat "%{User-agent}i" agent#&\\nLogFormat "%v" lab#',
      how: 'lines',
      changed: ['Timeout 75', 'LogFormat "%v" lab'],
    },
    {
      file: 'security.conf',
      path: '/etc/apache2/conf-available/security.conf',
      sed: 's/^ServerTokens .*/ServerTokens Prod/; s/^ServerSignature .*/ServerSignature Off/',
      how: 'lines',
      changed: ['ServerTokens Prod', 'ServerSignature Off'],
    },
    {
      file: 'ports.conf',
      path: '/etc/apache2/ports.conf',
      sed: 's/^Listen 80$/Listen 80\\nListen 8081/',
      how: 'lines',
      changed: ['Listen 8081'],
    },
  ])('$file: the new default with just the owner’s edits, no conflict', ({ file, path, sed, how, changed }) => {
    const [pristineOld, pristineNew] = [captured('bullseye', file), captured('trixie', file)];
    const edited = execFileSync('sed', [sed], { input: pristineOld });
    const merged = mergeConfig({ path, pristineOld, edited, pristineNew, substitutions });
    expect(merged).toMatchObject({ outcome: 'merged', how, conflicts: [] });
    expect(merged.beside).toBeUndefined();
    const fresh = new Set(`${pristineNew}`.split('\n'));
    expect(`${merged.content}`.split('\n').filter(line => !fresh.has(line))).toEqual(changed);
  });

  test('envvars: the default is the same, the edited file stays', () => {
    const old = captured('bullseye', 'envvars');
    const edited = Buffer.concat([old, Buffer.from('export LAB_SITE="Lab Ost"\n')]);
    const merged = mergeConfig({
      path: '/etc/apache2/envvars',
      pristineOld: old,
      edited,
      pristineNew: captured('trixie', 'envvars'),
    });
    expect(merged).toMatchObject({
      outcome: 'edited-kept',
      how: 'same-default',
      content: edited,
      defaultChanged: false,
    });
  });

  test.each([
    ['nginx.conf', '/etc/nginx/nginx.conf', 's/^worker_processes.*/worker_processes 2;/', 'line 2'],
    ['pg_hba.conf', '/etc/postgresql/17/main/pg_hba.conf', '/^host.*127.0.0.1/i host lab app 0.0.0.0/0 md5', 'line 96'],
  ])('%s: a real conflict keeps the edited file and puts the default beside it', (file, path, sed, where) => {
    const [pristineOld, pristineNew] = [captured('bullseye', file), captured('trixie', file)];
    const edited = execFileSync('sed', [sed], { input: pristineOld });
    const merged = mergeConfig({ path, pristineOld, edited, pristineNew });
    expect(merged).toMatchObject({ outcome: 'conflict', how: 'lines', content: edited, defaultChanged: true });
    expect(merged.beside).toEqual({ suffix: '.dpkg-dist', content: pristineNew });
    expect(merged.conflicts[0]!.where).toBe(where);
  });

  test('a file that the owner wrote anew is kept, and the report says what the default changed', () => {
    const edited = Buffer.from('[global]\n  workgroup = LAB\n  map to guest = bad user\n[lab]\n  path = /share/lab\n');
    const [pristineOld, pristineNew] = [captured('bullseye', 'smb.conf'), captured('trixie', 'smb.conf')];
    const merged = mergeConfig({ path: '/etc/samba/smb.conf', pristineOld, edited, pristineNew });
    expect(merged).toMatchObject({ outcome: 'edited-kept', how: 'whole', content: edited, defaultChanged: true });
    expect(merged.changedDefaults).toEqual(['[printers] path: /var/spool/samba -> /var/tmp']);
    expect(merged.beside?.content).toEqual(pristineNew);
  });

  test('paths of the old release in the owner’s own lines follow the release', () => {
    const [pristineOld, pristineNew] = [captured('bullseye', 'www.conf'), captured('trixie', 'www.conf')];
    const edited = execFileSync('sed', ['$aphp_admin_value[error_log] = /var/log/php7.4-www.log'], {
      input: pristineOld,
    });
    const { content } = mergeConfig({
      path: '/etc/php/8.4/fpm/pool.d/www.conf',
      pristineOld,
      edited,
      pristineNew,
      substitutions,
    });
    expect(`${content}`).toContain('php_admin_value[error_log] = /var/log/php8.4-www.log');
    expect(`${content}`).not.toContain('7.4');
  });
});

const merge = (path: string, old: string | undefined, edited: string, fresh: string | undefined) => {
  const bytes = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, 'latin1'));
  const result = mergeConfig({ path, pristineOld: bytes(old), edited: bytes(edited)!, pristineNew: bytes(fresh) });
  return { ...result, text: result.content.toString('latin1') };
};

describe('which side stands', () => {
  test.each([
    ['unedited', 'a\n', 'a\n', 'b\n', 'new-default', 'whole', 'b\n', false],
    ['unedited, same default', 'a\n', 'a\n', 'a\n', 'new-default', 'same-default', 'a\n', false],
    ['same default', 'a\n', 'b\n', 'a\n', 'edited-kept', 'same-default', 'b\n', false],
    ['the new system has no default', 'a\n', 'b\n', undefined, 'edited-kept', 'whole', 'b\n', false],
    ['unedited, but the new system has no default', 'a\n', 'a\n', undefined, 'edited-kept', 'whole', 'a\n', false],
    ['the old default is unknown', undefined, 'b\n', 'c\n', 'edited-kept', 'whole', 'b\n', true],
    [
      'the old default is unknown, edited is the new one',
      undefined,
      'c\n',
      'c\n',
      'edited-kept',
      'whole',
      'c\n',
      false,
    ],
    ['the edit came to be the default', 'a\n', 'c\n', 'c\n', 'edited-kept', 'whole', 'c\n', false],
    ['no text', 'a\0\n', 'b\0\n', 'c\0\n', 'edited-kept', 'whole', 'b\0\n', true],
    ['no text, same default', 'a\0\n', 'b\0\n', 'a\0\n', 'edited-kept', 'same-default', 'b\0\n', false],
    [
      'odd bytes',
      'x \xe4\nb\n\nc\n',
      'x \xe4\nb \xf6\n\nc\n',
      'x \xe4\nb\n\nc \xfc\n',
      'merged',
      'lines',
      'x \xe4\nb \xf6\n\nc \xfc\n',
      false,
    ],
  ])('%s', (_, old, edited, fresh, outcome, how, text, beside) => {
    const merged = merge('/etc/x.conf', old, edited, fresh);
    expect(merged).toMatchObject({ outcome, how, text });
    expect(merged.beside !== undefined).toBe(beside);
  });
});

describe('by key', () => {
  test.each([
    ['a changed value', 'a = 1\nb = 2\n', 'a = 9\nb = 2\n', 'b = 3\n# new\na = 1\n', 'b = 3\n# new\na = 9\n'],
    [
      'switched on from a comment',
      '#a = 1\nb = 2\n',
      'a = 5\nb = 2\n',
      '# doc\n#a = 3\nb = 4\n',
      '# doc\na = 5\nb = 4\n',
    ],
    ['switched off', 'a = 1\nb = 2\n', '#a = 1\nb = 2\n', 'a = 1\nb = 3\n', '#a = 1\nb = 3\n'],
    ['removed', 'a = 1\nb = 2\n', 'b = 2\n', 'a = 1\nb = 3\n', '#a = 1\nb = 3\n'],
    ['added, with the comment above it', 'a = 1\n', 'a = 1\n# mine\nz = 1\n', 'a = 2\n', 'a = 2\n# mine\nz = 1\n'],
    ['gone from the new default', 'a = 1\nb = 2\n', 'a = 7\nb = 2\n', 'b = 3\n', 'b = 3\na = 7\n'],
    [
      'the comment behind the value is no change',
      'a = 1\t# doc\nb = 2\n',
      'a = 1\t# doc\nb = 9\n',
      'a = 1\t# other\nb = 2\n',
      'a = 1\t# other\nb = 9\n',
    ],
    [
      'an untouched repeated key',
      'p = 1\np = 2\nb = 2\n',
      'p = 1\np = 2\nb = 9\n',
      'p = 1\np = 3\nb = 2\n',
      'p = 1\np = 3\nb = 9\n',
    ],
  ])('%s', (_, old, edited, fresh, text) => {
    expect(merge('/etc/x.conf', old, edited, fresh)).toMatchObject({ outcome: 'merged', how: 'keys', text });
  });

  test.each([
    [
      'into the right section',
      '[a]\nx = 1\n\n[b]\nx = 1\n',
      '[a]\nx = 1\n\n[b]\nx = 1\ny = 2\n',
      '[b]\nx = 1\n\n; about a\n[a]\nx = 3\n',
      '[b]\nx = 1\ny = 2\n\n; about a\n[a]\nx = 3\n',
    ],
    [
      'a section of the owner’s',
      '[a]\nx = 1\n',
      '[a]\nx = 1\n[mine]\n; m\nk = 1\n',
      '[a]\nx = 2\n',
      '[a]\nx = 2\n[mine]\n; m\nk = 1\n',
    ],
    [
      'a section that the owner removed',
      '[a]\nx = 1\n[b]\nx = 1\n',
      '[a]\nx = 1\n',
      '[a]\nx = 2\n[b]\nx = 1\n',
      '[a]\nx = 2\n',
    ],
    ['a key without a value', '[a]\nx = 1\n', '[a]\nx = 1\nskip-net\n', '[a]\nx = 2\n', '[a]\nx = 2\nskip-net\n'],
  ])('ini: %s', (_, old, edited, fresh, text) => {
    expect(merge('/etc/mysql/my.cnf', old, edited, fresh)).toMatchObject({ outcome: 'merged', how: 'keys', text });
  });

  test('shell: what is no assignment may stand in the file as long as the owner left it alone', () => {
    const [old, fresh] = ['if x; then\n  S=1\nfi\nA="1"\n', 'if y; then\n  S=1\nfi\nA="1"\nB=2\n'];
    const edited = 'if x; then\n  S=1\nfi\nA="2"\nexport Z=1\n';
    expect(merge('/etc/default/x', old, edited, fresh)).toMatchObject({
      how: 'keys',
      text: 'if y; then\n  S=1\nfi\nA="2"\nB=2\nexport Z=1\n',
    });
    expect(merge('/etc/default/x', old, `${edited}echo hi\n`, fresh).how).toBe('lines');
  });

  test('both changed a value: the owner’s stands, the conflict is named, the default lies beside', () => {
    const merged = merge('/etc/x.conf', 'a = 1\nb = 2\n', 'a = 7\nb = 2\n', 'a = 3\nb = 4\n');
    expect(merged).toMatchObject({
      outcome: 'conflict',
      how: 'keys',
      text: 'a = 7\nb = 4\n',
      changedDefaults: ['a: 1 -> 3', 'b: 2 -> 4'],
    });
    expect(merged.conflicts).toEqual([{ where: 'a', edited: '7', fresh: '3' }]);
    expect(merged.beside!.suffix).toBe('.dpkg-dist');
  });

  test('secrets are not shown', () => {
    const merged = merge('/etc/x.conf', 'db_password = a\n', 'db_password = geheim1\n', 'db_password = b\n');
    expect(merged.text).toContain('geheim1');
    expect(JSON.stringify([merged.conflicts, merged.notes, merged.changedDefaults])).not.toMatch(/geheim1/);
  });

  test.each([
    ['a changed repeated key', '/etc/x.conf', 'p = 1\np = 2\n', 'p = 1\np = 2\np = 3\n', 'q = 1\np = 1\np = 2\n'],
    ['a nested format by name', '/etc/x.yaml', 'a = 1\nb = 2\n', 'a = 1\nb = 3\n', 'a = 2\nb = 2\n'],
    ['blocks', '/etc/x.conf', 'a {\nb = 1\n}\n', 'a {\nb = 2\n}\n', 'c {\n}\na {\nb = 1\n}\n'],
    ['words in a file of unknown format', '/etc/x.conf', 'a 1\n\nb 2\n', 'a 3\n\nb 2\n', 'a 1\n\nb 4\n'],
    [
      'a section that stands twice',
      '/etc/x.ini',
      '[a]\nx=1\n[a]\ny=1\n',
      '[a]\nx=2\n[a]\ny=1\n',
      '[a]\nx=1\n[a]\ny=3\n',
    ],
    ['continued lines', '/etc/x.conf', 'a = 1 \\\n 2\nb = 1\n', 'a = 1 \\\n 2\nb = 2\n', 'a = 3 \\\n 2\nb = 1\n'],
    [
      'values that go on indented',
      '/etc/x.ini',
      '[a]\nx=1\n  k=v\ny=1\n',
      '[a]\nx=1\n  k=w\ny=1\n',
      '[a]\nx=2\n  k=v\ny=1\n',
    ],
  ])('not for %s', (_, path, old, edited, fresh) => {
    expect(merge(path, old, edited, fresh).how).toBe('lines');
  });
});

describe('by lines', () => {
  test.each([
    ['a neighbouring comment', 'x 1\n# http\ny 1\n', 'x 1\n# http\ny 2\n', 'x 1\n# https\ny 1\n', 'x 1\n# http\ny 2\n'],
    ['blanks at line ends', 'x 1 \ny 1\nz 1\n', 'x 1\ny 1\nz 2\n', 'x 1\nw 1\ny 1\nz 1\n', 'x 1 \nw 1\ny 1\nz 2\n'],
    ['the same edit on both sides', 'x 1\ny 1\nz 1\n', 'x 2\ny 1\nz 3\n', 'x 2\ny 1\nz 1\n', 'x 2\ny 1\nz 3\n'],
  ])('no conflict: %s', (_, old, edited, fresh, text) => {
    expect(merge('/etc/x.conf', old, edited, fresh)).toMatchObject({ outcome: 'merged', how: 'lines', text });
  });

  test('a setting that would come out twice is a conflict', () => {
    const [old, edited] = ['a 1;\nb 1;\nc 1;\n', 'a 1;\nb 1;\nc 1;\nserver_tokens off;\n'];
    const merged = merge('/etc/x.conf', old, edited, 'server_tokens build;\na 1;\nb 1;\nc 1;\n');
    expect(merged).toMatchObject({ outcome: 'conflict', text: edited });
    expect(merged.conflicts).toEqual([
      { where: 'server_tokens', edited: 'server_tokens off;', fresh: 'server_tokens build;' },
    ]);
  });

  test.each([
    ['port 1\nx 1\ny 1\nallow b\nallow a\ndeny all\n', 'the list of allow'],
    ['port 1\nx 1\ny 1\nallow a\nallow b\ndeny all\ndeny x\n', undefined],
  ])('a list of rules that the default changed is a conflict: %j', (fresh, where) => {
    const rules = 'x 1\ny 1\nallow a\nallow b\ndeny all\n';
    const [old, edited] = [`port 1\n${rules}`, `port 2\n${rules}`];
    const merged = merge('/etc/x.acl', old, edited, fresh);
    expect(merged.conflicts.map(each => each.where)).toEqual(where ? [where] : []);
    expect(merged.outcome).toBe(where ? 'conflict' : 'merged');
  });

  test('a list of modules is a set: both sides add to it', () => {
    const old = 'A 1\nB 1\nLoadModule a\n#LoadModule tls\nLoadModule b\nC 1\nD 1\n';
    const merged = merge('/etc/x/m.acl', old, old.replace('#', ''), old.replace('A 1', 'A 1\nLoadModule ls'));
    expect(merged.conflicts).toEqual([]);
    expect(merged.content.toString()).toBe(
      'A 1\nLoadModule ls\nB 1\nLoadModule a\nLoadModule tls\nLoadModule b\nC 1\nD 1\n',
    );
  });

  test('attributes of markup are no list of rules', () => {
    const old = '<?xml?>\n<a\n port="1"\n/>\n<b x="1">\n<c\n port="2"\n/>\n';
    const merged = merge('/etc/x/server.xml', old, old.replace('x="1"', 'x="9"'), old.replace('port="2"', 'port="3"'));
    expect(merged.conflicts).toEqual([]);
    expect(merged.content.toString()).toBe(old.replace('x="1"', 'x="9"').replace('port="2"', 'port="3"'));
  });

  test('an include directive is no comment', () => {
    const merged = merge('/etc/sudoers', 'x 1\n#includedir /a\n', 'x 1\n#includedir /b\n', 'x 1\n#includedir /c\n');
    expect(merged.outcome).toBe('conflict');
  });

  test('a huge file is kept, not compared for ever', () => {
    const lines = 'x\n'.repeat(30_000);
    expect(merge('/etc/x.conf', `${lines}a\n`, `${lines}b\n`, `${lines}c\n`)).toMatchObject({
      outcome: 'edited-kept',
      how: 'whole',
    });
  });
});
