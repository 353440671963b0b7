import { i as reportInputs, t as GithubApi } from "./chunk-github-api.js";
import { t as DefaultArtifactClient } from "./chunk-artifact.js";
import { C as preformatted, S as plain, d as parseRecord, u as isGood, v as code, w as table, y as count } from "./chunk-docker-credentials.js";
import { a as findFirstFailure, c as ofArchive, i as addDrills, l as parseHistory, n as recordOfLoss, o as findLastGood, s as formatHistory } from "./chunk-record-of.js";
import { s as PerennialError } from "./chunk-reference.js";
import { i as actionProgress, n as runAction, r as writeSummary } from "./chunk-run-action.js";
import { n as recordName, t as HISTORY } from "./chunk-run-drill.js";
import { n as makeRunnerFolder, r as runAddress } from "./chunk-runner.js";
import { join } from "node:path";
import { readFile } from "node:fs/promises";
// src/drill/drill-issue.ts
/** Label of the issues; nobody but who may label issues can pass another one off as ours. */
const LABEL = "perennial-drill";
/**
* Decides from a history, which has the newest drill, and the open issues with our label. One issue an archive: opened by the
* first drill that is not good, kept up to date by the following ones, closed by the next good one. Pure.
*/
function decideIssue(history, archive, open) {
	const drills = ofArchive(history, archive);
	const last = drills.at(-1);
	const issue = open.find((each) => each.body.includes(marker(archive)));
	if (!last) return { do: "nothing" };
	if (isGood(last)) return issue ? {
		do: "close",
		number: issue.number,
		comment: worksAgain(last)
	} : { do: "nothing" };
	const body = issueBody(history, archive, last);
	if (!issue) return {
		do: "open",
		title: `Restore drill: ${words(archive)} does not come back`,
		body
	};
	const before = drills.at(-2);
	const news = before && (before.digest !== last.digest || before.reason !== last.reason);
	return {
		do: "update",
		number: issue.number,
		body,
		...news ? { comment: stillNot(last) } : {}
	};
}
/** Is in the issue's text and finds it again; `encodeURIComponent` leaves nothing that could end a comment. */
function marker(archive) {
	return `<!-- ${LABEL}: ${encodeURIComponent(archive).replaceAll("-", "%2D")} -->`;
}
function issueBody(history, archive, last) {
	const first = findFirstFailure(history, archive) ?? last;
	const good = findLastGood(history, archive);
	return [
		marker(archive),
		`The archive ${code(archive)} ${last.outcome === "differs" ? "restores, but the service does not answer as before" : "does not restore any more"}. This issue is kept up to date by the drills and closed by the first good one.`,
		table([
			"",
			"Drill",
			"Base",
			"Digest"
		], "llll", [
			["Last good", ...line(good)],
			["First failure", ...line(first)],
			...first === last ? [] : [["Newest", ...line(last)]]
		]),
		`### Why\n\n${preformatted(last.reason || "no reason was given", 30)}`,
		changes(first, good),
		"### What to do\n\nRestore by hand with `perennial restore` and look at its report; often a package has another name or a setting has gone. On the last good base it still works: name it with `base`. docs/guides/restore-drill.md has more."
	].filter((part) => part !== "").join("\n\n");
}
function line(record) {
	if (!record) return [
		"never",
		"",
		""
	];
	const day = plain(record.at.slice(0, 10));
	return [
		/^https?:\/\/[\w.:/-]+$/.test(record.run) ? `[${day}](${record.run})` : day,
		record.base ? code(record.base) : "none was reached",
		record.digest ? code(record.digest) : ""
	];
}
function changes(first, good) {
	if (!good) return "";
	const all = first.changes ?? [];
	const title = "### Packages that changed between the last good drill and the first failure\n\n";
	if (all.length === 0) return `${title}${first.changes ? "None." : "Not known: the drill ended before they could be read."}`;
	const rows = all.map((each) => [
		code(each.name),
		code(each.before),
		each.after ? code(each.after) : "**gone**"
	]);
	return `${title}${table([
		"Package",
		"Last good",
		"First failure"
	], "lll", rows, 100)}`;
}
function worksAgain(last) {
	const answers = last.tests > 0 ? `, ${count(last.same)} of ${count(last.tests)} answers as before` : "";
	return `✅ It restores again: ${line(last)[0]}, on ${code(last.base)} ${code(last.digest)}${answers}.`;
}
function stillNot(last) {
	return `❌ Still not, and otherwise than before: ${line(last).join(" ")}\n\n${preformatted(last.reason, 30)}`;
}
function words(archive) {
	return archive.replace(/[^\w.@:/ -]/g, "?").slice(0, 100);
}
// src/report/drill-summary.ts
const WORDS = {
	good: "✅ restores",
	differs: "❌ other answers",
	failed: "❌ does not restore",
	lost: "❌ no result"
};
/** The summary of a drill as Markdown for a job summary. Pure. */
function drillSummary(drills, history) {
	const good = drills.filter((each) => each.outcome === "good").length;
	const rows = drills.map((each) => [
		code(each.archive),
		WORDS[each.outcome],
		plain(each.release || each.base),
		each.tests > 0 ? `${each.same} of ${each.tests}` : "",
		`${each.seconds} s`,
		marks(ofArchive(history, each.archive)),
		plain(each.reason, 200)
	]);
	return [
		`## Restore drill: ${count(good)} of ${count(drills.length)} archives come back`,
		"A drill restores each archive on today’s base and asks the service what clients asked before its end. Nothing of it is left running.",
		table([
			"Archive",
			"",
			"Base",
			"Same answers",
			"Time",
			"Drills so far",
			"Why"
		], "lllrrll", rows, 256)
	].join("\n\n");
}
function marks(drills) {
	return drills.slice(-20).map((each) => each.outcome === "good" ? "🟩" : "🟥").join("");
}
// src/actions/report-drills.ts
/**
* The end of a drill: takes the records of all its jobs, adds them to the history, and opens, updates or closes the one issue of
* each archive. A job that left no record counts as a drill that was lost.
*/
async function reportDrills(inputs) {
	const targets = parseTargets(inputs.archives);
	const folder = await makeRunnerFolder();
	const drills = await Promise.all(targets.map((each) => recordOf(each, folder)));
	const api = new GithubApi(inputs.githubToken, inputs.repository);
	let history = [];
	actionProgress.step(`Adding ${drills.length} drills to ${HISTORY} on the branch ${inputs.branch}`);
	const good = drills.filter((each) => each.outcome === "good").length;
	const message = `Drill of ${drills.length} archives: ${good} restore`;
	const add = (content) => {
		history = addDrills(parseHistory(content), drills);
		return formatHistory(history);
	};
	await api.changeFile(inputs.branch, HISTORY, add, message);
	await writeSummary(drillSummary(drills, history));
	if (inputs.issues) await settleIssues(api, history, targets);
}
async function settleIssues(api, history, targets) {
	const open = await api.openIssues(LABEL);
	for (const { archive } of targets) {
		const deed = decideIssue(history, archive, open);
		if (deed.do === "open") {
			const number = await api.openIssue(deed.title, deed.body, LABEL);
			actionProgress.step(`Opened issue ${number}: ${archive} does not come back`);
		} else if (deed.do === "update") {
			await api.updateIssue(deed.number, { body: deed.body });
			if (deed.comment) await api.comment(deed.number, deed.comment);
			actionProgress.step(`Updated issue ${deed.number} of ${archive}`);
		} else if (deed.do === "close") {
			await api.comment(deed.number, deed.comment);
			await api.updateIssue(deed.number, { state: "closed" });
			actionProgress.step(`Closed issue ${deed.number}: ${archive} comes back again`);
		}
	}
}
/** The record that the drill's job uploaded; a job without one was lost. */
async function recordOf(target, folder) {
	const client = new DefaultArtifactClient();
	const name = recordName(target.id);
	const found = await client.getArtifact(name).catch(() => void 0);
	if (!found) return recordOfLoss({
		archive: target.archive,
		at: (/* @__PURE__ */ new Date()).toISOString(),
		seconds: 0,
		run: runAddress()
	});
	await client.downloadArtifact(found.artifact.id, { path: folder });
	return {
		...parseRecord(JSON.parse(await readFile(join(folder, name), "utf8"))),
		archive: target.archive
	};
}
function parseTargets(text) {
	try {
		const targets = JSON.parse(text);
		if (Array.isArray(targets) && targets.every((each) => /^[a-z0-9-]+$/.test(each.id))) return targets;
	} catch {}
	throw new PerennialError("bad-input", "The input archives is not the output of drill/find", { hint: "Pass `needs.find.outputs.archives`." });
}
// src/actions/drill-report.ts
await runAction(async () => reportDrills(reportInputs()));
export {};
