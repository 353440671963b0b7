import { resolveStages, type StageReport } from './dockerfile-stages.ts';
import { type DockerfileText, parseDockerfile } from './dockerfile-text.ts';
import type { Substitution } from './path-substitution.ts';
import type { Resolution } from './resolve-packages.ts';
import { rewritePaths, rewriteReleaseNames, rewriteVersions } from './rewrite-dockerfile-paths.ts';
import { PackageWordRewriter } from './rewrite-package-words.ts';
import { applyEdits, type LineChange, type TextEdit } from './text-edits.ts';
import type { PackageOf } from './version-words.ts';

/** A whole word to replace: a name, a path, a service. */
export interface Replacement {
  from: string;
  to: string;
}

export interface RewriteRequest {
  /** Image that the final stage is to stand on. */
  base: string;
  /** Values that were given at build time. */
  buildArgs?: Record<string, string>;
  /** For the package names that the file uses (see dockerfilePackages). */
  resolutions: Resolution[];
  /** Version numbers in names and paths. */
  substitutions?: Substitution[];
  /** Whose programs have versions for arguments. */
  packageOf?: PackageOf;
  /** Other names and paths that changed. */
  replacements?: Replacement[];
  /** Release names, to rewrite additional package sources (`deb ... bullseye-backports main`). */
  codenames?: { old: string; new: string };
  /** Another image that counts as the old base too. */
  oldBase?: string;
}

export interface RewrittenDockerfile {
  text: string;
  changes: LineChange[];
  /** The image that the final stage stood on. */
  finalBase: string;
  stages: StageReport[];
  /** To build with: a version number that was given as a build argument moves too. */
  buildArgs: Record<string, string>;
}

/**
 * Rewrites an old Dockerfile for a new base: the final stage's FROM (and every other on the same image), package names and
 * pins in apt commands, versioned names and paths. All else stays byte for byte. Pure.
 * Throws `bad-input` without a FROM, `base-unknown` when the final base cannot be told.
 */
export function rewriteDockerfile(text: string, request: RewriteRequest): RewrittenDockerfile {
  const whole = parseDockerfile(text);
  const buildArgs = request.buildArgs ?? {};
  const { finalBase, stages, fromEdits, moved } = rebase(whole, request);
  // A stage on another distribution keeps that one's package names.
  const docker = { ...whole, instructions: whole.instructions.filter(moved) };
  const words = new PackageWordRewriter(docker, request.resolutions, buildArgs, request.codenames);
  // The more specific first: of overlapping edits the first counts.
  const edits = [
    ...fromEdits,
    ...words.edits(),
    ...rewriteReleaseNames(docker, request.codenames),
    ...rewritePaths(docker, request.substitutions ?? [], request.replacements ?? []),
    ...rewriteVersions(docker, request.substitutions ?? [], request.packageOf ?? (() => undefined)),
  ];
  return { ...applyEdits(text, edits), finalBase, stages, buildArgs: words.newBuildArgs() };
}

/** Package names that the file's apt commands use, variables put in: what resolvePackages is to be asked for. */
export function dockerfilePackages(text: string, buildArgs: Record<string, string> = {}): string[] {
  return new PackageWordRewriter(parseDockerfile(text), [], buildArgs).names();
}

function rebase(docker: DockerfileText, request: RewriteRequest) {
  const { finalBase, resolved, roots } = resolveStages(docker, request.buildArgs ?? {});
  const isOld = (image: string) => image === finalBase || image === request.oldBase;
  const stages: StageReport[] = docker.stages.map(({ name, line, image }, at) => ({
    name,
    line,
    image: image.text,
    resolved: resolved[at]!,
    rebased: isOld(roots[at]!),
  }));
  const why = `the service moves from ${finalBase} to ${request.base}`;
  const fromEdits: TextEdit[] = docker.stages
    .filter((_, at) => isOld(resolved[at]!) && resolved[at] !== request.base)
    .map(({ image }) => ({ start: image.start, end: image.end, text: request.base, why }));
  const moved = ({ start }: { start: number }) => {
    const at = docker.stages.findLastIndex(({ image }) => image.start < start);
    return at >= 0 && stages[at]!.rebased;
  };
  return { finalBase, stages, fromEdits, moved };
}
