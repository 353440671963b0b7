import type { IndexEntry } from '../bag/index-entry.ts';

/** What the built-in decisions mean, for people (src/classify, src/detect). Rules of knowledge/ bring their own reason. */
const BUILT_IN: Record<string, string> = {
  'package/unchanged': 'files of packages, as shipped',
  'package/as-shipped': 'files of packages, touched but with the same content',
  'package/edited-conffile': 'configuration files of packages, edited',
  'package/referenced': 'configuration files of packages, as shipped, that edited ones name',
  'package/local': 'files of packages that no repository has',
  'package/modified': 'files of packages with other content than shipped',
  'package/attributes': 'files of packages whose mode, owner, attributes or ACL were changed',
  'owner/deleted': 'deleted by the owner; the deletion is kept',
  'unowned/mount': 'in a volume or a bind mount, no package ships it',
  'unowned/operation': 'made or changed during operation, no package ships it',
  'language/pip': 'of a Python package, as installed; pip installs it again',
  'language/npm': 'of a package of npm, as in its archive, which is kept',
  'language/gem': 'of a gem, as in its archive, which is kept',
  'language/archive': 'archives of packages of npm and gem, of which their files are unpacked again',
  'language/edited': 'of a package of a language, but not as installed',
  'language/kept': 'of a Python package of which other files were edited',
  'image/secret': 'secrets made when the image was built, lost by a rebuild',
  'image/secret-public': 'public halves of secrets that were made when the image was built',
  'image/build-step': 'made by build steps, which the Dockerfile in the archive repeats',
  'image/unowned': 'made when the image was built, no package ships it',
  'owner/include': 'perennial.yml includes it',
  'owner/exclude': 'perennial.yml excludes it',
  'owner/logs': 'logs that perennial.yml leaves out',
  'runtime/socket': 'sockets, made by the program that listens',
  'structure/link': 'links to something that is kept',
  'structure/parent': 'directories above what is kept',
  'export/raw': 'raw data beside their export',
  'payload/unreadable': 'could not be read',
  'engine/mount-point': 'places of mounts that are not archived',
};

/** Reason of each rule in words, as text: built in, of knowledge/ (`reasons`), or what the index says of one of its paths. */
export function ruleWords(
  rules: readonly string[],
  index: Iterable<Pick<IndexEntry, 'rule' | 'why'>>,
  reasons: Readonly<Record<string, string>>,
): Record<string, string> {
  const missing = new Set(rules.filter(rule => !BUILT_IN[rule] && !reasons[rule]));
  const said: Record<string, string> = {};
  if (missing.size > 0) for (const { rule, why } of index) if (missing.has(rule)) said[rule] ??= why;
  return Object.fromEntries(rules.map(rule => [rule, BUILT_IN[rule] ?? reasons[rule] ?? said[rule] ?? '']));
}
