import { $ as planProgram, B as scan, C as readBack, Dt as findRecord, Et as readDefaults, Hn as packBag, M as NewSystem, Mn as toolVersion, Nn as openBag, On as parseExpectedSigner, Ot as proveRunning, Pn as verifyBag, R as decide, S as namesOf, St as answersAgree, T as loadIndex, Tn as ruleFinder, Tt as readUnowned, Un as encryptInto, Xt as readInventories, Zt as ORDERS, _n as parseIdentities, c as prepare, cn as findingText, cr as printable, d as selectDifferences, in as movedPrefixes, kt as runningOf, l as pristineAccounts, ln as joinProofs, lr as printableLines, nr as usedUp, o as proveRebuild, p as recognisedServices, pn as readRules, pr as hashFile, qt as linkResolver, r as sweepLeftovers, s as restore, sn as comparedText, st as askSmokeTests, u as recordedAccounts, un as stateAgrees, ur as temporaryFolder, v as readServices, vn as parsePassphrase, vt as readSmokeTests, wn as compileGlobs, x as compareState, yn as parseRecipients, yt as findNearestName, z as mountPolicy, zn as isCarried, zt as readSystem } from "./chunk-annotation.js";
import { a as signalExitCode, i as interruption, n as parseReference, o as ExitCode, r as interruptOnSignals, s as PerennialError } from "./chunk-reference.js";
import { a as findSecrets, i as shortRetentions, n as packInto, o as archive, r as secretsOf, s as buildIndex, t as keepBag } from "./chunk-keep-bag.js";
import { a as openContainer, i as takeBaseline, n as imageBaseline, o as runningTarget, s as serviceConfig } from "./chunk-rebuild-context.js";
import { n as trustedRoots, r as findEngine, t as checkAttestation } from "./chunk-check-attestation.js";
import { D as openStore, E as attestationText, T as byteText, a as writeRestoreReport, f as RestoreRecord, h as packPaths, i as writeFailedRestoreReport, m as RunSteps, o as restoreSummary, p as wordsOf, r as writeArchiveReport, t as findCredentials } from "./chunk-docker-credentials.js";
import { i as parseKeepFor, r as findShortRetention } from "./chunk-retention.js";
import { i as isEncryptedName, n as bagFolderName, r as isBagFileName, t as bagFileName } from "./chunk-bag-file-name.js";
import { s as patience } from "./chunk-store-errors.js";
import { n as planText, t as openKeptBag } from "./chunk-open-kept-bag.js";
import { z as writeDurably } from "./chunk-dist2.js";
import { c as ofArchive, i as addDrills, l as parseHistory, r as recordOfResult, s as formatHistory, t as recordOfError } from "./chunk-record-of.js";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { basename, join, resolve } from "node:path";
import { mkdtemp, readFile, rename, stat, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
// src/report/archive-summary.ts
/** The result of an archive run for a terminal. */
function archiveSummary(result) {
	const { manifest, timings } = result;
	const { counts } = manifest;
	return [
		`Archived ${printable(manifest.service.name)} (${printable(manifest.system.os.prettyName)}) into ${printable(result.bag)}`,
		`  kept ${counts.kept} of ${counts.paths} paths, ${byteText(counts.keptBytes)}; ${counts.deleted} deletions recorded`,
		`  found in ${timings.detect} s, archived in ${timings.total} s`,
		...manifest.dumps.length > 0 ? [`  exports: ${manifest.dumps.map((each) => `${each.file} (${byteText(each.bytes)})`).join(", ")}`] : [],
		...result.golden.length > 0 ? [`  golden answers of ${result.golden.length} smoke tests`] : [],
		...result.incomplete.length > 0 ? [`  INCOMPLETE: ${result.incomplete.length} paths could not be read`] : []
	].join("\n");
}
// src/bag/work-folder.ts
/**
* Runs something with a new folder that nobody else can read, and removes it with all that is in it, whatever happens. It is below TMPDIR: what
* shall be encrypted never lies in plain text where it is kept.
*/
async function withWorkFolder(run) {
	const folder = await temporaryFolder("work");
	try {
		return await run(folder.path);
	} finally {
		await folder.remove();
	}
}
// src/cli/cli-stores.ts
/** Settings of stores on the command line: GitHub by the variables that its own program and its runners use. */
function cliStores(progress, env = process.env) {
	return {
		github: {
			apiUrl: env.GITHUB_API_URL || "https://api.github.com",
			token: env.GH_TOKEN || env.GITHUB_TOKEN || "",
			repository: env.GITHUB_REPOSITORY ?? "",
			runId: env.ACTIONS_RUNTIME_TOKEN ? Number(env.GITHUB_RUN_ID) || void 0 : void 0
		},
		registry: (host) => findCredentials(host, env),
		retentionDays: 0,
		defaultRetentionDays: Number(env.GITHUB_RETENTION_DAYS) || void 0,
		patience,
		progress
	};
}
/**
* The artifact client says on stdout what it does, and stdout is for results: meanwhile what is written there goes to stderr.
*/
async function withQuietStdout(run) {
	const { write } = process.stdout;
	process.stdout.write = process.stderr.write.bind(process.stderr);
	try {
		return await run();
	} finally {
		process.stdout.write = write;
	}
}
// src/cli/keep-archive.ts
/**
* Archives by `archive` into a folder that nobody else can read, packs, encrypts and keeps. When a store fails, the packed bag stays and the
* error says where; nothing in plain text stays when it shall be encrypted.
*/
async function keepArchive(request, archive) {
	return withWorkFolder(async (folder) => {
		const { result, packed, secrets } = await makeBag(request, folder, archive);
		const kept = await store(request, packed, secrets).catch(async (error) => {
			throw error instanceof PerennialError ? withPlace(error, await saved(packed)) : error;
		});
		for (const text of shortRetentions(kept, request.keepForDays)) request.progress.warn(text);
		return {
			result,
			kept
		};
	});
}
/** Out of the folder that goes. */
async function saved(packed) {
	const file = join(await mkdtemp(join(tmpdir(), "perennial-packed-")), packed.name);
	await rename(packed.file, file);
	return file;
}
async function makeBag({ name, out, lock, progress }, folder, archive) {
	const dir = out && !lock ? out : join(folder, bagFolderName(name));
	const result = await archive(dir);
	const secrets = await secretsOf(dir);
	progress.step(lock ? "Packing and encrypting the bag" : "Packing the bag");
	const { service, created } = result.manifest;
	const bag = {
		dir,
		name,
		service: service.name,
		created
	};
	return {
		result,
		secrets,
		packed: await packInto(folder, bag, {
			lock,
			keep: dir === out
		})
	};
}
async function store(request, packed, secrets) {
	const { out, to, lock, progress, allowPlaintextSecrets } = request;
	const references = [...out && lock ? [{
		kind: "path",
		path: out
	}] : [], ...to];
	const rules = {
		secrets,
		allowPlaintextSecrets,
		encrypted: lock !== void 0
	};
	return withQuietStdout(() => keepBag(packed, references, cliStores(progress), rules));
}
function withPlace(error, file) {
	const hint = `${error.hint ?? ""}\nThe packed bag is at ${file}: \`perennial copy ${file} REFERENCE\` keeps it elsewhere; remove it when it is kept.`;
	return new PerennialError(error.code, error.message, {
		cause: error,
		hint: hint.trim()
	});
}
// src/cli/key-options.ts
/** Options of commands that open a bag. */
const keyValues = ["identity-file", "passphrase-file"];
const keyUsage = `  --identity-file FILE    identities (AGE-SECRET-KEY-1…) that open an encrypted bag; - is stdin; or PERENNIAL_IDENTITY
  --passphrase-file FILE  its passphrase (first line); - is stdin; or PERENNIAL_PASSPHRASE`;
/** Options of commands that encrypt one. */
const lockValues = ["recipients-file", "passphrase-file"];
const lockLists = ["recipient"];
const lockUsage = `  --recipient age1…       encrypt to this public key of age; may be repeated
  --recipients-file FILE  the same, one a line
  --passphrase-file FILE  encrypt with a passphrase instead (first line); - is stdin; or PERENNIAL_PASSPHRASE`;
/** The keys that the user gives. An option comes before the environment. @throws PerennialError `bad-input` */
async function readKeys(values, env = process.env) {
	if (values["identity-file"] === "-" && values["passphrase-file"] === "-") throw new PerennialError("bad-input", "Both --identity-file and --passphrase-file are stdin", { hint: "Give one of them as a file, or in the environment." });
	const identity = await given(values, "identity-file", env, "PERENNIAL_IDENTITY");
	const passphrase = await given(values, "passphrase-file", env, "PERENNIAL_PASSPHRASE");
	return {
		identities: identity ? parseIdentities(identity.text, identity.source) : [],
		passphrases: passphrase ? [parsePassphrase(passphrase.text, passphrase.source)] : []
	};
}
/** The recipients to encrypt to. @throws PerennialError `bad-input` */
async function readRecipients({ values, lists }) {
	const file = values["recipients-file"];
	return [...(lists.recipient ?? []).flatMap((each) => parseRecipients(each, "--recipient")), ...file ? parseRecipients(await readText(file, "recipients-file"), `--recipients-file ${file}`) : []];
}
/** What to encrypt to; undefined when nothing asks for it. @throws PerennialError `bad-input` */
async function readLock(args, env = process.env) {
	const recipients = await readRecipients(args);
	if (recipients.length > 0 && args.values["passphrase-file"]) throw new PerennialError("bad-input", "Recipients and a passphrase are given", { hint: "An age file takes either: to be able to open it with both, keep an identity in a file that has the passphrase." });
	if (recipients.length > 0) return { recipients };
	const passphrase = await given(args.values, "passphrase-file", env, "PERENNIAL_PASSPHRASE");
	return passphrase ? { passphrase: parsePassphrase(passphrase.text, passphrase.source) } : void 0;
}
async function given(values, option, env, variable) {
	const file = values[option];
	if (file) return {
		text: await readText(file, option),
		source: file === "-" ? "stdin" : `--${option} ${file}`
	};
	return env[variable] ? {
		text: env[variable],
		source: variable
	} : void 0;
}
async function readText(file, option) {
	if (file === "-") return text(process.stdin);
	return readFile(file, "utf8").catch((cause) => {
		throw new PerennialError("bad-input", `--${option} ${file} cannot be read: ${cause.message}`, { cause });
	});
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
	usage: `usage: perennial archive --container NAME | --rootfs DIR  --out DIR | --to REF [options]

  --container NAME     running or stopped container
  --rootfs DIR         a root directory instead (needs the rights to read it all)
  --out DIR            folder of the bag; must not exist. With encryption the file of the packed bag, or a folder for it
  --to REF             keep it, packed, in a store: a folder (made when its parent is there), a file NAME.tar.zst, release:TAG,
                       oci://HOST/NAME:TAG; may be repeated
  --baseline FILE      of \`perennial baseline\`; the image is the baseline without it
  --context DIR        build context with the Dockerfile: kept in the bag for the rebuild
  --dockerfile NAME    relative to the context (default Dockerfile)
  --build-arg K=V      build argument that was used; may be repeated
  --config FILE        perennial.yml (default: the context's)
  --start CMD          shell command that starts the daemons in the container and returns
  --smoke FILE         smoke tests (YAML); asked now, and again after a restore
  --report DIR         where to write a page about it (index.html)
  --knowledge DIR      knowledge entries of your own (default: \`knowledge\` of perennial.yml)
  --name NAME          of the packed bag (default: the service's name)
  --keep-for TIME      how long it has to last, such as "5 years": warns when nothing that keeps it does
  --allow-plaintext-secrets  keep secrets unencrypted where others may read them
  --engine NAME        docker or podman
  --json               the result as JSON on stdout

encryption, with age: the bag is one file then, and plain text is only in a private folder below TMPDIR meanwhile
${lockUsage}`,
	values: [
		...[
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
		"report",
		"knowledge",
		...[
			"name",
			"keep-for",
			...lockValues
		]
	],
	lists: [
		"build-arg",
		"to",
		...lockLists
	],
	flags: ["json", "allow-plaintext-secrets"],
	positionals: [0, 0],
	async run(args, progress) {
		const { values, flags } = args;
		if (values.container === void 0 === (values.rootfs === void 0)) throw new PerennialError("bad-input", "Give either --container or --rootfs", { hint: this.usage.split("\n")[0] });
		if (values.rootfs) await checkRootfs(values.rootfs);
		const steps = new RunSteps(progress);
		const to = (args.lists.to ?? []).map(parseReference);
		const keepFor = values["keep-for"];
		const lock = await readLock(args);
		if (to.length === 0) required(values, "out", this.usage);
		const config = await serviceConfig(values);
		const options = {
			...values.rootfs ? { rootfs: values.rootfs } : {
				engine: await findEngine(values.engine),
				container: values.container
			},
			...values.baseline ? { baseline: values.baseline } : {},
			...values.context ? { context: values.context } : {},
			...values.dockerfile ? { dockerfile: values.dockerfile } : {},
			buildArgs: parsePairs(args.lists["build-arg"] ?? []),
			config,
			progress: steps
		};
		const request = {
			name: values.name ?? config.name ?? values.container ?? basename(resolve(values.rootfs)),
			out: values.out,
			to,
			lock,
			keepForDays: findDays(keepFor, config.keepFor),
			allowPlaintextSecrets: flags.has("allow-plaintext-secrets"),
			progress: steps
		};
		const run = async (out) => {
			const { index: _, ...result } = await archive({
				...options,
				out
			});
			if (values.report) await writeReport(values.report, result, steps, lock !== void 0);
			return result;
		};
		if (to.length === 0 && !lock) return say$1(await run(values.out), [], flags.has("json"));
		const { result, kept } = await keepArchive(request, run);
		return say$1(result, kept, flags.has("json"));
	}
};
async function writeReport(folder, result, steps, encrypted) {
	const bag = await openBag(result.bag);
	const reasons = Object.fromEntries((await readRules()).map((rule) => [rule.id, rule.reason]));
	const report = {
		result,
		secrets: await findSecrets(bag),
		reasons,
		kept: [],
		encrypted,
		tooShort: []
	};
	const paths = await packPaths(bag.readIndex(), (rules) => wordsOf(rules, reasons));
	await bag.close();
	await writeArchiveReport(folder, {
		report,
		steps: steps.steps(),
		paths
	});
}
function findDays(option, config) {
	if (option !== void 0) return parseKeepFor(option, "--keep-for");
	return config === void 0 ? void 0 : parseKeepFor(config, "keepFor");
}
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
function say$1(result, kept, json) {
	for (const path of result.incomplete) process.stderr.write(`not read: ${printable(path)}\n`);
	for (const note of result.manifest.notes) process.stderr.write(`note: ${printable(note)}\n`);
	const { counts } = result.manifest;
	const bag = kept[0]?.reference ?? result.bag;
	const facts = {
		bag,
		kept: counts.kept,
		keptBytes: counts.keptBytes,
		deleted: counts.deleted,
		detectSeconds: result.timings.detect,
		incomplete: result.incomplete,
		...kept.length > 0 ? { stores: kept } : {}
	};
	const places = kept.map((each) => `Kept as ${each.reference}${each.encrypted ? ", encrypted" : ""}\n`);
	const text = `${printableLines(archiveSummary({
		...result,
		bag
	}))}\n${places.join("")}`;
	process.stdout.write(json ? `${JSON.stringify(facts)}\n` : text);
	return result.incomplete.length > 0 ? ExitCode.incompleteArchive : ExitCode.done;
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
// src/report/check-summary.ts
/** Explained differences of ports and of what services hold are told, too, up to this many: an owner may know better. */
const MOST_EXPLAINED = 20;
/** The result of a check for a terminal: what was compared, and what differs. */
function checkSummary({ container, restored, state, comparisons, same }) {
	const differing = state.findings.filter((each) => each.verdict === "differs");
	const explained = state.findings.filter((each) => each.verdict === "explained" && (each.area === "port" || each.area === "inventory"));
	const agreeing = comparisons.filter((each) => each.verdict === "same" || each.verdict === "drift").length;
	const answers = comparisons.filter((each) => each.verdict === "differs" || each.verdict === "missing");
	return [
		`${container.name} ${same ? "is as the archive has it" : "is NOT as the archive has it"}`,
		...restored ? [] : ["  it was not restored from this bag by perennial: every path is expected as the bag has it"],
		`  compared: ${comparedText(state) || "nothing"}`,
		`  ${differing.length} differ, ${state.findings.length - differing.length} differ as meant`,
		...differing.map((each) => `  ! ${printable(findingText(each))}: ${each.why} (${each.rule})`),
		...explained.slice(0, MOST_EXPLAINED).map((each) => `  as meant: ${printable(findingText(each))}: ${each.why}`),
		...comparisons.length === 0 ? ["  no smoke tests"] : [`  smoke tests: ${agreeing} of ${comparisons.length} answers as before`],
		...answers.map((each) => `  ! ${printable(each.name)}: ${each.verdict}\n${printable(each.diff).replaceAll("\\x0a", "\n")}`)
	].join("\n");
}
// src/proof/compare-unowned.ts
/**
* What came into /etc since the service was restored, of which neither the archive nor a package knows.
* @param then what was there when the restored service ran
* @param writers accounts that the service's programs run as: what they make there is their own
*/
async function compareUnowned(system, then, writers) {
	const known = new Set(then);
	const names = new Map(system.accounts.passwd.map((each) => [each.uid, each.name]));
	return (await readUnowned(system)).filter((path) => !known.has(path)).sort().map((path) => newcomer(path, writers.has(names.get(system.entries().get(path)?.uid ?? 0) ?? "")));
}
function newcomer(path, isWritten) {
	return {
		area: "file",
		subject: path,
		attribute: "presence",
		was: "missing",
		is: "there",
		verdict: isWritten ? "explained" : "differs",
		why: isWritten ? "the service that runs writes it" : "it came since the restore; no package has it",
		rule: "state/newcomer"
	};
}
// src/proof/compare-files.ts
/**
* What people and their administrators put among what programs write (FHS 3.0, 5.11 and 5.14): crontabs, and mailboxes. Programs change
* a mailbox, they do not take it away.
*/
const CRONTAB = /^\/var\/spool\/cron\/(crontabs|tabs)?\/?[^/]+$/;
const MAILBOX = /^\/var\/(spool\/)?mail\/[^/]+$/;
/** Where programs keep what they write while they run. */
const OWN_PLACES = /^\/(var\/(lib|cache|log|spool|mail|backups|tmp|lock|run)|run|tmp)\//;
/** Places and names that come and go while a service runs. */
const PASSING = /^\/(var\/(cache|log|spool|mail|tmp|lock|run)|run|tmp)\/|(\.pid|\.lock|\.sock|[.-](wal|shm|journal))$/;
/**
* Holds the files of a living container against a bag: presence, kind, mode, owner, link target, attributes, ACLs, content.
* A service that runs writes: another content of what it writes itself is explained, a lost file or another owner is not.
* @param record what the restore left in the container; without it every path is expected to be as the bag has it
* @param writers accounts that the service's programs run as
*/
async function compareFiles(system, index, record, writers) {
	const recorded = new Map((record?.paths ?? []).map((each) => [each.path, each]));
	const expected = [...index.values()].flatMap((entry) => expectationOf(entry, recorded.get(entry.path), system));
	const read = expected.filter(({ entry, path }) => isCarried(entry) && system.has(path));
	const probes = await readBack(system, read.map(({ entry, path }) => ({
		path,
		size: entry.size
	})));
	const names = namesOf(system);
	const findings = expected.flatMap(({ entry, path }) => {
		const now = system.entries().get(path);
		if (entry.disposition === "delete") return now ? [deletedIsThere(path)] : [];
		const probe = isCarried(entry) ? probes.get(path) : void 0;
		const differences = compareState(entry, path, now, probe, names);
		if (entry.disposition === "attributes" && system.leavesOut(path)) return differences.map(leftOut);
		return differences.flatMap((each) => judge(each, entry, writers));
	});
	const shipped = await compareDefaults(system, index, record);
	const told = new Set(findings.map((each) => each.subject));
	const came = record?.unowned ? await compareUnowned(system, record.unowned, writers) : [];
	return {
		compared: { file: expected.length + shipped.compared },
		findings: [
			...findings,
			...shipped.findings,
			...came.filter((each) => !told.has(each.subject))
		]
	};
}
/**
* Configuration files that the owner never touched are as today's packages ship them, or as the restore left them: an edit since
* then is no file of the bag, and yet it makes another service of it.
*/
async function compareDefaults(system, index, record) {
	if (!record?.defaults) return {
		compared: 0,
		findings: []
	};
	const places = new Map(record.paths.map((each) => [each.path, each.now]));
	const owners = [...index.values()].filter((each) => !["package/as-shipped", "package/unchanged"].includes(each.rule));
	const known = new Set(owners.map(({ path }) => places.get(path) ?? (places.has(path) ? "" : system.canonical(path))));
	const left = new Map(record.defaults.map((each) => [each.path, each.sha256]));
	const own = (await readDefaults(system)).filter(({ path }) => !known.has(path));
	const differing = own.filter(({ path, isShipped, sha256 }) => {
		const then = left.get(path);
		return then === void 0 ? !isShipped : then !== sha256;
	});
	const why = "the owner had it as its package ships it; it was edited since";
	const of = {
		area: "file",
		attribute: "content",
		was: "as shipped",
		verdict: "differs",
		rule: "package/edited-since"
	};
	return {
		compared: own.length,
		findings: differing.map(({ path, sha256 }) => ({
			...of,
			subject: path,
			is: shown("content", sha256),
			why
		}))
	};
}
function expectationOf(entry, recorded, system) {
	if (!isCarried(entry) && entry.disposition !== "delete" && entry.disposition !== "attributes") return [];
	if (recorded?.now === null || recorded && entry.disposition === "delete") return [];
	const path = recorded?.now ?? system.canonical(entry.path);
	if (!recorded) return [{
		entry,
		path
	}];
	const { sha256, target, kind } = recorded;
	const changed = {
		...sha256 && { sha256 },
		...target && { target },
		...kind && { kind }
	};
	return [{
		entry: {
			...entry,
			...changed
		},
		path
	}];
}
function deletedIsThere(path) {
	return {
		area: "file",
		subject: path,
		attribute: "presence",
		was: "deleted",
		is: "there",
		verdict: "differs",
		why: "its owner had removed it before the end",
		rule: "owner/deleted"
	};
}
/** A packaged file that had attributes of its own, on a slim base. */
function leftOut({ path, attribute, was, is }) {
	return {
		area: "file",
		subject: path,
		attribute,
		was,
		is,
		verdict: "explained",
		why: "dpkg of this base was told to leave it out",
		rule: "package/attributes"
	};
}
/** What a difference of a living system means. Times and sizes say nothing that the content does not say. */
function judge({ path, attribute, was, is }, entry, writers) {
	if (attribute === "mtime" || attribute === "size") return [];
	if (entry.disposition === "attributes" && ![
		"presence",
		"kind",
		"mode",
		"owner",
		"group"
	].includes(attribute)) return [];
	const of = (verdict, why) => [{
		area: "file",
		subject: path,
		attribute,
		was: shown(attribute, was),
		is: shown(attribute, is),
		verdict,
		why,
		rule: "state/proof"
	}];
	const owners = CRONTAB.test(entry.path);
	if (attribute === "presence" && PASSING.test(path) && !owners && !MAILBOX.test(entry.path)) return of("explained", "what a service writes there comes and goes");
	const written = OWN_PLACES.test(path) && !owners || writers.has(entry.user) && !path.startsWith("/etc/");
	if (attribute === "content" && written) return of("explained", "the service that runs writes it");
	return of("differs", `not as in the archive (${entry.rule})`);
}
function shown(attribute, value) {
	return attribute === "content" ? `sha256 ${value.slice(0, 12)}…` : value;
}
// src/restore/check.ts
/**
* Compares a living container with a bag: files, accounts, ports with their programs, processes, inventories, smoke answers. Changes
* nothing but what the smoke tests themselves do.
* @throws PerennialError `bad-input` when the container does not run; as openBag and verifyBag
*/
async function check$1(options) {
	const { engine, progress } = options;
	const container = await engine.inspectContainer(options.container);
	if (!container.running) throw new PerennialError("bad-input", `The container "${printable(container.name)}" does not run`, { hint: "Only a running service can be compared; start it first." });
	progress.step("Verifying the bag");
	const bag = typeof options.bag === "string" ? await openBag(options.bag) : options.bag;
	try {
		await verifyBag(bag);
		return await compare(options, bag, container);
	} finally {
		await bag.close();
	}
}
async function compare(options, bag, container) {
	const { engine, progress } = options;
	progress.step(`Looking at every path of ${container.name}`);
	const system = await NewSystem.open(engine, container.name, await runningTarget(engine, container));
	try {
		return await compareSystem(options, bag, container, system);
	} finally {
		await system.close();
	}
}
async function compareSystem(options, bag, container, system) {
	const { progress } = options;
	const record = await findRecord(system, bag.manifest.created);
	const services = recognisedServices(bag.manifest, await readServices(options.knowledge));
	const before = {
		manifest: bag.manifest,
		accounts: await recordedAccounts(bag),
		image: await pristineAccounts(bag),
		brought: new Set(record?.people),
		inventories: await readInventories(bag),
		services,
		differences: selectDifferences(services, bag.manifest.system.packages, (name) => system.installedVersion(name)),
		substitutions: record?.substitutions ?? [],
		successors: new Map(Object.entries(record?.successors ?? {}))
	};
	const { processes } = await runningOf(system, system.accounts);
	const writers = writersOf([...processes, ...bag.manifest.service.processes], system.accounts);
	progress.step("Comparing files");
	const files = await compareFiles(system, await indexOf(bag), record, writers);
	progress.step("Comparing accounts, processes and inventories");
	const state = joinProofs(files, await proveRunning(system, before, 0));
	progress.step("Asking the smoke tests");
	const comparisons = await askSmokeTests(options, bag, system, before);
	const same = stateAgrees(state) && answersAgree(comparisons);
	return {
		container,
		restored: record !== void 0,
		comparisons,
		state,
		same
	};
}
/**
* Accounts whose files a service writes by itself: those that its programs run (or ran) as, and those that nobody can log in to, since
* workers come and go. Never root.
*/
function writersOf(processes, { passwd }) {
	const closed = passwd.filter((each) => /\/(nologin|false)$/.test(each.shell)).map((each) => each.name);
	const names = /* @__PURE__ */ new Set([...processes.map((each) => each.user), ...closed]);
	names.delete("root");
	return names;
}
async function indexOf(bag) {
	return await loadIndex(bag);
}
// src/cli/open-given-bag.ts
/** What commands that take a bag say of it. */
const bagUsage = `BAG is the folder of a bag, its packed file, or a reference: artifact:NAME, release:TAG, oci://HOST/NAME:TAG;
also artifact:[OWNER/REPO@][RUN/]NAME and release:[OWNER/REPO@]TAG[#NAME]. GitHub takes GITHUB_TOKEN and GITHUB_REPOSITORY.`;
/** Fetches and opens the bag of an argument with the keys that are given. The caller closes it. */
async function openGivenBag(reference, values, progress) {
	const keys = await readKeys(values);
	return withQuietStdout(() => openKeptBag(reference, cliStores(progress), keys));
}
// src/cli/attestation-options.ts
/** Options of commands that ask who made a bag; called as those of `gh attestation verify` and `cosign`. */
const attestationValues = [
	"attested-by",
	"certificate-identity",
	"certificate-oidc-issuer",
	"trusted-root"
];
const attestationUsage = `  --attested-by OWNER/REPO        refuse a bag that no workflow of this repository on github.com signed
  --certificate-identity ID       the same, for exactly this identity of the certificate
  --certificate-oidc-issuer URL   who vouches for that identity (default: GitHub Actions)
  --trusted-root FILE             keys that are trusted, and no others (of \`gh attestation trusted-root\`; default: Sigstore's)`;
/**
* Fetches and opens the bag of an argument, and holds its attestation against what the options ask for. The caller closes it.
* @throws PerennialError as openGivenBag and checkAttestation; nothing is left open then
*/
async function openAttestedBag(reference, values, progress) {
	const trust = await readTrust(values);
	const bag = await openGivenBag(reference, values, progress);
	try {
		const attestation = await checkAttestation(bag, trust);
		if (attestation?.untrusted !== void 0) progress.warn(attestationText(attestation));
		else if (attestation) progress.step(attestationText(attestation));
		return {
			bag,
			attestation
		};
	} catch (error) {
		await bag.close();
		throw error;
	}
}
/** What results say of it as JSON; nothing for a bag without one. */
function attestationFacts(attestation) {
	if (!attestation) return {};
	const { signer, signed, untrusted } = attestation;
	return { attestation: untrusted === void 0 ? {
		trusted: true,
		signed,
		...signer
	} : {
		trusted: false,
		why: untrusted
	} };
}
async function readTrust(values) {
	return {
		expected: parseExpectedSigner({
			attestedBy: values["attested-by"] ?? "",
			identity: values["certificate-identity"] ?? "",
			issuer: values["certificate-oidc-issuer"] ?? "",
			names: {
				attestedBy: "--attested-by",
				identity: "--certificate-identity",
				issuer: "--certificate-oidc-issuer"
			}
		}),
		roots: await trustedRoots(values["trusted-root"] ?? "", "--trusted-root")
	};
}
// src/cli/check-command.ts
const checkCommand = {
	summary: "compare a running container with a bag: files, accounts, processes, data, answers",
	usage: `usage: perennial check BAG --container NAME [options]

  --container NAME     running container: restored from the bag, or the one that it was made of
  --smoke FILE         smoke tests, for the bag's of the same names
  --knowledge DIR      knowledge entries of your own, which add to and replace those that are known
  --engine NAME        docker or podman
  --json               everything that was compared, as JSON on stdout

What a running service writes itself (logs, its own data) may have other contents than in the bag; a lost file, another
owner, a missing account, a stopped daemon or a lost row of a database may not. Exit code 3 when something differs.

${bagUsage}
${keyUsage}
${attestationUsage}`,
	values: [
		"container",
		"smoke",
		"knowledge",
		"engine",
		...keyValues,
		...attestationValues
	],
	flags: ["json"],
	positionals: [1, 1],
	async run({ values, flags, positionals }, progress) {
		const container = required(values, "container", this.usage);
		const smoke = values.smoke ? await readSmokeTests(values.smoke) : void 0;
		const engine = await findEngine(values.engine);
		const { bag, attestation } = await openAttestedBag(positionals[0], values, progress);
		const { knowledge } = values;
		const result = await check$1({
			engine,
			bag,
			container,
			...smoke ? { smoke } : {},
			...knowledge ? { knowledge } : {},
			progress
		}).finally(bag.close);
		const { same, restored, state, comparisons } = result;
		const facts = {
			container: result.container.name,
			same,
			restored,
			state,
			smoke: comparisons,
			...attestationFacts(attestation)
		};
		process.stdout.write(flags.has("json") ? `${JSON.stringify(facts)}\n` : `${printableLines(checkSummary(result))}\n`);
		return same ? ExitCode.done : ExitCode.answersDiffer;
	}
};
// src/archive/packed-copy.ts
/**
* A bag as one file, for keeping it elsewhere. A packed file is taken as it is, so that its digest stays the same, or encrypted where there is a
* lock (anew, where it is encrypted already); a folder is packed into `folder`.
* @param path packed file, or folder of a bag
* @param bag the same, opened; undefined for an encrypted file without a key
* @throws PerennialError `bad-input` when another lock is wanted for a file that cannot be opened
*/
async function packedCopy(path, bag, folder, options) {
	const { lock } = options;
	const isPacked = isBagFileName(basename(path));
	const encrypted = lock !== void 0 || isPacked && isEncryptedName(path);
	const name = bagFileName(options.name ?? basename(path), encrypted);
	const about = {
		name,
		service: encrypted ? "" : bag?.manifest.service.name ?? "",
		created: bag?.manifest.created ?? ""
	};
	if (isPacked && !lock) return {
		file: path,
		...about,
		...await hashFile(path)
	};
	const file = join(folder, name);
	if (isPacked && bag?.plain) return {
		file,
		...about,
		...await encryptFile(bag.plain(), file, lock)
	};
	if (bag && bag.packed.size > 0) throw oddName(path);
	if (bag) return {
		file,
		...about,
		...await packBag(bag.dir, file, { lock })
	};
	throw new PerennialError("bad-input", `${basename(path)} is encrypted already`, { hint: "Give the key that opens it too, and it is encrypted anew; or no recipient, and it is copied as it is." });
}
/** Parts of such a file are read where they lie: there is no folder to pack. */
function oddName(path) {
	return new PerennialError("bad-input", `${path} is a packed bag under another name`, { hint: "Call it NAME.tar.zst, or unpack it (`tar -xf`) and copy the folder." });
}
async function encryptFile(plain, to, lock) {
	return writeDurably(to, 384, async (sink) => {
		const encrypted = await encryptInto(lock, sink);
		for await (const chunk of usedUp(plain)) {
			interruption.check();
			await encrypted.write(chunk);
		}
		await encrypted.end();
	});
}
// src/cli/copy-command.ts
const copyCommand = {
	summary: "keep a bag somewhere else too, for instance before an artifact expires",
	usage: `usage: perennial copy BAG REF [--name NAME] [--recipient age1…]... [options]

REF is a folder (made when its parent is there), a file NAME.tar.zst, release:TAG or oci://HOST/NAME:TAG. The bag is verified, put there as
it is, and checked; a copy that was interrupted goes on where it was. An encrypted bag stays encrypted, and is verified when a key is given.

${bagUsage}
  --name NAME             of the packed bag there (default: its name here)
  --recipient age1…       encrypt the copy to this public key of age; may be repeated
  --recipients-file FILE  the same, one a line
  --keep-for TIME         warn when it is forgotten there before that
  --allow-plaintext-secrets  keep secrets unencrypted where others may read them
${keyUsage}
  --json                  where it is kept, as JSON on stdout`,
	values: [
		"name",
		"keep-for",
		"recipients-file",
		...keyValues
	],
	lists: ["recipient"],
	flags: ["json", "allow-plaintext-secrets"],
	positionals: [2, 2],
	async run(args, progress) {
		const { values, flags, positionals } = args;
		const keepForDays = values["keep-for"] ? parseKeepFor(values["keep-for"], "--keep-for") : void 0;
		const to = parseReference(positionals[1]);
		const recipients = await readRecipients(args);
		const kept = await withFile({
			from: positionals[0],
			keys: await readKeys(values),
			lock: recipients.length > 0 ? { recipients } : void 0,
			name: values.name,
			progress
		}, ({ packed, secrets, encrypted }) => {
			const rules = {
				secrets,
				encrypted,
				allowPlaintextSecrets: flags.has("allow-plaintext-secrets")
			};
			return keepBag(packed, [to], cliStores(progress), rules);
		});
		for (const text of shortRetentions(kept, keepForDays)) progress.warn(text);
		process.stdout.write(flags.has("json") ? `${JSON.stringify(kept[0])}\n` : `Kept as ${kept[0].reference}\n`);
		return ExitCode.done;
	}
};
/** Fetches, verifies and packs; everything is removed when `run` has come to its end. */
function withFile(request, run) {
	const { from, keys, lock, name, progress } = request;
	return withWorkFolder((folder) => withQuietStdout(async () => {
		const path = await (await openStore(from, cliStores(progress))).fetch(join(folder, "fetched"));
		const bag = await openOrLeave(path, keys, from, folder);
		try {
			if (bag) progress.step("Verifying the bag");
			if (bag) await verifyBag(bag, { deep: false });
			const packed = await packedCopy(path, bag, folder, {
				lock,
				name
			});
			const encrypted = packed.name.endsWith(".age");
			return await run({
				packed,
				encrypted,
				secrets: bag && !encrypted ? await findSecrets(bag) : []
			});
		} finally {
			await bag?.close();
		}
	}));
}
/** Undefined for an encrypted bag without a key: it can be kept elsewhere all the same. */
async function openOrLeave(path, keys, name, folder) {
	try {
		return await openBag(path, {
			keys,
			name,
			tempDir: folder
		});
	} catch (error) {
		if (error instanceof PerennialError && error.code === "key-missing") return void 0;
		throw error;
	}
}
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
	if (!("disposition" in entry)) return unlisted(entry, path);
	const overrule = entry.disposition !== "leave" && entry.disposition !== "parent" ? `to leave it: exclude: ['${path}']` : `to keep it: include: ['${path}']`;
	const details = [
		`rule ${printable(entry.rule)}`,
		...entry.package ? [`package ${printable(entry.package)}`] : [],
		...entry.secret ? [`holds ${entry.secret}`] : [],
		...entry.seenBy?.length ? [`seen by ${printable(entry.seenBy.join(", "))}`] : []
	];
	return `${path}\n  ${WORDS[entry.disposition]}: ${printable(entry.why)}\n  ${details.join("; ")}\n  ${overrule}`;
}
function unlisted(entry, path) {
	const details = [...entry.rule ? [`rule ${entry.rule}`] : [], ...entry.package ? [`package ${entry.package}`] : []];
	const overrule = entry.rule === "mount/not-read" ? "perennial.yml cannot change that: mount it as a volume, or copy it to a place that is read" : `to keep it: include: ['${path}']`;
	return [
		path,
		`  left out: ${printable(entry.why)}`,
		...details.length > 0 ? [`  ${details.join("; ")}`] : [],
		...entry.absent ? [] : [`  ${overrule}`]
	].join("\n");
}
// src/report/unlisted-path.ts
/** A path of a living container that detection gave no line of its own. Pure. */
function explainUnlisted(path, facts) {
	const mount = mountOf(path, facts.mounts);
	if (mount && !mount.kept) return inMount(path, mount);
	const owner = facts.package === void 0 ? {} : { package: facts.package };
	if (facts.exists && facts.package !== void 0) return {
		path,
		why: `${facts.package} ships it and it is as in the image`,
		rule: "package/unchanged",
		...owner
	};
	if (facts.rule) return {
		path,
		why: facts.rule.reason,
		rule: facts.rule.id,
		...owner
	};
	if (facts.exists) return {
		path,
		why: "it is as in the image",
		rule: "image/build-step"
	};
	return {
		path,
		why: `it does not exist in the container${facts.inImage ? "; the package manager removed it with its package" : ""}`,
		absent: true,
		...owner
	};
}
/** A path that the index of a bag does not list. Pure. */
function explainNotInBag(path, mounts, rule) {
	const mount = mountOf(path, mounts);
	if (mount && !mount.kept) return inMount(path, mount);
	if (rule) return {
		path,
		why: `${rule.reason}; if it existed`,
		rule: rule.id
	};
	return {
		path,
		why: "not listed; it was as in the image, where a package or a build step makes it again, or it did not exist"
	};
}
function inMount(path, { destination, why }) {
	return {
		path,
		why: `it lies in the mount ${destination}, which is not read: ${why}`,
		rule: "mount/not-read"
	};
}
/** The innermost mount that a path lies in. */
function mountOf(path, mounts) {
	return mounts.filter(({ destination }) => `${path}/`.startsWith(destination === "/" ? "/" : `${destination}/`)).toSorted((a, b) => b.destination.length - a.destination.length)[0];
}
// src/cli/explain-command.ts
const explainCommand = {
	summary: "say why each path is kept or left, and how to overrule it",
	usage: `usage: perennial explain BAG | --container NAME  [PATH...] [--context DIR] [--config FILE]
                         [--engine docker|podman] [--json]

Without a PATH: every path that is not simply an unchanged file of a package. A PATH may be a glob.
--context and --config, of a container: what an archive with them would do. A container may run or be stopped.

${bagUsage}
${keyUsage}`,
	values: [
		"container",
		"context",
		"config",
		"engine",
		...keyValues
	],
	flags: ["json"],
	positionals: [0, 1e3],
	async run({ values, flags, positionals }, progress) {
		if (!values.container && positionals.length === 0) throw new PerennialError("bad-input", "Give a bag or --container", { hint: this.usage.split("\n")[0] });
		const chosen = choose(values.container ? await explainContainer(values.container, values) : await explainBag(await openGivenBag(positionals[0], values, progress)), values.container ? positionals : positionals.slice(1));
		process.stdout.write(flags.has("json") ? chosen.map((each) => `${JSON.stringify(each)}\n`).join("") : chosen.map((each) => `${printableLines(explainPath(each))}\n`).join(""));
		return ExitCode.done;
	}
};
async function explainBag(bag) {
	try {
		const entries = [];
		for await (const entry of bag.readIndex()) entries.push(entry);
		const findRule = ruleFinder(await readRules());
		const { mounts } = bag.manifest;
		return {
			entries,
			unlisted: (each) => explainNotInBag(each, mounts, findRule(each, "file"))
		};
	} finally {
		await bag.close();
	}
}
async function explainContainer(name, { engine: engineName, context, config: file }) {
	const engine = await findEngine(engineName);
	const container = await engine.inspectContainer(name);
	const config = await serviceConfig({
		context,
		config: file
	});
	const { target, image, close } = await openContainer(engine, container);
	try {
		const baseline = await imageBaseline(engine, container, image);
		const rules = await readRules();
		const seen = await scan(target, container.run.mounts);
		const found = await decide(seen, {
			target,
			baseline,
			mounts: container.run.mounts,
			rules,
			owner: {
				include: compileGlobs(config.include),
				exclude: compileGlobs(config.exclude),
				logs: config.logs
			},
			rebuildable: context !== void 0,
			replacedBy: Object.assign(() => void 0, { isEmpty: true }),
			readImage: () => readSystem(image)
		});
		const resolves = linkResolver(seen.links, (path) => seen.entries.has(path));
		const findRule = ruleFinder(rules);
		return {
			entries: [...buildIndex(found.decided, void 0, seen.system.accounts, resolves)],
			unlisted: (path) => explainUnlisted(path, {
				exists: seen.entries.has(path),
				inImage: baseline.image.has(path),
				package: found.packages.get(path)?.package,
				rule: findRule(path, seen.entries.get(path)?.kind ?? "file", seen.links.get(path)),
				mounts: seen.mounts
			})
		};
	} finally {
		await close();
	}
}
/** The entries that were asked for; a plain path that has no entry of its own gets an answer too. */
function choose({ entries, unlisted }, paths) {
	if (paths.length === 0) return entries;
	return paths.flatMap((asked) => {
		const path = asked.length > 1 ? asked.replace(/\/+$/, "") : asked;
		const test = compileGlobs([path]);
		const found = entries.filter((entry) => entry.path === path || test(entry.path));
		return found.length > 0 ? found : [unlisted(path)];
	});
}
// src/report/kept-table.ts
const HEAD = [
	"NAME",
	"SERVICE",
	"DATE",
	"SIZE",
	"EXPIRES",
	"ENCRYPTED",
	"WHERE"
];
/** What is kept where, as a table for a terminal, a bag a line. Pure; names from stores are made printable. */
function keptTable(kept) {
	const rows = [HEAD, ...kept.map(rowOf)];
	const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ").trimEnd()).join("\n");
}
function rowOf({ name, service, created, bytes, expires, encrypted, reference }) {
	return [
		printable(name),
		printable(service) || "-",
		created.slice(0, 10) || "-",
		byteText(bytes),
		expires.slice(0, 10) || "never",
		encrypted ? "yes" : "no",
		printable(reference)
	];
}
// src/cli/list-command.ts
const listCommand = {
	summary: "show which bags are kept where, and until when",
	usage: `usage: perennial list [REF...] [--keep-for TIME] [--json]

REF is a folder, artifact: or release: (all of GITHUB_REPOSITORY), artifact:OWNER/REPO@, release:OWNER/REPO@, release:TAG, oci://HOST/NAME.
Without a REF: this folder, and with GITHUB_REPOSITORY set its artifacts and releases.

  --keep-for TIME   warn of each bag that is forgotten before that, for instance "5 years"
  --json            as JSON on stdout`,
	values: ["keep-for"],
	flags: ["json"],
	positionals: [0, 1e3],
	async run({ values, flags, positionals }, progress) {
		const keepForDays = values["keep-for"] ? parseKeepFor(values["keep-for"], "--keep-for") : void 0;
		const kept = await listAll(positionals.length > 0 ? positionals : usualPlaces(), progress);
		for (const each of kept) {
			const short = findShortRetention(each, keepForDays);
			if (short) progress.warn(short);
		}
		process.stdout.write(flags.has("json") ? `${JSON.stringify(kept, null, 1)}\n` : `${keptTable(kept)}\n`);
		return ExitCode.done;
	}
};
function usualPlaces() {
	return [".", ...process.env.GITHUB_REPOSITORY ? ["artifact:", "release:"] : []];
}
async function listAll(references, progress) {
	const all = [];
	for (const reference of references) {
		progress.step(`Looking into ${reference}`);
		all.push(...await (await openStore(reference, cliStores(progress))).list());
	}
	return all;
}
// src/cli/plan-command.ts
const planCommand = {
	summary: "say what a restore would do, and why; changes nothing",
	usage: `usage: perennial plan BAG [--base IMAGE] [--knowledge DIR] [--no-older-packages] [--engine docker|podman] [--json | --shell]

  --shell          the plan as a shell program, which can be run by hand: sh plan.sh BAG NAME

${bagUsage}
${keyUsage}`,
	values: [
		"base",
		"engine",
		"knowledge",
		...keyValues
	],
	flags: [
		"json",
		"shell",
		"no-older-packages"
	],
	positionals: [1, 1],
	async run({ values, flags, positionals }, progress) {
		if (flags.has("json") && flags.has("shell")) throw new PerennialError("bad-input", "--json and --shell are given", { hint: "Ask for one of them at a time." });
		const engine = await findEngine(values.engine);
		const bag = await openGivenBag(positionals[0], values, progress);
		const options = {
			...values.base ? { base: values.base } : {},
			...values.knowledge ? { knowledge: values.knowledge } : {},
			olderPackages: !flags.has("no-older-packages")
		};
		const planned = async () => {
			const { plan } = await prepare({
				engine,
				bag,
				...options,
				progress
			});
			return {
				plan,
				moves: flags.has("shell") ? await movedPrefixes(bag.readIndex(), plan) : []
			};
		};
		const { plan, moves } = await planned().finally(bag.close);
		const { systemAccounts: _, services: __, start: ___, main: ____, ...shown } = plan;
		if (flags.has("shell")) process.stdout.write(planProgram(plan, moves));
		else if (flags.has("json")) process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
		else process.stdout.write(`${printableLines(planText(plan))}\n`);
		return ExitCode.done;
	}
};
// src/cli/drill-history.ts
/**
* The history of drills in a file of the user's; empty where there is no such file yet.
* @throws PerennialError `bad-input` when the file is none, before anything is made
*/
async function readDrills(file) {
	const text = await readFile(file, "utf8").catch((cause) => {
		if (cause.code === "ENOENT") return "";
		throw new PerennialError("bad-input", `The history ${file} cannot be read: ${cause.message}`, { cause });
	});
	return parseHistory(text);
}
/** Adds a drill to the file, which is whole at every moment. */
async function addDrill(file, record) {
	const beside = `${file}.perennial-new`;
	await writeFile(beside, formatHistory(addDrills(await readDrills(file), [record])));
	await rename(beside, file);
}
// src/cli/restore-command.ts
const restoreCommand = {
	summary: "bring a service back on a new base, and ask it the smoke tests",
	usage: `usage: perennial restore BAG --name NAME [options]

  --name NAME      name of the new container; volumes are named after it
  --base IMAGE     image to rebuild on (default: the newest stable of the same distribution)
  --keep           leave the service running (and what was made when a step fails)
  --image REF      keep the restored container as an image too, with a compose.yaml in the report (implies --keep)
  --push           push that image
  --resume         go on with a restore that stopped or was killed; with nothing to go on with, begin
  --order ORDER    auto, packages-first or state-first: whether today's packages find the old state (default: auto)
  --smoke FILE     smoke tests, for the bag's of the same names
  --report DIR     where to write the report: a page (index.html), the Dockerfile and the program of what was done
  --knowledge DIR  knowledge entries of your own, which add to and replace those that are known
  --history FILE   add this drill to a history (drills.ndjson), which the page shows as a chart
  --cache          use build layers of earlier restores (faster; packages may be older)
  --no-older-packages  take no package of an older release, which gets no updates, where today's has none
  --no-publish     do not publish the old container's ports on this machine
  --allow-privileged  repeat --privileged, --network host and capabilities over the host (your own bags only)
  --engine NAME    docker or podman
  --json           the result as JSON on stdout

${bagUsage}
${keyUsage}
${attestationUsage}`,
	values: [
		"name",
		"base",
		"smoke",
		"report",
		"history",
		"engine",
		"order",
		"knowledge",
		"image",
		...keyValues,
		...attestationValues
	],
	flags: [
		"keep",
		"json",
		"cache",
		"no-publish",
		"no-older-packages",
		"allow-privileged",
		"resume",
		"push"
	],
	positionals: [1, 1],
	async run({ values, flags, positionals }, progress) {
		const name = required(values, "name", this.usage);
		const smoke = values.smoke ? await readSmokeTests(values.smoke) : void 0;
		if (flags.has("push") && !values.image) throw new PerennialError("bad-input", "--push needs --image", { hint: "For example --image ghcr.io/lab/server:2030 --push" });
		const keep = flags.has("keep") || values.image !== void 0;
		const engine = await findEngine(values.engine);
		const record = new RestoreRecord(progress, { paths: values.report !== void 0 });
		const history = values.history ? await readDrills(values.history) : [];
		const started = performance.now();
		const place = () => ({
			archive: basename(positionals[0]).replace(/\.tar\.zst$/, ""),
			at: (/* @__PURE__ */ new Date()).toISOString(),
			seconds: Math.round(performance.now() - started) / 1e3,
			run: ""
		});
		const { bag, attestation } = await openAttestedBag(positionals[0], values, progress);
		const result = await restore({
			engine,
			bag,
			name,
			...values.base ? { base: values.base } : {},
			...smoke ? { smoke } : {},
			...values.report ? { report: values.report } : {},
			keep,
			...values.image ? {
				imageName: imageReference(values.image),
				push: flags.has("push")
			} : {},
			...values.knowledge ? { knowledge: values.knowledge } : {},
			...values.order ? { order: orderOf(values.order) } : {},
			resume: flags.has("resume"),
			useCache: flags.has("cache"),
			publish: !flags.has("no-publish"),
			olderPackages: !flags.has("no-older-packages"),
			allowPrivileged: flags.has("allow-privileged"),
			progress: record.steps,
			onJournal: record.follow,
			onPrepared: record.prepared,
			onPlan: (plan) => process.stderr.write(`${printableLines(planText(plan))}\n`)
		}).finally(bag.close).catch(async (error) => {
			const { packedBytes } = bag;
			const drill = recordOfError(place(), record, error);
			const facts = {
				name,
				record,
				error,
				attestation,
				history: [...ofArchive(history, drill.archive), ...values.history ? [drill] : []],
				...packedBytes ? { packedBytes } : {}
			};
			if (values.report && record.plan) await writeFailedRestoreReport(values.report, facts).catch((cause) => progress.warn(`The report of the failure could not be written: ${cause.message}`));
			if (values.history && !interruption.signal) await addDrill(values.history, drill);
			throw error;
		});
		const drill = recordOfResult(place(), record, result);
		if (values.history) await addDrill(values.history, drill);
		if (values.report) {
			const { packedBytes } = bag;
			const image = await engine.findImage(result.image);
			await writeRestoreReport(values.report, {
				result,
				record,
				attestation,
				...packedBytes ? { packedBytes } : {},
				...image ? { imageBytes: image.size } : {},
				history: [...ofArchive(history, drill.archive), ...values.history ? [drill] : []]
			});
		}
		const { container, image, comparisons, state, same, seconds } = result;
		const facts = {
			container: container?.name ?? "",
			address: container?.address ?? "",
			image,
			same,
			seconds,
			...attestationFacts(attestation),
			smoke: comparisons.map(({ name, verdict }) => ({
				name,
				verdict
			})),
			compared: state.compared,
			differs: state.findings.filter((each) => each.verdict === "differs").map(findingText)
		};
		process.stdout.write(flags.has("json") ? `${JSON.stringify(facts)}\n` : `${printableLines(restoreSummary(result, attestation))}\n`);
		return same ? ExitCode.done : ExitCode.answersDiffer;
	}
};
function orderOf(text) {
	const order = ORDERS.find((each) => each === text);
	if (order) return order;
	throw new PerennialError("bad-input", `--order ${JSON.stringify(text)} is none`, { hint: `Use ${ORDERS.join(", ")}.` });
}
/** As the engines read references (distribution/reference), without a digest: that comes of the push. */
function imageReference(text) {
	if (/^[a-z0-9][a-z0-9._:/-]*[a-z0-9](:[\w][\w.-]{0,127})?$/.test(text)) return text;
	throw new PerennialError("bad-input", `--image ${JSON.stringify(text)} is no reference of an image`, { hint: "Lower-case letters, digits, \".\", \"_\", \"-\", \"/\" and one \":TAG\"." });
}
// src/cli/verify-command.ts
const verifyCommand = {
	summary: "check every digest of a bag, who attested it, and with --rebuild that it brings all back",
	usage: `usage: perennial verify BAG [--deep] [--rebuild [--base IMAGE] [--knowledge DIR]] [--engine docker|podman] [--json]

${bagUsage}
${keyUsage}
${attestationUsage}

It finds every changed byte and every file that is missing, cut or too much, in about the time that sha256sum needs for the bag. With --deep
also the payload is read, and held against the index path by path, as \`archive\` does before it reports success and \`restore\` before
it does anything: a bag that was made wrong, or forged, is refused by those.

With --rebuild the service is restored on the release that it ran on,
every path is read back and compared with the bag, and all is removed again: proof of completeness before the original goes.`,
	values: [
		"base",
		"engine",
		"knowledge",
		...keyValues,
		...attestationValues
	],
	flags: [
		"json",
		"deep",
		"rebuild"
	],
	positionals: [1, 1],
	async run({ positionals, flags, values }, progress) {
		const { bag, attestation } = await openAttestedBag(positionals[0], values, progress);
		const deep = flags.has("deep") || flags.has("rebuild");
		const { files, bytes, rebuilt } = await check(bag, flags, values, progress).finally(bag.close);
		const differences = rebuilt?.differences ?? [];
		const complete = rebuilt?.complete ?? true;
		const facts = {
			valid: true,
			files,
			bytes,
			deep,
			...attestationFacts(attestation),
			...rebuilt ? {
				rebuilt: complete,
				differences
			} : {}
		};
		const lines = [
			`The bag is complete and unchanged: ${files} files, ${bytes} bytes.`,
			...deep ? ["Payload and index agree on every path."] : [],
			...attestation ? [`${attestationText(attestation)}.`] : [],
			...rebuilt ? [complete ? "A rebuild on the same release gives every path back as recorded." : "A rebuild on the same release is not the same:"] : [],
			...differences.map((each) => `  ${each}`)
		];
		process.stdout.write(flags.has("json") ? `${JSON.stringify(facts)}\n` : `${printableLines(lines.join("\n"))}\n`);
		return complete ? ExitCode.done : ExitCode.answersDiffer;
	}
};
async function check(bag, flags, values, progress) {
	const checked = await verifyBag(bag, { deep: flags.has("deep") && !flags.has("rebuild") });
	if (!flags.has("rebuild")) return {
		...checked,
		rebuilt: void 0
	};
	const rebuilt = await proveRebuild({
		engine: await findEngine(values.engine),
		bag,
		...values.base ? { base: values.base } : {},
		...values.knowledge ? { knowledge: values.knowledge } : {},
		progress
	});
	return {
		...checked,
		rebuilt
	};
}
// src/cli/commands.ts
const commands = {
	baseline: baselineCommand,
	archive: archiveCommand,
	explain: explainCommand,
	verify: verifyCommand,
	plan: planCommand,
	restore: restoreCommand,
	check: checkCommand,
	copy: copyCommand,
	list: listCommand
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
		await sweepLeftovers(progress);
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
/** What is wrong may be a name or a message out of a bag or a container: it must not reach the terminal as codes. */
function fail(error) {
	if (error instanceof PerennialError) {
		process.stderr.write(`error: ${printableLines(error.toText())}\n`);
		return error.exitCode;
	}
	process.stderr.write(`error: ${printableLines(error instanceof Error ? error.stack ?? error.message : String(error))}\nThis is a defect of perennial; please report it.\n`);
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
