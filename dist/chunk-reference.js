import { constants } from "node:os";
// src/errors.ts
/** Exit codes of the command line (docs/design.md, "Exit codes"). */
const ExitCode = {
	done: 0,
	failed: 1,
	badInput: 2,
	answersDiffer: 3,
	incompleteArchive: 4
};
const BAD_INPUT = /* @__PURE__ */ new Set([
	"bad-input",
	"config-invalid",
	"engine-missing",
	"no-such-container",
	"no-such-image",
	"image-unsuitable",
	"bag-invalid",
	"bag-newer",
	"bag-truncated",
	"digest-mismatch",
	"key-missing",
	"wrong-key",
	"attestation-missing",
	"attestation-invalid",
	"wrong-signer",
	"output-exists",
	"base-unknown",
	"artifact-missing"
]);
/**
* The one error family of Perennial. `message` names the input that was wrong, `hint` says what the user does next.
* Anything else that is thrown is a defect of ours.
*/
var PerennialError = class extends Error {
	code;
	hint;
	constructor(code, message, options = {}) {
		super(message, options.cause === void 0 ? void 0 : { cause: options.cause });
		this.name = "PerennialError";
		this.code = code;
		this.hint = options.hint;
	}
	/** 2 when the input was at fault, else 1. */
	get exitCode() {
		return BAD_INPUT.has(this.code) ? ExitCode.badInput : ExitCode.failed;
	}
	/** Message and hint in one line each, for a terminal or a workflow annotation. */
	toText() {
		return this.hint ? `${this.message}\n${this.hint}` : this.message;
	}
};
// src/interruption.ts
/**
* The wish to end, given by a signal. There is one for the process: commands under way are ended, new ones are refused, so that
* every room comes to its own `finally` and removes what it made. Cleaning up is done by commands that are exempt.
*/
var Interruption = class {
	#stops = /* @__PURE__ */ new Set();
	#stopping = [];
	#signal;
	/** The signal that came; undefined while there was none. */
	get signal() {
		return this.#signal;
	}
	/** Ends what is under way. A second call does nothing. */
	interrupt(signal) {
		if (this.#signal) return;
		this.#signal = signal;
		for (const stop of this.#stops) this.#stopping.push(Promise.resolve(stop()).catch(() => {}));
		this.#stops.clear();
	}
	/** Has `stop` called when the interruption comes. Returns what takes it back. */
	onInterrupt(stop) {
		this.#stops.add(stop);
		return () => this.#stops.delete(stop);
	}
	/** Waits until everything that was stopped has come to its end. */
	async settled() {
		await Promise.all(this.#stopping);
	}
	/** @throws PerennialError `interrupted` once the signal came */
	check() {
		if (this.#signal) throw new PerennialError("interrupted", `Interrupted by ${this.#signal}`);
	}
};
/** The interruption of this process. */
const interruption = new Interruption();
const SIGNALS = [
	"SIGINT",
	"SIGTERM",
	"SIGHUP"
];
/** A terminal and a parent process may both pass on one and the same Ctrl-C. */
const SAME_MS = 500;
/** Exit code of a program that a signal ended: 130 for SIGINT, 143 for SIGTERM. */
function signalExitCode(signal) {
	return 128 + constants.signals[signal];
}
/** From now on a signal ends this process in order, and a second one at once. */
function interruptOnSignals(onFirst = () => {}) {
	let first = 0;
	for (const signal of SIGNALS) process.on(signal, () => {
		if (interruption.signal && Date.now() - first > SAME_MS) process.exit(signalExitCode(signal));
		if (interruption.signal) return;
		first = Date.now();
		onFirst(signal);
		interruption.interrupt(signal);
	});
}
// src/store/reference.ts
/** The ways to write a reference, for usage texts. */
const referenceUsage = `a path, artifact:NAME, release:TAG, oci://HOST/NAME:TAG; also artifact:[OWNER/REPO@][RUN/]NAME and
release:[OWNER/REPO@]TAG[#NAME]`;
/**
* Parses a reference. Parts that are left out are empty: the repository is then the one at hand. A file whose name begins
* like a store is written as `./release:x`.
* @throws PerennialError `bad-input`
*/
function parseReference(text) {
	const [, scheme, rest] = /^(artifact|release|oci):(.*)$/s.exec(text) ?? [];
	if (scheme === void 0 || rest === void 0) {
		if (text === "" || text.includes("\0")) throw wrong(text);
		return {
			kind: "path",
			path: text
		};
	}
	if (scheme === "artifact") return parseArtifact(rest, text);
	return scheme === "release" ? parseRelease(rest, text) : parseOci(rest, text);
}
/** The inverse of parseReference. */
function formatReference(reference) {
	if (reference.kind === "path") return reference.path;
	if (reference.kind === "oci") {
		const { host, repository, tag, digest } = reference;
		return `oci://${host}/${repository}${tag ? `:${tag}` : ""}${digest ? `@${digest}` : ""}`;
	}
	const repository = reference.repository ? `${reference.repository}@` : "";
	if (reference.kind === "artifact") return `artifact:${repository}${reference.run === void 0 ? "" : `${reference.run}/`}${reference.name}`;
	return `release:${repository}${reference.tag}${reference.name ? `#${reference.name}` : ""}`;
}
const REPOSITORY = "([A-Za-z0-9][\\w-]*/[\\w.-]+)@";
function parseArtifact(rest, text) {
	const found = new RegExp(`^(?:${REPOSITORY})?(?:(\\d+)/)?([^/\\\\\\r\\n:"<>|*?]*)$`).exec(rest);
	if (!found) throw wrong(text);
	const [, repository = "", run, name = ""] = found;
	return {
		kind: "artifact",
		repository,
		run: run === void 0 ? void 0 : Number(run),
		name
	};
}
function parseRelease(rest, text) {
	const found = new RegExp(`^(?:${REPOSITORY})?([^#\\s~^:?*\\[\\\\]*)(?:#(.+))?$`).exec(rest);
	if (!found) throw wrong(text);
	const [, repository = "", tag = "", name = ""] = found;
	return {
		kind: "release",
		repository,
		tag,
		name
	};
}
/** Names and tags as the distribution specification has them (github.com/opencontainers/distribution-spec, "Pulling manifests"). */
function parseOci(rest, text) {
	const part = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
	const found = new RegExp(`^//((?:[A-Za-z0-9.-]+|\\[[0-9a-f:]+\\])(?::\\d+)?)/(${part}(?:/${part})*)(?::(\\w[\\w.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$`).exec(rest);
	if (!found) throw wrong(text);
	const [, host = "", repository = "", tag = "", digest = ""] = found;
	return {
		kind: "oci",
		host,
		repository,
		tag,
		digest
	};
}
function wrong(text) {
	return new PerennialError("bad-input", `${JSON.stringify(text)} is no reference of a bag`, { hint: `Give ${referenceUsage.replace("\n", " ")}.` });
}
export { signalExitCode as a, interruption as i, parseReference as n, ExitCode as o, interruptOnSignals as r, PerennialError as s, formatReference as t };
