import { i as interruption, s as PerennialError } from "./chunk-reference.js";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { ReadableStream } from "node:stream/web";
// src/store/http.ts
const patience = {
	delays: [
		500,
		2e3,
		5e3,
		15e3
	],
	stall: 12e4
};
/** Thrown for an answer that is none of the wanted ones. */
var HttpError = class extends Error {
	status;
	body;
	headers;
	constructor(status, body, headers) {
		super(`the answer is ${status}${reason(body)}`);
		this.status = status;
		this.body = body;
		this.headers = headers;
	}
};
/**
* Sends a request. Answers of a server in trouble (408, 429, 5xx, 403 of a rate limit) and connections that fail are tried again, with
* growing delays. @throws HttpError for other answers, TypeError or Error when the connection fails for good
*/
async function send(url, request, patient = patience) {
	for (let attempt = 0;; attempt++) try {
		return await sendOnce(url, request, patient.stall);
	} catch (error) {
		const delay = patient.delays[attempt];
		if (request.again === false || delay === void 0 || !isPassing(error)) throw error;
		await wait(Math.max(delay, retryAfter(error)));
	}
}
/** Waits, unless the program is to end. */
async function wait(milliseconds) {
	const controller = new AbortController();
	const release = interruption.onInterrupt(() => controller.abort());
	await setTimeout$1(milliseconds, void 0, { signal: controller.signal }).catch(() => {});
	release();
	interruption.check();
}
/** True for what may go by itself: a server in trouble, a rate limit, a cut. */
function isPassing(error) {
	if (error instanceof PerennialError) return false;
	if (!(error instanceof HttpError)) return error.syscall !== "open";
	const { status, headers, body } = error;
	if (status === 403) return headers.has("retry-after") || /rate limit/i.test(body);
	return status === 408 || status === 429 || status >= 500;
}
const LONGEST_WAIT = 6e4;
function retryAfter(error) {
	const seconds = error instanceof HttpError ? Number(error.headers.get("retry-after") ?? 0) : 0;
	return Number.isFinite(seconds) ? Math.min(LONGEST_WAIT, seconds * 1e3) : 0;
}
async function sendOnce(url, request, stall) {
	interruption.check();
	const watch = new StallWatch(stall);
	const body = request.body?.();
	try {
		const response = await fetch(url, {
			method: request.method ?? "GET",
			headers: {
				"user-agent": "perennial",
				...request.bytes === void 0 ? {} : { "content-length": String(request.bytes) },
				...request.headers
			},
			redirect: request.redirect ?? "follow",
			signal: watch.signal,
			...body === void 0 ? {} : typeof body === "string" ? { body } : streamBody(watch.over(body))
		});
		watch.touch();
		const answer = new WatchedAnswer(response, watch);
		if (response.ok || (request.accept ?? []).includes(response.status)) return answer;
		throw new HttpError(response.status, await answer.text().catch(() => ""), response.headers);
	} catch (error) {
		watch.end();
		interruption.check();
		throw watch.stalled ? new Error(`no answer within ${stall / 1e3} s`, { cause: error }) : unwrapped(error);
	}
}
function streamBody(chunks) {
	return {
		body: ReadableStream.from(chunks),
		duplex: "half"
	};
}
/** fetch says "fetch failed" and keeps what happened in the cause. */
function unwrapped(error) {
	return error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
}
function reason(body) {
	try {
		const { message, errors } = JSON.parse(body);
		const words = [message, ...(errors ?? []).map((each) => each.message ?? each.code)].filter(Boolean);
		return words.length > 0 ? `: ${words.join("; ").slice(0, 300)}` : "";
	} catch {
		return "";
	}
}
/** Aborts a request when nothing moves any more, or the program is to end. */
var StallWatch = class {
	#controller = new AbortController();
	#release;
	#stall;
	#timer;
	#ended = false;
	stalled = false;
	constructor(stall) {
		this.#stall = stall;
		this.#release = interruption.onInterrupt(() => this.#controller.abort());
		this.#timer = this.#start();
	}
	get signal() {
		return this.#controller.signal;
	}
	touch() {
		clearTimeout(this.#timer);
		if (!this.#ended) this.#timer = this.#start();
	}
	end() {
		this.#ended = true;
		clearTimeout(this.#timer);
		this.#release();
	}
	async *over(chunks) {
		for await (const chunk of chunks) {
			this.touch();
			yield chunk;
		}
		this.touch();
	}
	#start() {
		return setTimeout(() => {
			this.stalled = true;
			this.#controller.abort();
		}, this.#stall);
	}
};
var WatchedAnswer = class {
	#response;
	#watch;
	constructor(response, watch) {
		this.#response = response;
		this.#watch = watch;
		if (!response.body) watch.end();
	}
	get status() {
		return this.#response.status;
	}
	get headers() {
		return this.#response.headers;
	}
	get url() {
		return this.#response.url;
	}
	async *chunks() {
		try {
			for await (const chunk of this.#response.body ?? []) {
				this.#watch.touch();
				yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
			}
		} catch (error) {
			interruption.check();
			throw this.#watch.stalled ? new Error("the transfer stands still", { cause: error }) : unwrapped(error);
		} finally {
			this.#watch.end();
		}
	}
	async drain() {
		for await (const _ of this.chunks());
	}
	async text() {
		return Buffer.concat(await Array.fromAsync(this.chunks())).toString();
	}
	async json() {
		return JSON.parse(await this.text());
	}
};
// src/store/store-errors.ts
const HINTS = {
	401: "Check the user name and the password or token.",
	403: "These credentials may not do that: check their permissions.",
	404: "Check the name; a private place also looks like this to credentials that may not see it.",
	413: "It is too large for this store.",
	429: "The store asks to come more slowly: try again later."
};
/** The one clear error for whatever went wrong while talking to a store; errors of ours pass through. */
function storeFailed(what, cause, hints = {}) {
	if (cause instanceof PerennialError) return cause;
	const status = cause instanceof HttpError ? cause.status : void 0;
	const message = cause instanceof Error ? cause.message || cause.code : String(cause);
	const hint = status === void 0 ? void 0 : hints[status] ?? HINTS[status];
	return new PerennialError("store-failed", `${what}: ${message}`, {
		cause,
		hint: hint ?? "Try again when the store answers; nothing was removed, and what was sent so far is used then."
	});
}
/** @throws always, with the error of storeFailed */
function failWith(what, hints = {}) {
	return (cause) => {
		throw storeFailed(what, cause, hints);
	};
}
/** Something else has that name there already. */
function nameTaken(name, place, hint) {
	return new PerennialError("output-exists", `${place} keeps another ${name} already`, { hint });
}
/** There is no such bag. */
function notKept(what, place, hint) {
	return new PerennialError("artifact-missing", `There is no ${what} in ${place}`, { hint });
}
/** What the store says it keeps is not what was sent. */
function keptWrong(name, place, found, expected) {
	return new PerennialError("digest-mismatch", `${name} in ${place} is not what was sent: its sha256 is ${found || "unknown"}, ours is ${expected}`, { hint: "Put it again; nothing was removed here." });
}
export { HttpError as a, send as c, notKept as i, wait as l, keptWrong as n, isPassing as o, nameTaken as r, patience as s, failWith as t };
