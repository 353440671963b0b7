import { bytesOf, type Contender } from './harness.ts';

const DOCKER = 'docker exec "$C"';

/** Ways to find what changed. The first is the paper's: a find in the container for what is newer than a marker. */
export function detectContenders(container: string): Contender[] {
  const env = { C: container };
  return [
    { name: 'find / -xdev -newer (the paper)', run: () => bytesOf(`${DOCKER} find / -xdev -newer /ts0`, env) },
    { name: 'docker diff', run: () => bytesOf('docker diff "$C"', env) },
  ];
}

/** Ways to carry a service away whole, against what the paper's list needs. */
export function carryContenders(container: string): Contender[] {
  const env = { C: container };
  const list = 'find / -xdev -newer /ts0 ! -type d -print0 | tar -c --null -T - 2>/dev/null || [ $? -le 1 ]';
  return [
    {
      name: 'tar of the list, zstd (the paper)',
      run: () => bytesOf(`${DOCKER} sh -c '${list}' | zstd -3 -T0 -q`, env),
    },
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
