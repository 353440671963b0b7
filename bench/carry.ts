import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../scripts/command.ts';
import { packBag } from '../src/bag/pack-bag.ts';
import { TAR_CREATE } from '../src/detect/probe.ts';
import { bytesOf, type Contender } from './harness.ts';

const ROOT = join(import.meta.dirname, '..');
const DOCKER = 'docker exec "$C"';

/** Bytes of the packed bag of a container, archived by the command line into `folder`. */
export async function packedBag(container: string, baseline: string, folder: string): Promise<number> {
  const out = join(folder, 'bag');
  rmSync(out, { recursive: true, force: true });
  const words = [
    'archive',
    '--container',
    container,
    '--baseline',
    baseline,
    '--context',
    'examples/samba',
    '--out',
    out,
  ];
  // A configuration without smoke tests: answers are not what is measured here.
  const config = join(folder, 'perennial.yml');
  writeFileSync(config, 'name: bench\n');
  run(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...words, '--config', config], { cwd: ROOT });
  const { bytes } = await packBag(out, join(folder, 'bag.tar.zst'));
  return bytes;
}

/** Bytes of an image, all layers. */
export function imageBytes(container: string): number {
  const image = run('docker', ['inspect', '-f', '{{.Image}}', container]).trim();
  return Number(run('docker', ['image', 'inspect', '-f', '{{.Size}}', image]));
}

/** Ways to carry a service away, against what the paper's list needs; results are bytes. */
export function carryContenders(container: string, baseline: string, folder: string): Contender[] {
  const env = { C: container };
  const list = 'find / -xdev -newer /ts0 ! -type d -print0 | tar -c --null -T - 2>/dev/null || [ $? -le 1 ]';
  return [
    {
      name: 'tar of the list, zstd (the paper)',
      run: () => bytesOf(`${DOCKER} sh -c '${list}' | zstd -3 -T0 -q`, env),
    },
    { name: 'Perennial, the whole archive run', run: () => packedBag(container, baseline, folder) },
    {
      name: 'docker save, zstd',
      run: () => bytesOf('docker save "$(docker inspect -f "{{.Image}}" "$C")" | zstd -3 -T0 -q', env),
    },
    {
      name: 'tar of everything, zstd',
      run: () =>
        bytesOf(
          `${DOCKER} sh -c 'tar -c --one-file-system / /share 2>/dev/null || [ $? -le 1 ]' | zstd -3 -T0 -q`,
          env,
        ),
    },
  ];
}

/** What bench/write-once.ts prints. */
export interface Written {
  seconds: number;
  bytes: number;
  megabytes: number;
}

/** Streams a folder of a container into a bag, in a process of its own. */
export function writeOnce(container: string, data: string, folder: string): Written {
  const argv = [join(ROOT, 'bench/write-once.ts'), container, data, join(folder, 'written')];
  return JSON.parse(run(process.execPath, argv));
}

/**
 * Writing a payload, with the digest of every file, against `tar | zstd -3 -T0` of the same folder: with the options of tar that keep what a
 * bag keeps, which is what the ratios are taken against, and plain, which loses ACLs, attributes and fractions of seconds.
 */
export function writeContenders(container: string, data: string, folder: string): Contender[] {
  const env = { C: container, D: data };
  const options = tarOptions()
    .map(word => `'${word}'`)
    .join(' ');
  const out = join(folder, 'plain.tar.zst');
  // As a bag's: on the disk when it is done.
  const writing = (tar: string) => () => {
    rmSync(out, { force: true });
    return bytesOf(`${DOCKER} ${tar} "$D" 2>/dev/null | zstd -3 -T0 -q -o "$OUT" && sync "$OUT" && cat "$OUT"`, {
      ...env,
      OUT: out,
    });
  };
  return [
    { name: 'tar of all that a file has, zstd -3 -T0, flushed', run: writing(`tar -c ${options}`) },
    { name: 'payload of a bag, with digests', seconds: () => writeOnce(container, data, folder).seconds },
    { name: 'plain tar, zstd -3 -T0, flushed', run: writing('tar -c') },
  ];
}

/** Options of a payload's tar that say what is kept of a file. */
function tarOptions(): string[] {
  return TAR_CREATE.filter(word => /^--(format|pax-option|xattrs|acls|sparse)/.test(word));
}
