import type { Engine } from '../engine/engine.ts';
import type { PackageContent } from '../plan/package-order.ts';

/** Debian Policy 5.6.1. */
const PACKAGE_NAME = /^[a-z0-9][a-z0-9+.-]+$/;

/** For each package: its name, its scripts, its paths; each ends with a NUL. */
const READ = `cd "$(mktemp -d)" && apt-get update -qq >&2 || exit 1
for name; do
  apt-get download -qq "$name" >&2 || continue
  deb=$(ls *.deb)
  printf '%s\\0' "$name"
  dpkg-deb --ctrl-tarfile "$deb" | tar -xO --wildcards './preinst' './postinst' './config' 2>/dev/null | tr -d '\\000'
  printf '\\0'
  dpkg-deb --fsys-tarfile "$deb" | tar -t | sed 's/^\\.//; s:/$::'
  printf '\\0'
  rm -f -- "$deb"
done`;

/**
 * Reads what packages of today have in them, without installing any, in a throw-away container of the base. One that cannot be had
 * is left out: then whoever asks decides without it.
 */
export async function readPackageContents(
  engine: Engine,
  image: string,
  names: string[],
): Promise<Map<string, PackageContent>> {
  const wanted = [...new Set(names)].filter(name => PACKAGE_NAME.test(name));
  const contents = new Map<string, PackageContent>();
  if (wanted.length === 0) return contents;
  const { stdout } = await engine.runOnce({
    image,
    entrypoint: 'sh',
    command: ['-c', READ, 'sh', ...wanted],
    user: '0',
    allowFailure: true,
  });
  const parts = stdout.toString('latin1').split('\0');
  for (let at = 0; at + 2 < parts.length; at += 3)
    contents.set(parts[at]!, { scripts: parts[at + 1]!, paths: new Set(parts[at + 2]!.split('\n').filter(Boolean)) });
  return contents;
}
