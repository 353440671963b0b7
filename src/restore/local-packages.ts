import { access, readFile } from 'node:fs/promises';
import { localPackageFile } from '../archive/local-packages.ts';
import type { Bag } from '../bag/open-bag.ts';
import { apt, lastError, PACKAGE_NAME, UPDATE } from './apply-packages.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';

const FOLDER = '/var/lib/perennial';

/**
 * Installs the packages that no repository offered, from the archive; apt adds what they depend on. What the build installed already
 * stays. A package that today's system refuses is reported, and the others go on.
 */
export async function installLocalPackages(system: NewSystem, bag: Bag, journal: Journal): Promise<void> {
  const wanted: string[] = [];
  for (const { name, local } of bag.manifest.system.packages) {
    if (!local || !PACKAGE_NAME.test(name) || system.installedVersion(name) !== undefined) continue;
    if (
      await access(bag.file(`data/${localPackageFile(name)}`)).then(
        () => true,
        () => false,
      )
    )
      wanted.push(name);
  }
  if (wanted.length === 0) return;
  await system.script('Updating the package lists', UPDATE);
  const files: string[] = [];
  for (const name of wanted) {
    const file = `${FOLDER}/${name}.deb`;
    const input = await readFile(bag.file(`data/${localPackageFile(name)}`));
    await system.script('Copying a package', `cat > "$FILE"`, { env: { FILE: file }, input });
    files.push(file);
  }
  const all = await apt(system, 'install', files);
  for (const [n, name] of wanted.entries()) {
    const one = all.code === 0 ? all : await apt(system, 'install', [files[n]!]);
    const why = 'no repository offers it; it was packed again from the old system';
    if (one.code === 0) journal.done('packages', `${name} installed from the archive`, why, 'packages/local');
    else
      journal.look(
        'packages',
        `${name} could not be installed from the archive`,
        lastError(one.stderr || one.stdout.toString()),
        'packages/local',
      );
  }
  await system.script('Removing the copies', 'rm -f /var/lib/perennial/*.deb');
  await system.refresh();
}
