import type { WalkEntry } from '../detect/walk.ts';

/** An environment in which pip can install again at restore. */
export interface PythonEnvironment {
  /** The virtual environment, or /usr/local for the system's own Python. */
  root: string;
  /** `3.9`. */
  python: string;
}

/** What is needed of a system to say so. */
export interface PythonFacts {
  entry: (path: string) => WalkEntry | undefined;
  /** Whether an installed package of the distribution has this name. */
  isInstalled: (name: string) => boolean;
}

/** Nothing else may stand in a list of lines with tabs, and in a shell's word. */
const PLAIN_PATH = /^\/[\w./@+-]+$/;

/**
 * The environment of a folder of packages, or why pip cannot install into it at restore. Its Python has to be the distribution's: nobody
 * else brings one back.
 */
export function pythonEnvironment(folder: string, facts: PythonFacts): PythonEnvironment | string {
  const match = /^(.*)\/lib\/python(3\.\d+)\/(?:site|dist)-packages$/.exec(folder);
  if (!match) return 'it is in a folder of somebody’s choice';
  const [root, python] = [match[1]!, match[2]!];
  if (!PLAIN_PATH.test(root)) return 'its folder has an unusual name';
  if (facts.entry(`${root}/pyvenv.cfg`)) {
    if (!/^\/usr\/bin\/python3/.test(pythonOf(root, facts))) return 'its Python is not the distribution’s';
    return facts.isInstalled('python3-venv') ? { root, python } : 'there is no python3-venv to make it again';
  }
  if (root !== '/usr/local') return 'it is neither the system’s nor a virtual environment';
  if (facts.entry(`/usr/local/bin/python${python}`)) return 'its Python is not the distribution’s';
  return facts.isInstalled('python3-pip') ? { root, python } : 'there is no python3-pip to install it again';
}

/** Where an environment's python3 leads, links followed. */
function pythonOf(root: string, facts: PythonFacts): string {
  let path = `${root}/bin/python3`;
  for (let hops = 0; hops < 5; hops++) {
    const target = facts.entry(path)?.target;
    if (!target) break;
    path = target.startsWith('/') ? target : `${path.slice(0, path.lastIndexOf('/'))}/${target}`;
  }
  return path;
}
