import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolEnv } from '../../scripts/provision/paths.ts';
import type { ArtifactService } from './artifact-service/artifact-service.ts';

export interface WorkflowRun {
  /** Workflow file, relative to `repository`. */
  workflow: string;
  /** Git checkout whose working tree is what `actions/checkout` gives the jobs. */
  repository: string;
  artifacts: ArtifactService;
  /** GITHUB_RUN_ID; artifacts belong to it. */
  runId: string;
  /** `inputs` of workflow_dispatch. */
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  /** Secrets of the repository, beside GITHUB_TOKEN. */
  secrets?: Record<string, string>;
  /** Folders that stand for actions of other repositories: `OWNER/NAME@REF` -> folder. */
  actions?: Record<string, string>;
  /** Seconds; default 900. */
  timeout?: number;
}

/**
 * Runs a workflow for real: `act` executes every job on this machine (no job container, so nothing is pulled), takes
 * `actions/checkout` for a copy of the working tree, and finds Node 24 in PATH for `using: node24`.
 * Gives the exit code, 0 when every job succeeded, and the whole log.
 */
export async function runWorkflow(run: WorkflowRun): Promise<{ code: number; log: string }> {
  const cache = mkdtempSync(join(tmpdir(), 'act-'));
  try {
    return await collect('act', actArguments(run, cache), run);
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
}

function actArguments(run: WorkflowRun, cache: string): string[] {
  const env = { GITHUB_REPOSITORY: 'perennial/e2e', ...run.artifacts.environment(run.runId), ...run.env };
  return [
    'workflow_dispatch',
    ...['--workflows', run.workflow],
    ...['--platform', 'ubuntu-latest=-self-hosted'],
    ...['--action-cache-path', cache],
    ...['--no-cache-server', '--action-offline-mode', '--rm'],
    ...Object.entries({ GITHUB_TOKEN: 'e2e-token', ...run.secrets }).flatMap(([name, value]) => [
      '--secret',
      `${name}=${value}`,
    ]),
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...Object.entries(run.actions ?? {}).flatMap(([uses, folder]) => ['--local-repository', `${uses}=${folder}`]),
    ...Object.entries(run.inputs ?? {}).flatMap(([name, value]) => ['--input', `${name}=${value}`]),
  ];
}

function collect(program: string, args: string[], run: WorkflowRun): Promise<{ code: number; log: string }> {
  const child = spawn(program, args, { cwd: run.repository, env: toolEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const add = (chunk: Buffer) => {
    log += chunk.toString();
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const timer = setTimeout(() => child.kill('SIGTERM'), (run.timeout ?? 900) * 1000);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code => {
      clearTimeout(timer);
      resolve({ code: code ?? 128, log });
    });
  });
}
