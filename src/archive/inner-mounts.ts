import { decodeBytes } from '../system/byte-text.ts';
import type { Target } from '../system/target.ts';

export interface MountPolicy {
  destination: string;
  kept: boolean;
  why: string;
}

/** What every container has mounted by its engine or kernel. */
const USUAL =
  /^\/($|(proc|sys|dev|run)(\/|$)|etc\/(hosts|hostname|resolv\.conf)$|sbin\/docker-init$|usr\/bin\/init$|\.dockerinit$)/;

/**
 * File systems that were mounted inside a running container, which the engine knows nothing of (a FUSE, NFS or loop mount): a walk does not
 * enter them, so their policy has to be stated. Empty where the target does not tell.
 * @param known the mounts that the engine reports
 */
export async function findInnerMounts(target: Target, known: readonly MountPolicy[]): Promise<MountPolicy[]> {
  const { code, stdout } = await target.exec(['cat', `/proc/${target.isBeside ? 1 : 'self'}/mountinfo`], {
    allowFailure: true,
  });
  return code === 0 ? parseInnerMounts(decodeBytes(stdout), known) : [];
}

/** Lines of /proc/PID/mountinfo (proc_pid_mountinfo(5)): the fifth field is the place, with octal escapes; after ` - ` comes the type. */
export function parseInnerMounts(text: string, known: readonly MountPolicy[]): MountPolicy[] {
  const places = new Set(known.map(each => each.destination));
  const found = new Map<string, MountPolicy>();
  for (const line of text.split('\n')) {
    const destination = unescapeOctal(line.split(' ')[4] ?? '');
    const type = / - (\S+)/.exec(line)?.[1];
    if (!destination || !type || USUAL.test(destination) || places.has(destination)) continue;
    const why = `a file system of type ${type} that was mounted inside the container: it is not entered`;
    found.set(destination, { destination, kept: false, why });
  }
  return [...found.values()];
}

function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
