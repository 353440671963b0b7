import type { InstalledPackage } from '../system/system-facts.ts';
import type { Resolution } from './resolve-packages.ts';
import { versionPattern } from './version-token.ts';

/**
 * Packages that another one succeeds under another name (`ntp` -> `ntpsec`) and whose configuration the owner had edited. The
 * successor's scripts carry what they find of them, so it has to be there before the successor is installed.
 * Another version number in the name (`php7.4-fpm`) is no such case: paths tell where those files go.
 */
export function findVanished(old: InstalledPackage[], resolutions: Resolution[]): InstalledPackage[] {
  return old.filter(each => {
    const successor = resolutions.find(one => one.old === each.name)?.new;
    if (!each.manual || successor === undefined || successor === each.name) return false;
    return versionPattern(successor) !== versionPattern(each.name) && editedConffiles(each).length > 0;
  });
}

/** Edited ones; of init scripts the manifest has the names only. */
export function editedConffiles(each: InstalledPackage): string[] {
  return Object.keys(each.conffiles).filter(path => !path.startsWith('/etc/init.d/'));
}

/**
 * Whether a kept path is state of a vanished package: a file of its own, or one beside it that bears its name
 * (/etc/ntp.keys, /var/lib/ntp/ntp.drift).
 */
export function isStateOf(path: string, owner: string | undefined, vanished: readonly string[]): boolean {
  if (owner !== undefined) return vanished.includes(owner);
  const folder = /^\/(etc|var\/lib|var\/log)\/([^/]+)/.exec(path)?.[2];
  return folder !== undefined && vanished.some(name => name.length >= 3 && folder.startsWith(name));
}

/**
 * Stanzas for /var/lib/dpkg/status that say "removed, configuration files kept" (deb-conffiles(5), dpkg(1) "config-files"): then dpkg
 * and the scripts of successors know what the files at hand are.
 */
export function configFilesStanzas(packages: InstalledPackage[]): string {
  return packages
    .map(each =>
      [
        '',
        `Package: ${each.name}`,
        'Status: deinstall ok config-files',
        'Priority: optional',
        'Section: misc',
        'Maintainer: none <none@localhost>',
        `Architecture: ${each.architecture || 'all'}`,
        `Version: ${each.version}`,
        `Config-Version: ${each.version}`,
        'Conffiles:',
        ...Object.entries(each.conffiles)
          .filter(([path, md5]) => /^[0-9a-f]{32}$/.test(md5) && /^\/\S+$/.test(path))
          .map(([path, md5]) => ` ${path} ${md5}`),
        `Description: ${each.name}, of the old system`,
        '',
      ].join('\n'),
    )
    .join('');
}
