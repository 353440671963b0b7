import type { ImageFacts } from '../engine/engine.ts';
import type { ImageSettings } from './generate-dockerfile.ts';
import { mapPath, rewriteText, type Substitution } from './path-substitution.ts';
import { type PackageOf, rewriteVersionArguments } from './version-words.ts';

/** What a generated Dockerfile repeats of the old image: everything but its PATH, which the base has of its own. */
export function imageSettings(image: ImageFacts | null): ImageSettings {
  const { PATH: _, ...env } = image?.env ?? {};
  return {
    entrypoint: image?.entrypoint ?? [],
    cmd: image?.command ?? [],
    env,
    expose: image?.exposed ?? [],
    volumes: image?.volumes ?? [],
    workdir: image?.workdir ?? '',
    user: image?.user ?? '',
    ...(image?.health ? { health: image.health } : {}),
  };
}

/** The settings with the names and versions of today. */
export function settingsToday(
  settings: ImageSettings,
  substitutions: Substitution[],
  packageOf: PackageOf,
): ImageSettings {
  const argv = (words: readonly string[] = []) => argumentsToday(words, substitutions, packageOf);
  const env = Object.entries(settings.env ?? {}).map(([name, value]) => [name, rewriteText(value, substitutions).text]);
  return {
    ...settings,
    entrypoint: argv(settings.entrypoint),
    cmd: argv(settings.cmd),
    env: Object.fromEntries(env),
    volumes: (settings.volumes ?? []).map(path => mapPath(path, substitutions)),
    workdir: mapPath(settings.workdir ?? '', substitutions),
    ...(settings.health ? { health: { ...settings.health, test: argv(settings.health.test) } } : {}),
  };
}

/** A command with the names and versions of today, argument by argument. */
export function argumentsToday(argv: readonly string[], substitutions: Substitution[], packageOf: PackageOf): string[] {
  const named = argv.map(word => rewriteText(word, substitutions).text);
  return rewriteVersionArguments(named, substitutions, packageOf);
}
