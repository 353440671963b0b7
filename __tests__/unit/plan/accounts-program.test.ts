import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '../../support/temp-dir.ts';

const program = join(import.meta.dirname, '../../../program/accounts.awk');

type Files = Record<string, string[]>;

/** A user with its own locked shadow line. */
const user = (name: string, id: number, rest = `:/home/${name}:/bin/sh`) => `${name}:x:${id}:${id}:${rest}`;
const ROOT = ['root:x:0:0:root:/root:/bin/bash'];
const GROUP = ['root:x:0:', 'adm:x:4:'];

/** Runs the real awk on folders like those in the container. */
function merge(files: { image?: Files; old: Files; here: Files }): { out: Record<string, string[]>; said: string } {
  const dir = tempDir();
  for (const folder of ['image', 'old/etc', 'new', 'out']) mkdirSync(join(dir, folder), { recursive: true });
  const write = (folder: string, all: Files = {}) => {
    for (const [name, lines] of Object.entries(all))
      writeFileSync(join(dir, folder, name), Buffer.from(lines.map(line => `${line}\n`).join(''), 'latin1'));
  };
  write('image', files.image);
  write('old/etc', files.old);
  write('new', files.here);
  const said = execFileSync('awk', ['-f', program], { cwd: dir, encoding: 'latin1' });
  const read = (name: string) => {
    const path = join(dir, 'out', name);
    return existsSync(path) ? readFileSync(path, 'latin1').split('\n').slice(0, -1) : [];
  };
  const names = ['passwd', 'group', 'shadow', 'gshadow', 'subuid', 'subgid'];
  return { out: Object.fromEntries(names.map(name => [name, read(name)])), said };
}

describe('accounts.awk, users', () => {
  test('a missing person comes with id, password and own group', () => {
    const { out, said } = merge({
      old: {
        passwd: [...ROOT, user('alice', 1000)],
        group: [...GROUP, 'alice:x:1000:'],
        shadow: ['root:*:1:0:99999:7:::', 'alice:$6$a$b:2:0:99999:7:::'],
        gshadow: ['alice:!::'],
      },
      here: { passwd: ROOT, group: GROUP, shadow: ['root:*:9:0:99999:7:::'], gshadow: ['root:*::', 'adm:*::'] },
    });
    expect(out.passwd).toEqual([...ROOT, user('alice', 1000)]);
    expect(out.group).toEqual([...GROUP, 'alice:x:1000:']);
    expect(out.shadow).toEqual(['root:*:9:0:99999:7:::', 'alice:$6$a$b:2:0:99999:7:::']);
    expect(out.gshadow).toEqual(['root:*::', 'adm:*::', 'alice:!::']);
    expect(said).toBe('user alice\n');
  });

  test('ids of this system stay, taken ones give way, free ones are kept before others get the next', () => {
    const { out, said } = merge({
      old: {
        passwd: [...ROOT, user('_apt', 100), user('samba', 101), user('bob', 1000), user('carol', 1001)],
        group: [...GROUP, 'samba:x:101:', 'bob:x:1000:', 'carol:x:1001:'],
      },
      here: {
        passwd: [...ROOT, user('_apt', 42), user('new', 101), user('dave', 1000)],
        group: [...GROUP, 'new:x:101:'],
      },
    });
    expect(out.passwd).toEqual([
      ...ROOT,
      user('_apt', 42),
      user('new', 101),
      user('dave', 1000),
      'samba:x:999:999::/home/samba:/bin/sh',
      'bob:x:1002:1000::/home/bob:/bin/sh',
      user('carol', 1001),
    ]);
    expect(out.group).toEqual([...GROUP, 'new:x:101:', 'samba:x:999:', 'bob:x:1000:', 'carol:x:1001:']);
    expect(said).toContain('passwd samba: id 101 is taken, now 999');
  });

  test("the owner's changes of accounts that both have go over, the distribution's do not", () => {
    const image = { passwd: ['www:x:33:33::/var/www:/usr/sbin/nologin', 'bin:x:2:2::/bin:/usr/sbin/nologin'] };
    const { out } = merge({
      image,
      old: { passwd: ['www:x:33:33:Web:/srv/www:/usr/sbin/nologin', 'bin:x:2:2::/bin:/usr/sbin/nologin'] },
      here: { passwd: ['www:x:34:34::/var/www:/bin/false', 'bin:x:2:2::/usr/bin:/bin/false'] },
    });
    expect(out.passwd).toEqual(['www:x:34:34:Web:/srv/www:/bin/false', 'bin:x:2:2::/usr/bin:/bin/false']);
  });

  test.each([
    ['changed in operation', ['root:$6$n$n:1::::::'], ['root:*:1::::::'], 'root:$6$n$n:1::::::'],
    ['as the image had it', ['root:*:1::::::'], ['root:*:1::::::'], 'root:!:9::::::'],
    ['no image is known', ['root:$6$n$n:1::::::'], [], 'root:!:9::::::'],
  ])('the password of root: %s', (_, shadow, image, expected) => {
    const files = { passwd: ROOT, group: GROUP };
    const { out } = merge({
      image: image.length > 0 ? { shadow: image } : {},
      old: { ...files, shadow },
      here: { ...files, shadow: ['root:!:9::::::'] },
    });
    expect(out.shadow).toEqual([expected]);
  });

  test("a person's name that is a service's today gets no password and no shell", () => {
    const { out } = merge({
      old: { passwd: [user('git', 1000)], shadow: ['git:$6$x$y:1::::::'] },
      here: { passwd: ['git:x:110:110::/var/git:/usr/sbin/nologin'], shadow: ['git:!:1::::::'] },
    });
    expect(out.passwd).toEqual(['git:x:110:110::/var/git:/usr/sbin/nologin']);
    expect(out.shadow).toEqual(['git:!:1::::::']);
  });

  test('a person of the image whom the owner deleted does not come back', () => {
    const demo = {
      passwd: [...ROOT, user('demo', 1000)],
      group: [...GROUP, 'demo:x:1000:'],
      shadow: ['demo:x:1::::::'],
    };
    const { out } = merge({ image: demo, old: { passwd: ROOT, group: GROUP }, here: demo });
    expect(out.passwd).toEqual(ROOT);
    expect(out.group).toEqual(GROUP);
    expect(out.shadow).toEqual(['root:!:::::::']);
  });

  test('what is no record is left out, odd bytes stay', () => {
    const { out } = merge({
      old: {
        passwd: [
          ...ROOT,
          '+::::::',
          '',
          'short:x:1',
          'x:x:-5:1::/:/bin/sh',
          'j\xfcrg:x:1000:1000:J\xfcrg:/home/j:/bin/sh',
        ],
      },
      here: { passwd: ROOT },
    });
    expect(out.passwd).toEqual([...ROOT, 'j\xfcrg:x:1000:1000:J\xfcrg:/home/j:/bin/sh']);
  });
});

