import * as core from '@actions/core';
import { PerennialError } from '../errors.ts';
import { type RestoreInputs, restoreInputs } from './inputs.ts';

/* Inputs of the actions of a drill; names and defaults are those of drill/**\/action.yml. */

export interface FindInputs {
  archives: string[];
  githubToken: string;
  repository: string;
}

export interface DrillInputs {
  /** Name in history and issues. */
  archive: string;
  /** Unique; of the container and the artifact with the result. */
  id: string;
  branch: string;
  restore: RestoreInputs;
}

export interface ReportInputs {
  /** JSON of the targets that drill/find gave. */
  archives: string;
  branch: string;
  issues: boolean;
  githubToken: string;
  repository: string;
}

/** Inputs of drill/find/action.yml. */
export function findInputs(): FindInputs {
  return {
    archives: core.getMultilineInput('archives'),
    githubToken: token(),
    repository: core.getInput('repository') || here(),
  };
}

/** Inputs of drill/action.yml. */
export function drillInputs(): DrillInputs {
  const id = core.getInput('id', { required: true });
  if (!/^[a-z0-9-]+$/.test(id))
    throw new PerennialError('bad-input', `The input id is "${id}"`, { hint: 'Take it from drill/find.' });
  const restore = restoreInputs({ name: `drill-${id}`, keep: false });
  return { archive: core.getInput('archive', { required: true }), id, branch: core.getInput('branch'), restore };
}

/** Inputs of drill/report/action.yml. */
export function reportInputs(): ReportInputs {
  return {
    archives: core.getInput('archives', { required: true }),
    branch: core.getInput('branch', { required: true }),
    issues: core.getBooleanInput('issues'),
    githubToken: token(),
    repository: core.getInput('repository') || here(),
  };
}

function token(): string {
  const value = core.getInput('github-token', { required: true });
  core.setSecret(value);
  return value;
}

function here(): string {
  return process.env.GITHUB_REPOSITORY ?? '';
}
