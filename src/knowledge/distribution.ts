import * as v from 'valibot';
import { parse } from 'yaml';
import { PerennialError } from '../errors.ts';
import type { OsRelease } from '../system/system-facts.ts';

const day = v.pipe(v.string(), v.isoDate());

const distributionSchema = v.strictObject({
  /** `ID` of os-release. */
  id: v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/)),
  name: v.string(),
  source: v.pipe(v.string(), v.startsWith('https://')),
  /** Image reference with `{version}` or `{codename}` in it. */
  image: v.pipe(v.string(), v.regex(/\{(version|codename)\}/)),
  /** Oldest first. */
  releases: v.pipe(
    v.array(
      v.strictObject({
        /** `VERSION_ID` of os-release. */
        version: v.string(),
        codename: v.pipe(v.string(), v.regex(/^[a-z]+$/)),
        released: day,
        /** Last day of support. */
        until: day,
        /** Suite of security updates where it is not `<codename>-security`. */
        security: v.optional(v.string()),
      }),
    ),
    v.minLength(1),
    v.check(list => list.every((one, at) => at === 0 || list[at - 1]!.released < one.released), 'oldest release first'),
  ),
});

/** A distribution and the sequence of its releases (knowledge/bases/*.yml). */
export type Distribution = v.InferOutput<typeof distributionSchema>;
export type Release = Distribution['releases'][number];

/** Parses one entry; its id has to be the name of its file. Throws `config-invalid` naming file and field. */
export function parseDistribution(text: string, file: string): Distribution {
  const parsed = v.safeParse(distributionSchema, parse(text));
  if (!parsed.success) {
    const issue = parsed.issues[0];
    throw new PerennialError('config-invalid', `bases/${file}: ${v.getDotPath(issue) ?? ''}: ${issue.message}`);
  }
  if (file !== `${parsed.output.id}.yml`) {
    throw new PerennialError('config-invalid', `bases/${file}: the id is ${parsed.output.id}`);
  }
  return parsed.output;
}

/** The release of an os-release, by version or code name; undefined for one that is not listed (testing, interim). */
export function findRelease(
  distribution: Distribution,
  os: { versionId: string; codename: string },
): Release | undefined {
  return distribution.releases.find(
    ({ version, codename }) => version === os.versionId || (os.codename !== '' && codename === os.codename),
  );
}

/** The newest release that is out on a day (and that is stable, as only such are listed). */
export function newestRelease(distribution: Distribution, today: Date): Release {
  const date = today.toISOString().slice(0, 10);
  return distribution.releases.findLast(({ released }) => released <= date) ?? distribution.releases[0]!;
}

/** Releases after `from` and before `to`, oldest first: those that an upgrade would have gone through. */
export function releasesBetween(distribution: Distribution, from: Release, to: Release): Release[] {
  return distribution.releases.filter(({ released }) => released > from.released && released < to.released);
}

/**
 * Where an old system stands on the way to a base of the same distribution; undefined for another distribution, and for releases that are
 * not listed.
 */
export function wayOfReleases(
  distributions: readonly Distribution[],
  old: OsRelease,
  base: OsRelease,
): { first: Release; between: Release[]; last: Release } | undefined {
  const distribution = distributions.find(({ id }) => id === base.id && id === old.id);
  const first = distribution && findRelease(distribution, old);
  const last = distribution && findRelease(distribution, base);
  return first && last && { first, between: releasesBetween(distribution, first, last), last };
}

export function isSupported(release: Release, today: Date): boolean {
  return today.toISOString().slice(0, 10) <= release.until;
}

/** The image of a release, e.g. `debian:trixie`. */
export function imageOf(distribution: Distribution, release: Release): string {
  return distribution.image.replace('{version}', release.version).replace('{codename}', release.codename);
}

/**
 * The image to restore on when nobody names one: the newest stable release of the same distribution.
 * Throws `base-unknown` for a distribution that is not in the knowledge base.
 */
export function defaultBase(
  distributions: Distribution[],
  os: { id: string; prettyName: string },
  today: Date,
): string {
  const distribution = distributions.find(({ id }) => id === os.id);
  if (!distribution) {
    throw new PerennialError('base-unknown', `No base image is known for ${os.prettyName || os.id || 'this system'}`, {
      hint: 'Name one with --base (the input `base` of the action).',
    });
  }
  return imageOf(distribution, newestRelease(distribution, today));
}

/**
 * The image of the very release that a system ran, to prove an archive on. Throws `base-unknown` for a release that is not
 * in the knowledge base.
 */
export function sameBase(
  distributions: Distribution[],
  os: { id: string; versionId: string; codename: string; prettyName: string },
): string {
  const distribution = distributions.find(({ id }) => id === os.id);
  const release = distribution && findRelease(distribution, os);
  if (distribution && release) return imageOf(distribution, release);
  throw new PerennialError('base-unknown', `No base image is known for ${os.prettyName || os.id || 'this system'}`, {
    hint: 'Name one with --base.',
  });
}
