import { knownMoves } from './known-moves.ts';
import { mapPath } from './path-substitution.ts';
import type { Plan } from './plan.ts';

/** A folder or file that has another path today. */
export interface MovedPrefix {
  from: string;
  to: string;
}

/** Characters that mean the same in a regular expression's replacement, a file name and an option of tar. */
const PLAIN = /^[\w./@+~:-]+$/;
/** They stand in one variable of the environment. */
const MOST = 300;

/**
 * Where paths of a bag move, as few prefixes: `/etc/php/7.4` -> `/etc/php/8.4` says it for all that is below. The longest come first, so
 * that none moves what another one has moved. Paths with odd characters are left out.
 */
export async function movedPrefixes(
  paths: AsyncIterable<{ path: string; disposition: string }>,
  plan: Pick<Plan, 'differences' | 'substitutions'>,
): Promise<MovedPrefix[]> {
  const known = knownMoves(plan);
  const found = new Map<string, string>();
  if (plan.differences.length === 0 && plan.substitutions.length === 0) return [];
  for await (const { path, disposition } of paths)
    if (disposition !== 'leave' && place(path) !== path) addPrefixes(path);
  return [...found]
    .map(([from, to]) => ({ from, to }))
    .sort((a, b) => b.from.length - a.from.length || (a.from < b.from ? -1 : 1))
    .slice(-MOST);

  /** What knowledge moves, then versioned names. */
  function place(path: string): string {
    return mapPath(known(path) ?? path, plan.substitutions);
  }

  function addPrefixes(path: string): void {
    const parts = path.split('/');
    let above = '';
    for (let n = 2; n <= parts.length; n++) {
      const from = parts.slice(0, n).join('/');
      const to = place(from);
      if (to !== `${above}/${parts[n - 1]}` && PLAIN.test(`${from}${to}`)) found.set(from, to);
      above = to;
    }
  }
}

/** The same as expressions for sed -E and tar's --transform, for paths that begin with `./`, `/`, or neither. */
export function movesForSed(moves: readonly MovedPrefix[]): string[] {
  return moves.map(({ from, to }) => {
    const old = from.slice(1).replace(/[.+]/g, '\\$&');
    return `s,^(\\.?/?)${old}(/|$),\\1${to.slice(1)}\\2,`;
  });
}
