import { cn as findingText, wt as withoutSecrets } from "./chunk-annotation.js";
import { s as PerennialError } from "./chunk-reference.js";
import { d as parseRecord, u as isGood } from "./chunk-docker-credentials.js";
// src/drill/package-differences.ts
/** Differences that a record keeps. */
const MOST$1 = 300;
/**
* What changed between two sets of versions by package, in the order of the names. Pure.
* @param gone packages that the new base does not offer at all; they come first
*/
function packageDifferences(before, after, gone = []) {
	const named = new Set(gone.map((each) => each.name));
	const changed = [.../* @__PURE__ */ new Set([...Object.keys(before), ...Object.keys(after)])].sort().filter((name) => !named.has(name) && before[name] !== after[name]).map((name) => ({
		name,
		before: before[name] ?? "",
		after: after[name] ?? ""
	}));
	return [...gone, ...changed].slice(0, MOST$1);
}
// src/drill/history.ts
/**
* The records of a drills.ndjson: one JSON object a line, in the order of their times.
* @throws PerennialError `bad-input` naming the line that is no record
*/
function parseHistory(text) {
	return text.split("\n").map((line, at) => ({
		line,
		at
	})).filter(({ line }) => line.trim() !== "").map(({ line, at }) => {
		try {
			return parseRecord(JSON.parse(line));
		} catch (cause) {
			throw new PerennialError("bad-input", `Line ${at + 1} of drills.ndjson is no record of a drill`, {
				cause,
				hint: "Mend or remove the line; the next drill goes on from there."
			});
		}
	});
}
/** A history as text. Versions of packages stay with the last good drill of each archive, which later ones are compared with. */
function formatHistory(records) {
	const lastGood = new Set([...new Set(records.map((each) => each.archive))].map((name) => findLastGood(records, name)));
	return records.map((each) => {
		const { packages, basePackages, gone: _, ...rest } = each;
		return `${JSON.stringify(lastGood.has(each) ? {
			...rest,
			packages,
			basePackages
		} : rest)}\n`;
	}).join("");
}
/**
* Adds drills to a history. One that is not good gets the packages that changed since the last good one of its archive, which is
* the first thing to look at. Pure.
*/
function addDrills(history, drills) {
	const added = drills.map((each) => withChanges(each, findLastGood(history, each.archive)));
	const all = [...history, ...added].toSorted((a, b) => a.at.localeCompare(b.at));
	const names = [...new Set(all.map((each) => each.archive))];
	const kept = new Set(names.flatMap((name) => ofArchive(all, name).slice(-500)));
	return all.filter((each) => kept.has(each));
}
/** Drills of one archive. */
function ofArchive(records, archive) {
	return records.filter((each) => each.archive === archive);
}
function findLastGood(records, archive) {
	return ofArchive(records, archive).findLast(isGood);
}
/** The first drill since the last good one that was not good; undefined when the last one is good. */
function findFirstFailure(records, archive) {
	const these = ofArchive(records, archive);
	return these[these.findLastIndex(isGood) + 1];
}
function withChanges(record, lastGood) {
	if (isGood(record) || !lastGood) return record;
	const [before, after] = lastGood.packages && record.packages ? [lastGood.packages, record.packages] : [lastGood.basePackages, record.basePackages];
	const gone = (record.gone ?? []).map((name) => ({
		name,
		before: lastGood.packages?.[name] ?? "",
		after: ""
	}));
	if (!before || !after) return record;
	return {
		...record,
		changes: packageDifferences(before, after, gone)
	};
}
// src/drill/record-of.ts
/** Letters of a reason that a record keeps. */
const MOST = 2e3;
/** The record of a restore that came to its end. Pure. */
function recordOfResult(place, record, result) {
	const differing = result.comparisons.filter((each) => each.verdict === "differs" || each.verdict === "missing");
	const findings = result.state.findings.filter((each) => each.verdict === "differs");
	const words = [...differing.map((each) => each.name), ...findings.slice(0, 10).map(findingText)].join(", ");
	const reason = words ? `Not as before: ${words}` : "The service does not run as before";
	return {
		...place,
		outcome: result.same ? "good" : "differs",
		...baseOf(record),
		same: result.comparisons.filter((each) => each.verdict === "same" || each.verdict === "drift").length,
		tests: result.comparisons.length,
		reason: result.same ? "" : withoutSecrets(reason).slice(0, MOST),
		packages: versions(result.now.packages),
		...basePackagesOf(record),
		gone: goneOf(record)
	};
}
/** The record of a restore that threw. Pure. */
function recordOfError(place, record, error) {
	const text = error instanceof PerennialError ? error.message : `A defect of perennial: ${error}`;
	return {
		...place,
		outcome: "failed",
		...baseOf(record),
		same: 0,
		tests: 0,
		reason: withoutSecrets(text).slice(0, MOST),
		...basePackagesOf(record),
		gone: goneOf(record)
	};
}
/** The record of a drill whose job left none. */
function recordOfLoss(place) {
	const reason = "The job ended without a result: it was cancelled, ran out of time, or its runner died";
	return {
		...place,
		outcome: "lost",
		base: "",
		digest: "",
		release: "",
		same: 0,
		tests: 0,
		reason
	};
}
function baseOf({ base }) {
	return {
		base: base?.reference ?? "",
		digest: base?.digest ?? "",
		release: base?.release ?? ""
	};
}
function basePackagesOf({ base }) {
	return base ? { basePackages: versions(base.packages) } : {};
}
function goneOf({ plan }) {
	return (plan?.resolutions ?? []).filter((each) => each.how === "gone").map((each) => each.old);
}
function versions(packages) {
	const there = packages.filter((each) => each.status === "installed" || each.status === "hold");
	return Object.fromEntries(there.map((each) => [each.name, each.version]));
}
export { findFirstFailure as a, ofArchive as c, addDrills as i, parseHistory as l, recordOfLoss as n, findLastGood as o, recordOfResult as r, formatHistory as s, recordOfError as t };
