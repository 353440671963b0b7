import { S as setOutput, a as printGroup, c as writeSummary, f as restoreInputs, l as annotation, n as makeRunnerFolder, o as annotate, r as actionProgress, s as runAction } from "./chunk-runner.js";
import { At as PerennialError, D as imageTarget, T as containerTarget, X as readSmokeTests, k as readSystem, l as findEngine } from "./chunk-wait-ready.js";
import { a as planText, r as writeRestoreReport, t as restore } from "./chunk-restore.js";
import { t as byteText } from "./chunk-byte-text.js";
import { c as folded, d as table, l as plain, n as ArtifactNotFoundError, o as code, r as artifactNames, s as count, t as DefaultArtifactClient, u as preformatted } from "./chunk-artifact.js";
import { join } from "node:path";
import { readdir } from "node:fs/promises";
// src/report/package-changes.ts
/**
* What became of the packages, in the order of their names: only what differs. A package with a successor is one line
* `ntp -> ntpsec`. Pure.
*/
function packageChanges(then, now, successors) {
	const after = versions$1(now);
	const renamed = new Map(successors.flatMap((each) => each.new && each.new !== each.old ? [[each.old, each.new]] : []));
	const old = then.filter(isThere).map((each) => changeOf(each, after, renamed.get(each.name)));
	const known = new Set(then.filter(isThere).map((each) => each.name));
	const used = new Set(renamed.values());
	const fresh = [...after].filter(([name]) => !known.has(name) && !used.has(name)).map(([name, version]) => ({
		name,
		before: "",
		after: version,
		main: false
	}));
	return [...old, ...fresh].filter((each) => each.before !== each.after).toSorted((a, b) => a.name < b.name ? -1 : 1);
}
function changeOf(old, after, successor) {
	const base = {
		before: old.version,
		main: old.manual && old.priority !== "required" && old.priority !== "important"
	};
	const same = after.get(old.name);
	const renamed = successor ? after.get(successor) : void 0;
	if (same === void 0 && renamed !== void 0) return {
		...base,
		name: `${old.name} -> ${successor}`,
		after: renamed
	};
	return {
		...base,
		name: old.name,
		after: same ?? ""
	};
}
function versions$1(packages) {
	return new Map(packages.filter(isThere).map((each) => [each.name, each.version]));
}
function isThere(each) {
	return each.status === "installed" || each.status === "hold";
}
// src/report/restore-job-summary.ts
/** Rows and entries that a job summary takes before it becomes unreadable; the report's journal.json has all. */
const MOST = 40;
/** The summary of a restore or a drill as Markdown for a job summary. Pure; what comes from the bag is escaped. */
function restoreJobSummary(report) {
	return [
		`## ${plain(report.result.plan.service)}: ${report.result.same ? "restored" : "restored, but not as before"}`,
		headline(report),
		look(report.result),
		answers(report.result),
		versions(report.changes),
		facts(report),
		dockerfile(report.result),
		doneTable(report.result)
	].filter((part) => part !== "").join("\n\n");
}
/** What a person should look at after a restore. */
function restoreAnnotations(result) {
	return [
		...result.comparisons.filter((each) => each.verdict === "differs" || each.verdict === "missing").map((each) => annotation("error", "Not the same answer", `Smoke test "${each.name}": ${each.verdict === "missing" ? "no answer" : "another answer than before the end"}`)),
		...result.journal.entries.filter((each) => each.level === "look" && each.stage !== "smoke").map((each) => annotation("warning", `Restore: ${each.stage}`, `${each.what}: ${each.why}`)),
		...result.comparisons.length === 0 ? [annotation("warning", "No smoke tests", "Nothing shows that the service answers as before: add smoke tests to perennial.yml")] : []
	];
}
function headline({ result, source }) {
	const { plan, comparisons, seconds } = result;
	const same = comparisons.filter((each) => each.verdict === "same").length;
	const proof = comparisons.length === 0 ? "There are no smoke tests, so nothing shows that it answers as before." : `${result.same ? "✅" : "❌"} **${same} of ${comparisons.length}** answers are as before the end.`;
	return `${plain(plan.from.prettyName)} → **${plain(plan.to.prettyName)}** on ${code(plan.base)} in ${seconds} s, from ${plain(source)}. ${proof}`;
}
function look({ journal }) {
	const entries = journal.entries.filter((each) => each.level === "look" && each.stage !== "smoke");
	if (entries.length === 0) return "";
	const lines = entries.slice(0, MOST).map((each) => {
		const line = `- ⚠️ ${plain(each.what)}: ${plain(each.why, 600)} (${code(each.rule)})`;
		return each.detail ? `${line}\n\n${folded("detail", preformatted(each.detail, 60))}\n` : line;
	});
	const more = entries.length > MOST ? [`- … ${count(entries.length - MOST)} more`] : [];
	return [
		"### Look at this",
		"",
		...lines,
		...more
	].join("\n");
}
function answers({ comparisons }) {
	if (comparisons.length === 0) return "";
	const marks = {
		same: "✅ same",
		differs: "❌ differs",
		missing: "❌ no answer",
		flaky: "⚠️ flaky",
		"no-golden": "new"
	};
	const rows = comparisons.map((each) => [
		plain(each.name),
		marks[each.verdict],
		each.golden ? code(each.golden.status, 80) : "",
		each.now ? code(each.now.status, 80) : ""
	]);
	const diffs = comparisons.filter((each) => each.diff !== "").slice(0, MOST).map((each) => folded(plain(each.name), preformatted(each.diff)));
	return [
		"### Smoke answers",
		table([
			"Smoke test",
			"",
			"Then",
			"Now"
		], "llll", rows),
		...diffs
	].join("\n\n");
}
function versions(changes) {
	if (changes.length === 0) return "";
	const rows = (these) => these.map((each) => [
		code(each.name),
		each.before ? code(each.before) : "",
		each.after ? code(each.after) : ""
	]);
	const main = changes.filter((each) => each.main);
	const rest = changes.filter((each) => !each.main);
	const heads = [
		"Package",
		"Then",
		"Now"
	];
	return [
		"### Versions",
		...main.length > 0 ? [table(heads, "lll", rows(main))] : [],
		...rest.length > 0 ? [folded(`${count(rest.length)} other packages`, table(heads, "lll", rows(rest), 400))] : []
	].join("\n\n");
}
function facts({ result, imageBytes }) {
	const { container, journal, manifest } = result;
	const rows = [
		...container ? [["Container", code(container.name)]] : [],
		...container?.address ? [["Address", code(container.address)]] : [],
		...imageBytes ? [["Image", byteText(imageBytes)]] : [],
		["Archive taken", plain(manifest.created)],
		["Mutable data", byteText(manifest.counts.keptBytes)],
		...Object.entries(journal.seconds).map(([stage, seconds]) => [`Time for ${stage}`, `${seconds} s`]),
		["Time in all", `${result.seconds} s`]
	];
	return `### Sizes and times\n\n${table(["", ""], "ll", rows)}`;
}
function dockerfile({ plan }) {
	return plan.dockerfile.diff ? folded("What changed in the Dockerfile", preformatted(plan.dockerfile.diff)) : "";
}
function doneTable({ journal }) {
	const done = journal.entries.filter((each) => each.level === "done" && each.stage !== "smoke");
	if (done.length === 0) return "";
	const rows = done.map((each) => [
		each.stage,
		plain(each.what),
		plain(each.why),
		code(each.rule)
	]);
	return folded(`What was done: ${count(done.length)} things`, table([
		"Stage",
		"What",
		"Why",
		"Rule"
	], "llll", rows, 200));
}
// src/actions/download-bag.ts
/**
* Fetches the artifact with a bag, of this run or another one, into `folder`.
* @returns path of the packed bag, or of the folder of one
* @throws PerennialError `artifact-missing`, `digest-mismatch`, `store-failed`
*/
async function downloadBag(reference, folder) {
	const client = new DefaultArtifactClient();
	const find = findOptions(reference);
	const found = await findArtifact(client, reference, find);
	const { digestMismatch } = await client.downloadArtifact(found.id, {
		path: folder,
		...find,
		...found.digest ? { expectedHash: found.digest } : {}
	}).catch((cause) => {
		throw failure(reference, cause);
	});
	if (digestMismatch) throw new PerennialError("digest-mismatch", `The artifact "${found.name}" is not what was uploaded: its sha256 differs`, { hint: "Run the job again: it was damaged on its way, or in the store." });
	return bagIn(folder);
}
/** Absent for an artifact of this run, which needs no token. */
function findOptions({ runId, githubToken, repository }) {
	const here = process.env.GITHUB_REPOSITORY ?? "";
	if (runId === void 0 && repository !== "" && repository !== here) throw new PerennialError("bad-input", "`repository` is given without `run-id`", { hint: "An artifact of another repository is found by the id of the run that uploaded it." });
	const isThisRun = String(runId) === process.env.GITHUB_RUN_ID && (repository || here) === here;
	if (runId === void 0 || isThisRun) return {};
	if (!githubToken) throw new PerennialError("bad-input", "`run-id` needs `github-token`", { hint: "Leave `github-token` at its default or give another token, and the job the permission `actions: read`." });
	const [repositoryOwner, repositoryName, ...rest] = (repository || here).split("/");
	if (!repositoryOwner || !repositoryName || rest.length > 0) throw new PerennialError("bad-input", `The repository "${repository || here}" is not OWNER/NAME`);
	return { findBy: {
		token: githubToken,
		workflowRunId: runId,
		repositoryOwner,
		repositoryName
	} };
}
async function findArtifact(client, reference, find) {
	let last;
	for (const name of artifactNames(reference.artifact)) try {
		return (await client.getArtifact(name, find)).artifact;
	} catch (error) {
		last = error;
		if (!(error instanceof ArtifactNotFoundError)) break;
	}
	throw failure(reference, last);
}
/** The one clear error for whatever the artifact client says. */
function failure({ artifact, runId, repository }, cause) {
	const where = runId === void 0 ? "this run" : `run ${runId}${repository ? ` of ${repository}` : ""}`;
	const status = cause.status;
	const message = cause instanceof Error ? cause.message : String(cause);
	if (cause instanceof ArtifactNotFoundError || status === 404 || status === 410) return new PerennialError("artifact-missing", `There is no artifact "${artifact}" in ${where}, or it has expired`, {
		cause,
		hint: "Check the name and `run-id`; artifacts are kept for 90 days at most in public repositories. For another run the token needs `actions: read`."
	});
	if (status === 401 || status === 403) return new PerennialError("store-failed", `The artifacts of ${where} may not be read with this token`, {
		cause,
		hint: "Give the job the permission `actions: read`; for another repository use a token that can read it."
	});
	return new PerennialError("store-failed", `The artifact "${artifact}" of ${where} could not be fetched: ${message}`, {
		cause,
		hint: "Run the job again when the artifact service answers."
	});
}
/** Ours is one packed file; somebody may have uploaded a folder of a bag, or put one into an archive with others. */
async function bagIn(folder) {
	const names = await readdir(folder);
	if (names.includes("bagit.txt")) return folder;
	const packed = names.filter((name) => name.endsWith(".tar.zst") || name.endsWith(".tar"));
	const only = packed.length === 1 ? packed[0] : names.length === 1 ? names[0] : void 0;
	if (only !== void 0) return join(folder, only);
	throw new PerennialError("bag-invalid", `The artifact holds ${names.length} files, and none of them is the bag`, { hint: "Name an artifact that this action uploaded." });
}
// src/actions/restore-service.ts
/**
* The restore action: fetches, verifies, restores, tells. The step fails when the service does not answer as before, after
* its outputs, summary and report are written.
*/
async function restoreService(inputs) {
	const folder = await makeRunnerFolder();
	const report = inputs.report || join(folder, "report");
	setOutput("restored", false);
	setOutput("report", report);
	const engine = await findEngine(inputs.engine);
	const smoke = inputs.smoke ? await readSmokeTests(inputs.smoke) : void 0;
	const bag = inputs.bag || await downloadBag(inputs, join(folder, "artifact"));
	const result = await restore({
		engine,
		bag,
		name: inputs.name,
		...inputs.base ? { base: inputs.base } : {},
		...smoke ? { smoke } : {},
		keep: inputs.keep,
		report,
		progress: actionProgress,
		onPlan: (plan) => printGroup("The plan", planText(plan))
	});
	await writeRestoreReport(report, result);
	setOutputs(result);
	await tell(inputs, engine, result);
	refuseOtherAnswers(result);
}
function setOutputs({ container, image, same }) {
	setOutput("container", container?.name ?? "");
	setOutput("address", container?.address ?? "");
	setOutput("image", image);
	setOutput("restored", same);
}
async function tell(inputs, engine, result) {
	const image = await engine.findImage(result.image);
	const markdown = restoreJobSummary({
		result,
		source: inputs.bag ? "a bag on the runner" : `the artifact ${inputs.artifact}`,
		changes: await changes(engine, result),
		...image ? { imageBytes: image.size } : {}
	});
	await writeSummary(markdown);
	annotate(restoreAnnotations(result));
}
/** What is installed now; nothing can be said when neither container nor image was kept. */
async function changes(engine, { container, image, manifest, plan }) {
	if (!container && !await engine.findImage(image)) return [];
	const target = container ? containerTarget(engine, container.id) : imageTarget(engine, image);
	const now = await readSystem(target);
	return packageChanges(manifest.system.packages, now.facts.packages, plan.resolutions);
}
function refuseOtherAnswers({ same, comparisons }) {
	if (same) return;
	const differing = comparisons.filter((each) => each.verdict === "differs" || each.verdict === "missing");
	throw new PerennialError("step-failed", `The service is restored but does not answer as before: ${differing.map((each) => each.name).join(", ")}`, { hint: "The summary shows the answers side by side; the report has the Dockerfile and what was done." });
}
// src/actions/restore.ts
await runAction(async () => restoreService(restoreInputs()));
export {};
