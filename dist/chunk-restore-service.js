import { _ as warning, m as setOutput } from "./chunk-core.js";
import { n as trustedRoots, r as findEngine, t as checkAttestation } from "./chunk-check-attestation.js";
import { cn as findingText, cr as printable, s as restore, t as annotation, vt as readSmokeTests, wt as withoutSecrets } from "./chunk-annotation.js";
import { i as interruption, n as parseReference, s as PerennialError, t as formatReference } from "./chunk-reference.js";
import { C as preformatted, E as attestationText, S as plain, T as byteText, a as writeRestoreReport, b as folded, c as RESULT_WORDS, f as RestoreRecord, i as writeFailedRestoreReport, l as packageChanges, s as RESULT_HEADS, v as code, w as table, x as pageLink, y as count } from "./chunk-docker-credentials.js";
import { n as planText, t as openKeptBag } from "./chunk-open-kept-bag.js";
import { i as actionProgress, l as givenToRestore, o as printGroup, r as writeSummary, s as logText, t as annotate } from "./chunk-run-action.js";
import { n as actionStores, t as uploadReport } from "./chunk-upload-report.js";
import { n as makeRunnerFolder, t as findAudience } from "./chunk-runner.js";
import { join } from "node:path";
// src/report/failure-summary.ts
/**
* The summary of a restore that came to no end, as Markdown for a job summary: why, on which base, how far it came, what was not
* done and how to go on. Pure.
* @param page address of the report page
*/
function failureSummary(name, record, error, page) {
	const known = error instanceof PerennialError;
	const gone = (record.plan?.resolutions ?? []).filter((each) => each.how === "gone");
	const steps = record.steps.steps();
	return [
		`## ${plain(record.plan?.service ?? name)}: not restored`,
		"❌ The service did not come back.",
		pageLink(page),
		preformatted(withoutSecrets(known ? error.message : String(error)), 40),
		known && error.hint ? hintLines(error.hint) : "",
		record.base ? table([
			"Base",
			"Digest",
			"Release"
		], "lll", [[
			code(record.base.reference),
			code(record.base.digest),
			plain(record.base.release)
		]]) : "",
		gone.length > 0 ? `### Packages without a successor on this base\n\n${table(["Package", "Why"], "ll", gone.map((each) => [code(each.old), plain(each.why)]))}` : "",
		steps.length > 0 ? `### How far it came\n\n${table(["Step", "Time"], "lr", steps.map((each, n) => [`${n === steps.length - 1 ? "❌ " : ""}${plain(each.name)}`, `${each.seconds} s`]))}` : ""
	].filter((part) => part !== "").join("\n\n");
}
/** One paragraph for each line: what was done, what was not, and how to go on (`stoppedError`). */
function hintLines(hint) {
	return withoutSecrets(hint).split("\n").map((line) => plain(line, 1e3)).join("\n\n");
}
// src/report/restore-job-summary.ts
/** Rows and entries that a job summary takes before it becomes unreadable; the report's journal.json has all. */
const MOST = 40;
const MOST_RESULTS = 120;
/** So few entries stand for themselves; more are folded into one line. */
const FEW_NEWS = 5;
/** The summary of a restore or a drill as Markdown for a job summary. Pure; what comes from the bag is escaped. */
function restoreJobSummary(report) {
	return [
		`## ${plain(report.result.plan.service)}: ${report.result.same ? "restored" : "restored, but not as before"}`,
		headline(report),
		pageLink(report.page),
		look(report.result),
		answers(report.result),
		versions(report.changes),
		news(report.result),
		facts(report),
		dockerfile(report.result),
		doneTable(report.result)
	].filter((part) => part !== "").join("\n\n");
}
/** What a person should look at after a restore. */
function restoreAnnotations(result, attestation) {
	const differing = result.comparisons.filter((each) => each.verdict === "differs" || each.verdict === "missing");
	return [
		...attestation?.untrusted === void 0 ? [] : [annotation("warning", "Attestation", attestationText(attestation))],
		...differing.map((each) => annotation("error", "Not the same answer", `Smoke test "${each.name}": ${each.verdict === "missing" ? "no answer" : "another answer than before the end"}`)),
		...result.journal.entries.filter((each) => each.level === "look" && each.stage !== "smoke").map((each) => annotation("warning", `Restore: ${each.stage}`, `${each.what}: ${each.why}`)),
		...result.comparisons.length === 0 ? [annotation("warning", "No smoke tests", "Nothing shows that the service answers as before: add smoke tests to perennial.yml")] : []
	];
}
function headline({ result, source }) {
	const { plan, comparisons, seconds } = result;
	const same = comparisons.filter((each) => each.verdict === "same" || each.verdict === "drift").length;
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
		drift: "✅ same, other version",
		differs: "❌ differs",
		missing: "❌ no answer",
		flaky: "⚠️ flaky",
		"no-golden": "new"
	};
	const rows = comparisons.map((each) => [
		plain(each.name),
		each.verdict === "drift" && each.results ? "✅ same results" : marks[each.verdict],
		each.golden ? code(withoutSecrets(each.golden.status), 80) : "",
		each.now ? code(withoutSecrets(each.now.status), 80) : ""
	]);
	const diffs = comparisons.filter((each) => each.diff !== "").slice(0, MOST).map((each) => folded(plain(each.name), preformatted(each.diff)));
	const results = comparisons.filter((each) => each.results && each.results.length > 0).map(resultTable);
	return [
		"### Smoke answers",
		table([
			"Smoke test",
			"",
			"Then",
			"Now"
		], "llll", rows),
		...results,
		...diffs
	].join("\n\n");
}
/** What an analysis gave then and now, and how far it is apart. */
function resultTable({ name, results = [] }) {
	const rows = results.map((each) => [
		plain(each.what, 120),
		`${each.verdict === "differs" ? "❌" : "✅"} ${RESULT_WORDS[each.verdict]}`,
		each.was ? code(withoutSecrets(each.was), 40) : "",
		each.is ? code(withoutSecrets(each.is), 40) : "",
		plain(each.difference),
		plain(each.tolerance)
	]);
	return `**Results of ${plain(name)}**\n\n${table([...RESULT_HEADS], "llllll", rows, MOST_RESULTS)}`;
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
		...rest.length > 0 ? [folded(`${count(rest.length)} other ${rest.length === 1 ? "package" : "packages"}`, table(heads, "lll", rows(rest), 400))] : []
	].join("\n\n");
}
function news({ journal }) {
	if (journal.news.length === 0) return "";
	const told = journal.news.slice(0, MOST).map((each) => {
		const title = `${plain(`${each.source} ${each.version}`)}${each.date ? ` (${each.date})` : ""}`;
		return folded(title, preformatted(each.text, 40));
	});
	const more = journal.news.length > MOST ? [`… ${count(journal.news.length - MOST)} more`] : [];
	return [
		"### What the packages say that changed",
		"Their maintainers tell this to everybody who upgrades from the old versions.",
		...told.length > FEW_NEWS ? [folded(`${count(journal.news.length)} changes`, [...told, ...more].join("\n\n"))] : told
	].join("\n\n");
}
function facts({ result, imageBytes, packedBytes, attestation }) {
	const { container, journal, manifest } = result;
	const rows = [
		...container ? [["Container", code(container.name)]] : [],
		...container?.address ? [["Address", code(container.address)]] : [],
		...manifest.service.image ? [["Old image", byteText(manifest.service.image.size)]] : [],
		...imageBytes ? [["New image", byteText(imageBytes)]] : [],
		...packedBytes ? [["Archive", byteText(packedBytes)]] : [],
		["Archive taken", plain(manifest.created)],
		...attestation ? [["Attestation", plain(attestationText(attestation), 800)]] : [],
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
	return folded(`What was done: ${count(done.length)} ${done.length === 1 ? "thing" : "things"}`, table([
		"Stage",
		"What",
		"Why",
		"Rule"
	], "llll", rows, 200));
}
// src/actions/restore-service.ts
/**
* The restore action: fetches, verifies, restores, tells. The step fails when the service does not answer as before, after
* its outputs, summary and report are written.
*/
async function restoreService(inputs) {
	refuseOtherAnswers(await restoreWith(inputs, await makeRunnerFolder(), new RestoreRecord(actionProgress, { paths: true }), () => []));
}
/**
* Restores, reports and tells; whatever the answers are. `record` has what is known also when this throws.
* @param folder for what is downloaded and, unless the inputs name another, the report
* @param history drills of the archive, with the one that ended so, for the page
*/
async function restoreWith(inputs, folder, record, history) {
	const report = inputs.report || join(folder, "report");
	setOutput("restored", false);
	setOutput("report", report);
	const engine = await findEngine(inputs.engine);
	const smoke = inputs.smoke ? await readSmokeTests(inputs.smoke) : void 0;
	const roots = await trustedRoots(inputs.trustedRoot, "The input trusted-root");
	const bag = await openKeptBag(source(inputs), await actionStores(inputs), inputs.keys);
	const attestation = await checkAttestation(bag, {
		expected: inputs.expected,
		roots
	}).catch(async (error) => {
		await bag.close();
		throw error;
	});
	const result = await restored(inputs, {
		report,
		record,
		history,
		bag,
		attestation
	}, {
		engine,
		bag,
		...givenToRestore(inputs),
		...smoke ? { smoke } : {},
		report,
		progress: record.steps,
		onJournal: record.follow,
		onPrepared: record.prepared,
		onPlan: (plan) => printGroup("The plan", planText(plan))
	}).finally(bag.close);
	setOutputs(result);
	await tell(inputs, {
		engine,
		bag,
		attestation,
		report,
		record,
		history
	}, result);
	return result;
}
function source({ bag, artifact, repository, runId }) {
	return bag ? parseReference(bag) : {
		kind: "artifact",
		repository,
		run: runId,
		name: artifact
	};
}
function setOutputs({ container, image, same }) {
	setOutput("container", container?.name ?? "");
	setOutput("address", container?.address ?? "");
	setOutput("image", image);
	setOutput("restored", same);
}
/** Tells in summary and page, too, why a restore came to no end. */
async function restored(inputs, story, options) {
	return restore(options).catch(async (error) => {
		const name = inputs.artifact || inputs.name;
		const page = await failurePage(inputs, story, name, error);
		await writeSummary(failureSummary(name, story.record, error, page));
		throw error;
	});
}
/** Writes the page of a failure and uploads it. A page that cannot be written is told and hides no error. */
async function failurePage(inputs, { report, record, history, bag, attestation }, name, error) {
	const { packedBytes, encrypted } = bag;
	try {
		const known = {
			...packedBytes ? { packedBytes } : {},
			attestation
		};
		await writeFailedRestoreReport(report, {
			name,
			record,
			error,
			history: history({ error }),
			...known
		});
		return interruption.signal ? void 0 : await shownPage(inputs, report, encrypted);
	} catch (cause) {
		warning(logText(`The report of the failure could not be written: ${cause.message}`));
		return;
	}
}
/** The page names paths: that of an encrypted archive is for those who can read it. */
async function shownPage(inputs, report, encrypted) {
	return inputs.uploadReport && (!encrypted || await findAudience() === "collaborators") ? uploadReport(report, inputs.name) : void 0;
}
async function tell(inputs, story, result) {
	const image = await story.engine.findImage(result.image);
	const { packedBytes, encrypted } = story.bag;
	const sizes = {
		...image ? { imageBytes: image.size } : {},
		...packedBytes ? { packedBytes } : {}
	};
	const { record, history, attestation } = story;
	await writeRestoreReport(story.report, {
		result,
		record,
		history: history({ result }),
		attestation,
		...sizes
	});
	const page = await shownPage(inputs, story.report, encrypted);
	const markdown = restoreJobSummary({
		result,
		source: formatReference(source(inputs)),
		changes: packageChanges(result.manifest.system.packages, result.now.packages, result.plan.resolutions),
		...sizes,
		...attestation ? { attestation } : {},
		...page ? { page } : {}
	});
	await writeSummary(markdown);
	annotate(restoreAnnotations(result, attestation));
}
/** @throws PerennialError `step-failed` naming the smoke tests and what differs in the state */
function refuseOtherAnswers({ same, comparisons, state }) {
	if (same) return;
	const answers = comparisons.filter((each) => each.verdict === "differs" || each.verdict === "missing");
	const findings = state.findings.filter((each) => each.verdict === "differs");
	const differing = [...answers.map((each) => each.name), ...findings.slice(0, 10).map(findingText)];
	throw new PerennialError("step-failed", `The service is restored but is not as before: ${printable(differing.join(", ")) || "it did not start"}`, { hint: "The summary shows the answers side by side; the report has the Dockerfile and what was done." });
}
export { restoreService as n, restoreWith as r, refuseOtherAnswers as t };