describe('accounts.awk, groups', () => {
  const people = [...ROOT, user('alice', 1000), user('bob', 1001)];
  test.each([
    ['the owner added a member', 'adm:x:4:', 'adm:x:4:alice', 'adm:x:4:', 'adm:x:4:alice'],
    ['the owner took one out', 'adm:x:4:bob', 'adm:x:4:', 'adm:x:4:bob', 'adm:x:4:'],
    ['today has a member of its own', 'adm:x:4:', 'adm:x:4:alice', 'adm:x:4:syslog,alice', 'adm:x:4:alice,syslog'],
    ['a group of today only', '', '', 'kvm:x:9:alice', 'kvm:x:9:alice'],
    ['members who are nobody', 'adm:x:4:', 'adm:x:4:ghost,alice', 'adm:x:4:ghost', 'adm:x:4:alice'],
  ])('%s', (_, image, old, here, expected) => {
    const group = (line: string) => (line ? ['root:x:0:', line] : ['root:x:0:']);
    const gshadow = (line: string) => group(line).map(each => each.replace(/x:\d+/, '*:'));
    const { out } = merge({
      image: { passwd: people, group: group(image), gshadow: gshadow(image) },
      old: { passwd: people, group: group(old), gshadow: gshadow(old) },
      here: {
        passwd: [...people, user('syslog', 104)],
        group: group(here),
        gshadow: gshadow(here),
      },
    });
    expect(out.group!.at(-1)).toBe(expected);
    expect(out.gshadow!.at(-1)).toBe(expected.replace(/x:\d+/, '*:'));
  });
});

describe('accounts.awk, ranges of subordinate ids', () => {
  test('of people without one here, where they are free', () => {
    const { out, said } = merge({
      old: {
        passwd: [user('alice', 1000), user('bob', 1001), user('eve', 1002)],
        subuid: ['alice:100000:65536', 'bob:500000:10', 'eve:300000:10', 'ghost:400000:10'],
      },
      here: { passwd: [user('zoe', 1005), user('bob', 1001)], subuid: ['zoe:100000:65536', 'bob:200000:10'] },
    });
    expect(out.subuid).toEqual(['zoe:100000:65536', 'bob:200000:10', 'eve:300000:10']);
    expect(said).toContain('! taken: the range of alice in subuid');
  });
});
