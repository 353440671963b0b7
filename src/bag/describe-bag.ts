import type { Fixity } from './bagit.ts';
import type { Manifest } from './manifest.ts';
import { readmeText } from './readme-text.ts';
import { roCrate } from './ro-crate.ts';
import { sbom } from './sbom.ts';
import { stableJson } from './stable-json.ts';

/**
 * The files that tell others what a bag is: README.md for a person, ro-crate-metadata.json for a repository, sbom.cdx.json for a scanner.
 * `files` is what the bag holds so far. Returns path -> text.
 */
export function describeBag(manifest: Manifest, files: ReadonlyMap<string, Fixity>): Map<string, string> {
  return new Map([
    ['README.md', readmeText(manifest, files)],
    ['ro-crate-metadata.json', `${stableJson(roCrate(manifest, files))}\n`],
    ['sbom.cdx.json', `${stableJson(sbom(manifest))}\n`],
  ]);
}
