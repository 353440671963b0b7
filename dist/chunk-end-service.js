import { _ as warning } from "./chunk-core.js";
import { s as serviceConfig } from "./chunk-rebuild-context.js";
import { r as findEngine } from "./chunk-check-attestation.js";
import { s as PerennialError } from "./chunk-reference.js";
import { f as refuseUnproved, i as actionProgress, p as verifyArchive, r as writeSummary, t as annotate, u as mainInputs } from "./chunk-run-action.js";
import { i as attestArchive, o as refuseUnattested, r as findServiceState, t as removeService } from "./chunk-start-service.js";
import { i as shortRetentions, n as packInto, o as archive, r as secretsOf, t as keepBag } from "./chunk-keep-bag.js";
import { n as bagFolderName } from "./chunk-bag-file-name.js";
import { pn as readRules } from "./chunk-annotation.js";
import { _ as archiveJobSummary, g as archiveAnnotations, h as packPaths, m as RunSteps, p as wordsOf, r as writeArchiveReport } from "./chunk-docker-credentials.js";
import { i as parseKeepFor } from "./chunk-retention.js";
import { n as actionStores, t as uploadReport } from "./chunk-upload-report.js";
import { n as makeRunnerFolder, t as findAudience } from "./chunk-runner.js";
import { join } from "node:path";
// src/actions/decommission.ts
/**
* Archives, verifies, packs, keeps, and tells of it in the job summary. The container is not touched: whoever calls
* removes it when this has come to its end without an error.
*/
async function decommission(request) {
	const { keep } = request;
	const { keepFor } = request.archive.config;
	const keepForDays = keep.keepForDays ?? (keepFor === void 0 ? void 0 : parseKeepFor(keepFor, "keepFor"));
	const settings = await actionStores(keep);
	const folder = await makeRunnerFolder();
	const out = join(folder, bagFolderName(request.name));
	const steps = new RunSteps(actionProgress);
	const result = await archive({
		...request.archive,
		out,
		progress: steps
	});
	const verified = await verifyArchive(out, request.verify, request.archive, steps);
	if (keep.attest.instance) steps.step("Attesting the bag");
	const attested = await attestArchive(out, keep.attest);
	const secrets = await secretsOf(out);
	steps.step(keep.lock ? "Packing and encrypting the bag" : "Packing the bag");
	const { service, created } = result.manifest;
	const bag = {
		dir: out,
		name: request.name,
		service: service.name,
		created
	};
	const packed = await packInto(folder, bag, { lock: keep.lock });
	const rules = {
		secrets,
		allowPlaintextSecrets: keep.allowPlaintextSecrets,
		encrypted: keep.lock !== void 0
	};
	const to = request.upload ? keep.to : [];
	const kept = await keepBag(packed, to, {
		...settings,
		progress: steps
	}, rules).catch((error) => {
		throw withPlace(error, packed);
	});
	await tell(request, {
		result,
		packed,
		secrets,
		verified,
		attested,
		kept,
		encrypted: keep.lock !== void 0,
		tooShort: shortRetentions(kept, keepForDays),
		reasons: Object.fromEntries((await readRules()).map((rule) => [rule.id, rule.reason]))
	}, steps, join(folder, "report"));
	return {
		result,
		file: packed.file,
		kept,
		verified,
		attested
	};
}
/** Nothing is lost: that is to be said. */
function withPlace(error, { file }) {
	if (!(error instanceof PerennialError)) return error;
	const hint = [error.hint, `The archive is at ${file} on the runner, and the container is still there.`];
	return new PerennialError(error.code, error.message, {
		cause: error,
		hint: hint.filter(Boolean).join("\n")
	});
}
/**
* The page is uploaded where the archive is, since it names the same paths; that of an encrypted one only where nobody else can read it.
*/
async function tell(request, report, steps, folder) {
	const words = (rules) => wordsOf(rules, report.reasons);
	const paths = await packPaths(report.result.index, words);
	await writeArchiveReport(folder, {
		report,
		steps: steps.steps(),
		paths
	});
	const page = (report.encrypted ? await findAudience() === "collaborators" : report.kept.length > 0) ? await uploadReport(folder, request.name, request.keep.retentionDays) : void 0;
	await writeSummary(archiveJobSummary({
		...report,
		...page ? { page } : {}
	}));
	annotate(archiveAnnotations(report));
}
// src/actions/end-service.ts
/**
* Post of the root action: decommissions the service at the end of the job. The container is removed only after its
* archive is complete, verified and uploaded; in every other case it is left, and that is said.
*/
async function endService() {
	const state = findServiceState();
	if (!state) return actionProgress.step("There is no service to archive: it was never started");
	if (state.baseline === "") return abandon(state);
	const inputs = mainInputs();
	if (inputs.archiveOn === "success" && inputs.jobStatus !== "success") {
		warning(`Not archived: \`archive-on\` is success, and the job's status is ${inputs.jobStatus || "unknown"}. The container ${state.container} is left.`);
		return;
	}
	await endWith(state, inputs).catch((error) => {
		actionProgress.step(`The container ${state.container} is left as it is`);
		throw error;
	});
}
/** Main was cancelled before the service was ready: nobody has worked with it. */
async function abandon(state) {
	actionProgress.step(`The service ${state.container} never became ready; it is removed`);
	await removeService(await findEngine(state.engine), state);
}
async function endWith(state, inputs) {
	const engine = await findEngine(state.engine);
	const { result, verified, attested } = await decommission({
		archive: {
			engine,
			container: state.container,
			baseline: state.baseline,
			...inputs.context ? {
				context: inputs.context,
				dockerfile: inputs.dockerfile
			} : {},
			buildArgs: inputs.buildArgs,
			config: await serviceConfig(inputs)
		},
		name: inputs.artifactName || state.container,
		upload: true,
		verify: inputs.verify,
		keep: inputs
	});
	refuseIncomplete(result.incomplete);
	refuseUnproved(verified);
	refuseUnattested(attested);
	if (inputs.keepContainer) return;
	actionProgress.step(`Removing the container ${state.container}`);
	await removeService(engine, state);
}
/** @throws PerennialError `unreadable` when something is not in the archive */
function refuseIncomplete(incomplete) {
	if (incomplete.length === 0) return;
	throw new PerennialError("unreadable", `The archive is kept, but ${incomplete.length} paths could not be read, the first is ${incomplete[0]}`, { hint: "All are in the summary. Make them readable and archive again, or exclude them in perennial.yml." });
}
export { refuseIncomplete as n, decommission as r, endService as t };
