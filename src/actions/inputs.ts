import * as core from '@actions/core';
import { secretVariables } from '../classify/secrets.ts';
import { PerennialError } from '../errors.ts';
import { VERIFICATIONS, type Verification } from './verify-archive.ts';

/* The only place that reads inputs. Names and defaults are those of the action.yml files; a test compares them. */

export interface MainInputs {
  context: string;
  dockerfile: string;
  buildArgs: Record<string, string>;
  image: string;
  name: string;
  ports: string[];
  volumes: string[];
  env: Record<string, string>;
  runOptions: string[];
  start: string;
  readyPort: number | undefined;
  readyTimeout: number;
  config: string;
  archiveOn: 'always' | 'success';
  /** success, failure or cancelled: of the steps so far. */
  jobStatus: string;
  artifactName: string;
  retentionDays: number;
  keepContainer: boolean;
  verify: Verification;
  allowPlaintextSecrets: boolean;
  engine: string;
}

export interface ArchiveInputs {
  container: string;
  context: string;
  dockerfile: string;
  buildArgs: Record<string, string>;
  start: string;
  config: string;
  baseline: string;
  artifactName: string;
  retentionDays: number;
  upload: boolean;
  verify: Verification;
  allowPlaintextSecrets: boolean;
  engine: string;
}

export interface RestoreInputs {
  bag: string;
  artifact: string;
  runId: number | undefined;
  githubToken: string;
  repository: string;
  name: string;
  base: string;
  smoke: string;
  keep: boolean;
  report: string;
  uploadReport: boolean;
  engine: string;
}

/** Inputs of the root action. @throws PerennialError `bad-input` naming the input */
export function mainInputs(): MainInputs {
  const inputs: MainInputs = {
    context: core.getInput('context'),
    dockerfile: core.getInput('dockerfile'),
    buildArgs: pairs('build-args'),
    image: core.getInput('image'),
    name: core.getInput('name'),
    ports: core.getMultilineInput('ports'),
    volumes: core.getMultilineInput('volumes'),
    env: pairs('env'),
    runOptions: core.getMultilineInput('run-options'),
    start: core.getInput('start'),
    readyPort: number('ready-port'),
    readyTimeout: number('ready-timeout') ?? 60,
    config: core.getInput('config'),
    archiveOn: oneOf('archive-on', ['always', 'success']),
    jobStatus: core.getInput('job-status'),
    artifactName: core.getInput('artifact-name'),
    retentionDays: number('retention-days') ?? 0,
    keepContainer: core.getBooleanInput('keep-container'),
    verify: oneOf('verify', VERIFICATIONS),
    allowPlaintextSecrets: core.getBooleanInput('allow-plaintext-secrets'),
    engine: core.getInput('engine'),
  };
  if (!inputs.context && !inputs.image) {
    throw new PerennialError('bad-input', 'Neither `context` nor `image` is given', {
      hint: 'Name the folder of the Dockerfile, or the image to start.',
    });
  }
  return inputs;
}

/** Inputs of archive/action.yml. */
export function archiveInputs(): ArchiveInputs {
  return {
    container: core.getInput('container', { required: true }),
    context: core.getInput('context'),
    dockerfile: core.getInput('dockerfile'),
    buildArgs: pairs('build-args'),
    start: core.getInput('start'),
    config: core.getInput('config'),
    baseline: core.getInput('baseline'),
    artifactName: core.getInput('artifact-name'),
    retentionDays: number('retention-days') ?? 0,
    upload: core.getBooleanInput('upload'),
    verify: oneOf('verify', VERIFICATIONS),
    allowPlaintextSecrets: core.getBooleanInput('allow-plaintext-secrets'),
    engine: core.getInput('engine'),
  };
}

/**
 * Inputs of restore/action.yml. The token is masked in the log.
 * @param fixed what a drill, which has the other inputs too, does not leave to its user
 */
export function restoreInputs(fixed: Partial<Pick<RestoreInputs, 'name' | 'keep'>> = {}): RestoreInputs {
  const githubToken = core.getInput('github-token');
  if (githubToken) core.setSecret(githubToken);
  const inputs: RestoreInputs = {
    bag: core.getInput('bag'),
    artifact: core.getInput('artifact'),
    runId: number('run-id'),
    githubToken,
    repository: core.getInput('repository'),
    name: fixed.name ?? core.getInput('name'),
    base: core.getInput('base'),
    smoke: core.getInput('smoke'),
    keep: fixed.keep ?? core.getBooleanInput('keep'),
    report: core.getInput('report'),
    uploadReport: core.getBooleanInput('upload-report'),
    engine: core.getInput('engine'),
  };
  if ((inputs.bag === '') === (inputs.artifact === '')) {
    throw new PerennialError('bad-input', 'Give either `bag` or `artifact`', {
      hint: '`bag` is a path on the runner, `artifact` the name of a workflow artifact.',
    });
  }
  return inputs;
}

/** NAME=value lines. Values that are secrets by their name are masked in the log from here on. */
function pairs(name: string): Record<string, string> {
  const values = parsePairs(name);
  for (const secret of secretVariables(values)) core.setSecret(values[secret]!);
  return values;
}

function parsePairs(name: string): Record<string, string> {
  return Object.fromEntries(
    core.getMultilineInput(name).map(line => {
      const at = line.indexOf('=');
      if (at <= 0)
        throw new PerennialError(
          'bad-input',
          `The input ${name} has a line that is not NAME=value`, // the line itself may be a secret
        );
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

function number(name: string): number | undefined {
  const text = core.getInput(name);
  if (text === '') return undefined;
  if (!/^\d+$/.test(text)) throw new PerennialError('bad-input', `The input ${name} is "${text}", not a number`);
  return Number(text);
}

function oneOf<T extends string>(name: string, values: readonly T[]): T {
  const text = core.getInput(name);
  const found = values.find(value => value === text);
  if (found === undefined)
    throw new PerennialError('bad-input', `The input ${name} is "${text}"`, { hint: `Use ${values.join(' or ')}.` });
  return found;
}
