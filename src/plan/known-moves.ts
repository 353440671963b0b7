import type { Plan } from './plan.ts';

/** Where knowledge entries that apply move a path, or what lies below one; undefined where none does. */
export function knownMoves({ differences }: Pick<Plan, 'differences'>): (path: string) => string | undefined {
  const moves = differences.flatMap(each => Object.entries(each.difference.move ?? {}));
  return path => {
    const move = moves.find(([from]) => path === from || path.startsWith(`${from}/`));
    return move && move[1] + path.slice(move[0].length);
  };
}
