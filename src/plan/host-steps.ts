import { parseDockerfile } from './dockerfile-text.ts';

/** Flags of RUN that loosen what keeps a build step from this machine (docs.docker.com, Dockerfile reference). */
const HOST_FLAG = /--(security|network|device)(=|[ \t]+)(?!(sandbox|none|default)\b)[^\s\\]*/i;

/**
 * Steps of a Dockerfile that ask for rights over the machine that builds, as `line N: RUN --security=insecure`. Pure.
 * Engines refuse them by themselves unless somebody has allowed them for other builds.
 * Throws `bad-input` when it is no Dockerfile.
 */
export function hostSteps(dockerfile: string): string[] {
  return parseDockerfile(dockerfile).instructions.flatMap(({ keyword, start, body }) => {
    const flag = HOST_FLAG.exec(dockerfile.slice(start, body.end))?.[0];
    if (keyword !== 'RUN' || flag === undefined || !isFlag(dockerfile.slice(start, body.end), flag)) return [];
    return [`line ${dockerfile.slice(0, start).split('\n').length}: RUN ${flag}`];
  });
}

/** Flags stand before the command: a program's own option of that name is none. */
function isFlag(step: string, flag: string): boolean {
  const before = step.slice(0, step.indexOf(flag)).replace(/^(ONBUILD\s+)?RUN/i, '');
  return before.split(/[\s\\]+/).every(word => word === '' || word.startsWith('--'));
}
