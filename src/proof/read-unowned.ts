import { type FindRule, ruleFinder } from '../classify/rule.ts';
import { readRules } from '../knowledge/read-rules.ts';
import type { NewSystem } from '../restore/new-system.ts';
import { decodeBytes } from '../system/byte-text.ts';

/** Links that the package manager makes for services of packages; without an init they start nothing (sysv-rc, systemd.unit(5)). */
const START_LINKS = /^\/etc\/(rc[0-9S]\.d\/|systemd\/)/;

/**
 * Files and links in /etc that no package has and no program makes again by itself. What is new there makes another service of it: a
 * crontab, a site, a drop-in.
 */
export async function readUnowned(system: NewSystem): Promise<string[]> {
  const findRule = ruleFinder(await readRules());
  const list = ['find', '/etc', '(', '-type', 'f', '-o', '-type', 'l', ')', '-printf', '%y%p\\0%l\\0'];
  const { stdout } = await system.target.exec(list, { allowFailure: true }); // what goes meanwhile is not listed
  const words = decodeBytes(stdout).split('\0');
  const found = Array.from({ length: Math.floor(words.length / 2) }, (_, n) => ({
    isLink: words[2 * n]!.startsWith('l'),
    path: words[2 * n]!.slice(1),
    target: words[2 * n + 1]!,
  }));
  return found.filter(each => isUnowned(each, system, findRule)).map(each => each.path);
}

function isUnowned(
  { isLink, path, target }: { isLink: boolean; path: string; target: string },
  system: NewSystem,
  findRule: FindRule,
): boolean {
  if (system.packages.has(system.canonical(path))) return false;
  if (isLink && START_LINKS.test(path) && system.packages.has(system.followLink(path))) return false;
  const rule = findRule(path, isLink ? 'symlink' : 'file', target);
  return rule?.action !== 'leave';
}
