import { tmpdir } from "node:os";
import { join } from "node:path";
import { mkdtemp, readFile } from "node:fs/promises";
// src/actions/runner.ts
/** A new folder in the runner's temporary directory, which is emptied at the beginning and the end of each job. */
async function makeRunnerFolder() {
	return mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), "perennial-"));
}
/** Who can read what this workflow uploads. `unknown`: the event does not tell. */
async function findAudience() {
	return audienceOf(await readFile(process.env.GITHUB_EVENT_PATH ?? "", "utf8").catch(() => "{}"));
}
/**
* From the event's payload (docs.github.com/webhooks/webhook-events-and-payloads: `repository.private`, `.visibility`).
* Internal repositories are read by everyone in an enterprise: these are others too.
*/
function audienceOf(payload) {
	const repository = repositoryOf(payload);
	const visibility = repository?.visibility ?? (repository?.private === true ? "private" : void 0);
	if (visibility === "private") return "collaborators";
	return visibility === void 0 && repository?.private === void 0 ? "unknown" : "others";
}
function repositoryOf(payload) {
	try {
		return JSON.parse(payload).repository;
	} catch {
		return;
	}
}
/** Address of this workflow run for people; empty outside of one. */
function runAddress() {
	const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = process.env;
	return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : "";
}
export { makeRunnerFolder as n, runAddress as r, findAudience as t };
