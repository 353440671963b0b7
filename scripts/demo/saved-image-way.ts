import { statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.ts';
import { SAVED } from './old-service.ts';
import { systemOf } from './smoke-lines.ts';
import { timed } from './story.ts';

const IMAGE = `${SAVED}:latest`;

/** Runs a pipeline of ours; fails when any part of it does. */
function pipe(line: string, ...args: string[]): void {
  run('bash', ['-o', 'pipefail', '-c', line, 'bash', ...args]);
}

/** The usual way: commit the container, save the image. An image holds no volume, so these go into a tar of their own. */
export async function saveImage(container: string, folder: string) {
  const image = join(folder, 'image.tar.zst');
  const volume = join(folder, 'share.tar.zst');
  await timed(`docker commit ${container}; docker save | zstd; tar of its volume /share | zstd`, () => {
    run('docker', ['commit', container, IMAGE]);
    pipe('docker save "$1" | zstd -3 -T0 -q -o "$2"', IMAGE, image);
    pipe('docker exec "$1" tar -c -C / share | zstd -3 -T0 -q -o "$2"', container, volume);
    run('docker', ['rmi', IMAGE]); // the archive alone has to bring it back
  });
  const bytes = statSync(image).size + statSync(volume).size;
  return { name: 'docker commit, save | zstd', image, volume, bytes, detectSeconds: undefined };
}

/** Loads the image and fills its volume: the same answers, from a system that got no update since. */
export async function restoreSavedImage({ image, volume }: { image: string; volume: string }) {
  const { seconds } = await timed('zstd -dc image.tar.zst | docker load; docker run; untar the volume; start', () => {
    pipe('zstd -dcq "$1" | docker load -q', image);
    run('docker', ['run', '-d', '--name', SAVED, IMAGE, 'sleep', 'infinity']);
    pipe('zstd -dcq "$1" | docker exec -i "$2" tar -x -C /', volume, SAVED);
    run('docker', ['exec', SAVED, 'bash', '/opt/start.sh']);
  });
  return { container: SAVED, system: systemOf(SAVED), seconds };
}
