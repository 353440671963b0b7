import { c as writeSummary, d as mainInputs, h as secretVariables, l as annotation, m as holdsPasswordHash, n as makeRunnerFolder, o as annotate, p as findSecretKind, r as actionProgress, t as findAudience, w as warning } from "./chunk-runner.js";
import { a as serviceConfig } from "./chunk-rebuild-context.js";
import { At as PerennialError, M as readTar, l as findEngine } from "./chunk-wait-ready.js";
import { t as archive } from "./chunk-archive.js";
import { H as readRules, L as findGolden, i as packBag, n as openBag, r as verifyBag, t as byteText } from "./chunk-byte-text.js";
import { a as bagFolderName, c as folded, d as table, i as bagFileName, l as plain, o as code, s as count, t as DefaultArtifactClient } from "./chunk-artifact.js";
import { r as findServiceState, t as removeService } from "./chunk-start-service.js";
import { basename, dirname, join } from "node:path";
import { rm } from "node:fs/promises";
// src/archive/find-secrets.ts
/** Every system has these; they count only where somebody has a password. */
const SHADOW = ["/etc/shadow", "/etc/gshadow"];
/**
* Secrets that a bag holds in plain text, counted by kind: kept files, environment values, build arguments and the
* passwords of smoke tests. Contents are shown nowhere; only the shadow databases are looked into, for whether there is a hash.
*/
async function findSecrets(bag) {
	const found = /* @__PURE__ */ new Map();
	const add = (kind, path) => found.set(kind, [...found.get(kind) ?? [], path]);
	const shadows = [];
	for await (const entry of bag.readIndex()) {
		const kind = findSecretKind(entry);
		if (kind && SHADOW.includes(entry.path)) shadows.push(entry.path);
		else if (kind) add(kind, entry.path);
	}
	for (const path of await withHashes(bag, shadows)) add("password hashes", path);
	for (const words of await wordsOf(bag)) add("tokens and passwords", words);
	return [...found].map(([kind, paths]) => ({
		kind,
		paths
	}));
}
async function withHashes(bag, paths) {
	const wanted = new Set(paths);
	const found = [];
	if (wanted.size === 0) return found;
	const payload = bag.openPayload();
	try {
		for await (const member of readTar(payload)) {
			const path = `/${member.header.path}`;
			if (!wanted.delete(path)) continue;
			const chunks = [];
			for await (const chunk of member.body) chunks.push(chunk);
			if (holdsPasswordHash(Buffer.concat(chunks).toString("latin1"))) found.push(path);
			if (wanted.size === 0) break;
		}
	} finally {
		payload.destroy();
	}
	return found;
}
/** Secrets that are no files of the service. */
async function wordsOf(bag) {
	const { service, rebuild } = bag.manifest;
	const tests = ((await findGolden(join(bag.dir, "data/smoke")))?.tests ?? []).filter((each) => "password" in each && each.password);
	return [
		...secretVariables(service.run.env).map((name) => `environment ${name}`),
		...secretVariables(rebuild?.buildArgs ?? {}).map((name) => `build argument ${name}`),
		...tests.map((each) => `smoke test "${each.name}"`)
	];
}
// src/report/pie.ts
/** Slices that a chart shows by themselves; the rest are put together. */
const LARGEST = 6;
/**
* A mermaid pie chart as a fenced block (mermaid.js.org/syntax/pie.html: values are above zero, with two decimals at most).
* Labels lose whatever could end them. Empty when there is nothing to show.
*/
function pieChart(title, slices) {
	const sorted = slices.filter((each) => each.value > 0).toSorted((a, b) => b.value - a.value);
	const rest = sorted.slice(LARGEST).reduce((sum, each) => sum + each.value, 0);
	const shown = [...sorted.slice(0, LARGEST), ...rest > 0 ? [{
		label: "other",
		value: rest
	}] : []];
	if (shown.length === 0) return "";
	const lines = shown.map((each) => `  "${safe(each.label)}" : ${Math.max(.01, Math.round(each.value * 100) / 100)}`);
	return [
		"```mermaid",
		`pie showData title ${safe(title)}`,
		...lines,
		"```"
	].join("\n");
}
function safe(text) {
	return text.replace(/[^\w ,./()-]/g, " ").slice(0, 60);
}
// src/report/rule-words.ts
/** What the built-in decisions mean, for people (src/classify, src/detect). Rules of knowledge/ bring their own reason. */
const BUILT_IN = {
	"package/unchanged": "files of packages, as shipped",
	"package/as-shipped": "files of packages, touched but with the same content",
	"package/edited-conffile": "configuration files of packages, edited",
	"package/referenced": "configuration files of packages, as shipped, that edited ones name",
	"package/modified": "files of packages with other content than shipped",
	"package/attributes": "files of packages whose mode, owner, attributes or ACL were changed",
	"owner/deleted": "deleted by the owner; the deletion is kept",
	"unowned/mount": "in a volume or a bind mount, no package ships it",
	"unowned/operation": "made or changed during operation, no package ships it",
	"image/secret": "secrets made when the image was built, lost by a rebuild",
	"image/build-step": "made by build steps, which the Dockerfile in the archive repeats",
	"image/unowned": "made when the image was built, no package ships it",
	"owner/include": "perennial.yml includes it",
	"owner/exclude": "perennial.yml excludes it",
	"owner/logs": "logs that perennial.yml leaves out",
	"runtime/socket": "sockets, made by the program that listens",
	"structure/parent": "directories above what is kept"
};
/** Reason of each rule in words, as text: built in, of knowledge/ (`reasons`), or what the index says of one of its paths. */
function ruleWords(rules, index, reasons) {
	const missing = new Set(rules.filter((rule) => !BUILT_IN[rule] && !reasons[rule]));
	const said = {};
	if (missing.size > 0) {
		for (const { rule, why } of index) if (missing.has(rule)) said[rule] ??= why;
	}
	return Object.fromEntries(rules.map((rule) => [rule, BUILT_IN[rule] ?? reasons[rule] ?? said[rule] ?? ""]));
}
// src/report/archive-job-summary.ts
/** The summary of a decommission as Markdown for a job summary. Pure; what comes from the container is escaped. */
function archiveJobSummary(report) {
	const { manifest, golden } = report.result;
	return [
		`## ${plain(manifest.service.name)}: decommissioned`,
		headline(report),
		lookAt(archiveAnnotations(report)),
		sizes(report),
		chart(report),
		reasonTable(report, true),
		reasonTable(report, false),
		secretTable(report.secrets),
		golden.length === 0 ? "" : `### Golden answers\n\n${table([
			"Smoke test",
			"Answer",
			""
		], "lll", golden.map((each) => [
			plain(each.name),
			code(each.status, 80),
			each.flaky ? "flaky" : ""
		]))}`,
		packages(report)
	].filter((part) => part !== "").join("\n\n");
}
/** What a person should look at after a decommission. */
function archiveAnnotations({ result, secrets, artifact }) {
	const readers = artifact && secrets.length > 0;
	return [
		...result.incomplete.map((path) => annotation("error", "Not archived", `${path} could not be read`)),
		...result.manifest.notes.map((note) => annotation("warning", "Archive", note)),
		...result.golden.filter((each) => each.flaky).map((each) => annotation("warning", "Flaky smoke test", `"${each.name}" gave two different answers on the living service: mask what changes, or a restore cannot be judged by it`)),
		...readers ? [annotation("notice", "Secrets", `The archive holds in plain text: ${secretWords(secrets)}`)] : []
	];
}
/** "2 private keys, 1 password hash file": counted by kind, nothing else. */
function secretWords(secrets) {
	return secrets.map((each) => `${each.kind} (${each.paths.length})`).join(", ");
}
function headline({ result, packed }) {
	const { counts, service, system } = result.manifest;
	const image = service.image ? `, ${percent(packed.bytes, service.image.size)} of the image` : "";
	return `${count(counts.kept)} of ${count(counts.paths)} paths of a ${plain(system.os.prettyName || "system without a name")} are kept. The archive has **${byteText(packed.bytes)}**${image}.`;
}
function lookAt(annotations) {
	const marks = {
		error: "❌",
		warning: "⚠️",
		notice: "ℹ️"
	};
	if (annotations.length === 0) return "";
	const lines = annotations.slice(0, 50).map((each) => `- ${marks[each.level]} ${plain(each.message, 800)}`);
	const more = annotations.length > 50 ? [`- … ${count(annotations.length - 50)} more`] : [];
	return [
		"### Look at this",
		"",
		...lines,
		...more
	].join("\n");
}
function sizes({ result, packed, artifact }) {
	const { counts, timings, service } = result.manifest;
	const rows = [
		...service.image ? [["Image", byteText(service.image.size)]] : [],
		["Mutable data", `${byteText(counts.keptBytes)} in ${count(counts.kept)} paths, ${count(counts.deleted)} deletions`],
		["Archive", `${byteText(packed.bytes)}${service.image ? `, ${percent(packed.bytes, service.image.size)} of the image` : ""}`],
		...result.manifest.dumps.map((each) => ["Logical export", `${code(each.file)}, ${byteText(each.bytes)}`]),
		["Found in", `${timings.detect} s`],
		["Archived in", `${timings.total} s`],
		...artifact ? [["Uploaded in", `${artifact.seconds} s, as ${code(artifact.name)} (id ${artifact.id})`]] : [],
		...artifact ? [["Kept for", retention(artifact.retentionDays)]] : [],
		["sha256", code(packed.sha256)]
	];
	return `### Sizes and times\n\n${table(["", ""], "ll", rows)}`;
}
function retention(days) {
	return `${days > 0 ? `${days} days` : "the repository's default, 90 days at most if it is public"}; fetch it before that if it has to last longer`;
}
/** Bytes in kB: what is kept is thousands of times smaller than what is left, the chart shows just that. */
function chart({ result }) {
	const rules = Object.entries(result.manifest.counts.rules);
	const kept = rules.reduce((sum, [, each]) => sum + (each.kept ? each.bytes : 0), 0);
	const left = rules.filter(([, each]) => !each.kept).map(([rule, each]) => ({
		label: `left, ${rule}`,
		value: each.bytes / 1e3
	}));
	return pieChart("Kept against left, in kB", [{
		label: "kept",
		value: kept / 1e3
	}, ...left]);
}
function reasonTable({ result, reasons }, kept) {
	const rules = Object.entries(result.manifest.counts.rules).filter(([, each]) => each.kept === kept).toSorted(([, a], [, b]) => b.bytes - a.bytes || b.paths - a.paths);
	if (rules.length === 0) return "";
	const words = ruleWords(rules.map(([rule]) => rule), result.index, reasons);
	const rows = rules.map(([rule, each]) => [
		plain(words[rule] ?? ""),
		code(rule),
		count(each.paths),
		byteText(each.bytes)
	]);
	const text = table([
		"Why",
		"Rule",
		"Paths",
		"Bytes"
	], "llrr", rows);
	return kept ? `### Kept, and why\n\n${text}` : folded("Left out, and why", text);
}
function secretTable(secrets) {
	if (secrets.length === 0) return "";
	const rows = secrets.map((each) => [
		each.kind,
		count(each.paths.length),
		each.paths.slice(0, 5).map((path) => code(path)).join(" ")
	]);
	return folded(`Secrets in the archive: ${secretWords(secrets)}`, table([
		"Kind",
		"Count",
		"Where"
	], "lrl", rows));
}
function packages({ result }) {
	const chosen = result.manifest.system.packages.filter((each) => each.manual && each.priority !== "required");
	if (chosen.length === 0) return "";
	const rows = chosen.map((each) => [code(each.name), code(each.version)]);
	const all = result.manifest.system.packages.length;
	return folded(`Versions: ${count(chosen.length)} chosen packages of ${count(all)}`, table(["Package", "Version"], "ll", rows, 100));
}
/** Two significant digits, and never in exponential notation. */
function percent(part, whole) {
	const value = whole === 0 ? 0 : part / whole * 100;
	return `${value === 0 || value >= 1 ? value.toFixed(value < 10 ? 1 : 0) : value.toFixed(1 - Math.floor(Math.log10(value)))} %`;
}
// src/actions/upload-bag.ts
/**
* Uploads a packed bag as a workflow artifact: the file as it is, without a zip around it, under its own name.
* The client's digest of what it sent, which the service has checked, must be ours.
* @param retentionDays 0 is the repository's default
* @throws PerennialError `store-failed`, `digest-mismatch`
*/
async function uploadBag(packed, retentionDays) {
	const started = performance.now();
	const name = basename(packed.file);
	const options = {
		skipArchive: true,
		...retentionDays > 0 ? { retentionDays } : {}
	};
	const { id, digest } = await new DefaultArtifactClient().uploadArtifact(name, [packed.file], dirname(packed.file), options).catch((cause) => {
		throw uploadFailed(name, cause);
	});
	if (id === void 0 || digest !== packed.sha256) throw new PerennialError("digest-mismatch", `The artifact ${name} is not what was sent: its sha256 is ${digest ?? "unknown"}, ours is ${packed.sha256}`, { hint: "Run the job again; nothing was removed." });
	return {
		name,
		id,
		seconds: Math.round((performance.now() - started) / 100) / 10
	};
}
function uploadFailed(name, cause) {
	const taken = /already exists|409|conflict/i.test(cause.message);
	return new PerennialError("store-failed", `The artifact ${name} could not be uploaded: ${cause.message}`, {
		cause,
		hint: taken ? "This run has an artifact of that name; artifacts are immutable. Set another `artifact-name`." : "Run the job again when the artifact service answers; the archive is still on the runner."
	});
}
// src/actions/decommission.ts
/**
* Archives, verifies, packs, uploads, and tells of it in the job summary. The container is not touched: whoever calls
* removes it when this has come to its end without an error.
*/
async function decommission(request) {
	const folder = await makeRunnerFolder();
	const out = join(folder, bagFolderName(request.name));
	const result = await archive({
		...request.archive,
		out,
		progress: actionProgress
	});
	const secrets = await verified(out);
	actionProgress.step("Packing the bag");
	const file = join(folder, bagFileName(request.name));
	const packed = {
		file,
		...await packBag(out, file)
	};
	await rm(out, {
		recursive: true,
		force: true
	});
	const upload = request.upload ? await uploadUnlessSecret(request, packed, secrets) : void 0;
	await tell({
		result,
		packed,
		secrets,
		reasons: Object.fromEntries((await readRules()).map((rule) => [rule.id, rule.reason])),
		...upload ? { artifact: {
			...upload,
			retentionDays: request.retentionDays
		} } : {}
	});
	return {
		result,
		file,
		upload
	};
}
async function verified(bagFolder) {
	actionProgress.step("Verifying the bag");
	const bag = await openBag(bagFolder);
	try {
		await verifyBag(bag);
		return await findSecrets(bag);
	} finally {
		await bag.close();
	}
}
async function uploadUnlessSecret(request, packed, secrets) {
	const audience = await findAudience();
	if (secrets.length > 0 && audience !== "collaborators" && !request.allowPlaintextSecrets) throw new PerennialError("bad-input", `The archive is not uploaded. ${audience === "others" ? "This repository is not private" : "Whether this repository is private is not known"}, and the archive holds secrets in plain text: ${secretWords(secrets)}`, { hint: `Add \`allow-plaintext-secrets: true\` to the step if others may read them. The archive is at ${packed.file}, and the container is still there.` });
	actionProgress.step("Uploading the archive");
	return uploadBag(packed, request.retentionDays);
}
async function tell(report) {
	await writeSummary(archiveJobSummary(report));
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
	const { result } = await decommission({
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
		retentionDays: inputs.retentionDays,
		allowPlaintextSecrets: inputs.allowPlaintextSecrets
	});
	refuseIncomplete(result.incomplete);
	if (inputs.keepContainer) return;
	actionProgress.step(`Removing the container ${state.container}`);
	await removeService(engine, state);
}
/** @throws PerennialError `unreadable` when something is not in the archive */
function refuseIncomplete(incomplete) {
	if (incomplete.length === 0) return;
	throw new PerennialError("unreadable", `The archive is uploaded, but ${incomplete.length} paths could not be read, the first is ${incomplete[0]}`, { hint: "All are in the summary. Make them readable and archive again, or exclude them in perennial.yml." });
}
export { refuseIncomplete as n, decommission as r, endService as t };
