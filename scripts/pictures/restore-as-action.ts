import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../command.ts';
import { ROOT } from '../provision/paths.ts';

/**
 * Runs the restore action as a runner does: inputs with their defaults as environment, a file for the summary.
 * @param bag packed archive, relative to `folder`, as the summary shows it
 * @param name of the new container, which is removed again
 * @param folder for the summary and the report
 * @returns the files that it left: the summary's Markdown, and the folder of the report
 * @throws Error with what the action printed, when it fails
 */
export function restoreAsAction(bag: string, name: string, folder: string): { summary: string; report: string } {
  const summary = join(folder, 'summary.md');
  const report = join(folder, 'report');
  for (const file of ['summary.md', 'output']) writeFileSync(join(folder, file), '');
  const given = {
    bag,
    name,
    report,
    base: 'debian:trixie',
    keep: 'false',
    'upload-report': 'false',
    'github-token': '',
  };
  const env = {
    ...process.env,
    ...inputEnvironment(given),
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: join(folder, 'output'),
    RUNNER_TEMP: folder,
  };
  run(process.execPath, [join(ROOT, 'dist/restore.js')], { env, cwd: folder });
  return { summary, report };
}

/** Inputs as @actions/core reads them: INPUT_NAME, in upper case, spaces as `_`. */
function inputEnvironment(given: Record<string, string>): Record<string, string> {
  const { inputs } = parse(readFileSync(join(ROOT, 'restore/action.yml'), 'utf8'));
  const names = Object.keys(inputs);
  return Object.fromEntries(
    names.map(name => [`INPUT_${name.toUpperCase()}`, given[name] ?? String(inputs[name].default ?? '')]),
  );
}
