import { u as info } from "./chunk-core.js";
import { i as actionProgress, s as logText } from "./chunk-run-action.js";
import { r as runAddress, t as findAudience } from "./chunk-runner.js";
import { n as bagFolderName } from "./chunk-bag-file-name.js";
import { n as PAGE, t as findCredentials } from "./chunk-docker-credentials.js";
import { s as patience } from "./chunk-store-errors.js";
import { t as DefaultArtifactClient } from "./chunk-artifact.js";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyFile, mkdtemp } from "node:fs/promises";
// src/actions/action-stores.ts
/** What stores need to know, from inputs and from what the runner tells of this run. */
async function actionStores(inputs) {
	const { env } = process;
	const audience = await findAudience();
	return {
		github: {
			apiUrl: env.GITHUB_API_URL || "https://api.github.com",
			token: inputs.githubToken,
			repository: env.GITHUB_REPOSITORY ?? "",
			runId: Number(env.GITHUB_RUN_ID) || void 0,
			readers: audience
		},
		registry: (host) => registryCredentials(host, inputs.githubToken),
		retentionDays: inputs.retentionDays ?? 0,
		defaultRetentionDays: Number(env.GITHUB_RETENTION_DAYS) || void 0,
		patience,
		progress: actionProgress
	};
}
/** A login step before this one comes first; GitHub's own registry takes the job's token (`packages: write`). */
async function registryCredentials(host, token) {
	return await findCredentials(host) ?? (host === "ghcr.io" && token ? {
		user: "x-access-token",
		password: token
	} : void 0);
}
// src/actions/upload-report.ts
/** Jobs of a matrix restore under one name: the second page gets a number. */
const TRIES = 9;
/**
* Uploads the page of a report as a workflow artifact of one plain file, which a browser shows without unpacking anything.
* A page that cannot be uploaded fails nothing: it is told in the log, and the folder still has it.
* @param folder of the report
* @param name of the service; the artifact is `NAME-report.html`
* @returns address of the page for people; undefined when there is none
*/
async function uploadReport(folder, name, retentionDays = 0) {
	try {
		return linkTo(await upload(join(folder, PAGE), `${bagFolderName(name)}-report`, retentionDays));
	} catch (error) {
		info(logText(`The report page is not uploaded: ${error.message}. It is in ${folder}`));
		return;
	}
}
async function upload(page, stem, retentionDays) {
	const folder = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), "perennial-page-"));
	const options = {
		skipArchive: true,
		...retentionDays > 0 ? { retentionDays } : {}
	};
	for (let number = 1;; number++) {
		const name = `${stem}${number === 1 ? "" : `-${number}`}.html`;
		await copyFile(page, join(folder, name));
		try {
			return (await new DefaultArtifactClient().uploadArtifact(name, [join(folder, name)], folder, options)).id;
		} catch (error) {
			if (number === TRIES || !/already exists|409|conflict/i.test(error.message)) throw error;
		}
	}
}
function linkTo(id) {
	const run = runAddress();
	return id === void 0 || run === "" ? void 0 : `${run}/artifacts/${id}`;
}
export { actionStores as n, uploadReport as t };
