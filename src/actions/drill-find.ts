import * as core from '@actions/core';
import { drillTargets } from '../drill/drill-list.ts';
import { actionProgress } from './action-progress.ts';
import { type FindInputs, findInputs } from './drill-inputs.ts';
import { GithubApi } from './github-api.ts';
import { runAction } from './run-action.ts';

/** Finds the archives to drill; its output is the matrix of the next job. */
async function findDrills(inputs: FindInputs): Promise<void> {
  // Paths and references to stores need no look at the artifacts, and no permission for it.
  const named = inputs.archives.every(each => /[/:]/.test(each)) && inputs.archives.length > 0;
  const artifacts = named ? [] : await new GithubApi(inputs.githubToken, inputs.repository).listArtifacts();
  const targets = drillTargets(inputs.archives, artifacts);
  actionProgress.step(`${targets.length} archives: ${targets.map(each => each.archive).join(', ')}`);
  core.setOutput('archives', JSON.stringify(targets));
}

await runAction(async () => findDrills(findInputs()));
