import { parseDockerfile } from './dockerfile-text.ts';
import { rewriteDockerfile } from './rewrite-dockerfile.ts';

/** Build argument that chooses the base of a bag's Dockerfile. */
export const BASE_ARGUMENT = 'PERENNIAL_BASE';

/**
 * A Dockerfile whose base image is a build argument, with the old one as its default; all else stays byte for byte. Pure.
 * Throws `bad-input` without a FROM, `base-unknown` when the final stage's base cannot be told.
 */
export function withBaseArgument(text: string, buildArgs: Record<string, string>): { text: string; base: string } {
  const rewritten = rewriteDockerfile(text, { base: `\${${BASE_ARGUMENT}}`, buildArgs, resolutions: [] });
  const from = parseDockerfile(rewritten.text).instructions.find(each => each.keyword === 'FROM')!.start;
  const line = `ARG ${BASE_ARGUMENT}=${rewritten.finalBase}\n`;
  return { text: rewritten.text.slice(0, from) + line + rewritten.text.slice(from), base: rewritten.finalBase };
}
