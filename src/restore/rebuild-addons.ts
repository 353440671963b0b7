import type { IndexEntry } from '../bag/index-entry.ts';
import { isCarried } from '../bag/unpacked.ts';
import { decodeBytes, encodeBytes, printable } from '../system/byte-text.ts';
import { settleBuilt } from './built-anew.ts';
import type { Journal } from './journal.ts';
import type { NewSystem } from './new-system.ts';
import type { Placement } from './placement.ts';

/** A native addon of Node: the outermost folder above its node_modules, and the innermost package. */
const ADDON = /^(\/.+?)\/node_modules\/(?:.+\/node_modules\/)?((?:@[^/]+\/)?[^/]+)\/.+\.node$/;
const NAME = /^(?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*$/i;
/** More are not tried: each is loaded by a program of its own. */
const MOST = 300;

/** Tries each path on stdin (they end with NUL), and prints it with a tab and what Node says where it does not load. */
const TRY = `xargs -0 -r -n 1 sh -c '[ -e "$1" ] || exit 0
said=$(timeout 20 node -e "$LOAD" "$1" 2>/dev/null | tail -n 1)
[ -z "$said" ] || printf "%s\\t%s\\n" "$1" "$said"' sh`;
const LOAD =
  'try { process.dlopen({ exports: {} }, process.argv[1]) } catch (e) { console.log(String(e.message).replace(/\\s+/g, " ").slice(0, 300)) }';

/** What says that an addon was made for another Node or system library, not for another kind of machine or by another name. */
const OUTDATED = /NODE_MODULE_VERSION|did not self-register|undefined symbol|cannot open shared object file/;
const OTHER_MACHINE = /musl/;

/**
 * From source, since else node-pre-gyp finds what is there already installed, and others fetch a program of somebody's (the options of both
 * have this name); where there is no source, as npm does it by itself. The folders on stdin (ending with NUL) are again as they were where that fails, since
 * node-gyp begins by removing what was built.
 */
const REBUILD = `cache=$(mktemp -d)
trap 'rm -rf "$cache"' EXIT
export npm_config_cache="$cache" npm_config_devdir="$cache/gyp" npm_config_update_notifier=false npm_config_audit=false
if [ -z "\${npm_config_nodedir:-}" ] && [ "$(command -v node)" = /usr/bin/node ] && [ -e /usr/include/node/node_version.h ]; then
  export npm_config_nodedir=/usr # headers of a package: node-gyp would fetch some
fi
tar --create --file="$cache/before.tar" --null --verbatim-files-from --files-from=-
again() { tar --extract --file="$cache/before.tar" --preserve-permissions; }
code=0
{
  timeout 1800 npm rebuild --foreground-scripts --build-from-source "$@" || {
    again
    timeout 1800 npm rebuild --foreground-scripts "$@" || { code=$?; again; }
  }
} >"$cache/log" 2>&1 </dev/null
tail -n 40 "$cache/log"
exit "$code"
`;

/**
 * Has npm build native addons again that do not load in today's Node, whether their packages were kept whole or unpacked. It runs as
 * the owner of each folder of packages; nothing of it stops a restore.
 */
export async function rebuildAddons(
  system: NewSystem,
  index: ReadonlyMap<string, IndexEntry>,
  placements: ReadonlyMap<string, Placement>,
  journal: Journal,
): Promise<void> {
  const addons = [...placements].flatMap(([old, placement]) => {
    const entry = index.get(old);
    const isFile = entry?.kind === 'file' && isCarried(entry) && placement.action === 'lay';
    return isFile && ADDON.test(placement.path) ? [placement.path] : [];
  });
  if (addons.length === 0) return;
  if (addons.length > MOST)
    journal.look('packages', `${addons.length - MOST} native addons of Node were not tried`, `only ${MOST} are`, RULE);
  const outdated = await findOutdated(system, addons.slice(0, MOST), journal);
  for (const [home, paths] of Map.groupBy(outdated.keys(), path => ADDON.exec(path)![1]!)) {
    for (const [name, own] of Map.groupBy(paths, path => ADDON.exec(path)![2]!))
      if (NAME.test(name))
        await rebuildOne(system, { home, name, paths: own, before: outdated.get(own[0]!)! }, journal);
    await settleBuilt(system, index, placements, `${home}/node_modules`, journal);
  }
}

interface Outdated {
  home: string;
  name: string;
  /** Its addons that do not load. */
  paths: string[];
  /** What Node says of the first. */
  before: string;
}

async function rebuildOne(system: NewSystem, { home, name, paths, before }: Outdated, journal: Journal): Promise<void> {
  const { code, said } = await rebuild(system, home, name, paths);
  const still = await findOutdated(system, paths, journal);
  if (code === 0 && still.size === 0) {
    const why = `it was made for another Node: ${before}`;
    journal.done('packages', `built again for today's Node in ${printable(home)}: ${name}`, why, RULE, said);
    return;
  }
  const reason = said.split('\n').findLast(line => /ERR! stack Error: |: not found$|\berror: /.test(line)) ?? before;
  const what = `${name} in ${printable(home)} cannot be loaded by today's Node, and npm could not build it again`;
  journal.look('packages', what, printable(reason), RULE, said);
}

const RULE = 'language/rebuild';

/** Path -> what Node says of it. */
async function findOutdated(system: NewSystem, paths: string[], journal: Journal): Promise<Map<string, string>> {
  const outdated = new Map<string, string>();
  if ((await system.target.exec(['sh', '-c', 'command -v node'], { allowFailure: true })).code !== 0) {
    journal.look('packages', 'there is no node that could load the native addons', paths.slice(0, 3).join(', '), RULE);
    return outdated;
  }
  for (const [owner, each] of Map.groupBy(paths, path => ownerOf(system, ADDON.exec(path)![1]!))) {
    const options = { user: owner, env: { LOAD }, input: nulEnded(each), allowFailure: true };
    const { stdout } = await system.target.exec(['sh', '-c', TRY], options);
    for (const line of decodeBytes(stdout).split('\n')) {
      const [path, said] = line.split('\t');
      if (path && said && each.includes(path) && OUTDATED.test(said) && !OTHER_MACHINE.test(said))
        outdated.set(path, printable(said));
    }
  }
  return outdated;
}

/** @returns npm's exit code, and the end of what it said */
async function rebuild(system: NewSystem, home: string, name: string, paths: string[]) {
  const isGlobal = home.endsWith('/lib') && !system.has(`${home}/package.json`);
  const where = isGlobal ? ['--global', `--prefix=${home.slice(0, -4)}`] : [];
  const end = `/node_modules/${name}/`;
  const folders = new Set(paths.map(path => path.slice(home.length + 1, path.lastIndexOf(end) + end.length - 1)));
  const argv = ['sh', '-c', REBUILD, 'sh', ...where, '--', name];
  const options = { user: ownerOf(system, home), workdir: home, input: nulEnded(folders), allowFailure: true };
  const { code, stdout, stderr } = await system.target.exec(argv, options);
  system.touch();
  return { code, said: `${stdout}${stderr}`.trim() };
}

function nulEnded(paths: Iterable<string>): Buffer {
  return encodeBytes([...paths].map(path => `${path}\0`).join(''));
}

/** `UID:GID` of a folder of packages: nobody else writes into it. */
function ownerOf(system: NewSystem, home: string): string {
  const folder = system.entries().get(`${home}/node_modules`);
  return folder ? `${folder.uid}:${folder.gid}` : '0';
}
