import { probeFiles } from '../detect/probe.ts';
import type { NewSystem } from '../restore/new-system.ts';

/** A configuration file of a package that is installed today. */
export interface DefaultFile {
  path: string;
  sha256: string;
  /** Its content is what the package ships. */
  isShipped: boolean;
}

/** Reads the configuration files that today's packages list with a digest (deb-conffiles(5), ucf(1)); obsolete ones are nobody's. */
export async function readDefaults(system: NewSystem): Promise<DefaultFile[]> {
  const listed = [...system.packages].filter(
    ([path, each]) => each.conffile && each.digest && !each.obsolete && system.kindOf(path) === 'file',
  );
  const probes = await probeFiles(
    system.target,
    listed.map(([path]) => path),
    path => system.packages.get(path),
  );
  return listed.flatMap(([path, { digest }]) => {
    const probe = probes.get(path);
    return probe ? [{ path, sha256: probe.sha256, isShipped: probe.md5 === digest }] : [];
  });
}
