import { At as PerennialError, D as imageTarget, Dt as interruption, Et as interruptOnSignals, Ot as signalExitCode, Q as findNearestName, T as containerTarget, Tt as printable, X as readSmokeTests, d as decide, f as mountPolicy, jt as compileGlobs, k as readSystem, kt as ExitCode, l as findEngine, p as scan, y as linkResolver } from "./chunk-wait-ready.js";
import { n as toolVersion, r as buildIndex, t as archive } from "./chunk-archive.js";
import { a as serviceConfig, i as takeBaseline, n as imageBaseline } from "./chunk-rebuild-context.js";
import { H as readRules, k as sameBase, n as openBag, r as verifyBag, t as byteText, w as readDistributions } from "./chunk-byte-text.js";
import { a as planText, i as restoreSummary, n as prepare, r as writeRestoreReport, t as restore } from "./chunk-restore.js";
import { parseArgs } from "node:util";
import { stat } from "node:fs/promises";
// src/report/archive-summary.ts
/** The result of an archive run for a terminal. */
function archiveSummary(result) {
	const { manifest } = result;
	const { counts, timings } = manifest;
	return [
		`Archived ${printable(manifest.service.name)} (${manifest.system.os.prettyName}) into ${printable(result.bag)}`,
		`  kept ${counts.kept} of ${counts.paths} paths, ${byteText(counts.keptBytes)}; ${counts.deleted} deletions recorded`,
		`  found in ${timings.detect} s, archived in ${timings.total} s`,
		...manifest.dumps.length > 0 ? [`  exports: ${manifest.dumps.map((each) => `${each.file} (${byteText(each.bytes)})`).join(", ")}`] : [],
		...result.golden.length > 0 ? [`  golden answers of ${result.golden.length} smoke tests`] : [],
		...result.incomplete.length > 0 ? [`  INCOMPLETE: ${result.incomplete.length} paths could not be read`] : []
	].join("\n");
}
// src/cli/parse-arguments.ts
/** @throws PerennialError `bad-input` naming the word, with the nearest option that exists */
function parseArguments(args, spec) {
	const parsed = parse(args, Object.fromEntries([
		...spec.values.map((name) => [name, { type: "string" }]),
		...(spec.lists ?? []).map((name) => [name, {
			type: "string",
			multiple: true
		}]),
		...spec.flags.map((name) => [name, { type: "boolean" }])
	]), spec);
	const [least, most] = spec.positionals;
	if (parsed.positionals.length < least) throw badInput("Something is missing", spec);
	if (parsed.positionals.length > most) throw badInput(`"${parsed.positionals[most]}" is one word too many`, spec);
	const given = parsed.values;
	return {
		values: Object.fromEntries(spec.values.map((name) => [name, given[name]])),
		lists: Object.fromEntries((spec.lists ?? []).map((name) => [name, given[name] ?? []])),
		flags: new Set(spec.flags.filter((name) => given[name] === true)),
		positionals: parsed.positionals
	};
}
function parse(args, options, spec) {
	try {
		return parseArgs({
			args,
			options,
			allowPositionals: true,
			strict: true
		});
	} catch (error) {
		const wrong = args.filter((word) => word.startsWith("--") && word !== "--").map((word) => word.replace(/=.*/s, "")).find((word) => !Object.hasOwn(options, word.slice(2)));
		const near = wrong ? findNearestName(wrong.slice(2), Object.keys(options)) : void 0;
		const message = wrong ? `Unknown option ${wrong}` : error.message.split("\n")[0];
		throw near ? new PerennialError("bad-input", message, { hint: `Did you mean --${near}?` }) : badInput(message, spec);
	}
}
function badInput(message, spec) {
	return new PerennialError("bad-input", message, { hint: spec.usage.split("\n")[0] });
}
/** @throws PerennialError `bad-input` when an option that is needed was not given */
function required(values, name, usage) {
	const value = values[name];
	if (value === void 0 || value === "") throw new PerennialError("bad-input", `--${name} is missing`, { hint: usage.split("\n")[0] });
	return value;
}
// src/cli/archive-command.ts
const archiveCommand = {
	summary: "decommission: write the Mutable data of a service into a bag",
	usage: `usage: perennial archive --container NAME | --rootfs DIR  --out DIR [options]

  --container NAME     running or stopped container
  --rootfs DIR         a root directory instead (needs the rights to read it all)
  --out DIR            folder of the bag; must not exist
  --baseline FILE      of \`perennial baseline\`; the image is the baseline without it
  --context DIR        build context with the Dockerfile: kept in the bag for the rebuild
  --dockerfile NAME    relative to the context (default Dockerfile)
  --build-arg K=V      build argument that was used; may be repeated
  --config FILE        perennial.yml (default: the context's)
  --start CMD          shell command that starts the daemons in the container and returns
  --smoke FILE         smoke tests (YAML); asked now, and again after a restore
  --engine NAME        docker or podman
  --json               the result as JSON on stdout`,
	values: [
		"container",
		"rootfs",
		"out",
		"baseline",
		"context",
		"dockerfile",
		"config",
		"start",
		"smoke",
		"engine"
	],
	lists: ["build-arg"],
	flags: ["json"],
	positionals: [0, 0],
	async run(args, progress) {
		const { values, flags } = args;
		if (values.container === void 0 === (values.rootfs === void 0)) throw new PerennialError("bad-input", "Give either --container or --rootfs", { hint: this.usage.split("\n")[0] });
		if (values.rootfs) await checkRootfs(values.rootfs);
		const result = await archive({
			...values.rootfs ? { rootfs: values.rootfs } : {
				engine: await findEngine(values.engine),
				container: values.container
			},
			out: required(values, "out", this.usage),
			...values.baseline ? { baseline: values.baseline } : {},
			...values.context ? { context: values.context } : {},
			...values.dockerfile ? { dockerfile: values.dockerfile } : {},
			buildArgs: parsePairs(args.lists["build-arg"] ?? []),
			config: await serviceConfig(values),
			progress
		});
		say$1(result, flags.has("json"));
		return result.incomplete.length > 0 ? ExitCode.incompleteArchive : ExitCode.done;
	}
};
async function checkRootfs(folder) {
	if (!await stat(folder).then((each) => each.isDirectory(), () => false)) throw new PerennialError("bad-input", `The root directory "${folder}" does not exist`, { hint: "Name the folder that has etc, usr and var in it." });
}
/** `NAME=value` words. */
function parsePairs(words) {
	return Object.fromEntries(words.map((word) => {
		const at = word.indexOf("=");
		if (at <= 0) throw new PerennialError("bad-input", `--build-arg "${word}" is not NAME=value`);
		return [word.slice(0, at), word.slice(at + 1)];
	}));
}
function say$1(result, json) {
	for (const path of result.incomplete) process.stderr.write(`not read: ${printable(path)}\n`);
	for (const note of result.manifest.notes) process.stderr.write(`note: ${printable(note)}\n`);
	const { counts, timings } = result.manifest;
	const facts = {
		bag: result.bag,
		kept: counts.kept,
		keptBytes: counts.keptBytes,
		deleted: counts.deleted,
		detectSeconds: timings.detect,
		incomplete: result.incomplete
	};
	process.stdout.write(json ? `${JSON.stringify(facts)}\n` : `${archiveSummary(result)}\n`);
}
// src/cli/baseline-command.ts
const baselineCommand = {
	summary: "remember the state at the start of operation",
	usage: `usage: perennial baseline --container NAME --out FILE [--engine docker|podman]

Not needed for an exact archive (the image itself is a baseline); it makes the archive say what changed since operation began.`,
	values: [
		"container",
		"out",
		"engine"
	],
	flags: [],
	positionals: [0, 0],
	async run({ values }, progress) {
		const engine = await findEngine(values.engine);
		const container = await engine.inspectContainer(required(values, "container", this.usage));
		if (!container.running) throw new PerennialError("bad-input", `The container "${container.name}" does not run`, { hint: "A baseline is taken of a running container; start it first." });
		const out = required(values, "out", this.usage);
		progress.step(`Looking at every path of ${container.name} and of its image`);
		const mounts = mountPolicy(container.run.mounts).filter((mount) => mount.kept).map((mount) => mount.destination);
		await takeBaseline(engine, container, mounts, out);
		progress.step(`Baseline written to ${out}`);
		return ExitCode.done;
	}
};
// src/report/explain-path.ts
const WORDS = {
	keep: "kept",
	attributes: "attributes kept",
	record: "kept as records",
	delete: "deletion kept",
	leave: "left out",
	parent: "structure only"
};
/** Why a path is kept or left, which source saw it, and what to write in perennial.yml to overrule. */
function explainPath(entry) {
	const path = printable(entry.path);
	if (!("disposition" in entry)) return `${path}\n  left out: not listed; it is an unchanged file of a package, or it did not exist\n  to keep it: include: ['${path}']`;
	const overrule = entry.disposition !== "leave" && entry.disposition !== "parent" ? `to leave it: exclude: ['${path}']` : `to keep it: include: ['${path}']`;
	const details = [
		`rule ${entry.rule}`,
		...entry.package ? [`package ${entry.package}`] : [],
		...entry.seenBy?.length ? [`seen by ${entry.seenBy.join(", ")}`] : []
	];
	return `${path}\n  ${WORDS[entry.disposition]}: ${entry.why}\n  ${details.join("; ")}\n  ${overrule}`;
}
// src/cli/explain-command.ts
const explainCommand = {
	summary: "say why each path is kept or left, and how to overrule it",
	usage: `usage: perennial explain BAG | --container NAME  [PATH...] [--engine docker|podman] [--json]

Without a PATH: every path that is not simply an unchanged file of a package. A PATH may be a glob.`,
	values: ["container", "engine"],
	flags: ["json"],
	positionals: [0, 1e3],
	async run({ values, flags, positionals }) {
		if (!values.container && positionals.length === 0) throw new PerennialError("bad-input", "Give a bag or --container", { hint: this.usage.split("\n")[0] });
		const chosen = choose(values.container ? await explainContainer(values.container, values.engine) : await explainBag(positionals[0]), values.container ? positionals : positionals.slice(1));
		process.stdout.write(flags.has("json") ? chosen.map((each) => `${JSON.stringify(each)}\n`).join("") : chosen.map((each) => `${explainPath(each)}\n`).join(""));
		return ExitCode.done;
	}
};
async function explainBag(path) {
	const bag = await openBag(path);
	try {
		const entries = [];
		for await (const entry of bag.readIndex()) entries.push(entry);
		return entries;
	} finally {
		await bag.close();
	}
}
async function explainContainer(name, engineName) {
	const engine = await findEngine(engineName);
	const container = await engine.inspectContainer(name);
	if (!container.running) throw new PerennialError("bad-input", `The container "${name}" does not run`, { hint: "Start it, or archive it and explain the bag." });
	const target = containerTarget(engine, container.id);
	const seen = await scan(target, container.run.mounts);
	const found = await decide(seen, {
		target,
		baseline: await imageBaseline(engine, container),
		mounts: container.run.mounts,
		rules: await readRules(),
		owner: {
			include: () => false,
			exclude: () => false,
			logs: "keep"
		},
		rebuildable: false,
		replacedBy: () => void 0,
		readImage: () => readSystem(imageTarget(engine, container.imageId))
	});
	return buildIndex(found.decided, [], seen.system.accounts, linkResolver(seen.links, (path) => seen.entries.has(path)));
}
/** The entries that were asked for; a plain path that has no entry of its own gets the general answer. */
function choose(entries, paths) {
	if (paths.length === 0) return entries;
	return paths.flatMap((path) => {
		const test = compileGlobs([path]);
		const found = entries.filter((entry) => entry.path === path || test(entry.path));
		return found.length > 0 ? found : [{ path }];
	});
}
// src/cli/plan-command.ts
const planCommand = {
	summary: "say what a restore would do, and why; changes nothing",
	usage: `usage: perennial plan BAG [--base IMAGE] [--engine docker|podman] [--json]`,
	values: ["base", "engine"],
	flags: ["json"],
	positionals: [1, 1],
	async run({ values, flags, positionals }, progress) {
		const engine = await findEngine(values.engine);
		const { bag, plan } = await prepare({
			engine,
			bag: positionals[0],
			...values.base ? { base: values.base } : {},
			progress
		});
		await bag.close();
		const { systemAccounts: _, services: __, ...shown } = plan;
		process.stdout.write(flags.has("json") ? `${JSON.stringify(shown, null, 2)}\n` : `${planText(plan)}\n`);
		return ExitCode.done;
	}
};
// src/cli/restore-command.ts
const restoreCommand = {
	summary: "bring a service back on a new base, and ask it the smoke tests",
	usage: `usage: perennial restore BAG --name NAME [options]

  --name NAME      name of the new container; volumes are named after it
  --base IMAGE     image to rebuild on (default: the newest stable of the same distribution)
  --keep           leave the service running
  --smoke FILE     smoke tests instead of the bag's
  --report DIR     where to write the report, the Dockerfile and the program of what was done
  --cache          use build layers of earlier restores (faster; packages may be older)
  --no-publish     do not publish the old container's ports on this machine
  --allow-privileged  repeat --privileged, --network host and capabilities over the host (your own bags only)
  --engine NAME    docker or podman
  --json           the result as JSON on stdout`,
	values: [
		"name",
		"base",
		"smoke",
		"report",
		"engine"
	],
	flags: [
		"keep",
		"json",
		"cache",
		"no-publish",
		"allow-privileged"
	],
	positionals: [1, 1],
	async run({ values, flags, positionals }, progress) {
		const name = required(values, "name", this.usage);
		const smoke = values.smoke ? await readSmokeTests(values.smoke) : void 0;
		const engine = await findEngine(values.engine);
		const result = await restore({
			engine,
			bag: positionals[0],
			name,
			...values.base ? { base: values.base } : {},
			...smoke ? { smoke } : {},
			...values.report ? { report: values.report } : {},
			keep: flags.has("keep"),
			useCache: flags.has("cache"),
			publish: !flags.has("no-publish"),
			allowPrivileged: flags.has("allow-privileged"),
			progress,
			onPlan: (plan) => process.stderr.write(`${planText(plan)}\n`)
		});
		if (values.report) await writeRestoreReport(values.report, result);
		const { container, image, comparisons, same, seconds } = result;
		const facts = {
			container: container?.name ?? "",
			address: container?.address ?? "",
			image,
			same,
			seconds,
			smoke: comparisons.map(({ name, verdict }) => ({
				name,
				verdict
			}))
		};
		process.stdout.write(flags.has("json") ? `${JSON.stringify(facts)}\n` : `${restoreSummary(result)}\n`);
		return same ? ExitCode.done : ExitCode.answersDiffer;
	}
};
// src/cli/verify-command.ts
const verifyCommand = {
	summary: "check every digest of a bag, and with --rebuild that it brings everything back",
	usage: `usage: perennial verify BAG [--rebuild [--base IMAGE]] [--engine docker|podman] [--json]

BAG is the folder of a bag or its packed file (.tar.zst). With --rebuild the service is restored on the release that it ran on,
every path is read back and compared with the bag, and all is removed again: proof of completeness before the original goes.`,
	values: ["base", "engine"],
	flags: ["json", "rebuild"],
	positionals: [1, 1],
	async run({ positionals, flags, values }, progress) {
		const { files, bytes } = await verifyBag(positionals[0]);
		const rebuilt = flags.has("rebuild") ? await rebuild(positionals[0], values, progress) : void 0;
		const differences = rebuilt?.differences ?? [];
		const complete = differences.length === 0 && (rebuilt?.same ?? true);
		const facts = {
			valid: true,
			files,
			bytes,
			...rebuilt ? {
				rebuilt: complete,
				differences
			} : {}
		};
		const lines = [
			`The bag is complete and unchanged: ${files} files, ${bytes} bytes.`,
			...rebuilt ? [complete ? "A rebuild on the same release gives every path back as recorded." : "A rebuild on the same release is not the same:"] : [],
			...differences.map((each) => `  ${each}`)
		];
		process.stdout.write(flags.has("json") ? `${JSON.stringify(facts)}\n` : `${lines.join("\n")}\n`);
		return complete ? ExitCode.done : ExitCode.answersDiffer;
	}
};
async function rebuild(path, values, progress) {
	const engine = await findEngine(values.engine);
	const bag = await openBag(path);
	const base = values.base ?? sameBase(await readDistributions(), bag.manifest.system.os);
	await bag.close();
	const name = `perennial-verify-${process.pid}`;
	const result = await restore({
		engine,
		bag: path,
		name,
		base,
		keep: false,
		publish: false,
		progress
	});
	return {
		same: result.same,
		differences: lookedAt(result)
	};
}
/** What the read-back and the checks had to say; a report of a good rebuild has none. */
function lookedAt(result) {
	const wanted = /* @__PURE__ */ new Set([
		"state/proof",
		"start",
		"start/ports",
		"smoke"
	]);
	return result.journal.entries.filter((entry) => entry.level === "look" && wanted.has(entry.rule)).map((entry) => `${entry.what}: ${entry.why}`);
}
// src/cli/commands.ts
const commands = {
	baseline: baselineCommand,
	archive: archiveCommand,
	explain: explainCommand,
	verify: verifyCommand,
	plan: planCommand,
	restore: restoreCommand
};
// src/cli/terminal-progress.ts
const FRAMES = [
	"⠋",
	"⠙",
	"⠹",
	"⠸",
	"⠼",
	"⠴",
	"⠦",
	"⠧",
	"⠇",
	"⠏"
];
const FRAME_MS = 100;
/** Columns when the terminal does not say. */
const DEFAULT_WIDTH = 80;
/**
* Progress for a person. On a terminal: one status line that moves, with the time so far and the latest detail, which
* becomes a line with the time it took when the step is over. Elsewhere (log, pipe, TERM=dumb): plain lines, steps and
* warnings only. Everything is made printable, since names and messages come from containers.
* @param stream stderr: stdout carries the result
*/
function createTerminalProgress(stream = process.stderr, options = {}) {
	const term = options.term ?? process.env.TERM;
	return stream.isTTY && term !== "dumb" ? statusLine(stream, options.now ?? (() => performance.now())) : plainLines(stream);
}
function plainLines(stream) {
	return {
		step: (message) => stream.write(`${printable(message)}\n`),
		detail() {},
		warn: (message) => stream.write(`${warning(message)}\n`),
		close() {}
	};
}
function statusLine(stream, now) {
	let current;
	let frame = 0;
	const seconds = (started) => ((now() - started) / 1e3).toFixed(1);
	const clear = () => stream.write("\r\x1B[K");
	const draw = () => {
		if (!current) return;
		const text = `${FRAMES[frame++ % FRAMES.length]} ${current.message} ${seconds(current.started)} s  ${current.detail}`;
		clear();
		stream.write(cut(text, (stream.columns ?? DEFAULT_WIDTH) - 1));
	};
	const finishStep = (mark = "✓") => {
		if (!current) return;
		clear();
		stream.write(`${mark} ${current.message} (${seconds(current.started)} s)\n`);
		current = void 0;
	};
	const timer = setInterval(draw, FRAME_MS);
	timer.unref();
	return {
		step(message) {
			finishStep();
			current = {
				message: printable(message),
				detail: "",
				started: now()
			};
			draw();
		},
		detail(message) {
			if (current) current.detail = printable(message.slice(0, 500));
		},
		warn(message) {
			if (current) clear();
			stream.write(`${warning(message)}\n`);
			draw();
		},
		close(outcome = "done") {
			clearInterval(timer);
			finishStep(outcome === "done" ? "✓" : "✗");
		}
	};
}
/** A warning may have several lines; each is made printable by itself. */
function warning(message) {
	return `! ${message.split("\n").map(printable).join("\n  ")}`;
}
function cut(text, width) {
	const letters = [...text];
	return letters.length <= width ? text.trimEnd() : `${letters.slice(0, Math.max(0, width - 1)).join("")}…`;
}
// src/cli/command-line.ts
/**
* Runs the command line and gives its exit code. Results go to stdout, progress and errors to stderr.
* A signal ends it in order: what it made is removed, and the exit code is 128 and the signal's number.
* @param args without the program's name
*/
async function runCommandLine(args) {
	const [name, ...rest] = args;
	if (name === "--version") return say(`perennial ${toolVersion}`);
	if (name === void 0 || name === "help" || name === "--help" || name === "-h") return say(overview());
	const progress = createTerminalProgress();
	interruptOnSignals((signal) => progress.warn(`${signal}: ending; what was made is removed (once more ends at once)`));
	process.stdout.on("error", ignoreClosedPipe);
	try {
		const command = Object.hasOwn(commands, name) ? commands[name] : void 0;
		if (!command) {
			const near = findNearestName(name, Object.keys(commands));
			throw new PerennialError("bad-input", `There is no command "${name}"`, { hint: near ? `Did you mean \`perennial ${near}\`?` : "See `perennial --help`." });
		}
		if (rest.includes("--help") || rest.includes("-h")) return say(command.usage);
		const code = await command.run(parseArguments(rest, command), progress);
		progress.close();
		return code;
	} catch (error) {
		progress.close("failed");
		return interruption.signal ? await endInterrupted(interruption.signal) : fail(error);
	}
}
async function endInterrupted(signal) {
	await interruption.settled();
	process.stderr.write(`interrupted by ${signal}: nothing half written is left\n`);
	return signalExitCode(signal);
}
/** `perennial explain BAG | head` closes our output; that is no fault of anybody. */
function ignoreClosedPipe(error) {
	if (error.code !== "EPIPE") throw error;
}
function say(text) {
	process.stdout.write(`${text.trimEnd()}\n`);
	return ExitCode.done;
}
function fail(error) {
	if (error instanceof PerennialError) {
		process.stderr.write(`error: ${error.toText()}\n`);
		return error.exitCode;
	}
	process.stderr.write(`error: ${error instanceof Error ? error.stack ?? error.message : String(error)}\nThis is a defect of perennial; please report it.\n`);
	return ExitCode.failed;
}
function overview() {
	return `perennial: archive the Mutable data of a service, and bring the service back on today's systems.

usage: perennial COMMAND [options]     (perennial COMMAND --help tells more)

${Object.entries(commands).map(([name, command]) => `  ${name.padEnd(10)} ${command.summary}`).join("\n")}

exit codes: 0 done; 1 failed; 2 bad input; 3 restored, but the service does not answer as before;
4 archived, but some data could not be read (each path is named)`;
}
export { runCommandLine };
