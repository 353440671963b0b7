import { t as DefaultArtifactClient } from "./chunk-artifact.js";
import { m as setOutput, u as info } from "./chunk-core.js";
import { c as ofArchive, l as parseHistory, r as recordOfResult, t as recordOfError } from "./chunk-record-of.js";
import { f as RestoreRecord } from "./chunk-docker-credentials.js";
import { i as actionProgress, s as logText } from "./chunk-run-action.js";
import { t as GithubApi } from "./chunk-github-api.js";
import { r as restoreWith, t as refuseOtherAnswers } from "./chunk-restore-service.js";
import { n as makeRunnerFolder, r as runAddress } from "./chunk-runner.js";
import { join } from "node:path";
import { writeFile } from "node:fs/promises";
// src/actions/run-drill.ts
/** File with the records of all drills, on a branch of its own. */
const HISTORY = "drills.ndjson";
/** Artifact with the record of one drill, for the job that reports. */
function recordName(id) {
	return `perennial-drill-${id}.json`;
}
/**
* One drill: a restore that leaves nothing, and the record of it as an artifact, also when it fails. The step fails when the
* archive does not come back as it was.
*/
async function runDrill(inputs) {
	const folder = await makeRunnerFolder();
	const started = performance.now();
	const place = () => ({
		archive: inputs.archive,
		at: (/* @__PURE__ */ new Date()).toISOString(),
		seconds: Math.round(performance.now() - started) / 1e3,
		run: runAddress()
	});
	const record = new RestoreRecord(actionProgress, { paths: true });
	const drillOf = (end) => "result" in end ? recordOfResult(place(), record, end.result) : recordOfError(place(), record, end.error);
	const earlier = await historyOf(inputs);
	const history = (end) => [...earlier, drillOf(end)];
	const result = await restoreWith(inputs.restore, folder, record, history).catch(async (error) => {
		await upload(folder, inputs.id, drillOf({ error }));
		throw error;
	});
	await upload(folder, inputs.id, drillOf({ result }));
	refuseOtherAnswers(result);
}
/** Earlier drills for the chart of the page; a drill does not fail for want of them. */
async function historyOf({ archive, branch, restore }) {
	if (branch === "" || restore.githubToken === "") return [];
	try {
		const api = new GithubApi(restore.githubToken, process.env.GITHUB_REPOSITORY ?? "");
		return ofArchive(parseHistory(await api.readFile(branch, HISTORY)), archive);
	} catch (error) {
		info(logText(`The history of drills cannot be read: ${error.message}`));
		return [];
	}
}
async function upload(folder, id, record) {
	setOutput("outcome", record.outcome);
	const file = join(folder, recordName(id));
	await writeFile(file, `${JSON.stringify(record)}\n`);
	await new DefaultArtifactClient().uploadArtifact(recordName(id), [file], folder, {
		skipArchive: true,
		retentionDays: 7
	});
}
export { recordName as n, runDrill as r, HISTORY as t };
