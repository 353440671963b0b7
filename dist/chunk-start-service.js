import { a as getIDToken, c as getState, d as notice, f as saveState, m as setOutput } from "./chunk-core.js";
import { i as takeBaseline, s as serviceConfig, t as readRebuildContext } from "./chunk-rebuild-context.js";
import { cr as printable, dt as containerRuns, fr as runRecord, ft as portOpen, lt as allReady, pt as waitUntilReady, ut as containerEnded, z as mountPolicy } from "./chunk-annotation.js";
import { n as trustedRoots, r as findEngine } from "./chunk-check-attestation.js";
import { a as inGroup, h as signBag, i as actionProgress, m as PUBLIC_INSTANCE } from "./chunk-run-action.js";
import { s as PerennialError } from "./chunk-reference.js";
import { n as makeRunnerFolder, t as findAudience } from "./chunk-runner.js";
import { join } from "node:path";
// src/actions/attest-archive.ts
/** Whom the token is for (https://docs.sigstore.dev, Fulcio). */
const AUDIENCE = "sigstore";
/**
* Makes sure, before anything is done, that this job may sign, and that what it signs may be seen by those who will.
* @throws PerennialError `bad-input` with the lines to add
*/
async function foretellAttestation({ instance, allowPublicLog }) {
	if (!instance) return;
	const visibility = claimOf(await askToken(), "repository_visibility") || "of unknown visibility";
	if (!(instance.fulcio === PUBLIC_INSTANCE.fulcio || instance.rekor === PUBLIC_INSTANCE.rekor) || allowPublicLog || visibility === "public") return;
	throw new PerennialError("bad-input", `The archive is not attested: this repository is ${visibility}, and Sigstore's log would show its name, the workflow and the commit to everybody, for ever`, { hint: `If they may be seen, say so:
  attest: public
Else name an instance of Sigstore without a public log with \`sigstore\` (docs/guides/attest.md), or leave \`attest\` out.` });
}
/** Attests the folder of a bag that is verified. @throws what is no PerennialError, and `interrupted` */
async function attestArchive(dir, { instance, trustedRoot }) {
	if (!instance) return {};
	try {
		const roots = await trustedRoots(trustedRoot, "The input sigstore: trusted-root");
		return { attestation: await signBag(dir, instance, askToken, roots) };
	} catch (error) {
		if (!(error instanceof PerennialError) || error.code === "interrupted") throw error;
		return { failure: error };
	}
}
/** @throws PerennialError `step-failed` when an archive that should be attested is kept without */
function refuseUnattested({ failure }) {
	if (!failure) return;
	throw new PerennialError("step-failed", `The archive is kept, but not attested: ${failure.message}`, {
		hint: [failure.hint, "The original is left as it is."].filter(Boolean).join("\n"),
		cause: failure
	});
}
async function askToken() {
	if (!process.env.ACTIONS_ID_TOKEN_REQUEST_URL || !process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) throw new PerennialError("bad-input", "`attest` needs a token that says which workflow this is, and this job may not ask for one", { hint: `Add this line to the job's (or the workflow's) permissions; those that are not listed beside it are taken away:
  permissions:
    id-token: write
A pull request of a fork never gets it.` });
	return getIDToken(AUDIENCE).catch((cause) => {
		throw new PerennialError("store-failed", `GitHub gave no token to attest with: ${cause.message}`, { cause });
	});
}
/** A claim of a JSON Web Token (RFC 7519), which comes from the runner itself: its signature is for Fulcio to check. */
function claimOf(token, name) {
	try {
		return String(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString())[name] ?? "");
	} catch {
		return "";
	}
}
// src/actions/main-process.ts
const SHELLS = /* @__PURE__ */ new Set([
	"sh",
	"bash",
	"dash",
	"ash",
	"zsh"
]);
/**
* What the service container runs as its main process.
* An image's own command when it has one that stays; a bare shell, as base images have it, ends at once without a
* terminal and does not count. With a start command the container then only has to live: it sleeps.
* @returns options for the engine; empty for the image's own command
* @throws PerennialError `image-unsuitable` when there is nothing to run
*/
function mainProcess(image, start) {
	const last = [...image.entrypoint, ...image.command].at(-1);
	if (last !== void 0 && !SHELLS.has(last.slice(last.lastIndexOf("/") + 1))) return {};
	if (start) return {
		entrypoint: "sleep",
		command: ["infinity"]
	};
	throw new PerennialError("image-unsuitable", "The image has no command that keeps running", { hint: "Give `start`, the shell command that starts the daemons, or a CMD in the Dockerfile." });
}
// src/actions/service-container.ts
/** The image of the service: built from the context, or the one that is named, pulled when it is not there. */
async function serviceImage(engine, inputs, onLine) {
	if (inputs.image) {
		const image = await engine.findImage(inputs.image, { pull: true });
		if (image) return image;
		throw new PerennialError("no-such-image", `The image "${inputs.image}" is not here and cannot be pulled`, { hint: "Check its name; log in to its registry in a step before this one." });
	}
	await readRebuildContext(inputs.context, inputs.dockerfile);
	const dockerfile = join(inputs.context, inputs.dockerfile);
	const { context, buildArgs } = inputs;
	const tag = imageTag(inputs.name);
	try {
		return await engine.inspectImage(await engine.build({
			context,
			dockerfile,
			tag,
			buildArgs,
			onLine
		}));
	} catch (cause) {
		if (!(cause instanceof PerennialError && cause.code === "command-failed")) throw cause;
		throw new PerennialError("step-failed", `The image does not build from ${dockerfile}: ${cause.message}`, { cause });
	}
}
/** `perennial/NAME:service`, in the letters that references may have. */
function imageTag(name) {
	return `perennial/${name.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "service"}:service`;
}
/**
* Named volumes of `--volume` values, NAME:/path[:options]; host paths and anonymous volumes are none.
* https://docs.docker.com/reference/cli/docker/container/run/#volume
*/
function namedVolumes(volumes) {
	return volumes.flatMap((volume) => /^([a-zA-Z0-9][\w.-]*):\//.exec(volume)?.[1] ?? []);
}
/** Starts the container. @throws PerennialError `output-exists` when its name is taken */
async function runService(engine, inputs, image) {
	const many = (flag, values) => values.flatMap((value) => [flag, value]);
	try {
		return await engine.run({
			name: inputs.name,
			image: inputs.image || imageTag(inputs.name),
			run: { env: inputs.env },
			...namesEntrypoint(inputs.runOptions) ? {} : mainProcess(image, inputs.start),
			extraArgs: [
				...many("--publish", inputs.ports),
				...many("--volume", inputs.volumes),
				...inputs.runOptions
			]
		});
	} catch (cause) {
		if (!(cause instanceof PerennialError && cause.code === "command-failed")) throw cause;
		throw new PerennialError("step-failed", `The container "${inputs.name}" does not start: ${cause.message}`, {
			cause,
			hint: "Check `ports`, `volumes` and `run-options`, and that the image has what its command names."
		});
	}
}
/** Then the owner has chosen what runs. */
function namesEntrypoint(words) {
	return words.some((word) => word === "--entrypoint" || word.startsWith("--entrypoint="));
}
/** @throws PerennialError `output-exists` */
async function refuseTakenName(engine, name) {
	if (!await engine.inspectContainer(name).then(() => true, (error) => {
		if (error instanceof PerennialError && error.code === "no-such-container") return false;
		throw error;
	})) return;
	throw new PerennialError("output-exists", `There is a container "${name}" already`, { hint: `Choose another \`name\`. If an earlier job left it, archive it first (archive action), then \`${engine.name} rm -f ${name}\`.` });
}
/** Runs the owner's start command; it has to return. @throws PerennialError `step-failed`, `not-ready` */
async function runStartCommand(engine, container, inputs) {
	const command = engine.execStream(container, [
		"sh",
		"-c",
		inputs.start
	], { allowFailure: true });
	command.stdin.end();
	let said = "";
	command.stdout.on("data", (chunk) => {
		said = (said + chunk).slice(-4e3);
	});
	let late = false;
	const timer = setTimeout(() => {
		late = true;
		command.kill();
	}, inputs.readyTimeout * 1e3);
	const { code, stderr } = await command.done.finally(() => clearTimeout(timer));
	if (late) throw new PerennialError("not-ready", `The start command did not return within ${inputs.readyTimeout} s`, { hint: "It has to start the daemons in the background and end; raise `ready-timeout` if it only needs longer." });
	if (code === 0) return;
	if (!(await engine.inspectContainer(container)).running) throw await containerEnded(engine, inputs.name);
	const end = (said + stderr).trim().split("\n").slice(-8).map(printable).join("\n");
	throw new PerennialError("step-failed", `The start command ended with exit code ${code}: ${end || "it said nothing"}`);
}
/** Waits until the container runs, is healthy where it has a health check, and answers at `ready-port`. */
async function waitForService(engine, container, inputs) {
	const { readyPort } = inputs;
	const port = readyPort === void 0 ? [] : [portOpen(engine, container.id, container.address, readyPort)];
	await waitUntilReady({
		describe: readyPort === void 0 ? `the container ${inputs.name}` : `port ${readyPort} of ${inputs.name}`,
		timeoutSeconds: inputs.readyTimeout,
		check: allReady(containerRuns(engine, container.id), ...port)
	});
}
// src/actions/service-state.ts
const KEY = "service";
/** The last save counts. */
function saveServiceState(state) {
	saveState(KEY, JSON.stringify(state));
}
/** Main has removed what it made: post must not look for it. */
function forgetServiceState() {
	saveState(KEY, "");
}
/** Undefined when main made nothing. */
function findServiceState() {
	const text = getState(KEY);
	return text === "" ? void 0 : JSON.parse(text);
}
// src/actions/start-service.ts
/**
* Main of the root action: image, container, start command, readiness, baseline. Whatever fails, what was made is
* removed again; post then finds nothing to do.
*/
async function startService(given) {
	const engine = await findEngine(given.engine);
	const config = await serviceConfig(given);
	const inputs = {
		...given,
		start: config.start ?? ""
	};
	await refuseTakenName(engine, inputs.name);
	await foretellRefusal(inputs);
	await foretellAttestation(inputs.attest);
	const image = await inGroup(inputs.image ? `Image ${inputs.image}` : "Building the image", (line) => serviceImage(engine, inputs, line));
	const state = {
		engine: engine.name,
		container: inputs.name,
		volumes: await newVolumes(engine, inputs),
		baseline: ""
	};
	saveServiceState(state);
	try {
		const container = await bringUp(engine, inputs, image);
		saveServiceState({
			...state,
			baseline: await baselineOf(engine, container)
		});
		setOutputs(container);
		runRecord.handOver();
	} catch (error) {
		await removeService(engine, state);
		forgetServiceState();
		if (!inputs.image) await engine.removeImage(imageTag(inputs.name));
		throw error;
	}
}
function setOutputs({ name, address, imageId }) {
	setOutput("container", name);
	setOutput("address", address);
	setOutput("image", imageId);
}
/** Removes the container with its anonymous volumes, and the named ones that this action made. */
async function removeService(engine, state) {
	await engine.removeContainer(state.container);
	for (const volume of state.volumes) await engine.removeVolume(volume);
}
async function newVolumes(engine, inputs) {
	const names = namedVolumes(inputs.volumes);
	const there = await Promise.all(names.map((name) => engine.volumeExists(name)));
	return names.filter((_, n) => !there[n]);
}
async function bringUp(engine, inputs, image) {
	actionProgress.step(`Starting the container ${inputs.name}`);
	const container = await engine.inspectContainer(await runService(engine, inputs, image));
	if (inputs.start) await runStartCommand(engine, container.id, inputs);
	await waitForService(engine, container, inputs);
	return container;
}
async function baselineOf(engine, container) {
	actionProgress.step("Taking the baseline");
	const mounts = mountPolicy(container.run.mounts).filter((mount) => mount.kept);
	const file = join(await makeRunnerFolder(), "baseline");
	await takeBaseline(engine, container, mounts.map((mount) => mount.destination), file);
	return file;
}
/** A refusal at the end of the job would come too late on a runner that is thrown away. */
async function foretellRefusal(inputs) {
	if (inputs.lock || inputs.allowPlaintextSecrets || await findAudience() !== "others") return;
	notice("This repository is not private. If the service holds password hashes, private keys or the like at the end of the job, its archive is not uploaded unless it is encrypted: add `encrypt-to: age1…` (docs/encryption.md).", { title: "Secrets" });
}
export { foretellAttestation as a, attestArchive as i, startService as n, refuseUnattested as o, findServiceState as r, removeService as t };
