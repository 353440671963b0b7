/*
 * node bench/volume.ts [--gigabytes 4 --rounds 1 --folder DIR]
 *
 * Much data: archives, verifies, packs and restores a service with so many gigabytes against tar, zstd and sha256sum, each from the
 * outside as a person runs it. Says the most memory and the most temporary disk of each. The disk has to hold the data, the bag and, of
 * the restore, the data again: 2.7 times the gigabytes.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../scripts/command.ts';
import { WORK } from '../scripts/provision/paths.ts';
import { packBag } from '../src/bag/pack-bag.ts';
import { type Contender, compare, table } from './harness.ts';
import { sha256sumOf } from './keep.ts';
import { removeContainer } from './samba-container.ts';
import { type Watched, watched } from './watched.ts';

const NAME = 'perennial-bench-volume';
const RESTORED = `${NAME}-restored`;
const BASE = 'debian:trixie';
/** The bag is on the disk three times more: more than this needs not be packed to see the ratio. */
const LARGEST_PACKED = 4;

const { values } = parseArgs({
  options: {
    gigabytes: { type: 'string', default: '4' },
    rounds: { type: 'string', default: '1' },
    folder: { type: 'string', default: join(WORK, 'bench-volume') },
  },
});
const gigabytes = Number(values.gigabytes);
const rounds = Number(values.rounds);
const folder = values.folder;
const bag = join(folder, 'bag');
const plain = join(folder, 'plain.tar.zst');
const temporary = join(folder, 'tmp');
const config = join(folder, 'perennial.yml');

/**
 * In a volume a thousand files of 1 MB and one of 0.4 of all; in the container itself files of 64 MB and 512 MB. A third does not compress
 * at all, a third is text of numbers, a third repeats itself. Made of one piece of 64 MB, further apart than zstd looks back at level 3, so
 * that making it is cheap and packing it is not.
 */
const FILL = `set -e
mkdir /opt/bench
cd /opt/bench
{ head -c 22M /dev/urandom; head -c 11M /dev/urandom | od -An -tx1 | head -c 22M; yes "a line of a log that says the same" | head -c 20M; } > piece
seq 1000 | while read -r n; do dd if=piece of=/srv/small-$n bs=1M count=1 skip=$((n % 63)) status=none; done
for n in $(seq $(( $1 * 400 / 64 )) ); do cat piece; done > /srv/huge
for n in $(seq $(( ($1 * 600 - 1000) / 576 )) ); do
  cp piece medium-$n
  for m in 1 2 3 4 5 6 7 8; do cat piece; done > large-$n
done
sync .`;

function startService(): void {
  removeContainer(NAME);
  run('docker', ['run', '-d', '--name', NAME, '-v', '/srv', BASE, 'sleep', 'infinity']);
  run('docker', ['exec', NAME, 'bash', '-c', FILL, 'bash', String(gigabytes)]);
}

const seen = new Map<string, Watched>();
/** A run of the command line, with its memory and its temporary files. */
async function perennial(what: string, args: string[]): Promise<number> {
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);
  const one = await watched(args, temporary);
  seen.set(what, one);
  return one.megabytes;
}

/** The same bag as stores keep it: as one file, and that encrypted by the program `age`. */
async function packedVerifying(): Promise<Contender[]> {
  const [file, locked, key] = ['packed.tar.zst', 'locked.tar.zst.age', 'key.txt'].map(name => join(folder, name));
  await packBag(bag, file!);
  run('age-keygen', ['-o', key!]);
  const recipient = /age1\w+/.exec(readFileSync(key!, 'utf8'))![0];
  run('age', ['-r', recipient, '-o', locked!, file!]);
  return [
    { name: 'sha256sum of the packed bag', run: () => void run('sha256sum', [file!]) },
    { name: 'perennial verify, packed', run: () => perennial('verify, packed', ['verify', file!]) },
    {
      name: 'perennial verify, packed and encrypted',
      run: () => perennial('verify, encrypted', ['verify', locked!, '--identity-file', key!]),
    },
  ];
}

function archiving(): Contender[] {
  return [
    {
      name: 'tar | zstd -3 -T0, flushed',
      run() {
        rmSync(plain, { force: true });
        const pipeline = `docker exec "$C" tar -C / -c srv opt/bench | zstd -3 -T0 -q -o "$OUT" && sync "$OUT"`;
        run('bash', ['-o', 'pipefail', '-c', pipeline], { env: { ...process.env, C: NAME, OUT: plain } });
        rmSync(plain);
        return undefined;
      },
    },
    {
      name: 'perennial archive, verified',
      run() {
        rmSync(bag, { recursive: true, force: true });
        return perennial('archive', ['archive', '--container', NAME, '--out', bag, '--config', config]);
      },
    },
  ];
}

try {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(config, 'name: bench\n');
  startService();
  console.log(table(`Archiving ${gigabytes} GB`, await compare(archiving(), rounds, 0), 'MB of memory'));
  removeContainer(NAME); // room for the restored one
  const verifying: Contender[] = [
    { name: 'sha256sum of its files', run: () => void sha256sumOf(bag) },
    { name: 'perennial verify', run: () => perennial('verify', ['verify', bag]) },
  ];
  console.log(table('Verifying it', await compare(verifying, Math.max(rounds, 3)), 'MB of memory'));
  if (gigabytes <= LARGEST_PACKED)
    console.log(table('Verifying it packed', await compare(await packedVerifying(), rounds, 0), 'MB of memory'));
  await perennial('restore', ['restore', bag, '--name', RESTORED, '--base', BASE, '--no-publish']);
  for (const [what, each] of seen) {
    const { seconds, processorSeconds, megabytes, temporaryMegabytes } = each;
    console.log(
      `perennial ${what}: ${seconds.toFixed(1)} s, ${processorSeconds.toFixed(1)} s of processors, ${megabytes} MB of memory, ` +
        `${temporaryMegabytes} MB below TMPDIR.`,
    );
  }
} finally {
  for (const name of [NAME, RESTORED]) removeContainer(name);
  rmSync(folder, { recursive: true, force: true });
}
