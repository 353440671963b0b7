import { o as __toESM } from "./chunk-rolldown-runtime.js";
import { _ as warning, d as notice, g as startGroup, h as setSecret, i as getBooleanInput, l as group, n as endGroup, o as getInput, p as setFailed, r as error, s as getMultilineInput, t as debug, u as info, v as summary } from "./chunk-core.js";
import { t as require_dist } from "./chunk-dist.js";
import { r as require_dist$1 } from "./chunk-v2.js";
import { An as SUBJECT, En as readAttestation, Mn as toolVersion, Nn as openBag, On as parseExpectedSigner, Pn as verifyBag, Sn as secretVariables, _n as parseIdentities, a as isRebuildImpossible, cr as printable, hr as ATTESTATION_ROOT, jn as formatStatement, kn as IN_TOTO, mr as ATTESTATION, n as fewAnnotations, o as proveRebuild, pr as hashFile, r as sweepLeftovers, ur as temporaryFolder, vn as parsePassphrase, yn as parseRecipients } from "./chunk-annotation.js";
import { a as signalExitCode, i as interruption, n as parseReference, r as interruptOnSignals, s as PerennialError } from "./chunk-reference.js";
import { z as writeDurably } from "./chunk-dist2.js";
import { i as parseKeepFor } from "./chunk-retention.js";
import { join } from "node:path";
// src/attestation/sign-bag.ts
var import_dist = require_dist$1();
var import_dist$1 = require_dist();
/** Sigstore's public instance (https://docs.sigstore.dev). */
const PUBLIC_INSTANCE = {
	fulcio: "https://fulcio.sigstore.dev",
	rekor: "https://rekor.sigstore.dev",
	timestamp: ""
};
/** Each request, in milliseconds, and how often one that fails is made again. */
const PATIENCE = {
	timeout: 2e4,
	retry: 3
};
/**
* Attests the folder of a finished bag: signs a statement about its tag manifest with a key that lives for this one signature, has Fulcio certify
* it for whom the token stands for, and the log or the timestamp authority witness it. The bundle is verified with `roots` before it is put into
* the bag, beside those keys. Of the bundle the log gets digests, the signature and the certificate, which names the workflow.
* @param getToken gives an OIDC token for the audience `sigstore`
* @throws PerennialError `store-failed` when a service does not do its part, `attestation-invalid` when what came of it does not verify; the bag is
* as before then
*/
async function signBag(dir, instance, getToken, roots) {
	const bag = await openBag(dir);
	const { sha256 } = await hashFile(bag.file(SUBJECT));
	const statement = formatStatement(sha256, {
		name: "perennial",
		version: toolVersion
	}, bag.manifest.schema);
	const bundle = Buffer.from(JSON.stringify(await sign(statement, instance, getToken)));
	const used = [];
	const attestation = await verified(dir, bundle, roots.map((find) => async () => {
		const root = await find();
		used.push(root);
		return root;
	}));
	const root = used.at(-1);
	if (root) await put(join(dir, ATTESTATION_ROOT), `${JSON.stringify(import_dist$1.TrustedRoot.toJSON(root))}\n`);
	await put(join(dir, ATTESTATION), bundle);
	return attestation;
}
async function sign(statement, instance, getToken) {
	const { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness } = await import("./chunk-dist3.js").then((m) => /* @__PURE__ */ __toESM(m.default, 1));
	const { fulcio, rekor, timestamp } = instance;
	const builder = new DSSEBundleBuilder({
		signer: new FulcioSigner({
			fulcioBaseURL: fulcio,
			identityProvider: { getToken },
			...PATIENCE
		}),
		witnesses: [...rekor ? [new RekorWitness({
			rekorBaseURL: rekor,
			entryType: "dsse",
			...PATIENCE
		})] : [], ...timestamp ? [new TSAWitness({
			tsaBaseURL: timestamp,
			...PATIENCE
		})] : []]
	});
	try {
		return (0, import_dist.bundleToJSON)(await builder.create({
			data: statement,
			type: IN_TOTO
		}));
	} catch (cause) {
		const { message, cause: why } = cause;
		const text = why instanceof Error ? `${message}: ${why.message}` : message;
		throw new PerennialError("store-failed", `The archive could not be attested: ${text}`, {
			hint: `Asked were ${[
				fulcio,
				rekor,
				timestamp
			].filter(Boolean).join(", ")}. Try again, or leave \`attest\` out.`,
			cause
		});
	}
}
/** As a restore will read it. */
async function verified(dir, bundle, roots) {
	const folder = await temporaryFolder("attestation");
	try {
		const file = join(folder.path, ATTESTATION);
		await put(file, bundle);
		const found = await readAttestation({
			name: dir,
			file: (path) => path === "attestation.sigstore.json" ? file : join(dir, path)
		}, roots);
		if (found?.untrusted === void 0) return found;
		throw new PerennialError("attestation-invalid", `What was signed does not verify: ${found.untrusted}`, { hint: "Of an instance of your own, `sigstore` needs `trusted-root=FILE` with its keys." });
	} finally {
		await folder.remove();
	}
}
async function put(path, content) {
	await writeDurably(path, 420, (sink) => sink(Buffer.from(content)));
}
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
	const rebuilds = how === "rebuild" && archive.engine !== void 0;
	const { files } = await verifyBag(bag, { deep: !rebuilds });
	const digests = `${files} digests`;
	if (!rebuilds) return {
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
		if (isRebuildImpossible(error)) {
			await verifyBag(bag);
			return {
				how: "digest",
				note: `${digests}; no rebuild: ${error.message}`,
				differences: []
			};
		}
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
		expected: expectedSigner(),
		trustedRoot: getInput("trusted-root"),
		name: fixed.name ?? getInput("name"),
		base: getInput("base"),
		smoke: getInput("smoke"),
		knowledge: getInput("knowledge"),
		olderPackages: getBooleanInput("older-packages"),
		keep: fixed.keep ?? getBooleanInput("keep"),
		report: getInput("report"),
		uploadReport: getBooleanInput("upload-report"),
		engine: getInput("engine")
	};
	if (inputs.bag === "" === (inputs.artifact === "")) throw new PerennialError("bad-input", "Give either `bag` or `artifact`", { hint: "`bag` is a path on the runner or a reference such as `release:TAG`, `artifact` the name of a workflow artifact." });
	return inputs;
}
/** What the inputs say of the restore itself; an empty one is not given. */
function givenToRestore({ name, base, knowledge, olderPackages, keep }) {
	return {
		name,
		keep,
		olderPackages,
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
		allowPlaintextSecrets: getBooleanInput("allow-plaintext-secrets"),
		attest: attestInputs()
	};
}
function attestInputs() {
	const how = oneOf("attest", [
		"false",
		"true",
		"public"
	]);
	const given = parsePairs("sigstore");
	const wrong = Object.keys(given).find((name) => !SIGSTORE_PARTS.includes(name));
	if (wrong !== void 0 || Object.keys(given).length > 0 && !given.fulcio) {
		const what = wrong === void 0 ? "names no fulcio" : `has the line ${JSON.stringify(wrong)}`;
		throw new PerennialError("bad-input", `The input sigstore ${what}`, { hint: `Give the addresses of an instance of your own, NAME=VALUE a line: ${SIGSTORE_PARTS.join(", ")}.` });
	}
	const { fulcio, rekor = "", timestamp = "" } = given;
	return {
		instance: how === "false" ? void 0 : fulcio ? {
			fulcio,
			rekor,
			timestamp
		} : PUBLIC_INSTANCE,
		allowPublicLog: how === "public",
		trustedRoot: given["trusted-root"] ?? ""
	};
}
const SIGSTORE_PARTS = [
	"fulcio",
	"rekor",
	"timestamp",
	"trusted-root"
];
function expectedSigner() {
	return parseExpectedSigner({
		attestedBy: getInput("attested-by"),
		identity: getInput("certificate-identity"),
		issuer: getInput("certificate-oidc-issuer"),
		names: {
			attestedBy: "the input attested-by",
			identity: "the input certificate-identity",
			issuer: "the input certificate-oidc-issuer"
		}
	});
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
export { inGroup as a, archiveInputs as c, restoreInputs as d, refuseUnproved as f, signBag as h, actionProgress as i, givenToRestore as l, PUBLIC_INSTANCE as m, runAction as n, printGroup as o, verifyArchive as p, writeSummary as r, logText as s, annotate as t, mainInputs as u };
