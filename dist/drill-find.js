import { m as setOutput } from "./chunk-core.js";
import { n as bagFolderName, r as isBagFileName } from "./chunk-bag-file-name.js";
import { s as PerennialError } from "./chunk-reference.js";
import { i as actionProgress, n as runAction } from "./chunk-run-action.js";
import { r as findInputs, t as GithubApi } from "./chunk-github-api.js";
import { createHash } from "node:crypto";
// src/drill/drill-list.ts
/** More jobs than these make no matrix (docs.github.com, "Running variations of jobs": 256). */
const MOST = 256;
/**
* What to drill. Lines of `wanted` name an artifact, `NAME` for its newest one or `NAME@RUN`, or a path or store reference, which
* have a `/` or `:`. No lines: the newest artifact of every name that is a packed bag. A name without an artifact is drilled too,
* so that an archive that expired is not missed in silence. Pure.
* @throws PerennialError `artifact-missing` when there is nothing at all: a drill of nothing must not look good
*/
function drillTargets(wanted, artifacts) {
	const newest = /* @__PURE__ */ new Map();
	for (const each of artifacts.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt))) if (isBagFileName(each.name)) newest.set(bagFolderName(each.name), each);
	const lines = wanted.length > 0 ? [...new Set(wanted)] : [...newest.keys()].sort();
	if (lines.length === 0) throw new PerennialError("artifact-missing", "There is no archive to drill", { hint: "Name them with `archives`, or decommission a service in this repository first; artifacts expire after 90 days." });
	if (lines.length > MOST) throw new PerennialError("bad-input", `${lines.length} archives are too many for one drill of ${MOST}`, { hint: "Name a part of them with `archives`, and call the workflow more than once." });
	return lines.map((line) => target(line, newest));
}
function target(line, newest) {
	const base = {
		archive: line,
		bag: "",
		artifact: "",
		"run-id": "",
		id: idOf(line)
	};
	if (/[/:]/.test(line)) return {
		...base,
		bag: line
	};
	const [, name, run] = /^(.*?)(?:@(\d+))?$/.exec(line);
	const archive = name.replace(/\.tar\.zst(\.age)?$/, "");
	const found = run ?? newest.get(archive)?.runId;
	return {
		...base,
		archive,
		artifact: archive,
		"run-id": found === void 0 ? "" : String(found),
		id: idOf(archive)
	};
}
/** A readable part, and a digest that makes it unique. */
function idOf(archive) {
	return `${archive.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(-30) || "archive"}-${createHash("sha256").update(archive).digest("hex").slice(0, 6)}`;
}
// src/actions/drill-find.ts
/** Finds the archives to drill; its output is the matrix of the next job. */
async function findDrills(inputs) {
	const artifacts = inputs.archives.every((each) => /[/:]/.test(each)) && inputs.archives.length > 0 ? [] : await new GithubApi(inputs.githubToken, inputs.repository).listArtifacts();
	const targets = drillTargets(inputs.archives, artifacts);
	actionProgress.step(`${targets.length} archives: ${targets.map((each) => each.archive).join(", ")}`);
	setOutput("archives", JSON.stringify(targets));
}
await runAction(async () => findDrills(findInputs()));
export {};
