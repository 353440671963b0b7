import { _ as summary, a as getInput, c as group, f as setFailed, g as warning, h as startGroup, i as getBooleanInput, l as info, m as setSecret, n as endGroup, o as getMultilineInput, r as error, t as debug, u as notice } from "./chunk-core.js";
import { Gt as verifyBag, dn as parsePassphrase, fn as parseRecipients, hn as printable, n as fewAnnotations, o as isRebuildImpossible, r as sweepLeftovers, s as proveRebuild, un as parseIdentities, yn as secretVariables } from "./chunk-annotation.js";
import { a as parseReference, n as interruption, r as signalExitCode, s as PerennialError, t as interruptOnSignals } from "./chunk-interruption.js";
import { i as parseKeepFor } from "./chunk-retention.js";
// src/actions/verify-archive.ts
const VERIFICATIONS = [
	"rebuild",
	"digest",
	"none"
];
/**
* Verifies a bag while the original is still there. A rebuild that fails or differs is a result, not an error: the archive is uploaded
* all the same, and `refuseUnproved` keeps the original.
* @throws PerennialError when a digest is wrong: such a bag is worth nothing
*/
async function verifyArchive(bag, how, archive, progress) {
	if (how === "none") return {
		how,
		note: "not at all, as asked for",
		differences: []
	};
	progress.step("Verifying the bag");
	const { files } = await verifyBag(bag);
	const digests = `${files} digests`;
	if (how === "digest" || !archive.engine) return {
		how: "digest",
		note: digests,
		differences: []
	};
	try {
		const { smoke, knowledge } = archive.config;
		const proof = await proveRebuild({
			engine: archive.engine,
			bag,
			smoke,
			...knowledge ? { knowledge } : {},
			progress
		});
		const outcome = proof.complete ? "every path came back as recorded" : "it is not the same";
		return {
			how,
			note: `${digests}, and a rebuild on ${proof.base} in ${proof.seconds} s: ${outcome}`,
			differences: proof.complete ? [] : [...proof.differences, ...unsaid(proof.differences)]
		};
	} catch (error) {
		if (!(error instanceof PerennialError) || error.code === "interrupted") throw error;
		if (isRebuildImpossible(error)) return {
			how: "digest",
			note: `${digests}; no rebuild: ${error.message}`,
			differences: []
		};
		return {
			how,
			note: `${digests}; the rebuild failed`,
			differences: [`The rebuild failed: ${error.message}`]
		};
	}
}
/** An answer can be missing without a line in the journal. */
function unsaid(differences) {
	return differences.length > 0 ? [] : ["The service does not answer as before"];
}
/** @throws PerennialError `step-failed` when a rebuild did not give everything back */
function refuseUnproved({ differences }) {
	if (differences.length === 0) return;
	throw new PerennialError("step-failed", `The archive is uploaded, but a rebuild of it is not the same: ${differences[0]}${differences.length > 1 ? ` (and ${differences.length - 1} more)` : ""}`, { hint: "The original is left as it is. The summary has all differences; `verify: digest` leaves the rebuild out." });
}
// src/actions/inputs.ts
/** Inputs of the root action. @throws PerennialError `bad-input` naming the input */
function mainInputs() {
	const inputs = {
		context: getInput("context"),
		dockerfile: getInput("dockerfile"),
		buildArgs: pairs("build-args"),
		image: getInput("image"),
		name: getInput("name"),
		ports: getMultilineInput("ports"),
		volumes: getMultilineInput("volumes"),
		env: pairs("env"),
		runOptions: getMultilineInput("run-options"),
		start: getInput("start"),
		readyPort: number("ready-port"),
		readyTimeout: number("ready-timeout") ?? 60,
		config: getInput("config"),
		knowledge: getInput("knowledge"),
		archiveOn: oneOf("archive-on", ["always", "success"]),
		jobStatus: getInput("job-status"),
		keepContainer: getBooleanInput("keep-container"),
		verify: oneOf("verify", VERIFICATIONS),
		...keepInputs(),
		engine: getInput("engine")
	};
	if (!inputs.context && !inputs.image) throw new PerennialError("bad-input", "Neither `context` nor `image` is given", { hint: "Name the folder of the Dockerfile, or the image to start." });
	return inputs;
}
/** Inputs of archive/action.yml. */
function archiveInputs() {
	return {
		container: getInput("container", { required: true }),
		context: getInput("context"),
		dockerfile: getInput("dockerfile"),
		buildArgs: pairs("build-args"),
		start: getInput("start"),
		config: getInput("config"),
		knowledge: getInput("knowledge"),
		baseline: getInput("baseline"),
		upload: getBooleanInput("upload"),
		verify: oneOf("verify", VERIFICATIONS),
		...keepInputs(),
		engine: getInput("engine")
	};
}
/**
* Inputs of restore/action.yml. The token is masked in the log.
* @param fixed what a drill, which has the other inputs too, does not leave to its user
*/
function restoreInputs(fixed = {}) {
	const inputs = {
		bag: getInput("bag"),
		artifact: getInput("artifact"),
		runId: number("run-id"),
		githubToken: secret("github-token"),
		repository: getInput("repository"),
		keys: keys(),
		name: fixed.name ?? getInput("name"),
		base: getInput("base"),
		smoke: getInput("smoke"),
		knowledge: getInput("knowledge"),
		keep: fixed.keep ?? getBooleanInput("keep"),
		report: getInput("report"),
		uploadReport: getBooleanInput("upload-report"),
		engine: getInput("engine")
	};
	if (inputs.bag === "" === (inputs.artifact === "")) throw new PerennialError("bad-input", "Give either `bag` or `artifact`", { hint: "`bag` is a path on the runner or a reference such as `release:TAG`, `artifact` the name of a workflow artifact." });
	return inputs;
}
/** What the inputs say of the restore itself; an empty one is not given. */
function givenToRestore({ name, base, knowledge, keep }) {
	return {
		name,
		keep,
		...base ? { base } : {},
		...knowledge ? { knowledge } : {}
	};
}
function keepInputs() {
	const keepFor = getInput("keep-for");
	return {
		artifactName: getInput("artifact-name"),
		retentionDays: number("retention-days") ?? 0,
		to: references("to"),
		keepForDays: keepFor === "" ? void 0 : parseKeepFor(keepFor, "The input keep-for"),
		lock: lock(),
		githubToken: secret("github-token"),
		allowPlaintextSecrets: getBooleanInput("allow-plaintext-secrets")
	};
}
/** References of stores, one a line; the word `artifact` is the workflow artifact. */
function references(name) {
	const lines = getMultilineInput(name);
	if (lines.length > 0) return lines.map((line) => parseReference(line === "artifact" ? "artifact:" : line));
	throw new PerennialError("bad-input", `The input ${name} is empty`, { hint: "Say where to keep the archive, for instance `artifact`." });
}
/** An input whose value the log must not show; each line of it, since the log is masked line by line. */
function secret(name) {
	const value = getInput(name);
	for (const line of value.split(/\r?\n/)) if (line.trim() !== "") setSecret(line.trim());
	return value;
}
function lock() {
	const recipients = getInput("encrypt-to");
	const passphrase = secret("passphrase");
	if (recipients !== "" && passphrase !== "") throw new PerennialError("bad-input", "`encrypt-to` and `passphrase` are both given", { hint: "An age file takes either recipients or a passphrase." });
	if (recipients !== "") return { recipients: parseRecipients(recipients, "The input encrypt-to") };
	return passphrase === "" ? void 0 : { passphrase: parsePassphrase(passphrase, "The input passphrase") };
}
function keys() {
	const identity = secret("identity");
	const passphrase = secret("passphrase");
	return {
		identities: identity === "" ? [] : parseIdentities(identity, "The input identity"),
		passphrases: passphrase === "" ? [] : [parsePassphrase(passphrase, "The input passphrase")]
	};
}
/** NAME=value lines. Values that are secrets by their name are masked in the log from here on. */
function pairs(name) {
	const values = parsePairs(name);
	for (const secret of secretVariables(values)) setSecret(values[secret]);
	return values;
}
function parsePairs(name) {
	return Object.fromEntries(getMultilineInput(name).map((line) => {
		const at = line.indexOf("=");
		if (at <= 0) throw new PerennialError("bad-input", `The input ${name} has a line that is not NAME=value`);
		return [line.slice(0, at), line.slice(at + 1)];
	}));
}
function number(name) {
	const text = getInput(name);
	if (text === "") return void 0;
	if (!/^\d+$/.test(text)) throw new PerennialError("bad-input", `The input ${name} is "${text}", not a number`);
	return Number(text);
}
function oneOf(name, values) {
	const text = getInput(name);
	const found = values.find((value) => value === text);
	if (found === void 0) throw new PerennialError("bad-input", `The input ${name} is "${text}"`, { hint: `Use ${values.join(" or ")}.` });
	return found;
}
// src/actions/log-text.ts
/**
* Text that may be printed in a workflow's log. Runners take `::name::` at the beginning of a line, and `##[name]` anywhere, for
* commands (github.com/actions/runner, ActionCommand.cs): a container must not set outputs or unmask secrets through what it says.
*/
function logText(text) {
	return text.replace(/\r+$/gm, "").split(/[\r\n]/).map((line) => printable(line).replace(/^(\s*)::/, "$1: :").replaceAll("##[", "## [")).join("\n");
}
// src/actions/action-progress.ts
/** Progress in a workflow's log. Details are debug lines: they show when the run has debug logging enabled. */
const actionProgress = {
	step: (message) => info(logText(message)),
	detail: (message) => debug(logText(message)),
	warn: (message) => info(`! ${logText(message)}`)
};
/** Runs something that prints a lot (a build) in a folded group of the log; gives it the function that prints. */
async function inGroup(title, run) {
	return group(logText(title), () => run((text) => info(logText(text))));
}
/** Text that is there already, folded in the log. */
function printGroup(title, text) {
	startGroup(logText(title));
	info(logText(text));
	endGroup();
}
// src/actions/run-action.ts
/** The one place where errors of an action end: an annotation with the way out, and a failed step. */
async function runAction(run) {
	interruptOnSignals((signal) => info(`${signal}: ending; what was made is removed`));
	try {
		await sweepLeftovers(actionProgress);
		await run();
	} catch (error) {
		if (interruption.signal) await endCancelled(interruption.signal);
		else if (error instanceof PerennialError) setFailed(logText(error.toText()));
		else setFailed(logText(`${describe(error)}\nThis is a defect of perennial; please report it.`));
	}
}
/** A cancelled run: the runner gives a step ten seconds between its first signal and the last. */
async function endCancelled(signal) {
	await interruption.settled();
	setFailed("The run was cancelled; nothing half done is left");
	process.exitCode = signalExitCode(signal);
}
/** Shows what a person should look at, beside the run. */
function annotate(annotations) {
	const show = {
		error,
		warning,
		notice
	};
	for (const { level, title, message } of fewAnnotations(annotations)) show[level](logText(message), { title });
}
/** Appends Markdown to the job summary; a summary that cannot be written (no such file, too large) fails nothing. */
async function writeSummary(markdown) {
	await summary.addRaw(markdown, true).write().catch((error) => warning(logText(`The job summary could not be written: ${describe(error)}`)));
}
function describe(error) {
	return error instanceof Error ? error.stack ?? error.message : String(error);
}
export { inGroup as a, archiveInputs as c, restoreInputs as d, refuseUnproved as f, actionProgress as i, givenToRestore as l, runAction as n, printGroup as o, verifyArchive as p, writeSummary as r, logText as s, annotate as t, mainInputs as u };
