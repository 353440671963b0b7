import { Cn as secretWords, Ct as diffIndices, Mn as toolVersion, Wn as MANIFEST, Yn as readTar, ar as decompressFrames, cn as findingText, cr as printable, fn as knowledgeFolder, pn as readRules, pr as hashFile, rr as parseManifest, sn as comparedText, t as annotation, tr as isEncrypted, wt as withoutSecrets } from "./chunk-annotation.js";
import { i as interruption, n as parseReference, s as PerennialError } from "./chunk-reference.js";
import { C as pipe, L as orStoreFailed, R as syncDirectory, S as picklist, T as record, _ as number$4, b as parse, j as string$1, l as isoTimestamp, t as array$1, v as object$2, y as optional, z as writeDurably } from "./chunk-dist2.js";
import { i as isEncryptedName, r as isBagFileName } from "./chunk-bag-file-name.js";
import { n as keptWrong, r as nameTaken } from "./chunk-store-errors.js";
import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { homedir } from "node:os";
import { createGzip } from "node:zlib";
import { createHash } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { access, link, mkdir, open, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
// src/bag/packed-manifest.ts
/** Content that is read at most: the manifest lies after the exports, and a list of a hundred bags shall not read them all. */
const MOST_READ = 536870912;
const LARGEST_MANIFEST = 67108864;
/**
* The manifest of a packed bag that is not encrypted, read without unpacking or verifying it.
* @param path a `.tar.zst` file
* @returns undefined when it is no such bag, is damaged before its manifest, or the manifest lies far behind exports
*/
async function findPackedManifest(path) {
	const content = decompressFrames(createReadStream(path, { highWaterMark: 262144 }), path);
	try {
		for await (const { header, body, offset } of readTar(content, path)) {
			if (header.path.replace(/^[^/]+\//, "") !== "data/manifest.json") {
				if (offset + header.storedSize > MOST_READ) return void 0;
				continue;
			}
			if (header.size > LARGEST_MANIFEST) return void 0;
			const chunks = [];
			for await (const chunk of body) chunks.push(chunk);
			return parseManifest(Buffer.concat(chunks).toString(), path);
		}
	} catch (error) {
		if (!(error instanceof PerennialError)) throw error;
	}
}
// src/store/directory-store.ts
/**
* A folder, for instance of a mounted disk, or a file in one. A bag is written beside its place, flushed, read again, and takes its
* name in one step that never replaces another file. Beside it `NAME.sha256` is for `sha256sum --check`.
*/
var DirectoryStore = class {
	place;
	#path;
	constructor(path) {
		this.#path = path;
		this.place = path;
	}
	async readers() {
		return "owner";
	}
	async put(bag) {
		const file = await this.#target(bag.name);
		const there = await stat(file).catch(() => void 0);
		if (there?.isFile() && there.size === bag.bytes && (await hashFile(file)).sha256 === bag.sha256) return kept(file, bag);
		if (there) throw nameTaken(basename(file), dirname(file), "Name another file or folder; nothing is replaced.");
		await this.#write(bag, file);
		return kept(file, bag);
	}
	async fetch() {
		await access(this.#path).catch((cause) => {
			throw new PerennialError("bad-input", `There is no bag at ${this.#path}`, {
				cause,
				hint: "Name the folder or the file that `perennial archive` wrote, or another store: see `perennial restore --help`."
			});
		});
		const bags = await this.list();
		if (bags.length > 1) throw new PerennialError("bad-input", `${this.#path} has ${bags.length} bags`, { hint: `Say which: ${bags.map((bag) => bag.reference).join(", ")}.` });
		return bags[0]?.reference ?? this.#path;
	}
	async list() {
		const found = await stat(this.#path).catch(() => void 0);
		if (!found) throw new PerennialError("bad-input", `There is no folder ${this.#path}`, { hint: "Name a folder with bags." });
		const here = await describe(this.#path);
		if (here) return [here];
		const names = found.isDirectory() ? (await readdir(this.#path)).sort() : [];
		return (await Promise.all(names.map((name) => describe(join(this.#path, name))))).filter((each) => each !== void 0);
	}
	/** A path that is named like a file of a bag is that file; any other one is a folder, which takes the bag under its own name. */
	async #target(name) {
		const found = await stat(this.#path).catch(() => void 0);
		const isFile = found ? !found.isDirectory() : FILE_ENDING.test(this.#path);
		if (found && isFile && !FILE_ENDING.test(this.#path)) throw noFolder(this.#path);
		const file = resolve(isFile ? this.#path : join(this.#path, name));
		await checkParent(dirname(file));
		return file;
	}
	async #write(bag, file) {
		const partial = `${file}.partial-${process.pid}`;
		try {
			await orStoreFailed(dirname(file), () => mkdir(dirname(file), { recursive: true }));
			await writeDurably(partial, 384, async (sink) => {
				for await (const chunk of createReadStream(bag.file, { highWaterMark: 1048576 })) {
					interruption.check();
					await sink(chunk);
				}
			});
			const { sha256 } = await hashFile(partial);
			if (sha256 !== bag.sha256) throw keptWrong(basename(file), dirname(file), sha256, bag.sha256);
			await this.#takeName(partial, file);
			await orStoreFailed(file, () => writeFile(`${file}.sha256`, `${sha256}  ${basename(file)}\n`));
			await syncDirectory(dirname(file));
		} finally {
			await rm(partial, { force: true });
		}
	}
	/** A link fails where rename would replace; file systems without links (FAT, some network shares) take the rename. */
	async #takeName(partial, file) {
		await orStoreFailed(file, async () => {
			try {
				await link(partial, file);
			} catch (error) {
				const { code } = error;
				if (code === "EEXIST") throw nameTaken(basename(file), dirname(file), "Name another file; nothing is replaced.");
				if (![
					"EPERM",
					"ENOTSUP",
					"EOPNOTSUPP",
					"ENOSYS"
				].includes(code ?? "")) throw error;
				await rename(partial, file);
			}
		});
	}
};
function kept(file, bag) {
	const { service, bytes, sha256, created } = bag;
	return {
		reference: file,
		name: basename(file),
		service,
		bytes,
		sha256,
		created,
		expires: "",
		encrypted: isEncryptedName(bag.name)
	};
}
/** What a person calls the file of a packed bag. */
const FILE_ENDING = /[^/]\.(?:tar|tar\.zst|tzst|zst|age)$/;
function noFolder(path) {
	return new PerennialError("output-exists", `${path} is a file, not a folder`, { hint: "Name a folder, or the file that the bag shall be, NAME.tar.zst (NAME.tar.zst.age when it is encrypted)." });
}
/** One folder is made, not two: a disk that is not mounted must not become folders of the disk below it. */
async function checkParent(folder) {
	const parent = dirname(folder);
	const isThere = (path) => stat(path).then((found) => found.isDirectory(), () => false);
	if (await isThere(folder) || await isThere(parent)) return;
	throw new PerennialError("bad-input", `${folder} cannot be made: there is no folder ${parent}`, { hint: "Is the disk mounted? Make the folder first (`mkdir -p`) when it is meant." });
}
/** Undefined for what is no bag. */
async function describe(path) {
	const found = await stat(path).catch(() => void 0);
	if (found?.isDirectory()) return describeFolder(path);
	if (!found?.isFile() || !isBagFileName(basename(path))) return void 0;
	return describeFile(path, found);
}
/** Service and time of an encrypted bag are nobody's business: its time is that of the file. */
async function describeFile(path, { size, mtime }) {
	const stated = await readFile(`${path}.sha256`, "utf8").catch(() => "");
	const encrypted = isEncryptedName(path) || await isAgeFile(path);
	const manifest = encrypted ? void 0 : await findPackedManifest(path).catch(() => void 0);
	return {
		reference: path,
		name: basename(path),
		service: manifest?.service.name ?? "",
		bytes: size,
		sha256: /^[0-9a-f]{64}/.exec(stated)?.[0] ?? "",
		created: manifest?.created ?? mtime.toISOString(),
		expires: "",
		encrypted
	};
}
/** Also one under another name. */
async function isAgeFile(path) {
	try {
		await using file = await open(path);
		const { buffer, bytesRead } = await file.read(Buffer.alloc(32), 0, 32, 0);
		return isEncrypted(buffer.subarray(0, bytesRead), path);
	} catch {
		return false;
	}
}
async function describeFolder(path) {
	const text = await readFile(join(path, MANIFEST), "utf8").catch(() => void 0);
	if (text === void 0 || !await stat(join(path, "bagit.txt")).catch(() => void 0)) return void 0;
	try {
		const { service, created } = parseManifest(text, path);
		const bytes = await folderBytes(path);
		return {
			reference: path,
			name: basename(resolve(path)),
			service: service.name,
			bytes,
			sha256: "",
			created,
			expires: "",
			encrypted: false
		};
	} catch {
		return;
	}
}
async function folderBytes(path) {
	const files = (await readdir(path, {
		recursive: true,
		withFileTypes: true
	})).filter((entry) => entry.isFile());
	return (await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size))).reduce((sum, size) => sum + size, 0);
}
// src/store/open-store.ts
/**
* The store of a reference. What only some stores need is loaded then: the artifact client is larger than all of the rest.
* @throws PerennialError `bad-input`
*/
async function openStore(reference, settings) {
	const at = typeof reference === "string" ? parseReference(reference) : reference;
	switch (at.kind) {
		case "path": return new DirectoryStore(at.path);
		case "artifact": return new (await (import("./chunk-artifact-store.js"))).ArtifactStore(at, settings);
		case "release": return new (await (import("./chunk-release-store.js"))).ReleaseStore(at, settings);
		case "oci": return new (await (import("./chunk-oci-store.js"))).OciStore(at, settings);
	}
}
// src/report/attestation-text.ts
/** Who made a bag, in a sentence without its full stop. What nobody vouches for is not said of anybody. */
function attestationText({ signer, signed, untrusted }) {
	if (untrusted !== void 0) return `Its attestation cannot be relied on: ${printable(untrusted)}`;
	const { identity, issuer, commit, run } = signer;
	return `${[
		`Attested by ${printable(identity)}`,
		...commit ? [`at commit ${printable(commit)}`] : [],
		...run ? [`in ${printable(run)}`] : [],
		...signed ? [`on ${signed}`] : []
	].join(", ")} (issuer ${printable(issuer)})`;
}
// src/report/byte-text.ts
/** Bytes for people: decimal units, three digits. */
function byteText(bytes) {
	if (bytes < 1e3) return `${bytes} B`;
	const units = [
		"kB",
		"MB",
		"GB",
		"TB",
		"PB"
	];
	let value = bytes / 1e3;
	let unit = 0;
	for (; value >= 999.5 && unit < units.length - 1; unit++) value /= 1e3;
	return `${value >= 100 ? value.toFixed(0) : value.toPrecision(3)} ${units[unit]}`;
}
// src/report/markdown.ts
/** Markdown, HTML, references (#1, @name), links by themselves (www., http://), emoji (:name:) and GitHub's math ($). */
const STRUCTURE = /[&<>`*_[\]#!|~@\\$]|www|:(?=\/\/|[\w+-]+:)/gi;
/** Text for a table cell or a sentence: printable, on one line, at most `most` characters, and nothing but text. */
function plain(text, most = 300) {
	const letters = [...printable(text)];
	return (letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : letters.join("")).replace(STRUCTURE, (found) => `&#${found.codePointAt(0)};${found.slice(1)}`);
}
/** A path, a name or a command as code. */
function code(text, most = 300) {
	return `<code>${plain(text, most)}</code>`;
}
/** Several lines as they are (a diff, a log), at most `most` lines. Inside `<pre>` nothing is Markdown. */
function preformatted(text, most = 200) {
	const lines = text.replace(/\n+$/, "").split("\n");
	return `<pre>${[...lines.slice(0, most).map((line) => escapeHtml(printable(line).slice(0, 500))), ...lines.length > most ? [`… ${lines.length - most} more lines`] : []].join("\n")}</pre>`;
}
/** A folded part; `body` is Markdown. */
function folded$1(title, body) {
	return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
/** A table; cells are Markdown. `align` has one letter a column, `l` or `r`. Rows beyond `most` are counted. */
function table$4(heads, align, rows, most = 50) {
	const line = (cells) => `| ${cells.join(" | ")} |`;
	const rule = [...align].map((letter) => letter === "r" ? "---:" : "---");
	const more = rows.length > most ? [line([`… ${count$1(rows.length - most)} more`, ...heads.slice(1).map(() => "")])] : [];
	return [
		line(heads),
		line(rule),
		...rows.slice(0, most).map(line),
		...more
	].join("\n");
}
/** A number for people: 11,598. */
function count$1(value) {
	return value.toLocaleString("en-US");
}
/** A link to the report page; empty without one. The address is the runner's own, not a container's. */
function pageLink(address) {
	return address && /^https?:\/\/[\w.:/-]+$/.test(address) ? `📄 [The whole report](${address}): one page to read on any device and to keep.` : "";
}
function escapeHtml(text) {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
// src/report/percent-text.ts
/** A share for people: two significant digits, and never in exponential notation. */
function percentText(part, whole) {
	const value = whole === 0 ? 0 : part / whole * 100;
	return `${value === 0 || value >= 1 ? value.toFixed(value < 10 ? 1 : 0) : value.toFixed(1 - Math.floor(Math.log10(value)))} %`;
}
// src/report/pie.ts
/** Slices that a chart shows by themselves; the rest are put together. */
const LARGEST$1 = 6;
/**
* A mermaid pie chart as a fenced block (mermaid.js.org/syntax/pie.html: values are above zero, with two decimals at most).
* Labels lose whatever could end them. Empty when there is nothing to show.
*/
function pieChart(title, slices) {
	const sorted = slices.filter((each) => each.value > 0).toSorted((a, b) => b.value - a.value);
	const rest = sorted.slice(LARGEST$1).reduce((sum, each) => sum + each.value, 0);
	const shown = [...sorted.slice(0, LARGEST$1), ...rest > 0 ? [{
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
	"package/local": "files of packages that no repository has",
	"package/modified": "files of packages with other content than shipped",
	"package/attributes": "files of packages whose mode, owner, attributes or ACL were changed",
	"owner/deleted": "deleted by the owner; the deletion is kept",
	"unowned/mount": "in a volume or a bind mount, no package ships it",
	"unowned/operation": "made or changed during operation, no package ships it",
	"language/pip": "of a Python package, as installed; pip installs it again",
	"language/npm": "of a package of npm, as in its archive, which is kept",
	"language/gem": "of a gem, as in its archive, which is kept",
	"language/archive": "archives of packages of npm and gem, of which their files are unpacked again",
	"language/edited": "of a package of a language, but not as installed",
	"language/kept": "of a Python package of which other files were edited",
	"image/secret": "secrets made when the image was built, lost by a rebuild",
	"image/secret-public": "public halves of secrets that were made when the image was built",
	"image/build-step": "made by build steps, which the Dockerfile in the archive repeats",
	"image/unowned": "made when the image was built, no package ships it",
	"owner/include": "perennial.yml includes it",
	"owner/exclude": "perennial.yml excludes it",
	"owner/logs": "logs that perennial.yml leaves out",
	"runtime/socket": "sockets, made by the program that listens",
	"structure/link": "links to something that is kept",
	"structure/parent": "directories above what is kept",
	"export/raw": "raw data beside their export",
	"payload/unreadable": "could not be read",
	"engine/mount-point": "places of mounts that are not archived"
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
		pageLink(report.page),
		lookAt(archiveAnnotations(report)),
		sizes(report),
		chart$1(report),
		reasonTable(report, true),
		reasonTable(report, false),
		secretTable(report),
		golden.length === 0 ? "" : goldenTable(golden),
		packages(report)
	].filter((part) => part !== "").join("\n\n");
}
function goldenTable(golden) {
	const flaky = golden.some((each) => each.flaky);
	const heads = [
		"Smoke test",
		"Answer",
		...flaky ? ["Twice the same"] : []
	];
	const rows = golden.map((each) => [
		plain(each.name),
		code(withoutSecrets(each.status), 80),
		...flaky ? [each.flaky ? "⚠️ flaky" : "yes"] : []
	]);
	return `### Golden answers\n\n${table$4(heads, flaky ? "lll" : "ll", rows)}`;
}
/** What a person should look at after a decommission. */
function archiveAnnotations({ result, secrets, kept, encrypted, tooShort, verified, attested }) {
	const readers = kept.length > 0 && secrets.length > 0 && !encrypted;
	return [
		...result.incomplete.map((path) => annotation("error", "Not archived", `${path} could not be read`)),
		...tooShort.map((text) => annotation("warning", "Kept too short", text)),
		...result.manifest.notes.map((note) => annotation("warning", "Archive", note)),
		...result.golden.filter((each) => each.flaky).map((each) => annotation("warning", "Flaky smoke test", `"${each.name}" gave two different answers on the living service: mask what changes, or a restore cannot be judged by it`)),
		...attested?.failure ? [annotation("error", "Not attested", attested.failure.message)] : [],
		...(verified?.differences ?? []).map((each) => annotation("error", "Not the same after a rebuild", each)),
		...readers ? [annotation("notice", "Secrets", `The archive holds in plain text: ${secretWords(secrets)}`)] : []
	];
}
function headline({ result, packed }) {
	const { counts, service, system } = result.manifest;
	const image = service.image ? `, ${percentText(packed.bytes, service.image.size)} of the image` : "";
	return `${count$1(counts.kept)} of ${count$1(counts.paths)} paths of a ${plain(system.os.prettyName || "system without a name")} are kept. The archive has **${byteText(packed.bytes)}**${image}.`;
}
function lookAt(annotations) {
	const marks = {
		error: "❌",
		warning: "⚠️",
		notice: "ℹ️"
	};
	if (annotations.length === 0) return "";
	const lines = annotations.slice(0, 50).map((each) => `- ${marks[each.level]} ${plain(each.message, 800)}`);
	const more = annotations.length > 50 ? [`- … ${count$1(annotations.length - 50)} more`] : [];
	return [
		"### Look at this",
		"",
		...lines,
		...more
	].join("\n");
}
function sizes({ result, packed, kept, encrypted, verified, attested }) {
	const { counts, service } = result.manifest;
	return `### Sizes and times\n\n${table$4(["", ""], "ll", [
		...service.image ? [["Image", byteText(service.image.size)]] : [],
		["Mutable data", `${byteText(counts.keptBytes)} in ${count$1(counts.kept)} paths, ${count$1(counts.deleted)} ${counts.deleted === 1 ? "deletion" : "deletions"}`],
		["Archive", `${byteText(packed.bytes)}${service.image ? `, ${percentText(packed.bytes, service.image.size)} of the image` : ""}`],
		...result.manifest.dumps.map((each) => ["Logical export", `${code(each.file)}, ${byteText(each.bytes)}`]),
		...verified ? [["Verified", verified.note]] : [],
		...attested?.attestation ? [["Attestation", plain(attestationText(attested.attestation), 800)]] : [],
		["Found in", `${result.timings.detect} s`],
		["Archived in", `${result.timings.total} s`],
		...kept.map((each) => ["Kept as", `${code(each.reference, 200)}, put there in ${each.seconds} s, ${expiry(each)}`]),
		["Encrypted", encrypted ? "yes, with age" : "no"],
		["sha256", code(packed.sha256)]
	])}`;
}
function expiry({ expires }) {
	return expires ? `**until ${expires.slice(0, 10)}**` : "without an end";
}
/** Bytes in kB: what is kept is thousands of times smaller than what is left, the chart shows just that. */
function chart$1({ result, reasons }) {
	const rules = Object.entries(result.manifest.counts.rules);
	const words = ruleWords(rules.map(([rule]) => rule), result.index, reasons);
	const kept = rules.reduce((sum, [, each]) => sum + (each.kept ? each.bytes : 0), 0);
	const left = rules.filter(([, each]) => !each.kept).map(([rule, each]) => ({
		label: `left, ${words[rule] || rule}`,
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
	const text = table$4([
		"Why",
		"Rule",
		"Paths",
		"Bytes"
	], "llrr", rules.map(([rule, each]) => [
		plain(words[rule] ?? ""),
		code(rule),
		count$1(each.paths),
		byteText(each.bytes)
	]));
	return kept ? `### Kept, and why\n\n${text}` : folded$1("Left out, and why", text);
}
/** Whoever may not read the archive may still read the summary: names of files stay out of it when it is encrypted. */
function secretTable({ secrets, encrypted }) {
	if (secrets.length === 0) return "";
	const rows = secrets.map((each) => [
		each.kind,
		count$1(each.paths.length),
		encrypted ? "" : each.paths.slice(0, 5).map((path) => code(path)).join(" ")
	]);
	return folded$1(`Secrets in the archive: ${secretWords(secrets)}`, table$4([
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
	return folded$1(`Versions: ${count$1(chosen.length)} chosen packages of ${count$1(all)}`, table$4(["Package", "Version"], "ll", rows, 100));
}
// src/report/page/path-list.ts
/** Bytes of compressed rows that a page carries; base64 makes a third more of them. Paths compress to 5 to 12 bytes each. */
const LARGEST = 6e6;
const FIRST = 100;
/** Rows that are compressed at once: more of them grow old together, and with them the memory for old objects. */
const BLOCK = 500;
/** Blocks between two looks at the size. */
const LOOK = 20;
/**
* Packs the index of a bag for a page. The rows stay in order, are compressed as they come, and end where `largest` bytes are
* reached; half a million paths take a few megabytes.
* @param words reasons of rules, for people; a rule without any has its first path's
*/
async function packPaths(index, words, largest = LARGEST) {
	const rows = new PackedRows(largest);
	for await (const entry of index) if (entry.disposition !== "parent") await rows.add(entry);
	const packed = await rows.end();
	const said = words(rows.reasons);
	return {
		reasons: rows.reasons.map(({ rule, kept, why }) => ({
			rule,
			kept,
			words: said[rule] || why || rule
		})),
		packed,
		first: rows.first,
		paths: rows.paths,
		listed: rows.listed
	};
}
var PackedRows = class {
	reasons = [];
	first = [];
	paths = 0;
	listed = 0;
	#numbers = /* @__PURE__ */ new Map();
	#gzip = createGzip({ level: 7 });
	#chunks = [];
	#largest;
	#bytes = 0;
	#block = [];
	#blocks = 0;
	constructor(largest) {
		this.#largest = largest;
		this.#gzip.on("data", (chunk) => {
			this.#chunks.push(chunk);
			this.#bytes += chunk.length;
		});
	}
	async add(entry) {
		this.paths++;
		if (this.#bytes >= this.#largest) return;
		const row = this.rowOf(entry);
		if (this.first.length < FIRST) this.first.push(row);
		this.listed++;
		this.#block.push(`${row.reason}\t${row.size}\t${row.mode}\t${row.owner}\t${row.path}\n`);
		if (this.#block.length >= BLOCK) await this.flush();
	}
	async end() {
		await this.flush();
		await new Promise((done, failed) => this.#gzip.on("error", failed).on("end", done).end());
		return Buffer.concat(this.#chunks).toString("base64");
	}
	rowOf(entry) {
		return {
			reason: this.numberOf(entry),
			size: entry.kind === "file" && entry.disposition !== "delete" ? String(entry.size) : "",
			mode: entry.disposition === "delete" ? "" : entry.mode,
			owner: entry.disposition === "delete" ? "" : printable(`${entry.user || entry.uid}:${entry.group || entry.gid}`),
			path: printable(entry.path)
		};
	}
	numberOf({ rule, why, disposition }) {
		const known = this.#numbers.get(rule);
		if (known !== void 0) return known;
		this.#numbers.set(rule, this.reasons.length);
		return this.reasons.push({
			rule,
			why,
			kept: disposition !== "leave"
		}) - 1;
	}
	async flush() {
		const text = this.#block.join("");
		this.#block = [];
		await new Promise((done) => this.#gzip.write(text, () => done()));
		if (++this.#blocks % LOOK === 0) await new Promise((done) => this.#gzip.flush(() => done()));
	}
};
// src/report/run-steps.ts
/** Passes progress on and remembers when each step began: the timeline of a report. Wall-clock time. */
var RunSteps = class {
	#to;
	#started = performance.now();
	#begun = [];
	constructor(to) {
		this.#to = to;
	}
	step(message) {
		this.#begun.push({
			name: message,
			at: performance.now()
		});
		this.#to.step(message);
	}
	detail(message) {
		this.#to.detail(message);
	}
	warn(message) {
		this.#to.warn(message);
	}
	/** The steps so far; each ends where the next one begins, the last one now. */
	steps() {
		const now = performance.now();
		return this.#begun.map(({ name, at }, n) => ({
			name,
			start: rounded(at - this.#started),
			seconds: rounded((this.#begun[n + 1]?.at ?? now) - at)
		}));
	}
};
function rounded(milliseconds) {
	return Math.round(milliseconds) / 1e3;
}
// src/report/restore-record.ts
/** What a restore's report needs and only the run itself sees: its steps, and what bag and base say. Also of a run that fails. */
var RestoreRecord = class {
	steps;
	manifest;
	plan;
	/** Of the restore that is under way or failed. */
	journal;
	base;
	accounts;
	paths;
	/** Reasons of the rules of knowledge/, by id. */
	reasons = {};
	#withPaths;
	/** @param options.paths pack every path for a page */
	constructor(progress, options) {
		this.steps = new RunSteps(progress);
		this.#withPaths = options.paths;
	}
	/** For `onJournal` of a restore. */
	follow = (journal) => {
		this.journal = journal;
	};
	/** For `onPrepared` of a restore. */
	prepared = async ({ bag, base, plan, accounts }) => {
		this.manifest = bag.manifest;
		this.plan = plan;
		this.accounts = accounts;
		this.base = {
			reference: base.reference,
			digest: base.image.digests[0] ?? base.image.id,
			release: base.system.facts.os.prettyName,
			packages: base.system.facts.packages
		};
		this.reasons = Object.fromEntries((await readRules()).map((rule) => [rule.id, rule.reason]));
		if (this.#withPaths) this.paths = await packPaths(bag.readIndex(), (rules) => wordsOf$1(rules, this.reasons));
	};
};
/** Words for rules, of which each comes with what one of its paths says. */
function wordsOf$1(rules, reasons) {
	return ruleWords(rules.map((each) => each.rule), rules, reasons);
}
// node_modules/d3-array/dist/d3-array.mjs
function ascending(a, b) {
	return a == null || b == null ? NaN : a < b ? -1 : a > b ? 1 : a >= b ? 0 : NaN;
}
function descending(a, b) {
	return a == null || b == null ? NaN : b < a ? -1 : b > a ? 1 : b >= a ? 0 : NaN;
}
function bisector(f) {
	let compare1, compare2, delta;
	if (f.length !== 2) {
		compare1 = ascending;
		compare2 = (d, x) => ascending(f(d), x);
		delta = (d, x) => f(d) - x;
	} else {
		compare1 = f === ascending || f === descending ? f : zero$1;
		compare2 = f;
		delta = f;
	}
	function left(a, x, lo = 0, hi = a.length) {
		if (lo < hi) {
			if (compare1(x, x) !== 0) return hi;
			do {
				const mid = lo + hi >>> 1;
				if (compare2(a[mid], x) < 0) lo = mid + 1;
				else hi = mid;
			} while (lo < hi);
		}
		return lo;
	}
	function right(a, x, lo = 0, hi = a.length) {
		if (lo < hi) {
			if (compare1(x, x) !== 0) return hi;
			do {
				const mid = lo + hi >>> 1;
				if (compare2(a[mid], x) <= 0) lo = mid + 1;
				else hi = mid;
			} while (lo < hi);
		}
		return lo;
	}
	function center(a, x, lo = 0, hi = a.length) {
		const i = left(a, x, lo, hi - 1);
		return i > lo && delta(a[i - 1], x) > -delta(a[i], x) ? i - 1 : i;
	}
	return {
		left,
		center,
		right
	};
}
function zero$1() {
	return 0;
}
function number$3(x) {
	return x === null ? NaN : +x;
}
const ascendingBisect = bisector(ascending);
const bisectRight = ascendingBisect.right;
ascendingBisect.left;
bisector(number$3).center;
Array.prototype.slice;
const e10 = Math.sqrt(50);
const e5 = Math.sqrt(10);
const e2 = Math.sqrt(2);
function tickSpec(start, stop, count) {
	const step = (stop - start) / Math.max(0, count), power = Math.floor(Math.log10(step)), error = step / Math.pow(10, power), factor = error >= e10 ? 10 : error >= e5 ? 5 : error >= e2 ? 2 : 1;
	let i1, i2, inc;
	if (power < 0) {
		inc = Math.pow(10, -power) / factor;
		i1 = Math.round(start * inc);
		i2 = Math.round(stop * inc);
		if (i1 / inc < start) ++i1;
		if (i2 / inc > stop) --i2;
		inc = -inc;
	} else {
		inc = Math.pow(10, power) * factor;
		i1 = Math.round(start / inc);
		i2 = Math.round(stop / inc);
		if (i1 * inc < start) ++i1;
		if (i2 * inc > stop) --i2;
	}
	if (i2 < i1 && .5 <= count && count < 2) return tickSpec(start, stop, count * 2);
	return [
		i1,
		i2,
		inc
	];
}
function ticks(start, stop, count) {
	stop = +stop, start = +start, count = +count;
	if (!(count > 0)) return [];
	if (start === stop) return [start];
	const reverse = stop < start, [i1, i2, inc] = reverse ? tickSpec(stop, start, count) : tickSpec(start, stop, count);
	if (!(i2 >= i1)) return [];
	const n = i2 - i1 + 1, ticks = new Array(n);
	if (reverse) {
		if (inc < 0) for (let i = 0; i < n; ++i) ticks[i] = (i2 - i) / -inc;
		else for (let i = 0; i < n; ++i) ticks[i] = (i2 - i) * inc;
	} else if (inc < 0) for (let i = 0; i < n; ++i) ticks[i] = (i1 + i) / -inc;
	else for (let i = 0; i < n; ++i) ticks[i] = (i1 + i) * inc;
	return ticks;
}
function tickIncrement(start, stop, count) {
	stop = +stop, start = +start, count = +count;
	return tickSpec(start, stop, count)[2];
}
function tickStep(start, stop, count) {
	stop = +stop, start = +start, count = +count;
	const reverse = stop < start, inc = reverse ? tickIncrement(stop, start, count) : tickIncrement(start, stop, count);
	return (reverse ? -1 : 1) * (inc < 0 ? 1 / -inc : inc);
}
// node_modules/d3-color/dist/d3-color.mjs
function define(constructor, factory, prototype) {
	constructor.prototype = factory.prototype = prototype;
	prototype.constructor = constructor;
}
function extend(parent, definition) {
	var prototype = Object.create(parent.prototype);
	for (var key in definition) prototype[key] = definition[key];
	return prototype;
}
function Color() {}
var darker = .7;
var brighter = 1 / darker;
var reI = "\\s*([+-]?\\d+)\\s*";
var reN = "\\s*([+-]?(?:\\d*\\.)?\\d+(?:[eE][+-]?\\d+)?)\\s*";
var reP = "\\s*([+-]?(?:\\d*\\.)?\\d+(?:[eE][+-]?\\d+)?)%\\s*";
var reHex = /^#([0-9a-f]{3,8})$/;
var reRgbInteger = new RegExp(`^rgb\\(${reI},${reI},${reI}\\)$`);
var reRgbPercent = new RegExp(`^rgb\\(${reP},${reP},${reP}\\)$`);
var reRgbaInteger = new RegExp(`^rgba\\(${reI},${reI},${reI},${reN}\\)$`);
var reRgbaPercent = new RegExp(`^rgba\\(${reP},${reP},${reP},${reN}\\)$`);
var reHslPercent = new RegExp(`^hsl\\(${reN},${reP},${reP}\\)$`);
var reHslaPercent = new RegExp(`^hsla\\(${reN},${reP},${reP},${reN}\\)$`);
var named = {
	aliceblue: 15792383,
	antiquewhite: 16444375,
	aqua: 65535,
	aquamarine: 8388564,
	azure: 15794175,
	beige: 16119260,
	bisque: 16770244,
	black: 0,
	blanchedalmond: 16772045,
	blue: 255,
	blueviolet: 9055202,
	brown: 10824234,
	burlywood: 14596231,
	cadetblue: 6266528,
	chartreuse: 8388352,
	chocolate: 13789470,
	coral: 16744272,
	cornflowerblue: 6591981,
	cornsilk: 16775388,
	crimson: 14423100,
	cyan: 65535,
	darkblue: 139,
	darkcyan: 35723,
	darkgoldenrod: 12092939,
	darkgray: 11119017,
	darkgreen: 25600,
	darkgrey: 11119017,
	darkkhaki: 12433259,
	darkmagenta: 9109643,
	darkolivegreen: 5597999,
	darkorange: 16747520,
	darkorchid: 10040012,
	darkred: 9109504,
	darksalmon: 15308410,
	darkseagreen: 9419919,
	darkslateblue: 4734347,
	darkslategray: 3100495,
	darkslategrey: 3100495,
	darkturquoise: 52945,
	darkviolet: 9699539,
	deeppink: 16716947,
	deepskyblue: 49151,
	dimgray: 6908265,
	dimgrey: 6908265,
	dodgerblue: 2003199,
	firebrick: 11674146,
	floralwhite: 16775920,
	forestgreen: 2263842,
	fuchsia: 16711935,
	gainsboro: 14474460,
	ghostwhite: 16316671,
	gold: 16766720,
	goldenrod: 14329120,
	gray: 8421504,
	green: 32768,
	greenyellow: 11403055,
	grey: 8421504,
	honeydew: 15794160,
	hotpink: 16738740,
	indianred: 13458524,
	indigo: 4915330,
	ivory: 16777200,
	khaki: 15787660,
	lavender: 15132410,
	lavenderblush: 16773365,
	lawngreen: 8190976,
	lemonchiffon: 16775885,
	lightblue: 11393254,
	lightcoral: 15761536,
	lightcyan: 14745599,
	lightgoldenrodyellow: 16448210,
	lightgray: 13882323,
	lightgreen: 9498256,
	lightgrey: 13882323,
	lightpink: 16758465,
	lightsalmon: 16752762,
	lightseagreen: 2142890,
	lightskyblue: 8900346,
	lightslategray: 7833753,
	lightslategrey: 7833753,
	lightsteelblue: 11584734,
	lightyellow: 16777184,
	lime: 65280,
	limegreen: 3329330,
	linen: 16445670,
	magenta: 16711935,
	maroon: 8388608,
	mediumaquamarine: 6737322,
	mediumblue: 205,
	mediumorchid: 12211667,
	mediumpurple: 9662683,
	mediumseagreen: 3978097,
	mediumslateblue: 8087790,
	mediumspringgreen: 64154,
	mediumturquoise: 4772300,
	mediumvioletred: 13047173,
	midnightblue: 1644912,
	mintcream: 16121850,
	mistyrose: 16770273,
	moccasin: 16770229,
	navajowhite: 16768685,
	navy: 128,
	oldlace: 16643558,
	olive: 8421376,
	olivedrab: 7048739,
	orange: 16753920,
	orangered: 16729344,
	orchid: 14315734,
	palegoldenrod: 15657130,
	palegreen: 10025880,
	paleturquoise: 11529966,
	palevioletred: 14381203,
	papayawhip: 16773077,
	peachpuff: 16767673,
	peru: 13468991,
	pink: 16761035,
	plum: 14524637,
	powderblue: 11591910,
	purple: 8388736,
	rebeccapurple: 6697881,
	red: 16711680,
	rosybrown: 12357519,
	royalblue: 4286945,
	saddlebrown: 9127187,
	salmon: 16416882,
	sandybrown: 16032864,
	seagreen: 3050327,
	seashell: 16774638,
	sienna: 10506797,
	silver: 12632256,
	skyblue: 8900331,
	slateblue: 6970061,
	slategray: 7372944,
	slategrey: 7372944,
	snow: 16775930,
	springgreen: 65407,
	steelblue: 4620980,
	tan: 13808780,
	teal: 32896,
	thistle: 14204888,
	tomato: 16737095,
	turquoise: 4251856,
	violet: 15631086,
	wheat: 16113331,
	white: 16777215,
	whitesmoke: 16119285,
	yellow: 16776960,
	yellowgreen: 10145074
};
define(Color, color, {
	copy(channels) {
		return Object.assign(new this.constructor(), this, channels);
	},
	displayable() {
		return this.rgb().displayable();
	},
	hex: color_formatHex,
	formatHex: color_formatHex,
	formatHex8: color_formatHex8,
	formatHsl: color_formatHsl,
	formatRgb: color_formatRgb,
	toString: color_formatRgb
});
function color_formatHex() {
	return this.rgb().formatHex();
}
function color_formatHex8() {
	return this.rgb().formatHex8();
}
function color_formatHsl() {
	return hslConvert(this).formatHsl();
}
function color_formatRgb() {
	return this.rgb().formatRgb();
}
function color(format) {
	var m, l;
	format = (format + "").trim().toLowerCase();
	return (m = reHex.exec(format)) ? (l = m[1].length, m = parseInt(m[1], 16), l === 6 ? rgbn(m) : l === 3 ? new Rgb(m >> 8 & 15 | m >> 4 & 240, m >> 4 & 15 | m & 240, (m & 15) << 4 | m & 15, 1) : l === 8 ? rgba(m >> 24 & 255, m >> 16 & 255, m >> 8 & 255, (m & 255) / 255) : l === 4 ? rgba(m >> 12 & 15 | m >> 8 & 240, m >> 8 & 15 | m >> 4 & 240, m >> 4 & 15 | m & 240, ((m & 15) << 4 | m & 15) / 255) : null) : (m = reRgbInteger.exec(format)) ? new Rgb(m[1], m[2], m[3], 1) : (m = reRgbPercent.exec(format)) ? new Rgb(m[1] * 255 / 100, m[2] * 255 / 100, m[3] * 255 / 100, 1) : (m = reRgbaInteger.exec(format)) ? rgba(m[1], m[2], m[3], m[4]) : (m = reRgbaPercent.exec(format)) ? rgba(m[1] * 255 / 100, m[2] * 255 / 100, m[3] * 255 / 100, m[4]) : (m = reHslPercent.exec(format)) ? hsla(m[1], m[2] / 100, m[3] / 100, 1) : (m = reHslaPercent.exec(format)) ? hsla(m[1], m[2] / 100, m[3] / 100, m[4]) : named.hasOwnProperty(format) ? rgbn(named[format]) : format === "transparent" ? new Rgb(NaN, NaN, NaN, 0) : null;
}
function rgbn(n) {
	return new Rgb(n >> 16 & 255, n >> 8 & 255, n & 255, 1);
}
function rgba(r, g, b, a) {
	if (a <= 0) r = g = b = NaN;
	return new Rgb(r, g, b, a);
}
function rgbConvert(o) {
	if (!(o instanceof Color)) o = color(o);
	if (!o) return new Rgb();
	o = o.rgb();
	return new Rgb(o.r, o.g, o.b, o.opacity);
}
function rgb$1(r, g, b, opacity) {
	return arguments.length === 1 ? rgbConvert(r) : new Rgb(r, g, b, opacity == null ? 1 : opacity);
}
function Rgb(r, g, b, opacity) {
	this.r = +r;
	this.g = +g;
	this.b = +b;
	this.opacity = +opacity;
}
define(Rgb, rgb$1, extend(Color, {
	brighter(k) {
		k = k == null ? brighter : Math.pow(brighter, k);
		return new Rgb(this.r * k, this.g * k, this.b * k, this.opacity);
	},
	darker(k) {
		k = k == null ? darker : Math.pow(darker, k);
		return new Rgb(this.r * k, this.g * k, this.b * k, this.opacity);
	},
	rgb() {
		return this;
	},
	clamp() {
		return new Rgb(clampi(this.r), clampi(this.g), clampi(this.b), clampa(this.opacity));
	},
	displayable() {
		return -.5 <= this.r && this.r < 255.5 && -.5 <= this.g && this.g < 255.5 && -.5 <= this.b && this.b < 255.5 && 0 <= this.opacity && this.opacity <= 1;
	},
	hex: rgb_formatHex,
	formatHex: rgb_formatHex,
	formatHex8: rgb_formatHex8,
	formatRgb: rgb_formatRgb,
	toString: rgb_formatRgb
}));
function rgb_formatHex() {
	return `#${hex(this.r)}${hex(this.g)}${hex(this.b)}`;
}
function rgb_formatHex8() {
	return `#${hex(this.r)}${hex(this.g)}${hex(this.b)}${hex((isNaN(this.opacity) ? 1 : this.opacity) * 255)}`;
}
function rgb_formatRgb() {
	const a = clampa(this.opacity);
	return `${a === 1 ? "rgb(" : "rgba("}${clampi(this.r)}, ${clampi(this.g)}, ${clampi(this.b)}${a === 1 ? ")" : `, ${a})`}`;
}
function clampa(opacity) {
	return isNaN(opacity) ? 1 : Math.max(0, Math.min(1, opacity));
}
function clampi(value) {
	return Math.max(0, Math.min(255, Math.round(value) || 0));
}
function hex(value) {
	value = clampi(value);
	return (value < 16 ? "0" : "") + value.toString(16);
}
function hsla(h, s, l, a) {
	if (a <= 0) h = s = l = NaN;
	else if (l <= 0 || l >= 1) h = s = NaN;
	else if (s <= 0) h = NaN;
	return new Hsl(h, s, l, a);
}
function hslConvert(o) {
	if (o instanceof Hsl) return new Hsl(o.h, o.s, o.l, o.opacity);
	if (!(o instanceof Color)) o = color(o);
	if (!o) return new Hsl();
	if (o instanceof Hsl) return o;
	o = o.rgb();
	var r = o.r / 255, g = o.g / 255, b = o.b / 255, min = Math.min(r, g, b), max = Math.max(r, g, b), h = NaN, s = max - min, l = (max + min) / 2;
	if (s) {
		if (r === max) h = (g - b) / s + (g < b) * 6;
		else if (g === max) h = (b - r) / s + 2;
		else h = (r - g) / s + 4;
		s /= l < .5 ? max + min : 2 - max - min;
		h *= 60;
	} else s = l > 0 && l < 1 ? 0 : h;
	return new Hsl(h, s, l, o.opacity);
}
function hsl$1(h, s, l, opacity) {
	return arguments.length === 1 ? hslConvert(h) : new Hsl(h, s, l, opacity == null ? 1 : opacity);
}
function Hsl(h, s, l, opacity) {
	this.h = +h;
	this.s = +s;
	this.l = +l;
	this.opacity = +opacity;
}
define(Hsl, hsl$1, extend(Color, {
	brighter(k) {
		k = k == null ? brighter : Math.pow(brighter, k);
		return new Hsl(this.h, this.s, this.l * k, this.opacity);
	},
	darker(k) {
		k = k == null ? darker : Math.pow(darker, k);
		return new Hsl(this.h, this.s, this.l * k, this.opacity);
	},
	rgb() {
		var h = this.h % 360 + (this.h < 0) * 360, s = isNaN(h) || isNaN(this.s) ? 0 : this.s, l = this.l, m2 = l + (l < .5 ? l : 1 - l) * s, m1 = 2 * l - m2;
		return new Rgb(hsl2rgb(h >= 240 ? h - 240 : h + 120, m1, m2), hsl2rgb(h, m1, m2), hsl2rgb(h < 120 ? h + 240 : h - 120, m1, m2), this.opacity);
	},
	clamp() {
		return new Hsl(clamph(this.h), clampt(this.s), clampt(this.l), clampa(this.opacity));
	},
	displayable() {
		return (0 <= this.s && this.s <= 1 || isNaN(this.s)) && 0 <= this.l && this.l <= 1 && 0 <= this.opacity && this.opacity <= 1;
	},
	formatHsl() {
		const a = clampa(this.opacity);
		return `${a === 1 ? "hsl(" : "hsla("}${clamph(this.h)}, ${clampt(this.s) * 100}%, ${clampt(this.l) * 100}%${a === 1 ? ")" : `, ${a})`}`;
	}
}));
function clamph(value) {
	value = (value || 0) % 360;
	return value < 0 ? value + 360 : value;
}
function clampt(value) {
	return Math.max(0, Math.min(1, value || 0));
}
function hsl2rgb(h, m1, m2) {
	return (h < 60 ? m1 + (m2 - m1) * h / 60 : h < 180 ? m2 : h < 240 ? m1 + (m2 - m1) * (240 - h) / 60 : m1) * 255;
}
const radians = Math.PI / 180;
const degrees$1 = 180 / Math.PI;
const K$1 = 18;
const Xn = .96422;
const Yn = 1;
const Zn = .82521;
const t0$1 = 4 / 29;
const t1$1 = 6 / 29;
const t2 = 3 * t1$1 * t1$1;
const t3 = t1$1 * t1$1 * t1$1;
function labConvert(o) {
	if (o instanceof Lab) return new Lab(o.l, o.a, o.b, o.opacity);
	if (o instanceof Hcl) return hcl2lab(o);
	if (!(o instanceof Rgb)) o = rgbConvert(o);
	var r = rgb2lrgb(o.r), g = rgb2lrgb(o.g), b = rgb2lrgb(o.b), y = xyz2lab((.2225045 * r + .7168786 * g + .0606169 * b) / Yn), x, z;
	if (r === g && g === b) x = z = y;
	else {
		x = xyz2lab((.4360747 * r + .3850649 * g + .1430804 * b) / Xn);
		z = xyz2lab((.0139322 * r + .0971045 * g + .7141733 * b) / Zn);
	}
	return new Lab(116 * y - 16, 500 * (x - y), 200 * (y - z), o.opacity);
}
function lab(l, a, b, opacity) {
	return arguments.length === 1 ? labConvert(l) : new Lab(l, a, b, opacity == null ? 1 : opacity);
}
function Lab(l, a, b, opacity) {
	this.l = +l;
	this.a = +a;
	this.b = +b;
	this.opacity = +opacity;
}
define(Lab, lab, extend(Color, {
	brighter(k) {
		return new Lab(this.l + K$1 * (k == null ? 1 : k), this.a, this.b, this.opacity);
	},
	darker(k) {
		return new Lab(this.l - K$1 * (k == null ? 1 : k), this.a, this.b, this.opacity);
	},
	rgb() {
		var y = (this.l + 16) / 116, x = isNaN(this.a) ? y : y + this.a / 500, z = isNaN(this.b) ? y : y - this.b / 200;
		x = Xn * lab2xyz(x);
		y = Yn * lab2xyz(y);
		z = Zn * lab2xyz(z);
		return new Rgb(lrgb2rgb(3.1338561 * x - 1.6168667 * y - .4906146 * z), lrgb2rgb(-.9787684 * x + 1.9161415 * y + .033454 * z), lrgb2rgb(.0719453 * x - .2289914 * y + 1.4052427 * z), this.opacity);
	}
}));
function xyz2lab(t) {
	return t > t3 ? Math.pow(t, 1 / 3) : t / t2 + t0$1;
}
function lab2xyz(t) {
	return t > t1$1 ? t * t * t : t2 * (t - t0$1);
}
function lrgb2rgb(x) {
	return 255 * (x <= .0031308 ? 12.92 * x : 1.055 * Math.pow(x, 1 / 2.4) - .055);
}
function rgb2lrgb(x) {
	return (x /= 255) <= .04045 ? x / 12.92 : Math.pow((x + .055) / 1.055, 2.4);
}
function hclConvert(o) {
	if (o instanceof Hcl) return new Hcl(o.h, o.c, o.l, o.opacity);
	if (!(o instanceof Lab)) o = labConvert(o);
	if (o.a === 0 && o.b === 0) return new Hcl(NaN, 0 < o.l && o.l < 100 ? 0 : NaN, o.l, o.opacity);
	var h = Math.atan2(o.b, o.a) * degrees$1;
	return new Hcl(h < 0 ? h + 360 : h, Math.sqrt(o.a * o.a + o.b * o.b), o.l, o.opacity);
}
function hcl$1(h, c, l, opacity) {
	return arguments.length === 1 ? hclConvert(h) : new Hcl(h, c, l, opacity == null ? 1 : opacity);
}
function Hcl(h, c, l, opacity) {
	this.h = +h;
	this.c = +c;
	this.l = +l;
	this.opacity = +opacity;
}
function hcl2lab(o) {
	if (isNaN(o.h)) return new Lab(o.l, 0, 0, o.opacity);
	var h = o.h * radians;
	return new Lab(o.l, Math.cos(h) * o.c, Math.sin(h) * o.c, o.opacity);
}
define(Hcl, hcl$1, extend(Color, {
	brighter(k) {
		return new Hcl(this.h, this.c, this.l + K$1 * (k == null ? 1 : k), this.opacity);
	},
	darker(k) {
		return new Hcl(this.h, this.c, this.l - K$1 * (k == null ? 1 : k), this.opacity);
	},
	rgb() {
		return hcl2lab(this).rgb();
	}
}));
var A$1 = -.14861;
var B$2 = 1.78277;
var C$1 = -.29227;
var D$1 = -.90649;
var E$1 = 1.97294;
var ED = E$1 * D$1;
var EB = E$1 * B$2;
var BC_DA = B$2 * C$1 - D$1 * A$1;
function cubehelixConvert(o) {
	if (o instanceof Cubehelix) return new Cubehelix(o.h, o.s, o.l, o.opacity);
	if (!(o instanceof Rgb)) o = rgbConvert(o);
	var r = o.r / 255, g = o.g / 255, b = o.b / 255, l = (BC_DA * b + ED * r - EB * g) / (BC_DA + ED - EB), bl = b - l, k = (E$1 * (g - l) - C$1 * bl) / D$1, s = Math.sqrt(k * k + bl * bl) / (E$1 * l * (1 - l)), h = s ? Math.atan2(k, bl) * degrees$1 - 120 : NaN;
	return new Cubehelix(h < 0 ? h + 360 : h, s, l, o.opacity);
}
function cubehelix$1(h, s, l, opacity) {
	return arguments.length === 1 ? cubehelixConvert(h) : new Cubehelix(h, s, l, opacity == null ? 1 : opacity);
}
function Cubehelix(h, s, l, opacity) {
	this.h = +h;
	this.s = +s;
	this.l = +l;
	this.opacity = +opacity;
}
define(Cubehelix, cubehelix$1, extend(Color, {
	brighter(k) {
		k = k == null ? brighter : Math.pow(brighter, k);
		return new Cubehelix(this.h, this.s, this.l * k, this.opacity);
	},
	darker(k) {
		k = k == null ? darker : Math.pow(darker, k);
		return new Cubehelix(this.h, this.s, this.l * k, this.opacity);
	},
	rgb() {
		var h = isNaN(this.h) ? 0 : (this.h + 120) * radians, l = +this.l, a = isNaN(this.s) ? 0 : this.s * l * (1 - l), cosh = Math.cos(h), sinh = Math.sin(h);
		return new Rgb(255 * (l + a * (A$1 * cosh + B$2 * sinh)), 255 * (l + a * (C$1 * cosh + D$1 * sinh)), 255 * (l + a * (E$1 * cosh)), this.opacity);
	}
}));
var constant$2 = (x) => () => x;
function linear$1(a, d) {
	return function(t) {
		return a + t * d;
	};
}
function exponential(a, b, y) {
	return a = Math.pow(a, y), b = Math.pow(b, y) - a, y = 1 / y, function(t) {
		return Math.pow(a + t * b, y);
	};
}
function hue$1(a, b) {
	var d = b - a;
	return d ? linear$1(a, d > 180 || d < -180 ? d - 360 * Math.round(d / 360) : d) : constant$2(isNaN(a) ? b : a);
}
function gamma(y) {
	return (y = +y) === 1 ? nogamma : function(a, b) {
		return b - a ? exponential(a, b, y) : constant$2(isNaN(a) ? b : a);
	};
}
function nogamma(a, b) {
	var d = b - a;
	return d ? linear$1(a, d) : constant$2(isNaN(a) ? b : a);
}
var rgb = (function rgbGamma(y) {
	var color = gamma(y);
	function rgb(start, end) {
		var r = color((start = rgb$1(start)).r, (end = rgb$1(end)).r), g = color(start.g, end.g), b = color(start.b, end.b), opacity = nogamma(start.opacity, end.opacity);
		return function(t) {
			start.r = r(t);
			start.g = g(t);
			start.b = b(t);
			start.opacity = opacity(t);
			return start + "";
		};
	}
	rgb.gamma = rgbGamma;
	return rgb;
})(1);
function numberArray(a, b) {
	if (!b) b = [];
	var n = a ? Math.min(b.length, a.length) : 0, c = b.slice(), i;
	return function(t) {
		for (i = 0; i < n; ++i) c[i] = a[i] * (1 - t) + b[i] * t;
		return c;
	};
}
function isNumberArray(x) {
	return ArrayBuffer.isView(x) && !(x instanceof DataView);
}
function genericArray(a, b) {
	var nb = b ? b.length : 0, na = a ? Math.min(nb, a.length) : 0, x = new Array(na), c = new Array(nb), i = 0;
	for (; i < na; ++i) x[i] = value(a[i], b[i]);
	for (; i < nb; ++i) c[i] = b[i];
	return function(t) {
		for (i = 0; i < na; ++i) c[i] = x[i](t);
		return c;
	};
}
function date$1(a, b) {
	var d = /* @__PURE__ */ new Date();
	return a = +a, b = +b, function(t) {
		return d.setTime(a * (1 - t) + b * t), d;
	};
}
function number$2(a, b) {
	return a = +a, b = +b, function(t) {
		return a * (1 - t) + b * t;
	};
}
function object(a, b) {
	var i = {}, c = {}, k;
	if (a === null || typeof a !== "object") a = {};
	if (b === null || typeof b !== "object") b = {};
	for (k in b) if (k in a) i[k] = value(a[k], b[k]);
	else c[k] = b[k];
	return function(t) {
		for (k in i) c[k] = i[k](t);
		return c;
	};
}
var reA = /[-+]?(?:\d+\.?\d*|\.?\d+)(?:[eE][-+]?\d+)?/g;
var reB = new RegExp(reA.source, "g");
function zero(b) {
	return function() {
		return b;
	};
}
function one(b) {
	return function(t) {
		return b(t) + "";
	};
}
function string(a, b) {
	var bi = reA.lastIndex = reB.lastIndex = 0, am, bm, bs, i = -1, s = [], q = [];
	a = a + "", b = b + "";
	while ((am = reA.exec(a)) && (bm = reB.exec(b))) {
		if ((bs = bm.index) > bi) {
			bs = b.slice(bi, bs);
			if (s[i]) s[i] += bs;
			else s[++i] = bs;
		}
		if ((am = am[0]) === (bm = bm[0])) {
			if (s[i]) s[i] += bm;
			else s[++i] = bm;
		} else {
			s[++i] = null;
			q.push({
				i,
				x: number$2(am, bm)
			});
		}
		bi = reB.lastIndex;
	}
	if (bi < b.length) {
		bs = b.slice(bi);
		if (s[i]) s[i] += bs;
		else s[++i] = bs;
	}
	return s.length < 2 ? q[0] ? one(q[0].x) : zero(b) : (b = q.length, function(t) {
		for (var i = 0, o; i < b; ++i) s[(o = q[i]).i] = o.x(t);
		return s.join("");
	});
}
function value(a, b) {
	var t = typeof b, c;
	return b == null || t === "boolean" ? constant$2(b) : (t === "number" ? number$2 : t === "string" ? (c = color(b)) ? (b = c, rgb) : string : b instanceof color ? rgb : b instanceof Date ? date$1 : isNumberArray(b) ? numberArray : Array.isArray(b) ? genericArray : typeof b.valueOf !== "function" && typeof b.toString !== "function" || isNaN(b) ? object : number$2)(a, b);
}
function round(a, b) {
	return a = +a, b = +b, function(t) {
		return Math.round(a * (1 - t) + b * t);
	};
}
var epsilon2 = 1e-12;
function cosh(x) {
	return ((x = Math.exp(x)) + 1 / x) / 2;
}
function sinh(x) {
	return ((x = Math.exp(x)) - 1 / x) / 2;
}
function tanh(x) {
	return ((x = Math.exp(2 * x)) - 1) / (x + 1);
}
(function zoomRho(rho, rho2, rho4) {
	function zoom(p0, p1) {
		var ux0 = p0[0], uy0 = p0[1], w0 = p0[2], ux1 = p1[0], uy1 = p1[1], w1 = p1[2], dx = ux1 - ux0, dy = uy1 - uy0, d2 = dx * dx + dy * dy, i, S;
		if (d2 < epsilon2) {
			S = Math.log(w1 / w0) / rho;
			i = function(t) {
				return [
					ux0 + t * dx,
					uy0 + t * dy,
					w0 * Math.exp(rho * t * S)
				];
			};
		} else {
			var d1 = Math.sqrt(d2), b0 = (w1 * w1 - w0 * w0 + rho4 * d2) / (2 * w0 * rho2 * d1), b1 = (w1 * w1 - w0 * w0 - rho4 * d2) / (2 * w1 * rho2 * d1), r0 = Math.log(Math.sqrt(b0 * b0 + 1) - b0);
			S = (Math.log(Math.sqrt(b1 * b1 + 1) - b1) - r0) / rho;
			i = function(t) {
				var s = t * S, coshr0 = cosh(r0), u = w0 / (rho2 * d1) * (coshr0 * tanh(rho * s + r0) - sinh(r0));
				return [
					ux0 + u * dx,
					uy0 + u * dy,
					w0 * coshr0 / cosh(rho * s + r0)
				];
			};
		}
		i.duration = Math.abs(S) * 1e3 * rho / Math.SQRT2;
		return i;
	}
	zoom.rho = function(_) {
		var _1 = Math.max(.001, +_), _2 = _1 * _1;
		return zoomRho(_1, _2, _2 * _2);
	};
	return zoom;
})(Math.SQRT2, 2, 4);
function cubehelix(hue) {
	return (function cubehelixGamma(y) {
		y = +y;
		function cubehelix(start, end) {
			var h = hue((start = cubehelix$1(start)).h, (end = cubehelix$1(end)).h), s = nogamma(start.s, end.s), l = nogamma(start.l, end.l), opacity = nogamma(start.opacity, end.opacity);
			return function(t) {
				start.h = h(t);
				start.s = s(t);
				start.l = l(Math.pow(t, y));
				start.opacity = opacity(t);
				return start + "";
			};
		}
		cubehelix.gamma = cubehelixGamma;
		return cubehelix;
	})(1);
}
cubehelix(hue$1);
cubehelix(nogamma);
// node_modules/d3-format/dist/d3-format.mjs
function formatDecimal(x) {
	return Math.abs(x = Math.round(x)) >= 1e21 ? x.toLocaleString("en").replace(/,/g, "") : x.toString(10);
}
function formatDecimalParts(x, p) {
	if (!isFinite(x) || x === 0) return null;
	var i = (x = p ? x.toExponential(p - 1) : x.toExponential()).indexOf("e"), coefficient = x.slice(0, i);
	return [coefficient.length > 1 ? coefficient[0] + coefficient.slice(2) : coefficient, +x.slice(i + 1)];
}
function exponent(x) {
	return x = formatDecimalParts(Math.abs(x)), x ? x[1] : NaN;
}
function formatGroup(grouping, thousands) {
	return function(value, width) {
		var i = value.length, t = [], j = 0, g = grouping[0], length = 0;
		while (i > 0 && g > 0) {
			if (length + g + 1 > width) g = Math.max(1, width - length);
			t.push(value.substring(i -= g, i + g));
			if ((length += g + 1) > width) break;
			g = grouping[j = (j + 1) % grouping.length];
		}
		return t.reverse().join(thousands);
	};
}
function formatNumerals(numerals) {
	return function(value) {
		return value.replace(/[0-9]/g, function(i) {
			return numerals[+i];
		});
	};
}
var re = /^(?:(.)?([<>=^]))?([+\-( ])?([$#])?(0)?(\d+)?(,)?(\.\d+)?(~)?([a-z%])?$/i;
function formatSpecifier(specifier) {
	if (!(match = re.exec(specifier))) throw new Error("invalid format: " + specifier);
	var match;
	return new FormatSpecifier({
		fill: match[1],
		align: match[2],
		sign: match[3],
		symbol: match[4],
		zero: match[5],
		width: match[6],
		comma: match[7],
		precision: match[8] && match[8].slice(1),
		trim: match[9],
		type: match[10]
	});
}
formatSpecifier.prototype = FormatSpecifier.prototype;
function FormatSpecifier(specifier) {
	this.fill = specifier.fill === void 0 ? " " : specifier.fill + "";
	this.align = specifier.align === void 0 ? ">" : specifier.align + "";
	this.sign = specifier.sign === void 0 ? "-" : specifier.sign + "";
	this.symbol = specifier.symbol === void 0 ? "" : specifier.symbol + "";
	this.zero = !!specifier.zero;
	this.width = specifier.width === void 0 ? void 0 : +specifier.width;
	this.comma = !!specifier.comma;
	this.precision = specifier.precision === void 0 ? void 0 : +specifier.precision;
	this.trim = !!specifier.trim;
	this.type = specifier.type === void 0 ? "" : specifier.type + "";
}
FormatSpecifier.prototype.toString = function() {
	return this.fill + this.align + this.sign + this.symbol + (this.zero ? "0" : "") + (this.width === void 0 ? "" : Math.max(1, this.width | 0)) + (this.comma ? "," : "") + (this.precision === void 0 ? "" : "." + Math.max(0, this.precision | 0)) + (this.trim ? "~" : "") + this.type;
};
function formatTrim(s) {
	out: for (var n = s.length, i = 1, i0 = -1, i1; i < n; ++i) switch (s[i]) {
		case ".":
			i0 = i1 = i;
			break;
		case "0":
			if (i0 === 0) i0 = i;
			i1 = i;
			break;
		default:
			if (!+s[i]) break out;
			if (i0 > 0) i0 = 0;
	}
	return i0 > 0 ? s.slice(0, i0) + s.slice(i1 + 1) : s;
}
var prefixExponent;
function formatPrefixAuto(x, p) {
	var d = formatDecimalParts(x, p);
	if (!d) return prefixExponent = void 0, x.toPrecision(p);
	var coefficient = d[0], exponent = d[1], i = exponent - (prefixExponent = Math.max(-8, Math.min(8, Math.floor(exponent / 3))) * 3) + 1, n = coefficient.length;
	return i === n ? coefficient : i > n ? coefficient + new Array(i - n + 1).join("0") : i > 0 ? coefficient.slice(0, i) + "." + coefficient.slice(i) : "0." + new Array(1 - i).join("0") + formatDecimalParts(x, Math.max(0, p + i - 1))[0];
}
function formatRounded(x, p) {
	var d = formatDecimalParts(x, p);
	if (!d) return x + "";
	var coefficient = d[0], exponent = d[1];
	return exponent < 0 ? "0." + new Array(-exponent).join("0") + coefficient : coefficient.length > exponent + 1 ? coefficient.slice(0, exponent + 1) + "." + coefficient.slice(exponent + 1) : coefficient + new Array(exponent - coefficient.length + 2).join("0");
}
var formatTypes = {
	"%": (x, p) => (x * 100).toFixed(p),
	"b": (x) => Math.round(x).toString(2),
	"c": (x) => x + "",
	"d": formatDecimal,
	"e": (x, p) => x.toExponential(p),
	"f": (x, p) => x.toFixed(p),
	"g": (x, p) => x.toPrecision(p),
	"o": (x) => Math.round(x).toString(8),
	"p": (x, p) => formatRounded(x * 100, p),
	"r": formatRounded,
	"s": formatPrefixAuto,
	"X": (x) => Math.round(x).toString(16).toUpperCase(),
	"x": (x) => Math.round(x).toString(16)
};
function identity(x) {
	return x;
}
var map$1 = Array.prototype.map;
var prefixes = [
	"y",
	"z",
	"a",
	"f",
	"p",
	"n",
	"µ",
	"m",
	"",
	"k",
	"M",
	"G",
	"T",
	"P",
	"E",
	"Z",
	"Y"
];
function formatLocale$1(locale) {
	var group = locale.grouping === void 0 || locale.thousands === void 0 ? identity : formatGroup(map$1.call(locale.grouping, Number), locale.thousands + ""), currencyPrefix = locale.currency === void 0 ? "" : locale.currency[0] + "", currencySuffix = locale.currency === void 0 ? "" : locale.currency[1] + "", decimal = locale.decimal === void 0 ? "." : locale.decimal + "", numerals = locale.numerals === void 0 ? identity : formatNumerals(map$1.call(locale.numerals, String)), percent = locale.percent === void 0 ? "%" : locale.percent + "", minus = locale.minus === void 0 ? "−" : locale.minus + "", nan = locale.nan === void 0 ? "NaN" : locale.nan + "";
	function newFormat(specifier, options) {
		specifier = formatSpecifier(specifier);
		var fill = specifier.fill, align = specifier.align, sign = specifier.sign, symbol = specifier.symbol, zero = specifier.zero, width = specifier.width, comma = specifier.comma, precision = specifier.precision, trim = specifier.trim, type = specifier.type;
		if (type === "n") comma = true, type = "g";
		else if (!formatTypes[type]) precision === void 0 && (precision = 12), trim = true, type = "g";
		if (zero || fill === "0" && align === "=") zero = true, fill = "0", align = "=";
		var prefix = (options && options.prefix !== void 0 ? options.prefix : "") + (symbol === "$" ? currencyPrefix : symbol === "#" && /[boxX]/.test(type) ? "0" + type.toLowerCase() : ""), suffix = (symbol === "$" ? currencySuffix : /[%p]/.test(type) ? percent : "") + (options && options.suffix !== void 0 ? options.suffix : "");
		var formatType = formatTypes[type], maybeSuffix = /[defgprs%]/.test(type);
		precision = precision === void 0 ? 6 : /[gprs]/.test(type) ? Math.max(1, Math.min(21, precision)) : Math.max(0, Math.min(20, precision));
		function format(value) {
			var valuePrefix = prefix, valueSuffix = suffix, i, n, c;
			if (type === "c") {
				valueSuffix = formatType(value) + valueSuffix;
				value = "";
			} else {
				value = +value;
				var valueNegative = value < 0 || 1 / value < 0;
				value = isNaN(value) ? nan : formatType(Math.abs(value), precision);
				if (trim) value = formatTrim(value);
				if (valueNegative && +value === 0 && sign !== "+") valueNegative = false;
				valuePrefix = (valueNegative ? sign === "(" ? sign : minus : sign === "-" || sign === "(" ? "" : sign) + valuePrefix;
				valueSuffix = (type === "s" && !isNaN(value) && prefixExponent !== void 0 ? prefixes[8 + prefixExponent / 3] : "") + valueSuffix + (valueNegative && sign === "(" ? ")" : "");
				if (maybeSuffix) {
					i = -1, n = value.length;
					while (++i < n) if (c = value.charCodeAt(i), 48 > c || c > 57) {
						valueSuffix = (c === 46 ? decimal + value.slice(i + 1) : value.slice(i)) + valueSuffix;
						value = value.slice(0, i);
						break;
					}
				}
			}
			if (comma && !zero) value = group(value, 1e400);
			var length = valuePrefix.length + value.length + valueSuffix.length, padding = length < width ? new Array(width - length + 1).join(fill) : "";
			if (comma && zero) value = group(padding + value, padding.length ? width - valueSuffix.length : 1e400), padding = "";
			switch (align) {
				case "<":
					value = valuePrefix + value + valueSuffix + padding;
					break;
				case "=":
					value = valuePrefix + padding + value + valueSuffix;
					break;
				case "^":
					value = padding.slice(0, length = padding.length >> 1) + valuePrefix + value + valueSuffix + padding.slice(length);
					break;
				default: value = padding + valuePrefix + value + valueSuffix;
			}
			return numerals(value);
		}
		format.toString = function() {
			return specifier + "";
		};
		return format;
	}
	function formatPrefix(specifier, value) {
		var e = Math.max(-8, Math.min(8, Math.floor(exponent(value) / 3))) * 3, k = Math.pow(10, -e), f = newFormat((specifier = formatSpecifier(specifier), specifier.type = "f", specifier), { suffix: prefixes[8 + e / 3] });
		return function(value) {
			return f(k * value);
		};
	}
	return {
		format: newFormat,
		formatPrefix
	};
}
var locale$1;
var format;
var formatPrefix;
defaultLocale$1({
	thousands: ",",
	grouping: [3],
	currency: ["$", ""]
});
function defaultLocale$1(definition) {
	locale$1 = formatLocale$1(definition);
	format = locale$1.format;
	formatPrefix = locale$1.formatPrefix;
	return locale$1;
}
function precisionFixed(step) {
	return Math.max(0, -exponent(Math.abs(step)));
}
function precisionPrefix(step, value) {
	return Math.max(0, Math.max(-8, Math.min(8, Math.floor(exponent(value) / 3))) * 3 - exponent(Math.abs(step)));
}
function precisionRound(step, max) {
	step = Math.abs(step), max = Math.abs(max) - step;
	return Math.max(0, exponent(max) - exponent(step)) + 1;
}
// node_modules/d3-time/dist/d3-time.mjs
const t0 = /* @__PURE__ */ new Date();
const t1 = /* @__PURE__ */ new Date();
function timeInterval(floori, offseti, count, field) {
	function interval(date) {
		return floori(date = arguments.length === 0 ? /* @__PURE__ */ new Date() : /* @__PURE__ */ new Date(+date)), date;
	}
	interval.floor = (date) => {
		return floori(date = /* @__PURE__ */ new Date(+date)), date;
	};
	interval.ceil = (date) => {
		return floori(date = /* @__PURE__ */ new Date(date - 1)), offseti(date, 1), floori(date), date;
	};
	interval.round = (date) => {
		const d0 = interval(date), d1 = interval.ceil(date);
		return date - d0 < d1 - date ? d0 : d1;
	};
	interval.offset = (date, step) => {
		return offseti(date = /* @__PURE__ */ new Date(+date), step == null ? 1 : Math.floor(step)), date;
	};
	interval.range = (start, stop, step) => {
		const range = [];
		start = interval.ceil(start);
		step = step == null ? 1 : Math.floor(step);
		if (!(start < stop) || !(step > 0)) return range;
		let previous;
		do
			range.push(previous = /* @__PURE__ */ new Date(+start)), offseti(start, step), floori(start);
		while (previous < start && start < stop);
		return range;
	};
	interval.filter = (test) => {
		return timeInterval((date) => {
			if (date >= date) while (floori(date), !test(date)) date.setTime(date - 1);
		}, (date, step) => {
			if (date >= date) {
				if (step < 0) while (++step <= 0) while (offseti(date, -1), !test(date));
				else while (--step >= 0) while (offseti(date, 1), !test(date));
			}
		});
	};
	if (count) {
		interval.count = (start, end) => {
			t0.setTime(+start), t1.setTime(+end);
			floori(t0), floori(t1);
			return Math.floor(count(t0, t1));
		};
		interval.every = (step) => {
			step = Math.floor(step);
			return !isFinite(step) || !(step > 0) ? null : !(step > 1) ? interval : interval.filter(field ? (d) => field(d) % step === 0 : (d) => interval.count(0, d) % step === 0);
		};
	}
	return interval;
}
const millisecond = timeInterval(() => {}, (date, step) => {
	date.setTime(+date + step);
}, (start, end) => {
	return end - start;
});
millisecond.every = (k) => {
	k = Math.floor(k);
	if (!isFinite(k) || !(k > 0)) return null;
	if (!(k > 1)) return millisecond;
	return timeInterval((date) => {
		date.setTime(Math.floor(date / k) * k);
	}, (date, step) => {
		date.setTime(+date + step * k);
	}, (start, end) => {
		return (end - start) / k;
	});
};
millisecond.range;
const durationSecond = 1e3;
const durationMinute = durationSecond * 60;
const durationHour = durationMinute * 60;
const durationDay = durationHour * 24;
const durationWeek = durationDay * 7;
const durationMonth = durationDay * 30;
const durationYear = durationDay * 365;
const second = timeInterval((date) => {
	date.setTime(date - date.getMilliseconds());
}, (date, step) => {
	date.setTime(+date + step * durationSecond);
}, (start, end) => {
	return (end - start) / durationSecond;
}, (date) => {
	return date.getUTCSeconds();
});
second.range;
const timeMinute = timeInterval((date) => {
	date.setTime(date - date.getMilliseconds() - date.getSeconds() * durationSecond);
}, (date, step) => {
	date.setTime(+date + step * durationMinute);
}, (start, end) => {
	return (end - start) / durationMinute;
}, (date) => {
	return date.getMinutes();
});
timeMinute.range;
const utcMinute = timeInterval((date) => {
	date.setUTCSeconds(0, 0);
}, (date, step) => {
	date.setTime(+date + step * durationMinute);
}, (start, end) => {
	return (end - start) / durationMinute;
}, (date) => {
	return date.getUTCMinutes();
});
utcMinute.range;
const timeHour = timeInterval((date) => {
	date.setTime(date - date.getMilliseconds() - date.getSeconds() * durationSecond - date.getMinutes() * durationMinute);
}, (date, step) => {
	date.setTime(+date + step * durationHour);
}, (start, end) => {
	return (end - start) / durationHour;
}, (date) => {
	return date.getHours();
});
timeHour.range;
const utcHour = timeInterval((date) => {
	date.setUTCMinutes(0, 0, 0);
}, (date, step) => {
	date.setTime(+date + step * durationHour);
}, (start, end) => {
	return (end - start) / durationHour;
}, (date) => {
	return date.getUTCHours();
});
utcHour.range;
const timeDay = timeInterval((date) => date.setHours(0, 0, 0, 0), (date, step) => date.setDate(date.getDate() + step), (start, end) => (end - start - (end.getTimezoneOffset() - start.getTimezoneOffset()) * durationMinute) / durationDay, (date) => date.getDate() - 1);
timeDay.range;
const utcDay = timeInterval((date) => {
	date.setUTCHours(0, 0, 0, 0);
}, (date, step) => {
	date.setUTCDate(date.getUTCDate() + step);
}, (start, end) => {
	return (end - start) / durationDay;
}, (date) => {
	return date.getUTCDate() - 1;
});
utcDay.range;
const unixDay = timeInterval((date) => {
	date.setUTCHours(0, 0, 0, 0);
}, (date, step) => {
	date.setUTCDate(date.getUTCDate() + step);
}, (start, end) => {
	return (end - start) / durationDay;
}, (date) => {
	return Math.floor(date / durationDay);
});
unixDay.range;
function timeWeekday(i) {
	return timeInterval((date) => {
		date.setDate(date.getDate() - (date.getDay() + 7 - i) % 7);
		date.setHours(0, 0, 0, 0);
	}, (date, step) => {
		date.setDate(date.getDate() + step * 7);
	}, (start, end) => {
		return (end - start - (end.getTimezoneOffset() - start.getTimezoneOffset()) * durationMinute) / durationWeek;
	});
}
const timeSunday = timeWeekday(0);
const timeMonday = timeWeekday(1);
const timeTuesday = timeWeekday(2);
const timeWednesday = timeWeekday(3);
const timeThursday = timeWeekday(4);
const timeFriday = timeWeekday(5);
const timeSaturday = timeWeekday(6);
timeSunday.range;
timeMonday.range;
timeTuesday.range;
timeWednesday.range;
timeThursday.range;
timeFriday.range;
timeSaturday.range;
function utcWeekday(i) {
	return timeInterval((date) => {
		date.setUTCDate(date.getUTCDate() - (date.getUTCDay() + 7 - i) % 7);
		date.setUTCHours(0, 0, 0, 0);
	}, (date, step) => {
		date.setUTCDate(date.getUTCDate() + step * 7);
	}, (start, end) => {
		return (end - start) / durationWeek;
	});
}
const utcSunday = utcWeekday(0);
const utcMonday = utcWeekday(1);
const utcTuesday = utcWeekday(2);
const utcWednesday = utcWeekday(3);
const utcThursday = utcWeekday(4);
const utcFriday = utcWeekday(5);
const utcSaturday = utcWeekday(6);
utcSunday.range;
utcMonday.range;
utcTuesday.range;
utcWednesday.range;
utcThursday.range;
utcFriday.range;
utcSaturday.range;
const timeMonth = timeInterval((date) => {
	date.setDate(1);
	date.setHours(0, 0, 0, 0);
}, (date, step) => {
	date.setMonth(date.getMonth() + step);
}, (start, end) => {
	return end.getMonth() - start.getMonth() + (end.getFullYear() - start.getFullYear()) * 12;
}, (date) => {
	return date.getMonth();
});
timeMonth.range;
const utcMonth = timeInterval((date) => {
	date.setUTCDate(1);
	date.setUTCHours(0, 0, 0, 0);
}, (date, step) => {
	date.setUTCMonth(date.getUTCMonth() + step);
}, (start, end) => {
	return end.getUTCMonth() - start.getUTCMonth() + (end.getUTCFullYear() - start.getUTCFullYear()) * 12;
}, (date) => {
	return date.getUTCMonth();
});
utcMonth.range;
const timeYear = timeInterval((date) => {
	date.setMonth(0, 1);
	date.setHours(0, 0, 0, 0);
}, (date, step) => {
	date.setFullYear(date.getFullYear() + step);
}, (start, end) => {
	return end.getFullYear() - start.getFullYear();
}, (date) => {
	return date.getFullYear();
});
timeYear.every = (k) => {
	return !isFinite(k = Math.floor(k)) || !(k > 0) ? null : timeInterval((date) => {
		date.setFullYear(Math.floor(date.getFullYear() / k) * k);
		date.setMonth(0, 1);
		date.setHours(0, 0, 0, 0);
	}, (date, step) => {
		date.setFullYear(date.getFullYear() + step * k);
	});
};
timeYear.range;
const utcYear = timeInterval((date) => {
	date.setUTCMonth(0, 1);
	date.setUTCHours(0, 0, 0, 0);
}, (date, step) => {
	date.setUTCFullYear(date.getUTCFullYear() + step);
}, (start, end) => {
	return end.getUTCFullYear() - start.getUTCFullYear();
}, (date) => {
	return date.getUTCFullYear();
});
utcYear.every = (k) => {
	return !isFinite(k = Math.floor(k)) || !(k > 0) ? null : timeInterval((date) => {
		date.setUTCFullYear(Math.floor(date.getUTCFullYear() / k) * k);
		date.setUTCMonth(0, 1);
		date.setUTCHours(0, 0, 0, 0);
	}, (date, step) => {
		date.setUTCFullYear(date.getUTCFullYear() + step * k);
	});
};
utcYear.range;
function ticker(year, month, week, day, hour, minute) {
	const tickIntervals = [
		[
			second,
			1,
			durationSecond
		],
		[
			second,
			5,
			5 * durationSecond
		],
		[
			second,
			15,
			15 * durationSecond
		],
		[
			second,
			30,
			30 * durationSecond
		],
		[
			minute,
			1,
			durationMinute
		],
		[
			minute,
			5,
			5 * durationMinute
		],
		[
			minute,
			15,
			15 * durationMinute
		],
		[
			minute,
			30,
			30 * durationMinute
		],
		[
			hour,
			1,
			durationHour
		],
		[
			hour,
			3,
			3 * durationHour
		],
		[
			hour,
			6,
			6 * durationHour
		],
		[
			hour,
			12,
			12 * durationHour
		],
		[
			day,
			1,
			durationDay
		],
		[
			day,
			2,
			2 * durationDay
		],
		[
			week,
			1,
			durationWeek
		],
		[
			month,
			1,
			durationMonth
		],
		[
			month,
			3,
			3 * durationMonth
		],
		[
			year,
			1,
			durationYear
		]
	];
	function ticks(start, stop, count) {
		const reverse = stop < start;
		if (reverse) [start, stop] = [stop, start];
		const interval = count && typeof count.range === "function" ? count : tickInterval(start, stop, count);
		const ticks = interval ? interval.range(start, +stop + 1) : [];
		return reverse ? ticks.reverse() : ticks;
	}
	function tickInterval(start, stop, count) {
		const target = Math.abs(stop - start) / count;
		const i = bisector(([, , step]) => step).right(tickIntervals, target);
		if (i === tickIntervals.length) return year.every(tickStep(start / durationYear, stop / durationYear, count));
		if (i === 0) return millisecond.every(Math.max(tickStep(start, stop, count), 1));
		const [t, step] = tickIntervals[target / tickIntervals[i - 1][2] < tickIntervals[i][2] / target ? i - 1 : i];
		return t.every(step);
	}
	return [ticks, tickInterval];
}
const [utcTicks, utcTickInterval] = ticker(utcYear, utcMonth, utcSunday, unixDay, utcHour, utcMinute);
const [timeTicks, timeTickInterval] = ticker(timeYear, timeMonth, timeSunday, timeDay, timeHour, timeMinute);
// node_modules/d3-time-format/dist/d3-time-format.mjs
function localDate(d) {
	if (0 <= d.y && d.y < 100) {
		var date = new Date(-1, d.m, d.d, d.H, d.M, d.S, d.L);
		date.setFullYear(d.y);
		return date;
	}
	return new Date(d.y, d.m, d.d, d.H, d.M, d.S, d.L);
}
function utcDate(d) {
	if (0 <= d.y && d.y < 100) {
		var date = new Date(Date.UTC(-1, d.m, d.d, d.H, d.M, d.S, d.L));
		date.setUTCFullYear(d.y);
		return date;
	}
	return new Date(Date.UTC(d.y, d.m, d.d, d.H, d.M, d.S, d.L));
}
function newDate(y, m, d) {
	return {
		y,
		m,
		d,
		H: 0,
		M: 0,
		S: 0,
		L: 0
	};
}
function formatLocale(locale) {
	var locale_dateTime = locale.dateTime, locale_date = locale.date, locale_time = locale.time, locale_periods = locale.periods, locale_weekdays = locale.days, locale_shortWeekdays = locale.shortDays, locale_months = locale.months, locale_shortMonths = locale.shortMonths;
	var periodRe = formatRe(locale_periods), periodLookup = formatLookup(locale_periods), weekdayRe = formatRe(locale_weekdays), weekdayLookup = formatLookup(locale_weekdays), shortWeekdayRe = formatRe(locale_shortWeekdays), shortWeekdayLookup = formatLookup(locale_shortWeekdays), monthRe = formatRe(locale_months), monthLookup = formatLookup(locale_months), shortMonthRe = formatRe(locale_shortMonths), shortMonthLookup = formatLookup(locale_shortMonths);
	var formats = {
		"a": formatShortWeekday,
		"A": formatWeekday,
		"b": formatShortMonth,
		"B": formatMonth,
		"c": null,
		"d": formatDayOfMonth,
		"e": formatDayOfMonth,
		"f": formatMicroseconds,
		"g": formatYearISO,
		"G": formatFullYearISO,
		"H": formatHour24,
		"I": formatHour12,
		"j": formatDayOfYear,
		"L": formatMilliseconds,
		"m": formatMonthNumber,
		"M": formatMinutes,
		"p": formatPeriod,
		"q": formatQuarter,
		"Q": formatUnixTimestamp,
		"s": formatUnixTimestampSeconds,
		"S": formatSeconds,
		"u": formatWeekdayNumberMonday,
		"U": formatWeekNumberSunday,
		"V": formatWeekNumberISO,
		"w": formatWeekdayNumberSunday,
		"W": formatWeekNumberMonday,
		"x": null,
		"X": null,
		"y": formatYear,
		"Y": formatFullYear,
		"Z": formatZone,
		"%": formatLiteralPercent
	};
	var utcFormats = {
		"a": formatUTCShortWeekday,
		"A": formatUTCWeekday,
		"b": formatUTCShortMonth,
		"B": formatUTCMonth,
		"c": null,
		"d": formatUTCDayOfMonth,
		"e": formatUTCDayOfMonth,
		"f": formatUTCMicroseconds,
		"g": formatUTCYearISO,
		"G": formatUTCFullYearISO,
		"H": formatUTCHour24,
		"I": formatUTCHour12,
		"j": formatUTCDayOfYear,
		"L": formatUTCMilliseconds,
		"m": formatUTCMonthNumber,
		"M": formatUTCMinutes,
		"p": formatUTCPeriod,
		"q": formatUTCQuarter,
		"Q": formatUnixTimestamp,
		"s": formatUnixTimestampSeconds,
		"S": formatUTCSeconds,
		"u": formatUTCWeekdayNumberMonday,
		"U": formatUTCWeekNumberSunday,
		"V": formatUTCWeekNumberISO,
		"w": formatUTCWeekdayNumberSunday,
		"W": formatUTCWeekNumberMonday,
		"x": null,
		"X": null,
		"y": formatUTCYear,
		"Y": formatUTCFullYear,
		"Z": formatUTCZone,
		"%": formatLiteralPercent
	};
	var parses = {
		"a": parseShortWeekday,
		"A": parseWeekday,
		"b": parseShortMonth,
		"B": parseMonth,
		"c": parseLocaleDateTime,
		"d": parseDayOfMonth,
		"e": parseDayOfMonth,
		"f": parseMicroseconds,
		"g": parseYear,
		"G": parseFullYear,
		"H": parseHour24,
		"I": parseHour24,
		"j": parseDayOfYear,
		"L": parseMilliseconds,
		"m": parseMonthNumber,
		"M": parseMinutes,
		"p": parsePeriod,
		"q": parseQuarter,
		"Q": parseUnixTimestamp,
		"s": parseUnixTimestampSeconds,
		"S": parseSeconds,
		"u": parseWeekdayNumberMonday,
		"U": parseWeekNumberSunday,
		"V": parseWeekNumberISO,
		"w": parseWeekdayNumberSunday,
		"W": parseWeekNumberMonday,
		"x": parseLocaleDate,
		"X": parseLocaleTime,
		"y": parseYear,
		"Y": parseFullYear,
		"Z": parseZone,
		"%": parseLiteralPercent
	};
	formats.x = newFormat(locale_date, formats);
	formats.X = newFormat(locale_time, formats);
	formats.c = newFormat(locale_dateTime, formats);
	utcFormats.x = newFormat(locale_date, utcFormats);
	utcFormats.X = newFormat(locale_time, utcFormats);
	utcFormats.c = newFormat(locale_dateTime, utcFormats);
	function newFormat(specifier, formats) {
		return function(date) {
			var string = [], i = -1, j = 0, n = specifier.length, c, pad, format;
			if (!(date instanceof Date)) date = /* @__PURE__ */ new Date(+date);
			while (++i < n) if (specifier.charCodeAt(i) === 37) {
				string.push(specifier.slice(j, i));
				if ((pad = pads[c = specifier.charAt(++i)]) != null) c = specifier.charAt(++i);
				else pad = c === "e" ? " " : "0";
				if (format = formats[c]) c = format(date, pad);
				string.push(c);
				j = i + 1;
			}
			string.push(specifier.slice(j, i));
			return string.join("");
		};
	}
	function newParse(specifier, Z) {
		return function(string) {
			var d = newDate(1900, void 0, 1), i = parseSpecifier(d, specifier, string += "", 0), week, day;
			if (i != string.length) return null;
			if ("Q" in d) return new Date(d.Q);
			if ("s" in d) return new Date(d.s * 1e3 + ("L" in d ? d.L : 0));
			if (Z && !("Z" in d)) d.Z = 0;
			if ("p" in d) d.H = d.H % 12 + d.p * 12;
			if (d.m === void 0) d.m = "q" in d ? d.q : 0;
			if ("V" in d) {
				if (d.V < 1 || d.V > 53) return null;
				if (!("w" in d)) d.w = 1;
				if ("Z" in d) {
					week = utcDate(newDate(d.y, 0, 1)), day = week.getUTCDay();
					week = day > 4 || day === 0 ? utcMonday.ceil(week) : utcMonday(week);
					week = utcDay.offset(week, (d.V - 1) * 7);
					d.y = week.getUTCFullYear();
					d.m = week.getUTCMonth();
					d.d = week.getUTCDate() + (d.w + 6) % 7;
				} else {
					week = localDate(newDate(d.y, 0, 1)), day = week.getDay();
					week = day > 4 || day === 0 ? timeMonday.ceil(week) : timeMonday(week);
					week = timeDay.offset(week, (d.V - 1) * 7);
					d.y = week.getFullYear();
					d.m = week.getMonth();
					d.d = week.getDate() + (d.w + 6) % 7;
				}
			} else if ("W" in d || "U" in d) {
				if (!("w" in d)) d.w = "u" in d ? d.u % 7 : "W" in d ? 1 : 0;
				day = "Z" in d ? utcDate(newDate(d.y, 0, 1)).getUTCDay() : localDate(newDate(d.y, 0, 1)).getDay();
				d.m = 0;
				d.d = "W" in d ? (d.w + 6) % 7 + d.W * 7 - (day + 5) % 7 : d.w + d.U * 7 - (day + 6) % 7;
			}
			if ("Z" in d) {
				d.H += d.Z / 100 | 0;
				d.M += d.Z % 100;
				return utcDate(d);
			}
			return localDate(d);
		};
	}
	function parseSpecifier(d, specifier, string, j) {
		var i = 0, n = specifier.length, m = string.length, c, parse;
		while (i < n) {
			if (j >= m) return -1;
			c = specifier.charCodeAt(i++);
			if (c === 37) {
				c = specifier.charAt(i++);
				parse = parses[c in pads ? specifier.charAt(i++) : c];
				if (!parse || (j = parse(d, string, j)) < 0) return -1;
			} else if (c != string.charCodeAt(j++)) return -1;
		}
		return j;
	}
	function parsePeriod(d, string, i) {
		var n = periodRe.exec(string.slice(i));
		return n ? (d.p = periodLookup.get(n[0].toLowerCase()), i + n[0].length) : -1;
	}
	function parseShortWeekday(d, string, i) {
		var n = shortWeekdayRe.exec(string.slice(i));
		return n ? (d.w = shortWeekdayLookup.get(n[0].toLowerCase()), i + n[0].length) : -1;
	}
	function parseWeekday(d, string, i) {
		var n = weekdayRe.exec(string.slice(i));
		return n ? (d.w = weekdayLookup.get(n[0].toLowerCase()), i + n[0].length) : -1;
	}
	function parseShortMonth(d, string, i) {
		var n = shortMonthRe.exec(string.slice(i));
		return n ? (d.m = shortMonthLookup.get(n[0].toLowerCase()), i + n[0].length) : -1;
	}
	function parseMonth(d, string, i) {
		var n = monthRe.exec(string.slice(i));
		return n ? (d.m = monthLookup.get(n[0].toLowerCase()), i + n[0].length) : -1;
	}
	function parseLocaleDateTime(d, string, i) {
		return parseSpecifier(d, locale_dateTime, string, i);
	}
	function parseLocaleDate(d, string, i) {
		return parseSpecifier(d, locale_date, string, i);
	}
	function parseLocaleTime(d, string, i) {
		return parseSpecifier(d, locale_time, string, i);
	}
	function formatShortWeekday(d) {
		return locale_shortWeekdays[d.getDay()];
	}
	function formatWeekday(d) {
		return locale_weekdays[d.getDay()];
	}
	function formatShortMonth(d) {
		return locale_shortMonths[d.getMonth()];
	}
	function formatMonth(d) {
		return locale_months[d.getMonth()];
	}
	function formatPeriod(d) {
		return locale_periods[+(d.getHours() >= 12)];
	}
	function formatQuarter(d) {
		return 1 + ~~(d.getMonth() / 3);
	}
	function formatUTCShortWeekday(d) {
		return locale_shortWeekdays[d.getUTCDay()];
	}
	function formatUTCWeekday(d) {
		return locale_weekdays[d.getUTCDay()];
	}
	function formatUTCShortMonth(d) {
		return locale_shortMonths[d.getUTCMonth()];
	}
	function formatUTCMonth(d) {
		return locale_months[d.getUTCMonth()];
	}
	function formatUTCPeriod(d) {
		return locale_periods[+(d.getUTCHours() >= 12)];
	}
	function formatUTCQuarter(d) {
		return 1 + ~~(d.getUTCMonth() / 3);
	}
	return {
		format: function(specifier) {
			var f = newFormat(specifier += "", formats);
			f.toString = function() {
				return specifier;
			};
			return f;
		},
		parse: function(specifier) {
			var p = newParse(specifier += "", false);
			p.toString = function() {
				return specifier;
			};
			return p;
		},
		utcFormat: function(specifier) {
			var f = newFormat(specifier += "", utcFormats);
			f.toString = function() {
				return specifier;
			};
			return f;
		},
		utcParse: function(specifier) {
			var p = newParse(specifier += "", true);
			p.toString = function() {
				return specifier;
			};
			return p;
		}
	};
}
var pads = {
	"-": "",
	"_": " ",
	"0": "0"
};
var numberRe = /^\s*\d+/;
var percentRe = /^%/;
var requoteRe = /[\\^$*+?|[\]().{}]/g;
function pad(value, fill, width) {
	var sign = value < 0 ? "-" : "", string = (sign ? -value : value) + "", length = string.length;
	return sign + (length < width ? new Array(width - length + 1).join(fill) + string : string);
}
function requote(s) {
	return s.replace(requoteRe, "\\$&");
}
function formatRe(names) {
	return new RegExp("^(?:" + names.map(requote).join("|") + ")", "i");
}
function formatLookup(names) {
	return new Map(names.map((name, i) => [name.toLowerCase(), i]));
}
function parseWeekdayNumberSunday(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 1));
	return n ? (d.w = +n[0], i + n[0].length) : -1;
}
function parseWeekdayNumberMonday(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 1));
	return n ? (d.u = +n[0], i + n[0].length) : -1;
}
function parseWeekNumberSunday(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 2));
	return n ? (d.U = +n[0], i + n[0].length) : -1;
}
function parseWeekNumberISO(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 2));
	return n ? (d.V = +n[0], i + n[0].length) : -1;
}
function parseWeekNumberMonday(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 2));
	return n ? (d.W = +n[0], i + n[0].length) : -1;
}
function parseFullYear(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 4));
	return n ? (d.y = +n[0], i + n[0].length) : -1;
}
function parseYear(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 2));
	return n ? (d.y = +n[0] + (+n[0] > 68 ? 1900 : 2e3), i + n[0].length) : -1;
}
function parseZone(d, string, i) {
	var n = /^(Z)|([+-]\d\d)(?::?(\d\d))?/.exec(string.slice(i, i + 6));
	return n ? (d.Z = n[1] ? 0 : -(n[2] + (n[3] || "00")), i + n[0].length) : -1;
}
function parseQuarter(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 1));
	return n ? (d.q = n[0] * 3 - 3, i + n[0].length) : -1;
}
function parseMonthNumber(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 2));
	return n ? (d.m = n[0] - 1, i + n[0].length) : -1;
}
function parseDayOfMonth(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 2));
	return n ? (d.d = +n[0], i + n[0].length) : -1;
}
function parseDayOfYear(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 3));
	return n ? (d.m = 0, d.d = +n[0], i + n[0].length) : -1;
}
function parseHour24(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 2));
	return n ? (d.H = +n[0], i + n[0].length) : -1;
}
function parseMinutes(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 2));
	return n ? (d.M = +n[0], i + n[0].length) : -1;
}
function parseSeconds(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 2));
	return n ? (d.S = +n[0], i + n[0].length) : -1;
}
function parseMilliseconds(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 3));
	return n ? (d.L = +n[0], i + n[0].length) : -1;
}
function parseMicroseconds(d, string, i) {
	var n = numberRe.exec(string.slice(i, i + 6));
	return n ? (d.L = Math.floor(n[0] / 1e3), i + n[0].length) : -1;
}
function parseLiteralPercent(d, string, i) {
	var n = percentRe.exec(string.slice(i, i + 1));
	return n ? i + n[0].length : -1;
}
function parseUnixTimestamp(d, string, i) {
	var n = numberRe.exec(string.slice(i));
	return n ? (d.Q = +n[0], i + n[0].length) : -1;
}
function parseUnixTimestampSeconds(d, string, i) {
	var n = numberRe.exec(string.slice(i));
	return n ? (d.s = +n[0], i + n[0].length) : -1;
}
function formatDayOfMonth(d, p) {
	return pad(d.getDate(), p, 2);
}
function formatHour24(d, p) {
	return pad(d.getHours(), p, 2);
}
function formatHour12(d, p) {
	return pad(d.getHours() % 12 || 12, p, 2);
}
function formatDayOfYear(d, p) {
	return pad(1 + timeDay.count(timeYear(d), d), p, 3);
}
function formatMilliseconds(d, p) {
	return pad(d.getMilliseconds(), p, 3);
}
function formatMicroseconds(d, p) {
	return formatMilliseconds(d, p) + "000";
}
function formatMonthNumber(d, p) {
	return pad(d.getMonth() + 1, p, 2);
}
function formatMinutes(d, p) {
	return pad(d.getMinutes(), p, 2);
}
function formatSeconds(d, p) {
	return pad(d.getSeconds(), p, 2);
}
function formatWeekdayNumberMonday(d) {
	var day = d.getDay();
	return day === 0 ? 7 : day;
}
function formatWeekNumberSunday(d, p) {
	return pad(timeSunday.count(timeYear(d) - 1, d), p, 2);
}
function dISO(d) {
	var day = d.getDay();
	return day >= 4 || day === 0 ? timeThursday(d) : timeThursday.ceil(d);
}
function formatWeekNumberISO(d, p) {
	d = dISO(d);
	return pad(timeThursday.count(timeYear(d), d) + (timeYear(d).getDay() === 4), p, 2);
}
function formatWeekdayNumberSunday(d) {
	return d.getDay();
}
function formatWeekNumberMonday(d, p) {
	return pad(timeMonday.count(timeYear(d) - 1, d), p, 2);
}
function formatYear(d, p) {
	return pad(d.getFullYear() % 100, p, 2);
}
function formatYearISO(d, p) {
	d = dISO(d);
	return pad(d.getFullYear() % 100, p, 2);
}
function formatFullYear(d, p) {
	return pad(d.getFullYear() % 1e4, p, 4);
}
function formatFullYearISO(d, p) {
	var day = d.getDay();
	d = day >= 4 || day === 0 ? timeThursday(d) : timeThursday.ceil(d);
	return pad(d.getFullYear() % 1e4, p, 4);
}
function formatZone(d) {
	var z = d.getTimezoneOffset();
	return (z > 0 ? "-" : (z *= -1, "+")) + pad(z / 60 | 0, "0", 2) + pad(z % 60, "0", 2);
}
function formatUTCDayOfMonth(d, p) {
	return pad(d.getUTCDate(), p, 2);
}
function formatUTCHour24(d, p) {
	return pad(d.getUTCHours(), p, 2);
}
function formatUTCHour12(d, p) {
	return pad(d.getUTCHours() % 12 || 12, p, 2);
}
function formatUTCDayOfYear(d, p) {
	return pad(1 + utcDay.count(utcYear(d), d), p, 3);
}
function formatUTCMilliseconds(d, p) {
	return pad(d.getUTCMilliseconds(), p, 3);
}
function formatUTCMicroseconds(d, p) {
	return formatUTCMilliseconds(d, p) + "000";
}
function formatUTCMonthNumber(d, p) {
	return pad(d.getUTCMonth() + 1, p, 2);
}
function formatUTCMinutes(d, p) {
	return pad(d.getUTCMinutes(), p, 2);
}
function formatUTCSeconds(d, p) {
	return pad(d.getUTCSeconds(), p, 2);
}
function formatUTCWeekdayNumberMonday(d) {
	var dow = d.getUTCDay();
	return dow === 0 ? 7 : dow;
}
function formatUTCWeekNumberSunday(d, p) {
	return pad(utcSunday.count(utcYear(d) - 1, d), p, 2);
}
function UTCdISO(d) {
	var day = d.getUTCDay();
	return day >= 4 || day === 0 ? utcThursday(d) : utcThursday.ceil(d);
}
function formatUTCWeekNumberISO(d, p) {
	d = UTCdISO(d);
	return pad(utcThursday.count(utcYear(d), d) + (utcYear(d).getUTCDay() === 4), p, 2);
}
function formatUTCWeekdayNumberSunday(d) {
	return d.getUTCDay();
}
function formatUTCWeekNumberMonday(d, p) {
	return pad(utcMonday.count(utcYear(d) - 1, d), p, 2);
}
function formatUTCYear(d, p) {
	return pad(d.getUTCFullYear() % 100, p, 2);
}
function formatUTCYearISO(d, p) {
	d = UTCdISO(d);
	return pad(d.getUTCFullYear() % 100, p, 2);
}
function formatUTCFullYear(d, p) {
	return pad(d.getUTCFullYear() % 1e4, p, 4);
}
function formatUTCFullYearISO(d, p) {
	var day = d.getUTCDay();
	d = day >= 4 || day === 0 ? utcThursday(d) : utcThursday.ceil(d);
	return pad(d.getUTCFullYear() % 1e4, p, 4);
}
function formatUTCZone() {
	return "+0000";
}
function formatLiteralPercent() {
	return "%";
}
function formatUnixTimestamp(d) {
	return +d;
}
function formatUnixTimestampSeconds(d) {
	return Math.floor(+d / 1e3);
}
var locale;
var timeFormat;
var utcFormat;
var utcParse;
defaultLocale({
	dateTime: "%x, %X",
	date: "%-m/%-d/%Y",
	time: "%-I:%M:%S %p",
	periods: ["AM", "PM"],
	days: [
		"Sunday",
		"Monday",
		"Tuesday",
		"Wednesday",
		"Thursday",
		"Friday",
		"Saturday"
	],
	shortDays: [
		"Sun",
		"Mon",
		"Tue",
		"Wed",
		"Thu",
		"Fri",
		"Sat"
	],
	months: [
		"January",
		"February",
		"March",
		"April",
		"May",
		"June",
		"July",
		"August",
		"September",
		"October",
		"November",
		"December"
	],
	shortMonths: [
		"Jan",
		"Feb",
		"Mar",
		"Apr",
		"May",
		"Jun",
		"Jul",
		"Aug",
		"Sep",
		"Oct",
		"Nov",
		"Dec"
	]
});
function defaultLocale(definition) {
	locale = formatLocale(definition);
	timeFormat = locale.format;
	locale.parse;
	utcFormat = locale.utcFormat;
	utcParse = locale.utcParse;
	return locale;
}
var isoSpecifier = "%Y-%m-%dT%H:%M:%S.%LZ";
Date.prototype.toISOString || utcFormat(isoSpecifier);
+/* @__PURE__ */ new Date("2000-01-01T00:00:00.000Z") || utcParse(isoSpecifier);
// node_modules/d3-scale/dist/d3-scale.mjs
function initRange(domain, range) {
	switch (arguments.length) {
		case 0: break;
		case 1:
			this.range(domain);
			break;
		default: this.range(range).domain(domain);
	}
	return this;
}
function constants(x) {
	return function() {
		return x;
	};
}
function number$1(x) {
	return +x;
}
var unit = [0, 1];
function identity$1(x) {
	return x;
}
function normalize(a, b) {
	return (b -= a = +a) ? function(x) {
		return (x - a) / b;
	} : constants(isNaN(b) ? NaN : .5);
}
function clamper(a, b) {
	var t;
	if (a > b) t = a, a = b, b = t;
	return function(x) {
		return Math.max(a, Math.min(b, x));
	};
}
function bimap(domain, range, interpolate) {
	var d0 = domain[0], d1 = domain[1], r0 = range[0], r1 = range[1];
	if (d1 < d0) d0 = normalize(d1, d0), r0 = interpolate(r1, r0);
	else d0 = normalize(d0, d1), r0 = interpolate(r0, r1);
	return function(x) {
		return r0(d0(x));
	};
}
function polymap(domain, range, interpolate) {
	var j = Math.min(domain.length, range.length) - 1, d = new Array(j), r = new Array(j), i = -1;
	if (domain[j] < domain[0]) {
		domain = domain.slice().reverse();
		range = range.slice().reverse();
	}
	while (++i < j) {
		d[i] = normalize(domain[i], domain[i + 1]);
		r[i] = interpolate(range[i], range[i + 1]);
	}
	return function(x) {
		var i = bisectRight(domain, x, 1, j) - 1;
		return r[i](d[i](x));
	};
}
function copy$1(source, target) {
	return target.domain(source.domain()).range(source.range()).interpolate(source.interpolate()).clamp(source.clamp()).unknown(source.unknown());
}
function transformer$2() {
	var domain = unit, range = unit, interpolate$1 = value, transform, untransform, unknown, clamp = identity$1, piecewise, output, input;
	function rescale() {
		var n = Math.min(domain.length, range.length);
		if (clamp !== identity$1) clamp = clamper(domain[0], domain[n - 1]);
		piecewise = n > 2 ? polymap : bimap;
		output = input = null;
		return scale;
	}
	function scale(x) {
		return x == null || isNaN(x = +x) ? unknown : (output || (output = piecewise(domain.map(transform), range, interpolate$1)))(transform(clamp(x)));
	}
	scale.invert = function(y) {
		return clamp(untransform((input || (input = piecewise(range, domain.map(transform), number$2)))(y)));
	};
	scale.domain = function(_) {
		return arguments.length ? (domain = Array.from(_, number$1), rescale()) : domain.slice();
	};
	scale.range = function(_) {
		return arguments.length ? (range = Array.from(_), rescale()) : range.slice();
	};
	scale.rangeRound = function(_) {
		return range = Array.from(_), interpolate$1 = round, rescale();
	};
	scale.clamp = function(_) {
		return arguments.length ? (clamp = _ ? true : identity$1, rescale()) : clamp !== identity$1;
	};
	scale.interpolate = function(_) {
		return arguments.length ? (interpolate$1 = _, rescale()) : interpolate$1;
	};
	scale.unknown = function(_) {
		return arguments.length ? (unknown = _, scale) : unknown;
	};
	return function(t, u) {
		transform = t, untransform = u;
		return rescale();
	};
}
function continuous() {
	return transformer$2()(identity$1, identity$1);
}
function tickFormat(start, stop, count, specifier) {
	var step = tickStep(start, stop, count), precision;
	specifier = formatSpecifier(specifier == null ? ",f" : specifier);
	switch (specifier.type) {
		case "s":
			var value = Math.max(Math.abs(start), Math.abs(stop));
			if (specifier.precision == null && !isNaN(precision = precisionPrefix(step, value))) specifier.precision = precision;
			return formatPrefix(specifier, value);
		case "":
		case "e":
		case "g":
		case "p":
		case "r":
			if (specifier.precision == null && !isNaN(precision = precisionRound(step, Math.max(Math.abs(start), Math.abs(stop))))) specifier.precision = precision - (specifier.type === "e");
			break;
		case "f":
		case "%": if (specifier.precision == null && !isNaN(precision = precisionFixed(step))) specifier.precision = precision - (specifier.type === "%") * 2;
	}
	return format(specifier);
}
function linearish(scale) {
	var domain = scale.domain;
	scale.ticks = function(count) {
		var d = domain();
		return ticks(d[0], d[d.length - 1], count == null ? 10 : count);
	};
	scale.tickFormat = function(count, specifier) {
		var d = domain();
		return tickFormat(d[0], d[d.length - 1], count == null ? 10 : count, specifier);
	};
	scale.nice = function(count) {
		if (count == null) count = 10;
		var d = domain();
		var i0 = 0;
		var i1 = d.length - 1;
		var start = d[i0];
		var stop = d[i1];
		var prestep;
		var step;
		var maxIter = 10;
		if (stop < start) {
			step = start, start = stop, stop = step;
			step = i0, i0 = i1, i1 = step;
		}
		while (maxIter-- > 0) {
			step = tickIncrement(start, stop, count);
			if (step === prestep) {
				d[i0] = start;
				d[i1] = stop;
				return domain(d);
			} else if (step > 0) {
				start = Math.floor(start / step) * step;
				stop = Math.ceil(stop / step) * step;
			} else if (step < 0) {
				start = Math.ceil(start * step) / step;
				stop = Math.floor(stop * step) / step;
			} else break;
			prestep = step;
		}
		return scale;
	};
	return scale;
}
function linear() {
	var scale = continuous();
	scale.copy = function() {
		return copy$1(scale, linear());
	};
	initRange.apply(scale, arguments);
	return linearish(scale);
}
function nice(domain, interval) {
	domain = domain.slice();
	var i0 = 0, i1 = domain.length - 1, x0 = domain[i0], x1 = domain[i1], t;
	if (x1 < x0) {
		t = i0, i0 = i1, i1 = t;
		t = x0, x0 = x1, x1 = t;
	}
	domain[i0] = interval.floor(x0);
	domain[i1] = interval.ceil(x1);
	return domain;
}
function transformLog(x) {
	return Math.log(x);
}
function transformExp(x) {
	return Math.exp(x);
}
function transformLogn(x) {
	return -Math.log(-x);
}
function transformExpn(x) {
	return -Math.exp(-x);
}
function pow10(x) {
	return isFinite(x) ? +("1e" + x) : x < 0 ? 0 : x;
}
function powp(base) {
	return base === 10 ? pow10 : base === Math.E ? Math.exp : (x) => Math.pow(base, x);
}
function logp(base) {
	return base === Math.E ? Math.log : base === 10 && Math.log10 || base === 2 && Math.log2 || (base = Math.log(base), (x) => Math.log(x) / base);
}
function reflect(f) {
	return (x, k) => -f(-x, k);
}
function loggish(transform) {
	const scale = transform(transformLog, transformExp);
	const domain = scale.domain;
	let base = 10;
	let logs;
	let pows;
	function rescale() {
		logs = logp(base), pows = powp(base);
		if (domain()[0] < 0) {
			logs = reflect(logs), pows = reflect(pows);
			transform(transformLogn, transformExpn);
		} else transform(transformLog, transformExp);
		return scale;
	}
	scale.base = function(_) {
		return arguments.length ? (base = +_, rescale()) : base;
	};
	scale.domain = function(_) {
		return arguments.length ? (domain(_), rescale()) : domain();
	};
	scale.ticks = (count) => {
		const d = domain();
		let u = d[0];
		let v = d[d.length - 1];
		const r = v < u;
		if (r) [u, v] = [v, u];
		let i = logs(u);
		let j = logs(v);
		let k;
		let t;
		const n = count == null ? 10 : +count;
		let z = [];
		if (!(base % 1) && j - i < n) {
			i = Math.floor(i), j = Math.ceil(j);
			if (u > 0) for (; i <= j; ++i) for (k = 1; k < base; ++k) {
				t = i < 0 ? k / pows(-i) : k * pows(i);
				if (t < u) continue;
				if (t > v) break;
				z.push(t);
			}
			else for (; i <= j; ++i) for (k = base - 1; k >= 1; --k) {
				t = i > 0 ? k / pows(-i) : k * pows(i);
				if (t < u) continue;
				if (t > v) break;
				z.push(t);
			}
			if (z.length * 2 < n) z = ticks(u, v, n);
		} else z = ticks(i, j, Math.min(j - i, n)).map(pows);
		return r ? z.reverse() : z;
	};
	scale.tickFormat = (count, specifier) => {
		if (count == null) count = 10;
		if (specifier == null) specifier = base === 10 ? "s" : ",";
		if (typeof specifier !== "function") {
			if (!(base % 1) && (specifier = formatSpecifier(specifier)).precision == null) specifier.trim = true;
			specifier = format(specifier);
		}
		if (count === 1e400) return specifier;
		const k = Math.max(1, base * count / scale.ticks().length);
		return (d) => {
			let i = d / pows(Math.round(logs(d)));
			if (i * base < base - .5) i *= base;
			return i <= k ? specifier(d) : "";
		};
	};
	scale.nice = () => {
		return domain(nice(domain(), {
			floor: (x) => pows(Math.floor(logs(x))),
			ceil: (x) => pows(Math.ceil(logs(x)))
		}));
	};
	return scale;
}
function log() {
	const scale = loggish(transformer$2()).domain([1, 10]);
	scale.copy = () => copy$1(scale, log()).base(scale.base());
	initRange.apply(scale, arguments);
	return scale;
}
function date(t) {
	return new Date(t);
}
function number(t) {
	return t instanceof Date ? +t : Math.round(t);
}
function calendar(ticks, tickInterval, year, month, week, day, hour, minute, second, format) {
	var scale = continuous(), invert = scale.invert, domain = scale.domain;
	var formatMillisecond = format(".%L"), formatSecond = format(":%S"), formatMinute = format("%I:%M"), formatHour = format("%I %p"), formatDay = format("%a %d"), formatWeek = format("%b %d"), formatMonth = format("%B"), formatYear = format("%Y");
	function tickFormat(date) {
		return (second(date) < date ? formatMillisecond : minute(date) < date ? formatSecond : hour(date) < date ? formatMinute : day(date) < date ? formatHour : month(date) < date ? week(date) < date ? formatDay : formatWeek : year(date) < date ? formatMonth : formatYear)(date);
	}
	scale.invert = function(y) {
		return new Date(Math.round(invert(y)));
	};
	scale.domain = function(_) {
		return arguments.length ? domain(Array.from(_, number)) : domain().map(date);
	};
	scale.ticks = function(interval) {
		var d = domain();
		return ticks(d[0], d[d.length - 1], interval == null ? 10 : interval);
	};
	scale.tickFormat = function(count, specifier) {
		return specifier == null ? tickFormat : format(specifier);
	};
	scale.nice = function(interval) {
		var d = domain();
		if (!interval || typeof interval.range !== "function") interval = tickInterval(d[0], d[d.length - 1], interval == null ? 10 : interval);
		return interval ? domain(nice(d, interval)) : scale;
	};
	scale.copy = function() {
		return copy$1(scale, calendar(ticks, tickInterval, year, month, week, day, hour, minute, second, format));
	};
	return scale;
}
function time() {
	return initRange.apply(calendar(timeTicks, timeTickInterval, timeYear, timeMonth, timeSunday, timeDay, timeHour, timeMinute, second, timeFormat).domain([new Date(2e3, 0, 1), new Date(2e3, 0, 2)]), arguments);
}
// node_modules/htm/dist/htm.mjs
var n$1 = function(t, s, r, e) {
	var u;
	s[0] = 0;
	for (var h = 1; h < s.length; h++) {
		var p = s[h++], a = s[h] ? (s[0] |= p ? 1 : 2, r[s[h++]]) : s[++h];
		3 === p ? e[0] = a : 4 === p ? e[1] = Object.assign(e[1] || {}, a) : 5 === p ? (e[1] = e[1] || {})[s[++h]] = a : 6 === p ? e[1][s[++h]] += a + "" : p ? (u = t.apply(a, n$1(t, a, r, ["", null])), e.push(u), a[0] ? s[0] |= 2 : (s[h - 2] = 0, s[h] = u)) : e.push(a);
	}
	return e;
};
var t$1 = /* @__PURE__ */ new Map();
function htm_default(s) {
	var r = t$1.get(this);
	return r || (r = /* @__PURE__ */ new Map(), t$1.set(this, r)), (r = n$1(this, r.get(s) || (r.set(s, r = function(n) {
		for (var t, s, r = 1, e = "", u = "", h = [0], p = function(n) {
			1 === r && (n || (e = e.replace(/^\s*\n\s*|\s*\n\s*$/g, ""))) ? h.push(0, n, e) : 3 === r && (n || e) ? (h.push(3, n, e), r = 2) : 2 === r && "..." === e && n ? h.push(4, n, 0) : 2 === r && e && !n ? h.push(5, 0, !0, e) : r >= 5 && ((e || !n && 5 === r) && (h.push(r, 0, e, s), r = 6), n && (h.push(r, n, 0, s), r = 6)), e = "";
		}, a = 0; a < n.length; a++) {
			a && (1 === r && p(), p(a));
			for (var l = 0; l < n[a].length; l++) t = n[a][l], 1 === r ? "<" === t ? (p(), h = [h], r = 3) : e += t : 4 === r ? "--" === e && ">" === t ? (r = 1, e = "") : e = t + e[0] : u ? t === u ? u = "" : e += t : "\"" === t || "'" === t ? u = t : ">" === t ? (p(), r = 1) : r && ("=" === t ? (r = 5, s = e, e = "") : "/" === t && (r < 5 || ">" === n[a][l + 1]) ? (p(), 3 === r && (h = h[0]), r = h, (h = h[0]).push(2, 0, r), r = 0) : " " === t || "	" === t || "\n" === t || "\r" === t ? (p(), r = 2) : e += t), 3 === r && "!--" === e && (r = 4, h = h[0]);
		}
		return p(), h;
	}(s)), r), arguments, [])).length > 1 ? r : r[0];
}
// node_modules/preact/dist/preact.mjs
var n;
var t;
var r;
var u$1;
var i$1;
var f$1;
var o$1;
var e;
var l$1;
var c$1;
var a$2;
var h$1 = Symbol.for("pv");
var p$1 = {};
var y$2 = [];
var v$1 = /^m(i|n|o|s|text|space)$/;
var w$1 = Array.isArray;
var d$1 = y$2.slice;
var _$1 = Object.assign;
function g$1(n) {
	n && n.parentNode && n.remove();
}
function k$2(n, t, r) {
	var u, i, f, o = {}, e = arguments.length;
	for (f in t) "key" == f ? u = t[f] : "ref" == f && "function" != typeof n ? i = t[f] : o[f] = t[f];
	return e > 2 && (o.children = e > 3 ? d$1.call(arguments, 2) : r), m$1(n, o, u, i, null);
}
function m$1(r, u, i, f, o) {
	var e = {
		type: r,
		props: u,
		key: i,
		ref: f,
		__k: null,
		__: null,
		__b: 0,
		__e: null,
		__c: null,
		constructor: h$1,
		__v: o || ++t,
		__i: -1,
		__u: 0
	};
	return !o && n.vnode && n.vnode(e), e;
}
function $$1(n) {
	return n.children;
}
function x$2(n, t) {
	this.props = n, this.context = t, this.__g = 0;
}
function S(n, t) {
	if (null == t) return n.__ && S(n.__, n.__i + 1);
	for (var r; t < n.__k.length; t++) if ((r = n.__k[t]) && r.__e) return r.__e;
	return "function" != typeof n.type || n.props.__P ? null : S(n);
}
function C(t) {
	var r, u = t.__v, i = u.__e, f = [], o = [], e = t.__P;
	e && ((r = _$1({ constructor: h$1 }, u)).__v = u.__v + 1, n.vnode && n.vnode(r), z$1(e, r, u, t.__n, e.namespaceURI, 32 & u.__u ? [i] : null, f, i || S(u), 32 & u.__u, o), r.__v = u.__v, r.__.__k[r.__i] = r, E(f, r, o), u.__ = u.__e = null, r.__e != i && j$1(r));
}
function j$1(n) {
	if ((n = n.__) && n.__c && !n.props.__P) return n.__e = null, n.__k.some(function(t) {
		return t && (n.__e = t.__e);
	}), j$1(n);
}
function L(t) {
	(8 & t.__g || (t.__g |= 8, u$1.push(t), f$1++)) && i$1 == n.debounceRendering || ((i$1 = n.debounceRendering) || queueMicrotask)(H$1);
}
function H$1() {
	try {
		for (var n, t = 1; u$1.length;) u$1.length > t && u$1.sort(o$1), n = u$1.shift(), t = u$1.length, 8 & n.__g && C(n);
	} finally {
		(f$1 = u$1.length) && (i$1 || queueMicrotask)(H$1);
	}
}
function I$1(n, t, r, u, i, f, o, e, l, c, a) {
	var s, h, v, w, d, _, g = u.__k || y$2, k = t.length;
	for (l = q$1(r, t, g, l, k), s = 0; s < k; s++) null != (v = r.__k[s]) && (h = ~v.__i && g[v.__i] || p$1, v.__i = s, _ = z$1(n, v, h, i, f, o, e, l, c, a), w = v.__e, (h.ref != v.ref || 8 & h.__u) && (h.ref && G(h.ref, null, v, h), v.ref && a.push(v.ref, v.__c || w, v)), d = d || w, 4 & v.__u ? (l = A(v, l, n, !h.__v), h.__e && (h.__e = null)) : "function" == typeof v.type && void 0 !== _ ? l = _ : w && (l = w.nextSibling), v.__u &= -21);
	return r.__e = d, l;
}
function q$1(n, t, r, u, i) {
	var f, o, e, l, c, a, s, p, y, v = r.length, d = v, _ = 0, g = 0, k = n.__k = Array(i);
	for (f = 0; f < i; f++) null != (o = t[f]) && "boolean" != typeof o && "function" != typeof o ? ("object" != typeof o || o.constructor === String ? o = k[f] = m$1(null, o) : w$1(o) ? o = k[f] = m$1($$1, { children: o }) : o.constructor === h$1 && o.__b ? o = k[f] = m$1(o.type, o.props, o.key, o.ref, o.__v) : k[f] = o, l = f + _, o.__ = n, o.__b = n.__b + 1, e = null, ~(c = o.__i = P$1(o, r, l, d)) && (d--, (e = r[c]) && (e.__u |= 2)), e && e.__v ? (o.__u |= 16, c == l - 1 ? _-- : c == l + 1 ? _++ : c != l && (c > l ? _-- : _++, g = 1)) : (~c || (i > v ? _-- : i < v && _++), "function" != typeof o.type && (o.__u |= 4))) : k[f] = null;
	if (g) {
		for (a = [], s = [], f = 0; f < i; f++) if ((o = k[f]) && 16 & o.__u) {
			for (_ = 0, p = a.length; _ < p;) a[y = _ + p >> 1] < o.__i ? _ = y + 1 : p = y;
			a[_] = o.__i, s[f] = _ + 1;
		}
		for (_ = a.length; f--;) s[f] && (s[f] == _ ? _-- : k[f].__u |= 4);
	}
	if (d) for (f = 0; f < v; f++) !(e = r[f]) || 2 & e.__u || (e.__e == u && (u = S(e)), J(e, e));
	return u;
}
function A(n, t, r, u) {
	var i, f, o, e;
	if ("function" == typeof n.type) {
		if (n.props.__P) return t;
		if (i = n.__k) for (f = 0; f < i.length; f++) i[f] && (i[f].__ = n, t = A(i[f], t, r, !1));
		return t;
	}
	for (t && !t.parentNode && (t = S(n)) && !t.parentNode && (t = null), o = n.__e, e = t; e && 8 == e.nodeType;) e = e.nextSibling;
	for (o != e && (!u && r.moveBefore && o.parentNode ? r.moveBefore(o, t) : r.insertBefore(o, t || null)), t = o; (t = t && t.nextSibling) && 8 == t.nodeType && !t.data.startsWith("$s"););
	return t;
}
function P$1(n, t, r, u) {
	var i, f = n.key, o = n.type, e = t[r], l = e && !(2 & e.__u);
	if (null === e && null == f || l && f == e.key && o == e.type) return r;
	if (u > (l ? 1 : 0)) {
		for (i = r - 1; i >= 0; i--) if ((e = t[i]) && !(2 & e.__u) && f == e.key && o == e.type) return i;
		for (i = r + 1; i < t.length; i++) if ((e = t[i]) && !(2 & e.__u) && f == e.key && o == e.type) return i;
	}
	return -1;
}
function T$1(n, t, r) {
	r ??= "", "-" == t[0] ? n.setProperty(t, r) : n[t] = r;
}
function N$1(n, t, r, u, i) {
	var f, o;
	if ("style" == t) if ("string" == typeof r) n.style.cssText = r;
	else {
		if ("string" == typeof u && (n.style.cssText = u = ""), u) for (t in u) r && t in r || T$1(n.style, t);
		if (r) for (t in r) u && r[t] == u[t] || T$1(n.style, t, r[t]);
	}
	else if ("o" == t[0] && "n" == t[1]) "function" != typeof r && (r = null), "function" != typeof u && (u = null), (n.__e || (n.__e = {}))[t] = r, r && u || (o = a$2[t] || (a$2[t] = V$1(t)), (n.__a || (n.__a = {}))[t] = c$1, f = t != (t = t.replace(l$1, "$1")), (t = t.slice(2))[0] < "a" && (t = t.toLowerCase()), r ? n.addEventListener(t, o, f) : n.removeEventListener(t, o, f));
	else {
		if ("http://www.w3.org/2000/svg" == i) t = t.replace(/xlink(H|:h)/, "h").replace(/sName$/, "s");
		else if ("width" != t && "height" != t && "href" != t && "list" != t && "form" != t && "tabIndex" != t && "download" != t && "rowSpan" != t && "colSpan" != t && "role" != t && "popover" != t && t in n) try {
			n[t] = null == r ? "" : r;
			return;
		} catch (n) {}
		if ("function" == typeof r) return;
		null == r || !1 === r && "-" != t[4] ? n.removeAttribute(t) : n.setAttribute(t, "popover" == t && 1 == r ? "" : r);
	}
}
function V$1(t) {
	return function(r) {
		var u = this.__e;
		if (u) {
			if (u = u[t], null == r[e]) r[e] = c$1++;
			else if (r[e] < this.__a[t]) return;
			return u(n.event ? n.event(r) : r);
		}
	};
}
function z$1(t, r, u, i, f, o, e, l, c, a) {
	var s, p, v, d, k, b, m, M, C, j, L, H, q, A, O, P, T, N, V = r.type;
	if (r.constructor !== h$1) return null;
	128 & u.__u && (c = 32 & u.__u, s = u.__c.__z) && (r.__u |= c, p = o = [], 8 == s.nodeType ? l = B$1(s, o) : o.push(s), l = o[0] || l), (s = n.__b) && s(r);
	n: if ("function" == typeof V) {
		v = e.length;
		try {
			if (M = r.props, C = (s = V.prototype) && s.render, j = (s = V.contextType) && i[s.__c], L = s ? j ? j.props.value : s.__ : i, (d = u.__c) ? (r.__c = d, 2 & d.__g && (d.__g |= 1)) : (C ? r.__c = d = new V(M, L) : (r.__c = d = new x$2(M, L), d.constructor = V, d.render = K), j && j.sub(d), d.state || (d.state = {}), d.__n = i, d.__g |= 8, d.__h = [], d.__k = []), C && (d.__s || (d.__s = d.state), V.getDerivedStateFromProps && (d.__s == d.state && (d.__s = _$1({}, d.__s)), _$1(d.__s, V.getDerivedStateFromProps(M, d.__s)))), k = d.props, b = d.state, d.__v = r, u.__c) {
				if (M !== k && C && !V.getDerivedStateFromProps && d.componentWillReceiveProps && d.componentWillReceiveProps(M, L), r.__v == u.__v && !(8 & d.__g) || !(4 & d.__g) && d.shouldComponentUpdate && !1 === d.shouldComponentUpdate(M, d.__s, L)) {
					r.__v != u.__v && (d.props = M, d.state = d.__s, d.__g &= -9), r.__e = u.__e, r.__k = u.__k, r.__k.some(function(n) {
						n && (n.__ = r);
					}), y$2.push.apply(d.__h, d.__k), d.__k = [], d.__h.length && e.push(d), l = S(u);
					break n;
				}
				d.componentWillUpdate && d.componentWillUpdate(M, d.__s, L), C && d.componentDidUpdate && d.__h.push(function() {
					d.componentDidUpdate(k, b, m);
				});
			} else C && !V.getDerivedStateFromProps && d.componentWillMount && d.componentWillMount(), C && d.componentDidMount && d.__h.push(d.componentDidMount);
			d.context = L, d.props = M, d.__P = t, d.__g &= -5, H = n.__r, q = C ? 25 : 0;
			do
				d.__g &= -9, H && H(r), s = d.render(d.props, d.state = d.__s, d.context);
			while (8 & d.__g && ++q < 25);
			C && (y$2.push.apply(d.__h, d.__k), d.__k = []), d.state = d.__s, d.getChildContext && (i = _$1({}, i, d.getChildContext())), C && u.__c && d.getSnapshotBeforeUpdate && (m = d.getSnapshotBeforeUpdate(k, b)), A = s && s.type === $$1 && null == s.key ? s.props.children : s, M.__P && (s = l, f = (t = M.__P).namespaceURI, c = o = null, u.props && u.props.__P != t && (u.__k.some(function(n) {
				n && J(n, n);
			}), u.__k = null), l = u.__k ? S(u, 0) : null), l = I$1(t, w$1(A) ? A : [A], r, u, i, f, o, e, l, c, a), M.__P && (r.__e = null, l = s), r.__u &= -161, p && p.some(g$1), d.__h.length && e.push(d), 1 & d.__g && (d.__g &= -4);
		} catch (t) {
			if (e.length = v, r.__v = null, c || o) if (t && t.then) {
				if (r.__u |= 128 | c, o) {
					for (~(T = o.indexOf(l || void 0)) || (T = o.length); (N = o[T - 1]) && 8 == N.nodeType;) T--;
					for (; T < o.length; T++) if (N = o[T]) if (o[T] = null, O) {
						if (N == P) break;
					} else {
						if (8 != N.nodeType) break;
						N.data.startsWith("$s") && (P = B$1(O = N));
					}
				}
				if (!O) {
					for (; l && 8 == l.nodeType && l.nextSibling;) l = l.nextSibling;
					O = l;
				}
				(s = B$1(O = r.__c.__z || (r.__c.__z = O))) ? (r.__e = O, l = s) : r.__e = l, l = l && l.nextSibling;
			} else o && o.some(g$1);
			else r.__e = u.__e;
			r.__k || (r.__k = u.__k || []), t && t.then || D(r), n.__e(t, r, u);
		}
	} else l = r.__e = F$1(u.__e, r, u, i, f, o, e, c, a, t);
	return (s = n.diffed) && s(r), l;
}
function B$1(n, t) {
	if (n && 8 == n.nodeType && n.data.startsWith("$s")) for (var r = 1; n = n.nextSibling;) {
		if (8 == n.nodeType) {
			if (n.data.startsWith("$s")) r++;
			else if (n.data.startsWith("/$s") && !--r) return n;
		}
		t && t.push(n);
	}
}
function D(n) {
	n && (n.__c && (n.__c.__g |= 4), n.__k && n.__k.some(D));
}
function E(t, r, u) {
	for (var i = 0; i < u.length;) G(u[i++], u[i++], u[i++]);
	n.__c && n.__c(r, t), t.some(function(r) {
		try {
			t = r.__h, r.__h = [], t.some(function(n) {
				n.call(r);
			});
		} catch (t) {
			n.__e(t, r.__v);
		}
	});
}
function F$1(t, r, u, i, f, o, e, l, c, a) {
	var s, h, y, _, k, b, m, M, $ = u.props || p$1, x = r.props, C = r.type;
	if ("svg" == C ? f = "http://www.w3.org/2000/svg" : "math" == C ? f = "http://www.w3.org/1998/Math/MathML" : f || (f = "http://www.w3.org/1999/xhtml"), o) {
		for (s = 0; s < o.length; s++) if ((k = o[s]) && (C ? k.localName == C : 3 == k.nodeType)) {
			t = k, o[s] = null;
			break;
		}
	}
	if (!t) {
		if (M = a.ownerDocument || document, !C) return M.createTextNode(x);
		t = M.createElementNS(f, C, x.is ? x : a), l && (n.__m && n.__m(r, o), l = !1), o = null;
	}
	if (C) {
		if (a = "template" == C && t.content || t, o = "textarea" == C && null != x.defaultValue ? null : o && d$1.call(a.childNodes), !l && o) for ($ = {}, s = 0; s < t.attributes.length; s++) $[(k = t.attributes[s]).name] = k.value;
		for (s in $) k = $[s], "dangerouslySetInnerHTML" == s ? y = k : "children" == s || s in x || "value" == s && "defaultValue" in x || "checked" == s && "defaultChecked" in x || N$1(t, s, null, k, f);
		for (s in x) k = x[s], "children" == s ? _ = k : "dangerouslySetInnerHTML" == s ? h = k : "value" == s ? b = k : "checked" == s ? m = k : l && "function" != typeof k || $[s] === k || N$1(t, s, k, $[s], f);
		h ? (l || y && (h.__html == y.__html || h.__html == t.innerHTML) || (t.innerHTML = h.__html), r.__k = []) : (y && (t.textContent = ""), ("foreignObject" == C || "http://www.w3.org/1998/Math/MathML" == f && v$1.test(C)) && (f = "http://www.w3.org/1999/xhtml"), I$1(a, w$1(_) ? _ : [_], r, u, i, f, o, e, o ? o[0] : u.__k && S(u, 0), l, c), o && o.some(g$1)), l && "textarea" != C || (s = "value", "progress" == C && null == b ? t.removeAttribute(s) : null == b || b === t[s] && ("progress" != C || b) || N$1(t, s, b, $[s], f), s = "checked", null != m && m != t[s] && N$1(t, s, m, $[s], f));
	} else $ === x || l && t.data == x || (t.data = x);
	return t;
}
function G(t, r, u, i) {
	try {
		"function" == typeof t ? r ? r.__x = t(r) || 1 : i && (i = i.__c || i.__e) && (r = i.__x) && (i.__x = null, "function" == typeof r ? r() : t(null)) : t.current = r;
	} catch (t) {
		n.__e(t, u);
	}
}
function J(t, r, u) {
	var i, f, o, e;
	if (n.unmount && n.unmount(t), !(i = t.ref) || i.current && i.current != t.__e || G(i, null, r, t), i = t.__c) {
		if (i.componentWillUnmount) try {
			i.componentWillUnmount();
		} catch (t) {
			n.__e(t, r);
		}
		i.__P = i.__n = null;
	}
	if (i = t.__k) for (e = 0; e < i.length; e++) i[e] && J(i[e], r, "function" != typeof t.type || u && !t.props.__P);
	!u && (i = t.__c) && (i = i.__z) && (f = B$1(i, o = [])) && (i == t.__e && o.some(g$1), g$1(f), g$1(i)), u || g$1(t.__e), t.__e = t.__c = t.__ = null;
}
function K(n, t, r) {
	return this.constructor(n, r);
}
n = { __e: function(n, t, r, u) {
	for (var i, o, e; t = t.__;) if ((i = t.__c) && !(1 & i.__g)) {
		i.__g |= 4;
		try {
			if ((e = (o = i.constructor) && o.getDerivedStateFromError) && i.setState(o.getDerivedStateFromError(n)), i.componentDidCatch && (i.componentDidCatch(n, u || {}), e = 1), e && 8 & i.__g) return void (i.__g |= 2);
		} catch (t) {
			n = t;
		}
	}
	throw f$1 = 0, n;
} }, t = 0, r = function(n) {
	return null != n && n.constructor === h$1;
}, x$2.prototype.setState = function(n, t) {
	var r = this.__s;
	r && r != this.state || (r = this.__s = _$1({}, this.state)), "function" == typeof n && (n = n(_$1({}, r), this.props)), n && (_$1(r, n), this.__v && (t && this.__k.push(t), L(this)));
}, x$2.prototype.forceUpdate = function(n) {
	this.__v && (this.__g |= 4, n && this.__h.push(n), L(this));
}, x$2.prototype.render = $$1, u$1 = [], f$1 = 0, o$1 = function(n, t) {
	return n.__v.__b - t.__v.__b;
}, e = Symbol(), l$1 = /(PointerCapture)$|Capture$/i, c$1 = 0, a$2 = {};
// node_modules/preact-render-to-string/dist/index.mjs
var o = "__s";
var i = "__c";
var a$1 = "__k";
var u = "__d";
var c = "__s";
var f = /[\s\n\\/='"\0<>]/;
var s$1 = /^(xlink|xmlns|xml)([A-Z])/;
var l = /^(?:accessK|auto[A-Z]|cell|ch|col|cont|cross|dateT|encT|form[A-Z]|frame|hrefL|inputM|maxL|minL|noV|playsI|popoverT|readO|rowS|src[A-Z]|tabI|useM|item[A-Z])/;
var p = /^ac|^ali|arabic|basel|cap|clipPath$|clipRule$|color|dominant|enable|fill|flood|font|glyph[^R]|horiz|image|letter|lighting|marker[^WUH]|overline|panose|pointe|paint|rendering|shape|stop|strikethrough|stroke|text[^L]|transform|underline|unicode|units|^v[^i]|^w|^xH/;
var h = /* @__PURE__ */ new Set(["draggable", "spellcheck"]);
function d(e) {
	void 0 !== e.__g ? e.__g |= 8 : e[u] = !0;
}
function v(e) {
	void 0 !== e.__g ? e.__g &= -9 : e[u] = !1;
}
function m(e) {
	return void 0 !== e.__g ? !!(8 & e.__g) : !0 === e[u];
}
var y$1 = /["&<]/;
function _(e) {
	if (0 === e.length || !1 === y$1.test(e)) return e;
	for (var t = 0, n = 0, r = "", o = ""; n < e.length; n++) {
		switch (e.charCodeAt(n)) {
			case 34:
				o = "&quot;";
				break;
			case 38:
				o = "&amp;";
				break;
			case 60:
				o = "&lt;";
				break;
			default: continue;
		}
		n !== t && (r += e.slice(t, n)), r += o, t = n + 1;
	}
	return n !== t && (r += e.slice(t, n)), r;
}
var g = {};
var k$1 = /* @__PURE__ */ new Set([
	"animation-iteration-count",
	"border-image-outset",
	"border-image-slice",
	"border-image-width",
	"box-flex",
	"box-flex-group",
	"box-ordinal-group",
	"column-count",
	"fill-opacity",
	"flex",
	"flex-grow",
	"flex-negative",
	"flex-order",
	"flex-positive",
	"flex-shrink",
	"flood-opacity",
	"font-weight",
	"grid-column",
	"grid-row",
	"line-clamp",
	"line-height",
	"opacity",
	"order",
	"orphans",
	"stop-opacity",
	"stroke-dasharray",
	"stroke-dashoffset",
	"stroke-miterlimit",
	"stroke-opacity",
	"stroke-width",
	"tab-size",
	"widows",
	"z-index",
	"zoom"
]);
var b = /[A-Z]/g;
function x$1(e) {
	var t = "";
	for (var n in e) {
		var r = e[n];
		if (null != r && "" !== r) {
			var o = "-" == n[0] ? n : g[n] || (g[n] = n.replace(b, "-$&").toLowerCase()), i = ";";
			"number" != typeof r || o.startsWith("--") || k$1.has(o) || (i = "px;"), t = t + o + ":" + r + i;
		}
	}
	return t || void 0;
}
function w() {
	this.__d = !0;
}
function H(e, t) {
	return {
		__v: e,
		context: t,
		props: e.props,
		setState: w,
		forceUpdate: w,
		__d: !0,
		__h: new Array(0)
	};
}
var T = {};
var j = [];
var P = Array.isArray;
var $ = Object.assign;
var U = "";
var Z = "<!--$s-->";
var F = "<!--/$s-->";
function M(e) {
	return "string" == typeof e ? Z + e + F : P(e) ? (e.unshift(Z), e.push(F), e) : e && "function" == typeof e.then ? e.then(M) : Z + e + F;
}
function W() {
	return {
		beforeDiff: n.__b,
		afterDiff: n.diffed,
		renderHook: n.__r,
		unmountHook: n.unmount,
		rootHook: n.__,
		commitHook: n.__c,
		catchError: n.__e,
		errorBoundaries: n.errorBoundaries
	};
}
function B(e) {
	var t = n[o];
	n[o] = !0;
	try {
		return e();
	} finally {
		n[o] = t;
	}
}
function z(n, r, o) {
	var i = W();
	try {
		var u = B(function() {
			var u, c = k$2($$1, null);
			return c[a$1] = [n], i.rootHook && i.rootHook(n, ((u = {})[a$1] = c, u.nodeType = 1, u)), q(n, r || T, !1, void 0, c, !1, o, i);
		});
		return P(u) ? u.join(U) : u;
	} catch (e) {
		if (e.then) throw new Error("Use \"renderToStringAsync\" for suspenseful rendering.");
		throw e;
	} finally {
		i.commitHook && B(function() {
			return i.commitHook(n, j);
		}), j.length = 0;
	}
}
function N(e, t, n) {
	var r, o = e.type, a = !0;
	return e[i] ? (a = !1, (r = e[i]).state = r[c]) : r = new o(e.props, t), e[i] = r, r.__v = e, r.props = e.props, r.context = t, d(r), r.state ?? (r.state = T), r[c] ?? (r[c] = r.state), o.getDerivedStateFromProps ? r.state = $({}, r.state, o.getDerivedStateFromProps(r.props, r.state)) : a && r.componentWillMount ? (r.componentWillMount(), r.state = r[c] !== r.state ? r[c] : r.state) : !a && r.componentWillUpdate && r.componentWillUpdate(), n.renderHook && n.renderHook(e), r.render(r.props, r.state, t);
}
function q(e, n, o, u, y, g, k, b) {
	if (null == e || !0 === e || !1 === e || e === U) return U;
	var w = typeof e;
	if ("object" != w) return "function" == w ? U : "string" == w ? _(e) : e + U;
	if (P(e)) {
		var C, D = U;
		y[a$1] = e;
		for (var A = e.length, S = 0; S < A; S++) {
			var E = e[S];
			if (null != E && "boolean" != typeof E) {
				var L, j = q(E, n, o, u, y, g, k, b);
				"string" == typeof j ? D += j : (C || (C = new Array(A)), D && C.push(D), D = U, P(j) ? (L = C).push.apply(L, j) : C.push(j));
			}
		}
		return C ? (D && C.push(D), C) : D;
	}
	if (!r(e)) return U;
	e.__ = y, b.beforeDiff && b.beforeDiff(e);
	var Z = e.type, F = e.props;
	if ("function" == typeof Z) {
		var W, z, O, R = n;
		if (Z === $$1) {
			if ("tpl" in F) {
				for (var K, G = U, J = 0; J < F.tpl.length; J++) if (G += F.tpl[J], F.exprs && J < F.exprs.length) {
					var Q = F.exprs[J];
					if (null == Q) continue;
					if ("object" == typeof Q && (r(Q) || P(Q))) {
						var X, Y = q(Q, n, o, u, e, g, k, b);
						"string" == typeof Y ? G += Y : (K || (K = []), G && K.push(G), G = U, P(Y) ? (X = K).push.apply(X, Y) : K.push(Y));
					} else G += Q;
				}
				return K ? (G && K.push(G), K) : G;
			}
			if ("UNSTABLE_comment" in F) return "<!--" + _(F.UNSTABLE_comment) + "-->";
			z = F.children;
		} else {
			if (null != (W = Z.contextType)) {
				var ee = n[W.__c];
				R = ee ? ee.props.value : W.__;
			}
			var te = Z.prototype && "function" == typeof Z.prototype.render;
			if (te) z = N(e, R, b), O = e[i];
			else {
				e[i] = O = H(e, R);
				for (var ne = 0; m(O) && ne++ < 25;) {
					v(O), b.renderHook && b.renderHook(e);
					try {
						z = Z.call(O, F, R);
					} catch (t) {
						throw g && t && "function" == typeof t.then && (e._suspended = !0), t;
					}
				}
				d(O);
			}
			if (null != O.getChildContext && (n = $({}, n, O.getChildContext())), te && b.errorBoundaries && (Z.getDerivedStateFromError || O.componentDidCatch)) {
				z = null != z && z.type === $$1 && null == z.key && null == z.props.tpl ? z.props.children : z;
				try {
					return q(z, n, o, u, e, g, !1, b);
				} catch (r) {
					return Z.getDerivedStateFromError && (O[c] = Z.getDerivedStateFromError(r)), O.componentDidCatch && O.componentDidCatch(r, T), m(O) ? (z = N(e, n, b), null != (O = e[i]).getChildContext && (n = $({}, n, O.getChildContext())), q(z = null != z && z.type === $$1 && null == z.key && null == z.props.tpl ? z.props.children : z, n, o, u, e, g, k, b)) : U;
				} finally {
					b.afterDiff && b.afterDiff(e), b.unmountHook && b.unmountHook(e);
				}
			}
		}
		z = null != z && z.type === $$1 && null == z.key && null == z.props.tpl ? z.props.children : z;
		try {
			var re = q(z, n, o, u, e, g, k, b);
			return b.afterDiff && b.afterDiff(e), b.unmountHook && b.unmountHook(e), e._suspended ? M(re) : re;
		} catch (t) {
			if (!g && k && k.onError) {
				var oe = function t(r) {
					return k.onError(r, e, function(e, r) {
						try {
							return B(function() {
								return q(e, n, o, u, r, g, k, b);
							});
						} catch (e) {
							return t(e);
						}
					});
				}(t);
				return void 0 !== oe ? oe : (b.catchError && b.catchError(t, e), U);
			}
			if (!g) throw t;
			if (!t || "function" != typeof t.then) throw t;
			return t.then(function t() {
				try {
					var r = B(function() {
						return q(z, n, o, u, e, g, k, b);
					});
					return e._suspended ? M(r) : r;
				} catch (e) {
					if (!e || "function" != typeof e.then) throw e;
					return e.then(t);
				}
			});
		}
	}
	var ie, ae = "<" + Z, ue = U;
	for (var ce in F) {
		var fe = F[ce];
		if ("function" != typeof (fe = V(fe) ? fe.value : fe) || "class" === ce || "className" === ce) {
			switch (ce) {
				case "children":
					ie = fe;
					continue;
				case "key":
				case "ref":
				case "__self":
				case "__source": continue;
				case "htmlFor":
					if ("for" in F) continue;
					ce = "for";
					break;
				case "className":
					if ("class" in F) continue;
					ce = "class";
					break;
				case "defaultChecked":
					ce = "checked";
					break;
				case "defaultSelected":
					ce = "selected";
					break;
				case "defaultValue":
				case "value":
					switch (ce = "value", Z) {
						case "textarea":
							ie = fe;
							continue;
						case "select":
							u = fe;
							continue;
						case "option": u != fe || "selected" in F || (ae += " selected");
					}
					break;
				case "dangerouslySetInnerHTML":
					ue = fe && fe.__html;
					continue;
				case "style":
					"object" == typeof fe && (fe = x$1(fe));
					break;
				case "acceptCharset":
					ce = "accept-charset";
					break;
				case "httpEquiv":
					ce = "http-equiv";
					break;
				default:
					if (f.test(ce)) continue;
					s$1.test(ce) ? ce = ce.replace(s$1, "$1:$2").toLowerCase() : "-" !== ce[4] && !h.has(ce) || null == fe ? o ? p.test(ce) && (ce = "panose1" === ce ? "panose-1" : ce.replace(/([A-Z])/g, "-$1").toLowerCase()) : l.test(ce) && (ce = ce.toLowerCase()) : fe += U;
			}
			null != fe && !1 !== fe && (ae = !0 === fe || fe === U ? ae + " " + ce : ae + " " + ce + "=\"" + _(fe + U) + "\"");
		}
	}
	if (f.test(Z)) throw new Error(Z + " is not a valid HTML tag name in " + ae + ">");
	if (ue || ("string" == typeof ie ? ue = _(ie) : null != ie && !1 !== ie && !0 !== ie && (ue = q(ie, n, "svg" === Z || "foreignObject" !== Z && o, u, e, g, k, b))), b.afterDiff && b.afterDiff(e), b.unmountHook && b.unmountHook(e), !ue && I.has(Z)) return ae + "/>";
	var se = "</" + Z + ">", le = ae + ">";
	return P(ue) ? [le].concat(ue, [se]) : "string" != typeof ue ? [
		le,
		ue,
		se
	] : le + ue + se;
}
var I = /* @__PURE__ */ new Set([
	"area",
	"base",
	"br",
	"col",
	"command",
	"embed",
	"hr",
	"img",
	"input",
	"keygen",
	"link",
	"meta",
	"param",
	"source",
	"track",
	"wbr"
]);
function V(e) {
	return null !== e && "object" == typeof e && "function" == typeof e.peek && "value" in e;
}
// src/report/page/markup.ts
/**
* Markup as a tagged template. Values become text or attributes of elements, never markup: what a container or a bag
* says cannot leave its place.
*/
const html = htm_default.bind(k$2);
/** Markup of a part as text. */
function render(part) {
	return z(part);
}
// src/report/page/bars.ts
/** The steps of the run one below the other, each bar where it began and as long as it took. */
function timelinePart(steps) {
	if (steps.length === 0) return null;
	const total = Math.max(...steps.map((each) => each.start + each.seconds), .001);
	const bars = steps.map((each) => bar(printable(each.name), each.failed ? "stopped here" : "", secondsText(each.seconds), each.start / total, each.seconds / total, each.failed ? "bad" : ""));
	return html`<div><p class="lead">${secondsText(total)} in all, from left to right.</p><ol class="bars">${bars}</ol></div>`;
}
/** Sizes on a logarithmic scale: what is kept is thousands of times smaller than what it comes from. */
function sizesPart(sizes) {
	const known = sizes.filter((each) => each.bytes > 0);
	if (known.length === 0) return null;
	const largest = Math.max(...known.map((each) => each.bytes));
	const smallest = Math.min(...known.map((each) => each.bytes));
	const scale = log().domain([Math.min(smallest, largest / 10) / 4, largest]).range([0, 1]);
	return html`<div>
    <p class="lead">The bars are logarithmic, else that of the archive could not be seen. Trust the figures.</p>
    <ul class="bars">${known.map((each) => bar(each.label, each.note, byteText(each.bytes), 0, scale(each.bytes), each.kept ? "kept" : ""))}</ul>
  </div>`;
}
function bar(label, note, value, from, length, style) {
	const start = Math.min(from * 1e3, 997);
	return html`<li class=${style}>
    <span class="label">${label}${note ? html`<small>${note}</small>` : null}</span>
    <svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">
      <rect x=${Math.round(start)} y="0" width=${Math.max(3, Math.round(length * 1e3))} height="10" />
    </svg>
    <span class="value">${value}</span>
  </li>`;
}
/** Seconds for people: 0.03 s, 4.2 s, 2 min 5 s. */
function secondsText(seconds) {
	if (seconds < .95) return `${Number(seconds.toPrecision(2))} s`;
	if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
	return `${Math.floor(Math.round(seconds) / 60)} min ${Math.round(seconds) % 60} s`;
}
// src/report/page/reasons.ts
/** Why paths were kept or left, of the counts in a manifest. */
function reasonsOf(counts, words) {
	const rules = Object.entries(counts.rules);
	const said = words(rules.map(([rule]) => ({
		rule,
		why: ""
	})));
	return rules.map(([rule, each]) => ({
		rule,
		words: said[rule] || rule,
		...each
	}));
}
// src/report/page/sizes.ts
/** What zstd leaves of an image's files: 186 of 494 MB in the demo (`npm run demo`). The page says that it is an estimate. */
const ZSTD = .38;
/** Sizes in bytes where they are known, largest first. `docker save` is not run for them: it is as large as the image. */
function sizesOf(known) {
	const { image, kept, packed, newImage } = known;
	return [
		{
			label: "The old image",
			note: "what docker save would write",
			bytes: image ?? 0,
			kept: false
		},
		{
			label: "docker save | zstd",
			note: "an estimate, 38 % of the image",
			bytes: (image ?? 0) * ZSTD,
			kept: false
		},
		{
			label: "The new image",
			note: "made again from packages",
			bytes: newImage ?? 0,
			kept: false
		},
		{
			label: "Mutable data",
			note: "before compression",
			bytes: kept,
			kept: true
		},
		{
			label: "The archive",
			note: "all that is stored",
			bytes: packed ?? 0,
			kept: true
		}
	].filter((each) => each.bytes > 0).toSorted((a, b) => b.bytes - a.bytes);
}
// src/report/page/archive-page.ts
/** The page of a decommission. Pure. */
function archivePage({ report, steps, paths }) {
	const { attested } = report;
	const { manifest, golden, incomplete, timings } = report.result;
	const { counts, service, system } = manifest;
	const packed = report.packed?.bytes;
	const ratio = packed && service.image ? `${percentText(packed, service.image.size)} of the image` : "";
	const notices = archiveAnnotations(report);
	return {
		kind: "Decommissioned",
		title: service.name,
		verdict: incomplete.length > 0 ? {
			mark: "bad",
			text: `Archived, but ${count$1(incomplete.length)} paths could not be read`
		} : {
			mark: "good",
			text: "Archived: all that nobody can make again"
		},
		summary: `${system.os.prettyName || "A system without a name"}, archived on ${manifest.created.slice(0, 10)}. ${count$1(counts.kept)} of ${count$1(counts.paths)} paths are kept.`,
		...attested?.attestation ? { attestation: attestationText(attested.attestation) } : {},
		figures: [
			...packed ? [{
				label: "Archive",
				value: byteText(packed),
				note: ratio
			}] : [],
			{
				label: "Kept",
				value: byteText(counts.keptBytes),
				note: `${count$1(counts.kept)} paths`
			},
			{
				label: "Deletions kept",
				value: count$1(counts.deleted)
			},
			{
				label: "Golden answers",
				value: count$1(golden.length)
			},
			{
				label: "Found in",
				value: secondsText(timings.detect),
				note: `archived in ${secondsText(timings.total)}`
			}
		],
		look: notices.map(({ level, message }) => ({
			level,
			what: message,
			why: "",
			rule: "",
			detail: ""
		})),
		answers: golden.map((answer) => ({
			name: answer.name,
			verdict: answer.flaky ? "flaky" : "taken",
			mark: answer.flaky ? "unsure" : "good",
			before: answer
		})),
		state: void 0,
		steps,
		reasons: reasonsOf(counts, (rules) => wordsOf$1(rules, report.reasons)),
		sizes: sizesOf({
			image: service.image?.size,
			kept: counts.keptBytes,
			packed
		}),
		news: [],
		drift: system.packages.map((each) => ({
			name: each.name,
			before: each.version,
			after: "",
			mended: "",
			main: each.manual && each.priority !== "required" && each.priority !== "important"
		})),
		files: [],
		accounts: [],
		deeds: manifest.dumps.map((each) => ({
			stage: "exports",
			what: each.file,
			why: byteText(each.bytes),
			rule: `export/${each.service}`
		})),
		history: [],
		paths,
		made: {
			at: manifest.created,
			version: toolVersion
		}
	};
}
// node_modules/d3-path/dist/d3-path.mjs
const pi$1 = Math.PI;
const tau$1 = 2 * pi$1;
const epsilon$1 = 1e-6;
const tauEpsilon = tau$1 - epsilon$1;
function append(strings) {
	this._ += strings[0];
	for (let i = 1, n = strings.length; i < n; ++i) this._ += arguments[i] + strings[i];
}
function appendRound(digits) {
	let d = Math.floor(digits);
	if (!(d >= 0)) throw new Error(`invalid digits: ${digits}`);
	if (d > 15) return append;
	const k = 10 ** d;
	return function(strings) {
		this._ += strings[0];
		for (let i = 1, n = strings.length; i < n; ++i) this._ += Math.round(arguments[i] * k) / k + strings[i];
	};
}
function equal(x0, y0, x1, y1) {
	return x0 === x1 && y0 === y1;
}
function equalRound(digits) {
	const d = Math.floor(digits);
	if (!(d <= 15)) return equal;
	const k = 10 ** d;
	const r = function(value) {
		return Math.round(value * k);
	};
	return function(x0, y0, x1, y1) {
		return r(x0) === r(x1) && r(y0) === r(y1);
	};
}
var Path = class {
	constructor(digits) {
		this._x0 = this._y0 = this._x1 = this._y1 = null;
		this._ = "";
		this._append = digits == null ? append : appendRound(digits);
		this._equal = digits == null ? equal : equalRound(digits);
	}
	moveTo(x, y) {
		this._append`M${this._x0 = this._x1 = +x},${this._y0 = this._y1 = +y}`;
	}
	closePath() {
		if (this._x1 !== null) {
			this._x1 = this._x0, this._y1 = this._y0;
			this._append`Z`;
		}
	}
	lineTo(x, y) {
		this._append`L${this._x1 = +x},${this._y1 = +y}`;
	}
	quadraticCurveTo(x1, y1, x, y) {
		this._append`Q${+x1},${+y1},${this._x1 = +x},${this._y1 = +y}`;
	}
	bezierCurveTo(x1, y1, x2, y2, x, y) {
		this._append`C${+x1},${+y1},${+x2},${+y2},${this._x1 = +x},${this._y1 = +y}`;
	}
	arcTo(x1, y1, x2, y2, r) {
		x1 = +x1, y1 = +y1, x2 = +x2, y2 = +y2, r = +r;
		if (r < 0) throw new Error(`negative radius: ${r}`);
		let x0 = this._x1, y0 = this._y1, x21 = x2 - x1, y21 = y2 - y1, x01 = x0 - x1, y01 = y0 - y1, l01_2 = x01 * x01 + y01 * y01;
		if (this._x1 === null) this._append`M${this._x1 = x1},${this._y1 = y1}`;
		else if (!(l01_2 > epsilon$1));
		else if (!(Math.abs(y01 * x21 - y21 * x01) > epsilon$1) || !r) this._append`L${this._x1 = x1},${this._y1 = y1}`;
		else {
			let x20 = x2 - x0, y20 = y2 - y0, l21_2 = x21 * x21 + y21 * y21, l20_2 = x20 * x20 + y20 * y20, l21 = Math.sqrt(l21_2), l01 = Math.sqrt(l01_2), l = r * Math.tan((pi$1 - Math.acos((l21_2 + l01_2 - l20_2) / (2 * l21 * l01))) / 2), t01 = l / l01, t21 = l / l21;
			if (Math.abs(t01 - 1) > epsilon$1) this._append`L${x1 + t01 * x01},${y1 + t01 * y01}`;
			this._append`A${r},${r},0,0,${+(y01 * x20 > x01 * y20)},${this._x1 = x1 + t21 * x21},${this._y1 = y1 + t21 * y21}`;
		}
	}
	arc(x, y, r, a0, a1, ccw) {
		x = +x, y = +y, r = +r, ccw = !!ccw;
		if (r < 0) throw new Error(`negative radius: ${r}`);
		let dx = r * Math.cos(a0), dy = r * Math.sin(a0), x0 = x + dx, y0 = y + dy, cw = 1 ^ ccw, da = ccw ? a0 - a1 : a1 - a0;
		if (this._x1 === null) this._append`M${x0},${y0}`;
		else if (Math.abs(this._x1 - x0) > epsilon$1 || Math.abs(this._y1 - y0) > epsilon$1) this._append`L${x0},${y0}`;
		if (!r) return;
		if (da < 0) da = da % tau$1 + tau$1;
		if (da > tauEpsilon) this._append`A${r},${r},0,1,${cw},${x - dx},${y - dy}A${r},${r},0,1,${cw},${this._x1 = x0},${this._y1 = y0}`;
		else if (da > epsilon$1) {
			const x1 = x + r * Math.cos(a1);
			const y1 = y + r * Math.sin(a1);
			if (da >= pi$1 && this._equal(x0, y0, x1, y1)) {
				da /= 2;
				let a00 = a0 + da;
				this._append`A${r},${r},0,${+(da >= pi$1)},${cw},${x + r * Math.cos(a00)},${y + r * Math.sin(a00)}`;
			}
			this._append`A${r},${r},0,${+(da >= pi$1)},${cw},${this._x1 = x1},${this._y1 = y1}`;
		}
	}
	rect(x, y, w, h) {
		this._append`M${this._x0 = this._x1 = +x},${this._y0 = this._y1 = +y}h${w = +w}v${+h}h${-w}Z`;
	}
	toString() {
		return this._;
	}
};
function path() {
	return new Path();
}
path.prototype = Path.prototype;
// node_modules/d3-shape/dist/d3-shape.mjs
function constant$1(x) {
	return function constant() {
		return x;
	};
}
const cos = Math.cos;
const sin = Math.sin;
const sqrt = Math.sqrt;
const epsilon = 1e-12;
const pi = Math.PI;
pi / 2;
const tau = 2 * pi;
function withPath(shape) {
	let digits = 3;
	shape.digits = function(_) {
		if (!arguments.length) return digits;
		if (_ == null) digits = null;
		else {
			const d = Math.floor(_);
			if (!(d >= 0)) throw new RangeError(`invalid digits: ${_}`);
			digits = d;
		}
		return shape;
	};
	return () => new Path(digits);
}
Array.prototype.slice;
function array(x) {
	return typeof x === "object" && "length" in x ? x : Array.from(x);
}
function Linear(context) {
	this._context = context;
}
Linear.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._point = 0;
	},
	lineEnd: function() {
		if (this._line || this._line !== 0 && this._point === 1) this._context.closePath();
		this._line = 1 - this._line;
	},
	point: function(x, y) {
		x = +x, y = +y;
		switch (this._point) {
			case 0:
				this._point = 1;
				this._line ? this._context.lineTo(x, y) : this._context.moveTo(x, y);
				break;
			case 1: this._point = 2;
			default: this._context.lineTo(x, y);
		}
	}
};
function curveLinear(context) {
	return new Linear(context);
}
function x(p) {
	return p[0];
}
function y(p) {
	return p[1];
}
function line(x$1, y$1) {
	var defined = constant$1(true), context = null, curve = curveLinear, output = null, path = withPath(line);
	x$1 = typeof x$1 === "function" ? x$1 : x$1 === void 0 ? x : constant$1(x$1);
	y$1 = typeof y$1 === "function" ? y$1 : y$1 === void 0 ? y : constant$1(y$1);
	function line(data) {
		var i, n = (data = array(data)).length, d, defined0 = false, buffer;
		if (context == null) output = curve(buffer = path());
		for (i = 0; i <= n; ++i) {
			if (!(i < n && defined(d = data[i], i, data)) === defined0) {
				if (defined0 = !defined0) output.lineStart();
				else output.lineEnd();
			}
			if (defined0) output.point(+x$1(d, i, data), +y$1(d, i, data));
		}
		if (buffer) return output = null, buffer + "" || null;
	}
	line.x = function(_) {
		return arguments.length ? (x$1 = typeof _ === "function" ? _ : constant$1(+_), line) : x$1;
	};
	line.y = function(_) {
		return arguments.length ? (y$1 = typeof _ === "function" ? _ : constant$1(+_), line) : y$1;
	};
	line.defined = function(_) {
		return arguments.length ? (defined = typeof _ === "function" ? _ : constant$1(!!_), line) : defined;
	};
	line.curve = function(_) {
		return arguments.length ? (curve = _, context != null && (output = curve(context)), line) : curve;
	};
	line.context = function(_) {
		return arguments.length ? (_ == null ? context = output = null : output = curve(context = _), line) : context;
	};
	return line;
}
curveRadial(curveLinear);
function Radial(curve) {
	this._curve = curve;
}
Radial.prototype = {
	areaStart: function() {
		this._curve.areaStart();
	},
	areaEnd: function() {
		this._curve.areaEnd();
	},
	lineStart: function() {
		this._curve.lineStart();
	},
	lineEnd: function() {
		this._curve.lineEnd();
	},
	point: function(a, r) {
		this._curve.point(r * Math.sin(a), r * -Math.cos(a));
	}
};
function curveRadial(curve) {
	function radial(context) {
		return new Radial(curve(context));
	}
	radial._curve = curve;
	return radial;
}
sqrt(3);
sqrt(1 / 3) * 2;
const kr = sin(pi / 10) / sin(7 * pi / 10);
sin(tau / 10) * kr;
-cos(tau / 10) * kr;
sqrt(3);
sqrt(3);
sqrt(3) / 2;
(1 / sqrt(12) / 2 + 1) * 3;
function noop() {}
function point$3(that, x, y) {
	that._context.bezierCurveTo((2 * that._x0 + that._x1) / 3, (2 * that._y0 + that._y1) / 3, (that._x0 + 2 * that._x1) / 3, (that._y0 + 2 * that._y1) / 3, (that._x0 + 4 * that._x1 + x) / 6, (that._y0 + 4 * that._y1 + y) / 6);
}
function Basis(context) {
	this._context = context;
}
Basis.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._x0 = this._x1 = this._y0 = this._y1 = NaN;
		this._point = 0;
	},
	lineEnd: function() {
		switch (this._point) {
			case 3: point$3(this, this._x1, this._y1);
			case 2: this._context.lineTo(this._x1, this._y1);
		}
		if (this._line || this._line !== 0 && this._point === 1) this._context.closePath();
		this._line = 1 - this._line;
	},
	point: function(x, y) {
		x = +x, y = +y;
		switch (this._point) {
			case 0:
				this._point = 1;
				this._line ? this._context.lineTo(x, y) : this._context.moveTo(x, y);
				break;
			case 1:
				this._point = 2;
				break;
			case 2:
				this._point = 3;
				this._context.lineTo((5 * this._x0 + this._x1) / 6, (5 * this._y0 + this._y1) / 6);
			default: point$3(this, x, y);
		}
		this._x0 = this._x1, this._x1 = x;
		this._y0 = this._y1, this._y1 = y;
	}
};
function BasisClosed(context) {
	this._context = context;
}
BasisClosed.prototype = {
	areaStart: noop,
	areaEnd: noop,
	lineStart: function() {
		this._x0 = this._x1 = this._x2 = this._x3 = this._x4 = this._y0 = this._y1 = this._y2 = this._y3 = this._y4 = NaN;
		this._point = 0;
	},
	lineEnd: function() {
		switch (this._point) {
			case 1:
				this._context.moveTo(this._x2, this._y2);
				this._context.closePath();
				break;
			case 2:
				this._context.moveTo((this._x2 + 2 * this._x3) / 3, (this._y2 + 2 * this._y3) / 3);
				this._context.lineTo((this._x3 + 2 * this._x2) / 3, (this._y3 + 2 * this._y2) / 3);
				this._context.closePath();
				break;
			case 3:
				this.point(this._x2, this._y2);
				this.point(this._x3, this._y3);
				this.point(this._x4, this._y4);
		}
	},
	point: function(x, y) {
		x = +x, y = +y;
		switch (this._point) {
			case 0:
				this._point = 1;
				this._x2 = x, this._y2 = y;
				break;
			case 1:
				this._point = 2;
				this._x3 = x, this._y3 = y;
				break;
			case 2:
				this._point = 3;
				this._x4 = x, this._y4 = y;
				this._context.moveTo((this._x0 + 4 * this._x1 + x) / 6, (this._y0 + 4 * this._y1 + y) / 6);
				break;
			default: point$3(this, x, y);
		}
		this._x0 = this._x1, this._x1 = x;
		this._y0 = this._y1, this._y1 = y;
	}
};
function BasisOpen(context) {
	this._context = context;
}
BasisOpen.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._x0 = this._x1 = this._y0 = this._y1 = NaN;
		this._point = 0;
	},
	lineEnd: function() {
		if (this._line || this._line !== 0 && this._point === 3) this._context.closePath();
		this._line = 1 - this._line;
	},
	point: function(x, y) {
		x = +x, y = +y;
		switch (this._point) {
			case 0:
				this._point = 1;
				break;
			case 1:
				this._point = 2;
				break;
			case 2:
				this._point = 3;
				var x0 = (this._x0 + 4 * this._x1 + x) / 6, y0 = (this._y0 + 4 * this._y1 + y) / 6;
				this._line ? this._context.lineTo(x0, y0) : this._context.moveTo(x0, y0);
				break;
			case 3: this._point = 4;
			default: point$3(this, x, y);
		}
		this._x0 = this._x1, this._x1 = x;
		this._y0 = this._y1, this._y1 = y;
	}
};
function Bundle(context, beta) {
	this._basis = new Basis(context);
	this._beta = beta;
}
Bundle.prototype = {
	lineStart: function() {
		this._x = [];
		this._y = [];
		this._basis.lineStart();
	},
	lineEnd: function() {
		var x = this._x, y = this._y, j = x.length - 1;
		if (j > 0) {
			var x0 = x[0], y0 = y[0], dx = x[j] - x0, dy = y[j] - y0, i = -1, t;
			while (++i <= j) {
				t = i / j;
				this._basis.point(this._beta * x[i] + (1 - this._beta) * (x0 + t * dx), this._beta * y[i] + (1 - this._beta) * (y0 + t * dy));
			}
		}
		this._x = this._y = null;
		this._basis.lineEnd();
	},
	point: function(x, y) {
		this._x.push(+x);
		this._y.push(+y);
	}
};
(function custom(beta) {
	function bundle(context) {
		return beta === 1 ? new Basis(context) : new Bundle(context, beta);
	}
	bundle.beta = function(beta) {
		return custom(+beta);
	};
	return bundle;
})(.85);
function point$2(that, x, y) {
	that._context.bezierCurveTo(that._x1 + that._k * (that._x2 - that._x0), that._y1 + that._k * (that._y2 - that._y0), that._x2 + that._k * (that._x1 - x), that._y2 + that._k * (that._y1 - y), that._x2, that._y2);
}
function Cardinal(context, tension) {
	this._context = context;
	this._k = (1 - tension) / 6;
}
Cardinal.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._x0 = this._x1 = this._x2 = this._y0 = this._y1 = this._y2 = NaN;
		this._point = 0;
	},
	lineEnd: function() {
		switch (this._point) {
			case 2:
				this._context.lineTo(this._x2, this._y2);
				break;
			case 3: point$2(this, this._x1, this._y1);
		}
		if (this._line || this._line !== 0 && this._point === 1) this._context.closePath();
		this._line = 1 - this._line;
	},
	point: function(x, y) {
		x = +x, y = +y;
		switch (this._point) {
			case 0:
				this._point = 1;
				this._line ? this._context.lineTo(x, y) : this._context.moveTo(x, y);
				break;
			case 1:
				this._point = 2;
				this._x1 = x, this._y1 = y;
				break;
			case 2: this._point = 3;
			default: point$2(this, x, y);
		}
		this._x0 = this._x1, this._x1 = this._x2, this._x2 = x;
		this._y0 = this._y1, this._y1 = this._y2, this._y2 = y;
	}
};
(function custom(tension) {
	function cardinal(context) {
		return new Cardinal(context, tension);
	}
	cardinal.tension = function(tension) {
		return custom(+tension);
	};
	return cardinal;
})(0);
function CardinalClosed(context, tension) {
	this._context = context;
	this._k = (1 - tension) / 6;
}
CardinalClosed.prototype = {
	areaStart: noop,
	areaEnd: noop,
	lineStart: function() {
		this._x0 = this._x1 = this._x2 = this._x3 = this._x4 = this._x5 = this._y0 = this._y1 = this._y2 = this._y3 = this._y4 = this._y5 = NaN;
		this._point = 0;
	},
	lineEnd: function() {
		switch (this._point) {
			case 1:
				this._context.moveTo(this._x3, this._y3);
				this._context.closePath();
				break;
			case 2:
				this._context.lineTo(this._x3, this._y3);
				this._context.closePath();
				break;
			case 3:
				this.point(this._x3, this._y3);
				this.point(this._x4, this._y4);
				this.point(this._x5, this._y5);
		}
	},
	point: function(x, y) {
		x = +x, y = +y;
		switch (this._point) {
			case 0:
				this._point = 1;
				this._x3 = x, this._y3 = y;
				break;
			case 1:
				this._point = 2;
				this._context.moveTo(this._x4 = x, this._y4 = y);
				break;
			case 2:
				this._point = 3;
				this._x5 = x, this._y5 = y;
				break;
			default: point$2(this, x, y);
		}
		this._x0 = this._x1, this._x1 = this._x2, this._x2 = x;
		this._y0 = this._y1, this._y1 = this._y2, this._y2 = y;
	}
};
(function custom(tension) {
	function cardinal(context) {
		return new CardinalClosed(context, tension);
	}
	cardinal.tension = function(tension) {
		return custom(+tension);
	};
	return cardinal;
})(0);
function CardinalOpen(context, tension) {
	this._context = context;
	this._k = (1 - tension) / 6;
}
CardinalOpen.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._x0 = this._x1 = this._x2 = this._y0 = this._y1 = this._y2 = NaN;
		this._point = 0;
	},
	lineEnd: function() {
		if (this._line || this._line !== 0 && this._point === 3) this._context.closePath();
		this._line = 1 - this._line;
	},
	point: function(x, y) {
		x = +x, y = +y;
		switch (this._point) {
			case 0:
				this._point = 1;
				break;
			case 1:
				this._point = 2;
				break;
			case 2:
				this._point = 3;
				this._line ? this._context.lineTo(this._x2, this._y2) : this._context.moveTo(this._x2, this._y2);
				break;
			case 3: this._point = 4;
			default: point$2(this, x, y);
		}
		this._x0 = this._x1, this._x1 = this._x2, this._x2 = x;
		this._y0 = this._y1, this._y1 = this._y2, this._y2 = y;
	}
};
(function custom(tension) {
	function cardinal(context) {
		return new CardinalOpen(context, tension);
	}
	cardinal.tension = function(tension) {
		return custom(+tension);
	};
	return cardinal;
})(0);
function point$1(that, x, y) {
	var x1 = that._x1, y1 = that._y1, x2 = that._x2, y2 = that._y2;
	if (that._l01_a > epsilon) {
		var a = 2 * that._l01_2a + 3 * that._l01_a * that._l12_a + that._l12_2a, n = 3 * that._l01_a * (that._l01_a + that._l12_a);
		x1 = (x1 * a - that._x0 * that._l12_2a + that._x2 * that._l01_2a) / n;
		y1 = (y1 * a - that._y0 * that._l12_2a + that._y2 * that._l01_2a) / n;
	}
	if (that._l23_a > epsilon) {
		var b = 2 * that._l23_2a + 3 * that._l23_a * that._l12_a + that._l12_2a, m = 3 * that._l23_a * (that._l23_a + that._l12_a);
		x2 = (x2 * b + that._x1 * that._l23_2a - x * that._l12_2a) / m;
		y2 = (y2 * b + that._y1 * that._l23_2a - y * that._l12_2a) / m;
	}
	that._context.bezierCurveTo(x1, y1, x2, y2, that._x2, that._y2);
}
function CatmullRom(context, alpha) {
	this._context = context;
	this._alpha = alpha;
}
CatmullRom.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._x0 = this._x1 = this._x2 = this._y0 = this._y1 = this._y2 = NaN;
		this._l01_a = this._l12_a = this._l23_a = this._l01_2a = this._l12_2a = this._l23_2a = this._point = 0;
	},
	lineEnd: function() {
		switch (this._point) {
			case 2:
				this._context.lineTo(this._x2, this._y2);
				break;
			case 3: this.point(this._x2, this._y2);
		}
		if (this._line || this._line !== 0 && this._point === 1) this._context.closePath();
		this._line = 1 - this._line;
	},
	point: function(x, y) {
		x = +x, y = +y;
		if (this._point) {
			var x23 = this._x2 - x, y23 = this._y2 - y;
			this._l23_a = Math.sqrt(this._l23_2a = Math.pow(x23 * x23 + y23 * y23, this._alpha));
		}
		switch (this._point) {
			case 0:
				this._point = 1;
				this._line ? this._context.lineTo(x, y) : this._context.moveTo(x, y);
				break;
			case 1:
				this._point = 2;
				break;
			case 2: this._point = 3;
			default: point$1(this, x, y);
		}
		this._l01_a = this._l12_a, this._l12_a = this._l23_a;
		this._l01_2a = this._l12_2a, this._l12_2a = this._l23_2a;
		this._x0 = this._x1, this._x1 = this._x2, this._x2 = x;
		this._y0 = this._y1, this._y1 = this._y2, this._y2 = y;
	}
};
(function custom(alpha) {
	function catmullRom(context) {
		return alpha ? new CatmullRom(context, alpha) : new Cardinal(context, 0);
	}
	catmullRom.alpha = function(alpha) {
		return custom(+alpha);
	};
	return catmullRom;
})(.5);
function CatmullRomClosed(context, alpha) {
	this._context = context;
	this._alpha = alpha;
}
CatmullRomClosed.prototype = {
	areaStart: noop,
	areaEnd: noop,
	lineStart: function() {
		this._x0 = this._x1 = this._x2 = this._x3 = this._x4 = this._x5 = this._y0 = this._y1 = this._y2 = this._y3 = this._y4 = this._y5 = NaN;
		this._l01_a = this._l12_a = this._l23_a = this._l01_2a = this._l12_2a = this._l23_2a = this._point = 0;
	},
	lineEnd: function() {
		switch (this._point) {
			case 1:
				this._context.moveTo(this._x3, this._y3);
				this._context.closePath();
				break;
			case 2:
				this._context.lineTo(this._x3, this._y3);
				this._context.closePath();
				break;
			case 3:
				this.point(this._x3, this._y3);
				this.point(this._x4, this._y4);
				this.point(this._x5, this._y5);
		}
	},
	point: function(x, y) {
		x = +x, y = +y;
		if (this._point) {
			var x23 = this._x2 - x, y23 = this._y2 - y;
			this._l23_a = Math.sqrt(this._l23_2a = Math.pow(x23 * x23 + y23 * y23, this._alpha));
		}
		switch (this._point) {
			case 0:
				this._point = 1;
				this._x3 = x, this._y3 = y;
				break;
			case 1:
				this._point = 2;
				this._context.moveTo(this._x4 = x, this._y4 = y);
				break;
			case 2:
				this._point = 3;
				this._x5 = x, this._y5 = y;
				break;
			default: point$1(this, x, y);
		}
		this._l01_a = this._l12_a, this._l12_a = this._l23_a;
		this._l01_2a = this._l12_2a, this._l12_2a = this._l23_2a;
		this._x0 = this._x1, this._x1 = this._x2, this._x2 = x;
		this._y0 = this._y1, this._y1 = this._y2, this._y2 = y;
	}
};
(function custom(alpha) {
	function catmullRom(context) {
		return alpha ? new CatmullRomClosed(context, alpha) : new CardinalClosed(context, 0);
	}
	catmullRom.alpha = function(alpha) {
		return custom(+alpha);
	};
	return catmullRom;
})(.5);
function CatmullRomOpen(context, alpha) {
	this._context = context;
	this._alpha = alpha;
}
CatmullRomOpen.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._x0 = this._x1 = this._x2 = this._y0 = this._y1 = this._y2 = NaN;
		this._l01_a = this._l12_a = this._l23_a = this._l01_2a = this._l12_2a = this._l23_2a = this._point = 0;
	},
	lineEnd: function() {
		if (this._line || this._line !== 0 && this._point === 3) this._context.closePath();
		this._line = 1 - this._line;
	},
	point: function(x, y) {
		x = +x, y = +y;
		if (this._point) {
			var x23 = this._x2 - x, y23 = this._y2 - y;
			this._l23_a = Math.sqrt(this._l23_2a = Math.pow(x23 * x23 + y23 * y23, this._alpha));
		}
		switch (this._point) {
			case 0:
				this._point = 1;
				break;
			case 1:
				this._point = 2;
				break;
			case 2:
				this._point = 3;
				this._line ? this._context.lineTo(this._x2, this._y2) : this._context.moveTo(this._x2, this._y2);
				break;
			case 3: this._point = 4;
			default: point$1(this, x, y);
		}
		this._l01_a = this._l12_a, this._l12_a = this._l23_a;
		this._l01_2a = this._l12_2a, this._l12_2a = this._l23_2a;
		this._x0 = this._x1, this._x1 = this._x2, this._x2 = x;
		this._y0 = this._y1, this._y1 = this._y2, this._y2 = y;
	}
};
(function custom(alpha) {
	function catmullRom(context) {
		return alpha ? new CatmullRomOpen(context, alpha) : new CardinalOpen(context, 0);
	}
	catmullRom.alpha = function(alpha) {
		return custom(+alpha);
	};
	return catmullRom;
})(.5);
function LinearClosed(context) {
	this._context = context;
}
LinearClosed.prototype = {
	areaStart: noop,
	areaEnd: noop,
	lineStart: function() {
		this._point = 0;
	},
	lineEnd: function() {
		if (this._point) this._context.closePath();
	},
	point: function(x, y) {
		x = +x, y = +y;
		if (this._point) this._context.lineTo(x, y);
		else this._point = 1, this._context.moveTo(x, y);
	}
};
function sign(x) {
	return x < 0 ? -1 : 1;
}
function slope3(that, x2, y2) {
	var h0 = that._x1 - that._x0, h1 = x2 - that._x1, s0 = (that._y1 - that._y0) / (h0 || h1 < 0 && -0), s1 = (y2 - that._y1) / (h1 || h0 < 0 && -0), p = (s0 * h1 + s1 * h0) / (h0 + h1);
	return (sign(s0) + sign(s1)) * Math.min(Math.abs(s0), Math.abs(s1), .5 * Math.abs(p)) || 0;
}
function slope2(that, t) {
	var h = that._x1 - that._x0;
	return h ? (3 * (that._y1 - that._y0) / h - t) / 2 : t;
}
function point(that, t0, t1) {
	var x0 = that._x0, y0 = that._y0, x1 = that._x1, y1 = that._y1, dx = (x1 - x0) / 3;
	that._context.bezierCurveTo(x0 + dx, y0 + dx * t0, x1 - dx, y1 - dx * t1, x1, y1);
}
function MonotoneX(context) {
	this._context = context;
}
MonotoneX.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._x0 = this._x1 = this._y0 = this._y1 = this._t0 = NaN;
		this._point = 0;
	},
	lineEnd: function() {
		switch (this._point) {
			case 2:
				this._context.lineTo(this._x1, this._y1);
				break;
			case 3: point(this, this._t0, slope2(this, this._t0));
		}
		if (this._line || this._line !== 0 && this._point === 1) this._context.closePath();
		this._line = 1 - this._line;
	},
	point: function(x, y) {
		var t1 = NaN;
		x = +x, y = +y;
		if (x === this._x1 && y === this._y1) return;
		switch (this._point) {
			case 0:
				this._point = 1;
				this._line ? this._context.lineTo(x, y) : this._context.moveTo(x, y);
				break;
			case 1:
				this._point = 2;
				break;
			case 2:
				this._point = 3;
				point(this, slope2(this, t1 = slope3(this, x, y)), t1);
				break;
			default: point(this, this._t0, t1 = slope3(this, x, y));
		}
		this._x0 = this._x1, this._x1 = x;
		this._y0 = this._y1, this._y1 = y;
		this._t0 = t1;
	}
};
function MonotoneY(context) {
	this._context = new ReflectContext(context);
}
(MonotoneY.prototype = Object.create(MonotoneX.prototype)).point = function(x, y) {
	MonotoneX.prototype.point.call(this, y, x);
};
function ReflectContext(context) {
	this._context = context;
}
ReflectContext.prototype = {
	moveTo: function(x, y) {
		this._context.moveTo(y, x);
	},
	closePath: function() {
		this._context.closePath();
	},
	lineTo: function(x, y) {
		this._context.lineTo(y, x);
	},
	bezierCurveTo: function(x1, y1, x2, y2, x, y) {
		this._context.bezierCurveTo(y1, x1, y2, x2, y, x);
	}
};
function Natural(context) {
	this._context = context;
}
Natural.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._x = [];
		this._y = [];
	},
	lineEnd: function() {
		var x = this._x, y = this._y, n = x.length;
		if (n) {
			this._line ? this._context.lineTo(x[0], y[0]) : this._context.moveTo(x[0], y[0]);
			if (n === 2) this._context.lineTo(x[1], y[1]);
			else {
				var px = controlPoints(x), py = controlPoints(y);
				for (var i0 = 0, i1 = 1; i1 < n; ++i0, ++i1) this._context.bezierCurveTo(px[0][i0], py[0][i0], px[1][i0], py[1][i0], x[i1], y[i1]);
			}
		}
		if (this._line || this._line !== 0 && n === 1) this._context.closePath();
		this._line = 1 - this._line;
		this._x = this._y = null;
	},
	point: function(x, y) {
		this._x.push(+x);
		this._y.push(+y);
	}
};
function controlPoints(x) {
	var i, n = x.length - 1, m, a = new Array(n), b = new Array(n), r = new Array(n);
	a[0] = 0, b[0] = 2, r[0] = x[0] + 2 * x[1];
	for (i = 1; i < n - 1; ++i) a[i] = 1, b[i] = 4, r[i] = 4 * x[i] + 2 * x[i + 1];
	a[n - 1] = 2, b[n - 1] = 7, r[n - 1] = 8 * x[n - 1] + x[n];
	for (i = 1; i < n; ++i) m = a[i] / b[i - 1], b[i] -= m, r[i] -= m * r[i - 1];
	a[n - 1] = r[n - 1] / b[n - 1];
	for (i = n - 2; i >= 0; --i) a[i] = (r[i] - a[i + 1]) / b[i];
	b[n - 1] = (x[n] + a[n - 1]) / 2;
	for (i = 0; i < n - 1; ++i) b[i] = 2 * x[i + 1] - a[i + 1];
	return [a, b];
}
function Step(context, t) {
	this._context = context;
	this._t = t;
}
Step.prototype = {
	areaStart: function() {
		this._line = 0;
	},
	areaEnd: function() {
		this._line = NaN;
	},
	lineStart: function() {
		this._x = this._y = NaN;
		this._point = 0;
	},
	lineEnd: function() {
		if (0 < this._t && this._t < 1 && this._point === 2) this._context.lineTo(this._x, this._y);
		if (this._line || this._line !== 0 && this._point === 1) this._context.closePath();
		if (this._line >= 0) this._t = 1 - this._t, this._line = 1 - this._line;
	},
	point: function(x, y) {
		x = +x, y = +y;
		switch (this._point) {
			case 0:
				this._point = 1;
				this._line ? this._context.lineTo(x, y) : this._context.moveTo(x, y);
				break;
			case 1: this._point = 2;
			default: if (this._t <= 0) {
				this._context.lineTo(this._x, y);
				this._context.lineTo(x, y);
			} else {
				var x1 = this._x * (1 - this._t) + x * this._t;
				this._context.lineTo(x1, this._y);
				this._context.lineTo(x1, y);
			}
		}
		this._x = x, this._y = y;
	}
};
// src/drill/drill-record.ts
const RECORD = object$2({
	archive: string$1(),
	at: pipe(string$1(), isoTimestamp()),
	outcome: picklist([
		"good",
		"differs",
		"failed",
		"lost"
	]),
	base: string$1(),
	digest: string$1(),
	release: string$1(),
	seconds: number$4(),
	same: number$4(),
	tests: number$4(),
	reason: string$1(),
	run: string$1(),
	packages: optional(record(string$1(), string$1())),
	basePackages: optional(record(string$1(), string$1())),
	gone: optional(array$1(string$1())),
	changes: optional(array$1(object$2({
		name: string$1(),
		before: string$1(),
		after: string$1()
	})))
});
/** A record that somebody else wrote; throws when it is none. */
function parseRecord(value) {
	return parse(RECORD, value);
}
/** Whether the archive still restores. */
function isGood(record) {
	return record.outcome === "good";
}
// src/report/page/history-part.ts
const WIDTH$1 = 720;
const HEIGHT$1 = 220;
const EDGE = {
	left: 56,
	right: 16,
	top: 16,
	bottom: 34
};
/** The drills of this archive: when, how long, and whether clients got the same answers. */
function historyPart(records) {
	if (records.length === 0) return null;
	const shown = records.toSorted((a, b) => a.at.localeCompare(b.at)).slice(-100);
	const words = `${shown.filter(isGood).length} of ${shown.length} drills brought it back, the last on ${day(shown.at(-1))} ${isGood(shown.at(-1)) ? "did" : "did not"}.`;
	return html`<div>
    <p class="lead">${words}</p>
    ${shown.length > 1 ? chart(shown, words) : null}
    <ul class="key" aria-label="Marks"><li class="good">restored, same answers</li><li class="bad">not</li></ul>
    <details open=${shown.length <= 6}><summary>The last ${shown.length} drills</summary>${table$3(shown.toReversed())}</details>
  </div>`;
}
function chart(records, words) {
	const x = time().domain([new Date(records[0].at), new Date(records.at(-1).at)]).range([EDGE.left, WIDTH$1 - EDGE.right]);
	const y = linear().domain([0, Math.max(1, ...records.map((each) => each.seconds))]).nice(4).range([HEIGHT$1 - EDGE.bottom, EDGE.top]);
	const path = line((each) => x(new Date(each.at)), (each) => y(each.seconds))(records);
	return html`<div class="scroll newest" tabindex="0" role="group" aria-label="Chart of the drills"><svg class="history" viewBox=${`0 0 ${WIDTH$1} ${HEIGHT$1}`} role="img" aria-label=${`Seconds that each drill took. ${words}`}>
    ${y.ticks(4).map((tick) => html`<g><line class="grid" x1=${EDGE.left} x2=${WIDTH$1 - EDGE.right} y1=${y(tick)} y2=${y(tick)} /><text x=${EDGE.left - 8} y=${y(tick) + 4} text-anchor="end">${tick} s</text></g>`)}
    <text x=${EDGE.left} y=${210}>${day(records[0])}</text>
    <text x=${WIDTH$1 - EDGE.right} y=${210} text-anchor="end">${day(records.at(-1))}</text>
    <path class="line" d=${path} />
    ${records.map((each) => mark(each, x(new Date(each.at)), y(each.seconds)))}
  </svg></div>`;
}
function mark(each, x, y) {
	return isGood(each) ? html`<circle class="good" cx=${x.toFixed(1)} cy=${y.toFixed(1)} r="5" />` : html`<rect class="bad" x=${(x - 5).toFixed(1)} y=${(y - 5).toFixed(1)} width="10" height="10" />`;
}
function table$3(records) {
	const rows = records.map((each) => html`<tr>
      <th scope="row">${day(each)}</th>
      <td><span class=${`badge ${isGood(each) ? "good" : "bad"}`}>${WORDS$1[each.outcome]}</span></td>
      <td data-label="Base">${printable(each.release || each.base)}${each.digest ? html` <code>${printable(shortDigest(each.digest))}</code>` : null}</td>
      <td data-label="Same answers" class="number">${each.tests > 0 ? `${each.same} of ${each.tests}` : ""}</td>
      <td data-label="Time" class="number">${secondsText(each.seconds)}</td>
      <td data-label="Why">${printable(each.reason).slice(0, 300)}</td>
    </tr>`);
	return html`<div class="scroll"><table class="stack">
    <caption>Drills, newest first</caption>
    <thead><tr><th scope="col">When</th><th scope="col">Outcome</th><th scope="col">Base</th><th scope="col" class="number">Same answers</th><th scope="col" class="number">Time</th><th scope="col">Why</th></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}
const WORDS$1 = {
	good: "restored",
	differs: "other answers",
	failed: "not restored",
	lost: "no result"
};
function day(each) {
	return each.at.slice(0, 10);
}
/** The first twelve digits say enough to tell bases apart. */
function shortDigest(digest) {
	return digest.replace(/^(?:.*@)?(?:sha256:)?/, "").slice(0, 12);
}
// src/report/account-changes.ts
/** Ids below are the system's own on Debian and its kin (login.defs(5), UID_MIN). */
const FIRST_PERSON = 1e3;
const NOBODY = 65534;
/**
* What became of the accounts: people's, and those of the system whose number changed or that are new or gone. Names and
* numbers only. Pure.
*/
function accountChanges(then, now) {
	return [...rows("user", ids(then.passwd, "uid"), ids(now.passwd, "uid")), ...rows("group", ids(then.group, "gid"), ids(now.group, "gid"))];
}
function ids(entries, id) {
	return new Map(entries.map((each) => [each.name, Number(each[id])]));
}
function rows(kind, then, now) {
	return [.../* @__PURE__ */ new Set([...then.keys(), ...now.keys()])].flatMap((name) => {
		const before = then.get(name);
		const after = now.get(name);
		if (before === after && !isPerson(before ?? 0)) return [];
		return [{
			kind,
			name,
			before: String(before ?? ""),
			after: String(after ?? ""),
			words: wordsOf(before, after)
		}];
	});
}
function wordsOf(before, after) {
	if (before === void 0) return "new: of today’s packages";
	if (after === void 0) return "not there any more";
	return before === after ? "as before" : "has another number; its files follow by name";
}
function isPerson(id) {
	return id >= FIRST_PERSON && id !== NOBODY;
}
// src/report/package-changes.ts
/**
* What became of the packages, in the order of their names: only what differs. A package with a successor is one line
* `ntp -> ntpsec`. Pure.
*/
function packageChanges(then, now, successors) {
	const after = versions(now);
	const renamed = new Map(successors.flatMap((each) => each.new && each.new !== each.old ? [[each.old, each.new]] : []));
	const old = then.filter(isThere).map((each) => changeOf(each, after, renamed.get(each.name)));
	const known = new Set(then.filter(isThere).map((each) => each.name));
	const used = new Set(renamed.values());
	const fresh = [...after].filter(([name]) => !known.has(name) && !used.has(name)).map(([name, version]) => ({
		name,
		before: "",
		after: version,
		main: false
	}));
	return [...old, ...fresh].filter((each) => each.before !== each.after).toSorted((a, b) => a.name < b.name ? -1 : 1);
}
function changeOf(old, after, successor) {
	const base = {
		before: old.version,
		main: old.manual && old.priority !== "required" && old.priority !== "important"
	};
	const same = after.get(old.name);
	const renamed = successor ? after.get(successor) : void 0;
	if (same === void 0 && renamed !== void 0) return {
		...base,
		name: `${old.name} -> ${successor}`,
		after: renamed
	};
	return {
		...base,
		name: old.name,
		after: same ?? ""
	};
}
function versions(packages) {
	return new Map(packages.filter(isThere).map((each) => [each.name, each.version]));
}
function isThere(each) {
	return each.status === "installed" || each.status === "hold";
}
// src/report/page/restore-page.ts
/** The page of a restore or a drill. Pure. */
function restorePage(page) {
	const { result, record, packedBytes, imageBytes, history, at } = page;
	const { plan, manifest, comparisons, journal } = result;
	const same = comparisons.filter((each) => each.verdict === "same" || each.verdict === "drift").length;
	return {
		kind: "Restored",
		title: plan.service,
		verdict: verdictOf(result, same),
		summary: `${plan.from.prettyName} ended on ${manifest.created.slice(0, 10)}; brought back on ${plan.to.prettyName} (${plan.base}).`,
		...attested(page.attestation),
		figures: [
			{
				label: "Same answers",
				value: comparisons.length > 0 ? `${same} of ${comparisons.length}` : "not asked"
			},
			{
				label: "Brought back in",
				value: secondsText(result.seconds)
			},
			{
				label: "Kept data",
				value: byteText(manifest.counts.keptBytes),
				note: `${count$1(manifest.counts.kept)} paths`
			},
			...packedBytes ? [{
				label: "Archive",
				value: byteText(packedBytes)
			}] : [],
			{
				label: "To look at",
				value: String(untrusted(page.attestation).length + look(result).length)
			}
		],
		look: [...untrusted(page.attestation), ...look(result)],
		answers: comparisons.map(shownAnswer),
		state: result.state,
		steps: record.steps.steps(),
		reasons: reasonsOf(manifest.counts, (rules) => wordsOf$1(rules, record.reasons)),
		sizes: sizesOf({
			image: manifest.service.image?.size,
			kept: manifest.counts.keptBytes,
			packed: packedBytes,
			newImage: imageBytes
		}),
		drift: driftOf(result),
		news: journal.news,
		files: filesOf(result),
		accounts: record.accounts ? accountChanges(record.accounts, result.now.accounts) : [],
		deeds: deedsOf(journal),
		history,
		paths: record.paths,
		made: {
			at,
			version: toolVersion
		}
	};
}
/** What the head of the page says about who made the archive. */
function attested(attestation) {
	return attestation && attestation.untrusted === void 0 ? { attestation: attestationText(attestation) } : {};
}
/** An attestation that cannot be relied on is for a person to look at. */
function untrusted(attestation) {
	if (attestation?.untrusted === void 0) return [];
	return [{
		level: "warning",
		what: "Attestation",
		why: attestationText(attestation),
		rule: "attestation",
		detail: ""
	}];
}
function verdictOf({ same, comparisons }, agreeing) {
	if (!same) return {
		mark: "bad",
		text: "Restored, but not as before"
	};
	if (comparisons.length === 0) return {
		mark: "unsure",
		text: "Restored; no smoke test shows that it is the same"
	};
	const all = agreeing === comparisons.length;
	return {
		mark: all ? "good" : "unsure",
		text: all ? "Restored: clients get the same answers" : "Restored; not every answer could be compared"
	};
}
function look({ journal, comparisons, state }) {
	return [
		...comparisons.filter((each) => each.verdict === "differs" || each.verdict === "missing").map((each) => ({
			level: "error",
			what: each.name,
			why: each.verdict === "missing" ? "no answer" : "another answer than before the end",
			rule: "smoke",
			detail: each.diff
		})),
		...state.findings.filter((each) => each.verdict === "differs").map((each) => ({
			level: "error",
			what: findingText(each),
			why: each.why,
			rule: each.rule,
			detail: ""
		})),
		...warningsOf(journal)
	];
}
/** What a restore noted for a person to look at. */
function warningsOf({ entries }) {
	return entries.filter((each) => each.level === "look" && each.stage !== "smoke").map(({ what, why, rule, detail }) => ({
		level: "warning",
		what,
		why,
		rule,
		detail: detail ?? ""
	}));
}
/** What a restore did, in order. */
function deedsOf({ entries }) {
	return entries.filter((each) => each.level === "done" && each.stage !== "smoke").map(({ stage, what, why, rule }) => ({
		stage,
		what,
		why,
		rule
	}));
}
const VERDICTS = {
	same: {
		verdict: "same",
		mark: "good"
	},
	drift: {
		verdict: "same but for versions",
		mark: "good"
	},
	differs: {
		verdict: "differs",
		mark: "bad"
	},
	missing: {
		verdict: "no answer",
		mark: "bad"
	},
	flaky: {
		verdict: "flaky",
		mark: "unsure"
	},
	"no-golden": {
		verdict: "new test",
		mark: "plain"
	}
};
function shownAnswer({ name, verdict, golden, now, results }) {
	const words = VERDICTS[verdict];
	return {
		name,
		...results && verdict === "drift" ? {
			...words,
			verdict: "same results"
		} : words,
		...golden ? { before: golden } : {},
		...now ? { after: now } : {},
		...results && results.length > 0 ? { results } : {}
	};
}
function driftOf({ manifest, now, plan }) {
	const why = new Map(plan.resolutions.filter((each) => each.how !== "same").map((each) => [each.old, each.why]));
	return packageChanges(manifest.system.packages, now.packages, plan.resolutions).map((each) => ({
		...each,
		mended: why.get(each.name.split(" -> ")[0]) ?? ""
	}));
}
/** Everything about configuration and the build that comes with a difference, or that a person should look at. */
function filesOf({ journal, plan }) {
	const dockerfile = plan.dockerfile.diff ? [{
		what: "Dockerfile, rewritten for this base",
		why: "from the recorded one",
		rule: "build/dockerfile",
		conflict: false,
		diff: plan.dockerfile.diff
	}] : [];
	return [...journal.entries.filter((each) => (each.stage === "configuration" || each.stage === "checks") && (each.detail || each.rule === "config/conflict")).map(({ what, why, rule, detail }) => ({
		what,
		why,
		rule,
		conflict: rule === "config/conflict",
		diff: detail ?? ""
	})), ...dockerfile];
}
// src/report/page/failed-restore-page.ts
/** The page of a restore or a drill that came to no end: why, what was done, what was not, and how to go on. Pure. */
function failedRestorePage(page) {
	const { name, record, error, packedBytes, history, at } = page;
	const { plan, manifest, journal, base } = record;
	const steps = record.steps.steps();
	const last = steps.at(-1);
	const progress = journal?.progress();
	const look = [
		failure(error),
		...untrusted(page.attestation),
		...journal ? warningsOf(journal) : []
	];
	return {
		kind: "Not restored",
		title: plan?.service ?? name,
		verdict: {
			mark: "bad",
			text: last ? `Not restored: stopped at "${last.name}"` : "Not restored"
		},
		summary: plan && manifest ? `${plan.from.prettyName} ended on ${manifest.created.slice(0, 10)}; it did not come back on ${plan.to.prettyName} (${plan.base}${base ? `, ${shortDigest(base.digest)}` : ""}).` : "The restore ended before there was a plan.",
		...attested(page.attestation),
		figures: [
			...progress ? [{
				label: "Stages done",
				value: String(progress.done.length)
			}] : [],
			...progress ? [{
				label: "Not done",
				value: String(progress.left.length + (progress.at ? 1 : 0))
			}] : [],
			...last ? [{
				label: "Stopped after",
				value: secondsText(last.start + last.seconds)
			}] : [],
			...manifest ? [{
				label: "Kept data",
				value: byteText(manifest.counts.keptBytes),
				note: `${count$1(manifest.counts.kept)} paths`
			}] : [],
			...packedBytes ? [{
				label: "Archive",
				value: byteText(packedBytes)
			}] : []
		],
		look,
		answers: [],
		state: journal?.state,
		steps: steps.map((each) => each === last ? {
			...each,
			failed: true
		} : each),
		reasons: manifest ? reasonsOf(manifest.counts, (rules) => wordsOf$1(rules, record.reasons)) : [],
		sizes: manifest ? sizesOf({
			image: manifest.service.image?.size,
			kept: manifest.counts.keptBytes,
			packed: packedBytes
		}) : [],
		drift: [],
		news: [],
		files: journal && plan ? filesOf({
			journal,
			plan
		}) : [],
		accounts: [],
		deeds: journal ? deedsOf(journal) : [],
		history,
		paths: record.paths,
		made: {
			at,
			version: toolVersion
		}
	};
}
/** The error, and what was done, what was not, and how to go on (`stoppedError`). */
function failure(error) {
	const known = error instanceof PerennialError;
	const [what, ...said] = withoutSecrets(known ? error.message : String(error)).split("\n");
	return {
		level: "error",
		what,
		why: known ? withoutSecrets(error.hint ?? "") : "a defect of Perennial; please report it",
		rule: known ? error.code : "defect",
		detail: said.join("\n")
	};
}
// src/report/page/accounts-part.ts
const MOST$6 = 500;
/** Users and groups with their ids then and now. */
function accountsPart(rows) {
	if (rows.length === 0) return null;
	return html`<div>
    <p class="lead">Accounts are merged by name. Files follow the names, also where a number had to change.</p>
    <div class="scroll"><table class="stack">
      <caption>Accounts</caption>
      <thead><tr>
        <th scope="col">Name</th><th scope="col">Kind</th><th scope="col" class="number">Id then</th><th scope="col" class="number">Id now</th><th scope="col">What became of it</th>
      </tr></thead>
      <tbody>${rows.slice(0, MOST$6).map(row$3)}</tbody>
    </table></div>
    ${rows.length > MOST$6 ? html`<p class="lead">… and ${count$1(rows.length - MOST$6)} more.</p>` : null}
  </div>`;
}
function row$3(each) {
	return html`<tr>
    <th scope="row" class="mono">${printable(each.name)}</th>
    <td data-label="Kind">${each.kind}</td>
    <td data-label="Id then" class="number">${each.before}</td>
    <td data-label="Id now" class="number">${each.after}</td>
    <td data-label="What became of it">${printable(each.words)}</td>
  </tr>`;
}
// src/report/result-words.ts
/** Columns of a table of the results of an analysis. */
const RESULT_HEADS = [
	"Result",
	"Verdict",
	"Then",
	"Now",
	"Difference",
	"Tolerance"
];
/** Verdicts on results in words. */
const RESULT_WORDS = {
	same: "same",
	within: "within tolerance",
	version: "other version",
	differs: "differs"
};
// src/report/page/answers-part.ts
const MOST_LINES$1 = 200;
/** Each smoke test with its two answers side by side; those that differ are open. */
function answersPart(answers) {
	if (answers.length === 0) return null;
	const asked = answers.some((each) => each.after);
	return html`<div>
    <p class="lead">
      What clients see. Each smoke test was asked before the service ended; a restore asks it again and compares line by
      line.
    </p>
    <div class="scroll">
      <table class="stack">
        <caption>Smoke tests and their answers</caption>
        <thead><tr><th scope="col">Smoke test</th><th scope="col">Verdict</th>${(asked ? ["Then", "Now"] : ["Answer"]).map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
        <tbody>${answers.map((each) => row$2(each, asked))}</tbody>
      </table>
    </div>
    ${answers.map(resultsOf)}
    ${answers.map(sides)}
  </div>`;
}
function row$2(each, asked) {
	return html`<tr>
    <th scope="row">${printable(each.name)}</th>
    <td><span class=${`badge ${each.mark}`}>${each.verdict}</span></td>
    <td data-label=${asked ? "Then" : "Answer"} class="mono">${status(each.before)}</td>
    ${asked ? html`<td data-label="Now" class="mono">${status(each.after)}</td>` : null}
  </tr>`;
}
function status(answer) {
	return answer ? printable(withoutSecrets(answer.status)).slice(0, 120) : "";
}
/** What an analysis gave then and now, and how far it is apart. */
function resultsOf({ name, results = [] }) {
	if (results.length === 0) return null;
	const shown = (text) => printable(withoutSecrets(text)).slice(0, 120);
	const rows = results.map((each) => html`<tr>
      <th scope="row">${shown(each.what)}</th>
      <td><span class=${`badge ${each.verdict === "differs" ? "bad" : "good"}`}>${RESULT_WORDS[each.verdict]}</span></td>
      <td data-label="Then" class="mono">${shown(each.was)}</td>
      <td data-label="Now" class="mono">${shown(each.is)}</td>
      <td data-label="Difference">${shown(each.difference)}</td>
      <td data-label="Tolerance">${shown(each.tolerance)}</td>
    </tr>`);
	return html`<h3>Results of “${printable(name)}”</h3>
    <div class="scroll"><table class="stack results">
      <caption>Results of “${printable(name)}”, then and now</caption>
      <thead><tr>${RESULT_HEADS.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
      <tbody>${rows}</tbody>
    </table></div>`;
}
function sides(each) {
	const then = lines(each.before);
	const now = lines(each.after);
	if (then.length === 0 && now.length === 0) return null;
	const changes = each.before && each.after ? diffIndices(then, now) : [];
	const changed = (side) => new Set(changes.flatMap(({ [side]: [from, count] }) => Array.from({ length: count }, (_, n) => from + n)));
	return html`<details open=${each.mark === "bad"}>
    <summary>Answer to “${printable(each.name)}”</summary>
    <div class=${each.before && each.after ? "sides" : ""}>
      ${each.before ? side(each.after ? "Then" : "Answer", then, changed("buffer1")) : null}
      ${each.after ? side("Now", now, changed("buffer2")) : null}
    </div>
  </details>`;
}
function side(title, lines, changed) {
	const shown = lines.slice(0, MOST_LINES$1).map((line, n) => changed.has(n) ? html`<mark>${line || " "}</mark>` : `${line}\n`);
	const more = lines.length > MOST_LINES$1 ? `… ${lines.length - MOST_LINES$1} more lines` : "";
	return html`<div><h3>${title}</h3><pre tabindex="0">${shown}${more}</pre></div>`;
}
function lines(answer) {
	return answer ? withoutSecrets(answer.lines.join("\n")).split("\n").filter((line, _, all) => all.length > 1 || line !== "").map((line) => printable(line).slice(0, 400)) : [];
}
// src/report/page/deeds-part.ts
const MOST$5 = 1e3;
/** Each thing that was done, with the rule that asked for it; folded. */
function deedsPart(deeds) {
	if (deeds.length === 0) return null;
	const rows = deeds.slice(0, MOST$5).map((each) => html`<tr>
      <td data-label="Stage">${each.stage}</td>
      <th scope="row">${printable(each.what)}</th>
      <td data-label="Why">${printable(each.why)}</td>
      <td data-label="Rule"><code>${printable(each.rule)}</code></td>
    </tr>`);
	const more = deeds.length > MOST$5 ? html`<p class="lead">… and ${count$1(deeds.length - MOST$5)} more.</p>` : null;
	return html`<details>
    <summary>What was done, in order: ${count$1(deeds.length)}</summary>
    <div class="scroll"><table class="stack">
      <caption>What was done, in order</caption>
      <thead><tr><th scope="col">Stage</th><th scope="col">What</th><th scope="col">Why</th><th scope="col">Rule</th></tr></thead>
      <tbody>${rows}</tbody>
    </table></div>
    ${more}
  </details>`;
}
// src/report/page/drift-part.ts
/** Rows of packages that nobody chose; a page of thousands of libraries helps nobody. */
const MOST$4 = 1e3;
/** So few rows need no folding. */
const FEW = 5;
/** Packages then and now: those that a person chose, then what is called otherwise today, then the rest, which came as dependencies. */
function driftPart(rows, compared) {
	if (rows.length === 0) return null;
	const main = rows.filter((each) => each.main);
	const mended = rows.filter((each) => !each.main && each.mended !== "" && each.after !== "");
	const rest = rows.filter((each) => !each.main && !mended.includes(each));
	return html`<div>
    <p class="lead">
      ${compared ? "The old system is not brought back, its packages are: at the versions of today. These are not what they were." : "What was installed at the end. A restore installs the same names in the versions of its day."}
    </p>
    ${main.length > 0 ? table$2("drift-main", "Chosen packages", main, compared) : null}
    ${mended.length > 0 ? html`<details open=${mended.length <= FEW}><summary>${count$1(mended.length)} ${mended.length === 1 ? "dependency" : "dependencies"} with another name today</summary>${table$2("drift-mended", "Dependencies with another name", mended, compared)}</details>` : null}
    ${rest.length > 0 ? html`<details open=${main.length === 0}><summary>${count$1(rest.length)} ${rest.length === 1 ? "other" : "others"}, which came as dependencies</summary>${filter("drift-rest")}${table$2("drift-rest", "Other packages", rest.slice(0, MOST$4), compared)}</details>` : null}
    ${rest.length > MOST$4 ? html`<p class="lead">… and ${count$1(rest.length - MOST$4)} more.</p>` : null}
  </div>`;
}
function filter(table) {
	return html`<div class="controls needs-script" hidden>
    <label>Filter the packages<input type="search" data-filters=${table} autocomplete="off" /></label>
  </div>`;
}
function table$2(id, caption, rows, compared) {
	return html`<div class="scroll"><table class="stack" id=${id}>
    <caption>${caption}</caption>
    <thead><tr>${(compared ? [
		"Package",
		"Then",
		"Now",
		"What mended it"
	] : ["Package", "Version"]).map((each) => html`<th scope="col">${each}</th>`)}</tr></thead>
    <tbody>${rows.map((each) => row$1(each, compared))}</tbody>
  </table></div>`;
}
function row$1(each, compared) {
	return html`<tr>
    <th scope="row" class="mono">${printable(each.name)}</th>
    <td data-label=${compared ? "Then" : "Version"} class="mono">${printable(each.before)}</td>
    ${compared ? html`<td data-label="Now" class="mono">${printable(each.after) || html`<span class="badge unsure">not there</span>`}</td>` : null}
    ${compared ? html`<td data-label="Mended by">${printable(each.mended)}</td>` : null}
  </tr>`;
}
// src/report/page/diff-block.ts
/** Lines and letters of one diff or message that a page shows. */
const MOST_LINES = 400;
const MOST_LETTERS = 400;
/**
* A unified diff (or plain message) with its lines coloured; the sign at the beginning of each says the same without
* colours. Focusable, so that it scrolls by keyboard.
*/
function diffBlock(text, name) {
	return block(text, name, kindOf);
}
/** A text that is no diff: a dash at the beginning of a line is only a dash. */
function textBlock(text, name) {
	return block(text, name, () => "same");
}
function block(text, name, kind) {
	const lines = withoutSecrets(text).replace(/\n+$/, "").split("\n");
	const shown = lines.slice(0, MOST_LINES).map((line) => {
		const cut = printable(line.slice(0, MOST_LETTERS).replaceAll("	", "    "));
		return html`<span class=${kind(line)}>${cut || " "}</span>`;
	});
	const more = lines.length > MOST_LINES ? html`<span class="at">… ${lines.length - MOST_LINES} more lines</span>` : null;
	return html`<pre class="diff" tabindex="0" role="group" aria-label=${printable(`Details: ${name}`).slice(0, 200)}>${shown}${more}</pre>`;
}
function kindOf(line) {
	if (/^(\+\+\+|---|@@)/.test(line)) return "at";
	if (line.startsWith("+")) return "add";
	return line.startsWith("-") ? "del" : "same";
}
// src/report/page/files-part.ts
const MOST$3 = 200;
/** Configuration that was merged or mended, conflicts first and open. */
function filesPart(files) {
	if (files.length === 0) return null;
	const sorted = files.toSorted((a, b) => Number(b.conflict) - Number(a.conflict));
	const conflicts = files.filter((each) => each.conflict).length;
	return html`<div>
    <p class="lead">
      Edited files are merged with today's defaults. Lines with - are today's default, lines with + are what the service
      has now.
      ${conflicts > 0 ? ` ${conflicts === 1 ? "One conflicts" : `${conflicts} conflict`}: both sides changed the same place, and yours was kept.` : ""}
    </p>
    <ul class="notices">${sorted.slice(0, MOST$3).map(item$1)}</ul>
    ${files.length > MOST$3 ? html`<p class="lead">… and ${files.length - MOST$3} more.</p>` : null}
  </div>`;
}
function item$1(each) {
	return html`<li class=${each.conflict ? "error" : "notice"}>
    <p>${each.conflict ? html`<span class="badge bad">Conflict</span> ` : null}<strong>${printable(each.what)}</strong></p>
    <p class="why">${printable(each.why)} <span class="rule">(${printable(each.rule)})</span></p>
    ${each.diff ? html`<details open=${each.conflict}><summary>Show the difference</summary>${diffBlock(each.diff, each.what)}</details>` : null}
  </li>`;
}
// src/report/page/news-part.ts
/** Entries that a page shows. */
const MOST$2 = 100;
/** What the packages' maintainers tell those who upgrade from the old versions, folded, in their own words. */
function newsPart(news) {
	if (news.length === 0) return null;
	return html`<div>
    <p class="lead">
      Written by the maintainers of today's packages for everybody who comes from the old versions. Perennial does not act upon
      it: read what concerns something that you use.
    </p>
    ${bySource(news.slice(0, MOST$2)).map(source)}
    ${news.length > MOST$2 ? html`<p class="lead">… and ${count$1(news.length - MOST$2)} more.</p>` : null}
  </div>`;
}
function bySource(news) {
	const sources = /* @__PURE__ */ new Map();
	for (const each of news) sources.set(each.source, [...sources.get(each.source) ?? [], each]);
	return [...sources.values()];
}
/** All entries of a package; a single one is told by itself. */
function source(entries) {
	const [first] = entries;
	if (entries.length === 1) return entry(first);
	const dates = entries.map((each) => each.date).filter(Boolean).sort();
	return html`<details>
    <summary><span class="mono">${printable(first.source)}</span> ${count$1(entries.length)} times${dates.length > 0 ? `, ${dates[0]} to ${dates.at(-1)}` : ""}</summary>
    <div class="inner">${entries.map(entry)}</div>
  </details>`;
}
function entry(each) {
	const title = printable(`${each.source} ${each.version}`);
	return html`<details>
    <summary><span class="mono">${title}</span> ${each.date}</summary>
    ${textBlock(each.text, title)}
  </details>`;
}
// src/report/page/notices.ts
/** Notices beyond these are counted: who has two hundred to look at has one problem. */
const MOST$1 = 200;
const WORDS = {
	error: "Error",
	warning: "Check",
	notice: "Note"
};
const MARKS = {
	error: "bad",
	warning: "unsure",
	notice: "plain"
};
/** What a person should look at, worst first. */
function lookPart(look) {
	if (look.length === 0) return null;
	const order = [
		"error",
		"warning",
		"notice"
	];
	const sorted = look.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
	const more = look.length > MOST$1 ? html`<p class="lead">… and ${look.length - MOST$1} more.</p>` : null;
	return html`<div><ul class="notices">${sorted.slice(0, MOST$1).map(item)}</ul>${more}</div>`;
}
function item(each) {
	return html`<li class=${each.level}>
    <p><span class=${`badge ${MARKS[each.level]}`}>${WORDS[each.level]}</span> <strong>${printable(each.what)}</strong></p>
    ${each.why.split("\n").filter(Boolean).map((line) => html`<p class="why">${printable(line)}</p>`)}
    ${each.rule ? html`<p class="rule">Rule <code>${printable(each.rule)}</code></p>` : null}
    ${each.detail ? html`<details><summary>Show the details</summary>${diffBlock(each.detail, each.what)}</details>` : null}
  </li>`;
}
// \0@oxc-project+runtime@0.158.0/helpers/esm/taggedTemplateLiteral.js
function _taggedTemplateLiteral(e, t) {
	return t || (t = e.slice(0)), Object.freeze(Object.defineProperties(e, { raw: { value: Object.freeze(t) } }));
}
// src/report/page/paths-part.ts
var _templateObject$1;
/**
* The list of all paths: a table of one page's rows, with a filter by reason and a search above. The rows lie compressed in the
* page and page/report.js shows them; without a script there are the first hundred.
*/
function pathsPart(paths) {
	if (paths.paths === 0) return null;
	return html(_templateObject$1 || (_templateObject$1 = _taggedTemplateLiteral([
		"<div>\n    <p class=\"lead\">\n      ",
		" paths that were kept, or left although they changed. Files that are as their package shipped\n      them are not listed.",
		"\n    </p>\n    <div class=\"controls needs-script\" hidden>\n      <label>Search in paths<input type=\"search\" autocomplete=\"off\" spellcheck=",
		" /></label>\n      <label>Reason<select>",
		"</select></label>\n    </div>\n    ",
		"\n    <div class=\"scroll\"><table class=\"stack paths\">\n      <caption>Paths</caption>\n      <thead><tr>\n        <th scope=\"col\">Path</th><th scope=\"col\">Why</th><th scope=\"col\">Owner</th><th scope=\"col\">Mode</th><th scope=\"col\" class=\"number\">Size</th>\n      </tr></thead>\n      <tbody>",
		"</tbody>\n    </table></div>\n    <script type=\"application/json\" id=\"path-reasons\" dangerouslySetInnerHTML=",
		"><\/script>\n    <script type=\"text/plain\" id=\"path-rows\" dangerouslySetInnerHTML=",
		"><\/script>\n  </div>"
	])), count$1(paths.paths), paths.listed < paths.paths ? ` To keep this page small it lists the first ${count$1(paths.listed)}; “perennial explain” knows all.` : "", false, options(paths), pager(paths), paths.first.map((each) => row(each, paths)), { __html: data(paths) }, { __html: paths.packed });
}
function options({ reasons }) {
	const numbered = reasons.map((each, n) => ({
		...each,
		n
	}));
	const group = (label, kept) => {
		const these = numbered.filter((each) => each.kept === kept);
		return these.length === 0 ? null : html`<optgroup label=${label}>${these.map((each) => html`<option value=${String(each.n)}>${each.words}</option>`)}</optgroup>`;
	};
	return html`<option value="">all</option>${group("Kept", true)}${group("Left", false)}`;
}
function pager(paths) {
	const shown = `1 to ${count$1(paths.first.length)} of ${count$1(paths.listed)} paths`;
	return html`<div class="pager">
    <button type="button" class="needs-script" hidden data-step="-1" disabled>Previous</button>
    <span role="status" tabindex="-1">${shown}</span>
    <button type="button" class="needs-script" hidden data-step="1" disabled>Next</button>
  </div>`;
}
function row(each, { reasons }) {
	return html`<tr>
    <th scope="row" class="mono">${each.path}</th>
    <td data-label="Why">${reasons[each.reason].words}</td>
    <td data-label="Owner" class="mono">${each.owner}</td>
    <td data-label="Mode" class="mono">${each.mode}</td>
    <td data-label="Size" class="number">${each.size === "" ? "" : byteText(Number(each.size))}</td>
  </tr>`;
}
/** JSON that cannot end its script element. */
function data({ reasons }) {
	return JSON.stringify(reasons.map(({ words }) => ({ words }))).replaceAll("<", "\\u003c");
}
// src/report/page/placed.ts
/**
* Positions as rules of the page's own style sheet: its content policy takes style attributes for an intruder's.
*/
var Placed = class {
	#rules = [];
	/** Gives the class of a box at these percentages of its parent. */
	box(left, top, width, height) {
		const name = `at${this.#rules.length}`;
		const percent = (value) => `${Math.round(value * 1e3) / 1e3}%`;
		this.#rules.push(`.${name}{left:${percent(left)};top:${percent(top)};width:${percent(width)};height:${percent(height)}}`);
		return name;
	}
	css() {
		return this.#rules.join("\n");
	}
};
// src/report/page/state-part.ts
const MOST = 500;
/** Accounts, files, ports, programs and what services hold, against those of before the end; what nothing explains comes first. */
function statePart(proof) {
	if (!proof || Object.keys(proof.compared).length === 0) return null;
	const findings = proof.findings.toSorted((a, b) => Number(b.verdict === "differs") - Number(a.verdict === "differs"));
	const unexplained = findings.filter((each) => each.verdict === "differs").length;
	const words = unexplained === 0 ? "Nothing differs that nothing explains." : `${count$1(unexplained)} ${unexplained === 1 ? "differs" : "differ"}, and nothing explains it.`;
	const listed = findings.slice(0, MOST);
	const isFolded = (each) => each.verdict === "explained" && each.area === "file";
	const open = listed.filter((each) => !isFolded(each));
	const reasons = byReason(listed.filter(isFolded));
	const more = findings.length > MOST ? html`<p class="lead">… and ${count$1(findings.length - MOST)} more.</p>` : null;
	return html`<div>
    <p class="lead">What clients do not see was compared, too: ${comparedText(proof)}. ${words}</p>
    ${open.length > 0 ? table$1(open, "What differs from before the end") : null}
    ${reasons.map(([why, all]) => folded(why, all))} ${more}
  </div>`;
}
/** Explained differences of files are many and of few reasons: a line a reason, which opens to its files. */
function byReason(findings) {
	const reasons = /* @__PURE__ */ new Map();
	for (const each of findings) reasons.set(each.why, [...reasons.get(each.why) ?? [], each]);
	return [...reasons].sort((a, b) => b[1].length - a[1].length);
}
function folded(why, findings) {
	const files = `${count$1(findings.length)} ${findings.length === 1 ? "file" : "files"}`;
	return html`<details><summary>${files}: ${shown(why)}</summary>${table$1(findings, `Explained: ${shown(why)}`)}</details>`;
}
function shown(text) {
	return printable(withoutSecrets(text)).slice(0, 200);
}
/** What the restore did not put back is there all the same, where the new system has its own. */
function today({ area, attribute, is, verdict }) {
	return verdict === "explained" && area === "file" && attribute === "presence" && is === "missing" ? "not put back" : shown(is);
}
function table$1(findings, caption) {
	const rows = findings.map((each) => html`<tr>
      <th scope="row" class="mono">${shown(each.subject)}</th>
      <td><span class=${`badge ${each.verdict === "differs" ? "bad" : "plain"}`}>${each.verdict}</span></td>
      <td data-label="What">${`${each.area}: ${shown(each.attribute)}`}</td>
      <td data-label="Then" class="mono">${shown(each.was)}</td>
      <td data-label="Now" class="mono">${today(each)}</td>
      <td data-label="Why">${shown(each.why)}</td>
    </tr>`);
	return html`<div class="scroll"><table class="stack">
    <caption>${caption}</caption>
    <thead><tr><th scope="col">Where</th><th scope="col">Verdict</th><th scope="col">What</th><th scope="col">Then</th><th scope="col">Now</th><th scope="col">Why</th></tr></thead>
    <tbody>${rows}</tbody>
  </table></div>`;
}
// node_modules/d3-hierarchy/dist/d3-hierarchy.mjs
function count(node) {
	var sum = 0, children = node.children, i = children && children.length;
	if (!i) sum = 1;
	else while (--i >= 0) sum += children[i].value;
	node.value = sum;
}
function node_count() {
	return this.eachAfter(count);
}
function node_each(callback, that) {
	let index = -1;
	for (const node of this) callback.call(that, node, ++index, this);
	return this;
}
function node_eachBefore(callback, that) {
	var node = this, nodes = [node], children, i, index = -1;
	while (node = nodes.pop()) {
		callback.call(that, node, ++index, this);
		if (children = node.children) for (i = children.length - 1; i >= 0; --i) nodes.push(children[i]);
	}
	return this;
}
function node_eachAfter(callback, that) {
	var node = this, nodes = [node], next = [], children, i, n, index = -1;
	while (node = nodes.pop()) {
		next.push(node);
		if (children = node.children) for (i = 0, n = children.length; i < n; ++i) nodes.push(children[i]);
	}
	while (node = next.pop()) callback.call(that, node, ++index, this);
	return this;
}
function node_find(callback, that) {
	let index = -1;
	for (const node of this) if (callback.call(that, node, ++index, this)) return node;
}
function node_sum(value) {
	return this.eachAfter(function(node) {
		var sum = +value(node.data) || 0, children = node.children, i = children && children.length;
		while (--i >= 0) sum += children[i].value;
		node.value = sum;
	});
}
function node_sort(compare) {
	return this.eachBefore(function(node) {
		if (node.children) node.children.sort(compare);
	});
}
function node_path(end) {
	var start = this, ancestor = leastCommonAncestor(start, end), nodes = [start];
	while (start !== ancestor) {
		start = start.parent;
		nodes.push(start);
	}
	var k = nodes.length;
	while (end !== ancestor) {
		nodes.splice(k, 0, end);
		end = end.parent;
	}
	return nodes;
}
function leastCommonAncestor(a, b) {
	if (a === b) return a;
	var aNodes = a.ancestors(), bNodes = b.ancestors(), c = null;
	a = aNodes.pop();
	b = bNodes.pop();
	while (a === b) {
		c = a;
		a = aNodes.pop();
		b = bNodes.pop();
	}
	return c;
}
function node_ancestors() {
	var node = this, nodes = [node];
	while (node = node.parent) nodes.push(node);
	return nodes;
}
function node_descendants() {
	return Array.from(this);
}
function node_leaves() {
	var leaves = [];
	this.eachBefore(function(node) {
		if (!node.children) leaves.push(node);
	});
	return leaves;
}
function node_links() {
	var root = this, links = [];
	root.each(function(node) {
		if (node !== root) links.push({
			source: node.parent,
			target: node
		});
	});
	return links;
}
function* node_iterator() {
	var node = this, current, next = [node], children, i, n;
	do {
		current = next.reverse(), next = [];
		while (node = current.pop()) {
			yield node;
			if (children = node.children) for (i = 0, n = children.length; i < n; ++i) next.push(children[i]);
		}
	} while (next.length);
}
function hierarchy(data, children) {
	if (data instanceof Map) {
		data = [void 0, data];
		if (children === void 0) children = mapChildren;
	} else if (children === void 0) children = objectChildren;
	var root = new Node$1(data), node, nodes = [root], child, childs, i, n;
	while (node = nodes.pop()) if ((childs = children(node.data)) && (n = (childs = Array.from(childs)).length)) {
		node.children = childs;
		for (i = n - 1; i >= 0; --i) {
			nodes.push(child = childs[i] = new Node$1(childs[i]));
			child.parent = node;
			child.depth = node.depth + 1;
		}
	}
	return root.eachBefore(computeHeight);
}
function node_copy() {
	return hierarchy(this).eachBefore(copyData);
}
function objectChildren(d) {
	return d.children;
}
function mapChildren(d) {
	return Array.isArray(d) ? d[1] : null;
}
function copyData(node) {
	if (node.data.value !== void 0) node.value = node.data.value;
	node.data = node.data.data;
}
function computeHeight(node) {
	var height = 0;
	do
		node.height = height;
	while ((node = node.parent) && node.height < ++height);
}
function Node$1(data) {
	this.data = data;
	this.depth = this.height = 0;
	this.parent = null;
}
Node$1.prototype = hierarchy.prototype = {
	constructor: Node$1,
	count: node_count,
	each: node_each,
	eachAfter: node_eachAfter,
	eachBefore: node_eachBefore,
	find: node_find,
	sum: node_sum,
	sort: node_sort,
	path: node_path,
	ancestors: node_ancestors,
	descendants: node_descendants,
	leaves: node_leaves,
	links: node_links,
	copy: node_copy,
	[Symbol.iterator]: node_iterator
};
function required(f) {
	if (typeof f !== "function") throw new Error();
	return f;
}
function constantZero() {
	return 0;
}
function constant(x) {
	return function() {
		return x;
	};
}
function roundNode(node) {
	node.x0 = Math.round(node.x0);
	node.y0 = Math.round(node.y0);
	node.x1 = Math.round(node.x1);
	node.y1 = Math.round(node.y1);
}
function treemapDice(parent, x0, y0, x1, y1) {
	var nodes = parent.children, node, i = -1, n = nodes.length, k = parent.value && (x1 - x0) / parent.value;
	while (++i < n) {
		node = nodes[i], node.y0 = y0, node.y1 = y1;
		node.x0 = x0, node.x1 = x0 += node.value * k;
	}
}
function TreeNode(node, i) {
	this._ = node;
	this.parent = null;
	this.children = null;
	this.A = null;
	this.a = this;
	this.z = 0;
	this.m = 0;
	this.c = 0;
	this.s = 0;
	this.t = null;
	this.i = i;
}
TreeNode.prototype = Object.create(Node$1.prototype);
function treemapSlice(parent, x0, y0, x1, y1) {
	var nodes = parent.children, node, i = -1, n = nodes.length, k = parent.value && (y1 - y0) / parent.value;
	while (++i < n) {
		node = nodes[i], node.x0 = x0, node.x1 = x1;
		node.y0 = y0, node.y1 = y0 += node.value * k;
	}
}
var phi = (1 + Math.sqrt(5)) / 2;
function squarifyRatio(ratio, parent, x0, y0, x1, y1) {
	var rows = [], nodes = parent.children, row, nodeValue, i0 = 0, i1 = 0, n = nodes.length, dx, dy, value = parent.value, sumValue, minValue, maxValue, newRatio, minRatio, alpha, beta;
	while (i0 < n) {
		dx = x1 - x0, dy = y1 - y0;
		do
			sumValue = nodes[i1++].value;
		while (!sumValue && i1 < n);
		minValue = maxValue = sumValue;
		alpha = Math.max(dy / dx, dx / dy) / (value * ratio);
		beta = sumValue * sumValue * alpha;
		minRatio = Math.max(maxValue / beta, beta / minValue);
		for (; i1 < n; ++i1) {
			sumValue += nodeValue = nodes[i1].value;
			if (nodeValue < minValue) minValue = nodeValue;
			if (nodeValue > maxValue) maxValue = nodeValue;
			beta = sumValue * sumValue * alpha;
			newRatio = Math.max(maxValue / beta, beta / minValue);
			if (newRatio > minRatio) {
				sumValue -= nodeValue;
				break;
			}
			minRatio = newRatio;
		}
		rows.push(row = {
			value: sumValue,
			dice: dx < dy,
			children: nodes.slice(i0, i1)
		});
		if (row.dice) treemapDice(row, x0, y0, x1, value ? y0 += dy * sumValue / value : y1);
		else treemapSlice(row, x0, y0, value ? x0 += dx * sumValue / value : x1, y1);
		value -= sumValue, i0 = i1;
	}
	return rows;
}
var squarify = (function custom(ratio) {
	function squarify(parent, x0, y0, x1, y1) {
		squarifyRatio(ratio, parent, x0, y0, x1, y1);
	}
	squarify.ratio = function(x) {
		return custom((x = +x) > 1 ? x : 1);
	};
	return squarify;
})(phi);
function index() {
	var tile = squarify, round = false, dx = 1, dy = 1, paddingStack = [0], paddingInner = constantZero, paddingTop = constantZero, paddingRight = constantZero, paddingBottom = constantZero, paddingLeft = constantZero;
	function treemap(root) {
		root.x0 = root.y0 = 0;
		root.x1 = dx;
		root.y1 = dy;
		root.eachBefore(positionNode);
		paddingStack = [0];
		if (round) root.eachBefore(roundNode);
		return root;
	}
	function positionNode(node) {
		var p = paddingStack[node.depth], x0 = node.x0 + p, y0 = node.y0 + p, x1 = node.x1 - p, y1 = node.y1 - p;
		if (x1 < x0) x0 = x1 = (x0 + x1) / 2;
		if (y1 < y0) y0 = y1 = (y0 + y1) / 2;
		node.x0 = x0;
		node.y0 = y0;
		node.x1 = x1;
		node.y1 = y1;
		if (node.children) {
			p = paddingStack[node.depth + 1] = paddingInner(node) / 2;
			x0 += paddingLeft(node) - p;
			y0 += paddingTop(node) - p;
			x1 -= paddingRight(node) - p;
			y1 -= paddingBottom(node) - p;
			if (x1 < x0) x0 = x1 = (x0 + x1) / 2;
			if (y1 < y0) y0 = y1 = (y0 + y1) / 2;
			tile(node, x0, y0, x1, y1);
		}
	}
	treemap.round = function(x) {
		return arguments.length ? (round = !!x, treemap) : round;
	};
	treemap.size = function(x) {
		return arguments.length ? (dx = +x[0], dy = +x[1], treemap) : [dx, dy];
	};
	treemap.tile = function(x) {
		return arguments.length ? (tile = required(x), treemap) : tile;
	};
	treemap.padding = function(x) {
		return arguments.length ? treemap.paddingInner(x).paddingOuter(x) : treemap.paddingInner();
	};
	treemap.paddingInner = function(x) {
		return arguments.length ? (paddingInner = typeof x === "function" ? x : constant(+x), treemap) : paddingInner;
	};
	treemap.paddingOuter = function(x) {
		return arguments.length ? treemap.paddingTop(x).paddingRight(x).paddingBottom(x).paddingLeft(x) : treemap.paddingTop();
	};
	treemap.paddingTop = function(x) {
		return arguments.length ? (paddingTop = typeof x === "function" ? x : constant(+x), treemap) : paddingTop;
	};
	treemap.paddingRight = function(x) {
		return arguments.length ? (paddingRight = typeof x === "function" ? x : constant(+x), treemap) : paddingRight;
	};
	treemap.paddingBottom = function(x) {
		return arguments.length ? (paddingBottom = typeof x === "function" ? x : constant(+x), treemap) : paddingBottom;
	};
	treemap.paddingLeft = function(x) {
		return arguments.length ? (paddingLeft = typeof x === "function" ? x : constant(+x), treemap) : paddingLeft;
	};
	return treemap;
}
(function custom(ratio) {
	function resquarify(parent, x0, y0, x1, y1) {
		if ((rows = parent._squarify) && rows.ratio === ratio) {
			var rows, row, nodes, i, j = -1, n, m = rows.length, value = parent.value;
			while (++j < m) {
				row = rows[j], nodes = row.children;
				for (i = row.value = 0, n = nodes.length; i < n; ++i) row.value += nodes[i].value;
				if (row.dice) treemapDice(row, x0, y0, x1, value ? y0 += (y1 - y0) * row.value / value : y1);
				else treemapSlice(row, x0, y0, value ? x0 += (x1 - x0) * row.value / value : x1, y1);
				value -= row.value;
			}
		} else {
			parent._squarify = rows = squarifyRatio(ratio, parent, x0, y0, x1, y1);
			rows.ratio = ratio;
		}
	}
	resquarify.ratio = function(x) {
		return custom((x = +x) > 1 ? x : 1);
	};
	return resquarify;
})(phi);
// src/report/page/treemap.ts
/** The shape that tiles are laid out for; the page stretches it. */
const WIDTH = 100;
const HEIGHT = 40;
/** What was kept and what was left, each reason a tile: all of it, and what was kept by itself. Tables say the same. */
function reasonsPart(reasons, placed) {
	if (reasons.length === 0) return null;
	const kept = reasons.filter((each) => each.kept);
	const left = reasons.filter((each) => !each.kept);
	return html`<div>
    <p class="lead">
      Kept is what nobody can make again. Left is what packages, build steps and the running system bring back by
      themselves. Areas are bytes.
    </p>
    <ul class="key" aria-label="Colours"><li class="kept">kept</li><li>left</li></ul>
    ${map("Everything that was looked at, by reason", [kept, left], placed)}
    ${kept.some((each) => each.bytes > 0) ? html`<h3>Only what was kept, enlarged</h3>${map("What was kept, by reason", [kept], placed)}` : null}
    ${table("Kept, and why", kept)}
    <details><summary>Left, and why: ${count$1(left.length)} more ${left.length === 1 ? "row" : "rows"}</summary>${table("Left, and why", left)}</details>
  </div>`;
}
function map(label, groups, placed) {
	const node = (reason) => ({ reason });
	const root = hierarchy({ children: groups.map((each) => ({ children: each.map(node) })) }).sum((each) => each.reason?.bytes ?? 0).sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
	const tiles = index().size([WIDTH, HEIGHT])(root).leaves().filter((each) => each.data.reason && (each.value ?? 0) > 0);
	if (tiles.length === 0) return null;
	return html`<ul class="treemap" aria-label=${label}>${tiles.map((each) => tile(each.data.reason, {
		left: each.x0,
		top: each.y0,
		width: each.x1 - each.x0,
		height: each.y1 - each.y0
	}, placed))}</ul>`;
}
function tile(reason, { left, top, width, height }, placed) {
	const at = placed.box(left, top / HEIGHT * 100, width, height / HEIGHT * 100);
	const small = width < 9 || height < 6 ? " small" : "";
	const words = printable(reason.words || reason.rule);
	return html`<li class=${`${at}${reason.kept ? " kept" : ""}${small}`} title=${`${words}: ${byteText(reason.bytes)}`}>
    <b>${byteText(reason.bytes)}</b>${words}
  </li>`;
}
function table(caption, reasons) {
	const rows = reasons.toSorted((a, b) => b.bytes - a.bytes || b.paths - a.paths);
	return html`<div class="scroll"><table class="stack">
    <caption>${caption}</caption>
    <thead><tr><th scope="col">${caption}</th><th scope="col">Rule</th><th scope="col" class="number">Paths</th><th scope="col" class="number">Bytes</th></tr></thead>
    <tbody>${rows.map((each) => html`<tr>
        <th scope="row">${printable(each.words || each.rule)}</th>
        <td data-label="Rule"><code>${printable(each.rule)}</code></td>
        <td data-label="Paths" class="number">${count$1(each.paths)}</td>
        <td data-label="Bytes" class="number">${byteText(each.bytes)}</td>
      </tr>`)}</tbody>
  </table></div>`;
}
// src/report/page/report-page.ts
var _templateObject;
async function readPageTexts() {
	const folder = join(knowledgeFolder(), "../page");
	const [css, script] = await Promise.all(["report.css", "report.js"].map((name) => readFile(join(folder, name), "utf8")));
	return {
		css,
		script
	};
}
/**
* A report as one HTML document that needs nothing else: no network, no other file. Its content policy allows the page's
* own style and script, by digest, and nothing more. Pure; whatever the model says is shown as text.
*/
function reportPage(model, texts) {
	const placed = new Placed();
	const parts = sections(model, placed);
	const css = `${texts.css}\n${placed.css()}\n`;
	const script = `\n${texts.script}`;
	const policy = `default-src 'none'; style-src ${digest(css)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`;
	const title = printable(`${model.title}: ${model.verdict.text}`);
	return `<!DOCTYPE html>\n${render(html(_templateObject || (_templateObject = _taggedTemplateLiteral([
		"<html lang=\"en\">\n    <head>\n      <meta charset=\"utf-8\" />\n      <meta http-equiv=\"Content-Security-Policy\" content=",
		" />\n      <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n      <meta name=\"color-scheme\" content=\"light dark\" />\n      <meta name=\"referrer\" content=\"no-referrer\" />\n      <title>",
		"</title>\n      <style dangerouslySetInnerHTML=",
		"></style>\n    </head>\n    <body>\n      <a class=\"skip\" href=\"#main\">Skip to the report</a>\n      ",
		" ",
		"\n      <main id=\"main\">\n        ",
		"\n      </main>\n      ",
		"\n      <script type=\"module\" dangerouslySetInnerHTML=",
		"><\/script>\n    </body>\n  </html>"
	])), policy, title, { __html: css }, header(model), navigation(parts), parts.map(({ id, title, part }) => html`<section id=${id} aria-labelledby=${`${id}-title`}><h2 id=${`${id}-title`}>${title}</h2>${part}</section>`), footer(model), { __html: script }))}\n`;
}
function sections(model, placed) {
	const restored = model.kind !== "Decommissioned";
	return [
		{
			id: "look",
			title: "Look at this",
			part: lookPart(model.look)
		},
		{
			id: "answers",
			title: restored ? "Answers, then and now" : "Golden answers",
			part: answersPart(model.answers)
		},
		{
			id: "state",
			title: "State, then and now",
			part: statePart(model.state)
		},
		{
			id: "history",
			title: "Drills so far",
			part: historyPart(model.history)
		},
		{
			id: "timeline",
			title: "Timeline of the run",
			part: timelinePart(model.steps)
		},
		{
			id: "kept",
			title: "Kept against left",
			part: reasonsPart(model.reasons, placed)
		},
		{
			id: "sizes",
			title: "Sizes",
			part: sizesPart(model.sizes)
		},
		{
			id: "packages",
			title: restored ? "Packages that drifted" : "Packages",
			part: driftPart(model.drift, restored)
		},
		{
			id: "news",
			title: "What the packages say that changed",
			part: newsPart(model.news)
		},
		{
			id: "configuration",
			title: "Configuration",
			part: filesPart(model.files)
		},
		{
			id: "accounts",
			title: "Accounts",
			part: accountsPart(model.accounts)
		},
		{
			id: "deeds",
			title: "What was done",
			part: deedsPart(model.deeds)
		},
		{
			id: "paths",
			title: "Every path, by reason",
			part: model.paths ? pathsPart(model.paths) : null
		}
	].filter((each) => each.part !== null);
}
function header(model) {
	return html`<header>
    <p class="kind">Perennial report: ${model.kind.toLowerCase()}</p>
    <h1>${printable(model.title)}</h1>
    <p class=${`verdict ${model.verdict.mark}`}>${printable(model.verdict.text)}</p>
    <p class="summary">${printable(model.summary)}</p>
    ${model.attestation ? html`<p class="summary">${model.attestation}.</p>` : null}
    <dl class="figures">
      ${model.figures.map((each) => html`<div>
            <dt>${each.label}</dt>
            <dd>${printable(each.value)}${each.note ? html`<small>${printable(each.note)}</small>` : null}</dd>
          </div>`)}
    </dl>
  </header>`;
}
function navigation(parts) {
	const links = parts.map(({ id, title }) => html`<li><a href=${`#${id}`}>${title}</a></li>`);
	return html`<nav aria-label="Parts of the report"><ul>${links}</ul></nav>`;
}
function footer({ made }) {
	return html`<footer>
    Made by Perennial ${made.version}, <time datetime=${made.at}>${made.at.replace("T", " ").replace(/\.\d+Z$/, " UTC")}</time>.
    Passwords, hashes and keys are left out. The page loads nothing from anywhere.
  </footer>`;
}
/** A source of a content policy (CSP 3, section 2.3.1). */
function digest(text) {
	return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
// src/report/restore-summary.ts
/** The result of a restore for a terminal: what a person should look at, and the answers. */
function restoreSummary(result, attestation) {
	const { plan, journal, comparisons } = result;
	const look = journal.entries.filter((entry) => entry.level === "look");
	const same = comparisons.filter((each) => each.verdict === "same" || each.verdict === "drift").length;
	return [
		`Restored ${printable(plan.service)} on ${plan.base} (${plan.to.prettyName}) in ${result.seconds} s`,
		...result.container ? [`  container ${result.container.name}, address ${result.container.address || "(none)"}, image ${result.image}`] : [],
		...attestation ? [`  ${attestation.untrusted === void 0 ? "" : "! "}${attestationText(attestation)}`] : [],
		`  ${journal.entries.length - look.length} things done, ${look.length} to look at`,
		...look.map((entry) => `  ! ${printable(entry.what)}: ${printable(entry.why)} (${entry.rule})`),
		...journal.news.length > 0 ? [`  told by the packages since: ${journal.news.length} changes (${sourcesOf(journal.news)}); the report has them`] : [],
		comparisons.length === 0 ? "  no smoke tests" : `  smoke tests: ${same} of ${comparisons.length} answers as before`,
		...comparisons.filter((each) => each.verdict !== "same" && each.verdict !== "drift").map((each) => `  ! ${printable(each.name)}: ${each.verdict}\n${printable(each.diff).replaceAll("\\x0a", "\n")}`)
	].join("\n");
}
function sourcesOf(news) {
	return [...new Set(news.map((each) => printable(each.source)))].join(", ");
}
// src/report/write-report.ts
/** Name of the page in a report's folder. */
const PAGE = "index.html";
/** Writes the report of a restore beside the Dockerfile and the program that the restore left there. */
async function writeRestoreReport(folder, page) {
	await makeFolder(folder);
	await writeFile(join(folder, "summary.txt"), `${restoreSummary(page.result, page.attestation)}\n`);
	await writePage(folder, restorePage({
		...page,
		at: (/* @__PURE__ */ new Date()).toISOString()
	}));
}
/** Writes the report of a restore that failed: the page, and the error with what was done and how to go on. */
async function writeFailedRestoreReport(folder, page) {
	const { error } = page;
	const text = error instanceof PerennialError ? error.toText() : String(error);
	await makeFolder(folder);
	await writeFile(join(folder, "summary.txt"), `Not restored. ${withoutSecrets(text)}\n`);
	await writePage(folder, failedRestorePage({
		...page,
		at: (/* @__PURE__ */ new Date()).toISOString()
	}));
}
/** Writes the report of a decommission. */
async function writeArchiveReport(folder, page) {
	await makeFolder(folder);
	await writePage(folder, archivePage(page));
}
async function writePage(folder, model) {
	await writeFile(join(folder, PAGE), reportPage(model, await readPageTexts()));
}
async function makeFolder(folder) {
	await mkdir(folder, { recursive: true }).catch((cause) => {
		throw new PerennialError("bad-input", `The report cannot be written to ${folder}: ${cause.message}`, {
			cause,
			hint: "Name a folder that exists or can be made with --report."
		});
	});
}
// src/store/docker-credentials.ts
/**
* What `docker login` or `podman login` left for a registry: their files, and the programs that these name (`docker-credential-NAME get`).
* https://docs.docker.com/reference/cli/docker/login/ , containers-auth.json(5). Undefined when nobody has logged in.
*/
async function findCredentials(host, env = process.env) {
	for (const file of loginFiles(env)) {
		const login = await readLogin(file);
		const found = login && await credentialsIn(login, host);
		if (found) return found;
	}
}
function loginFiles(env) {
	const home = env.HOME ?? homedir();
	return [
		...env.REGISTRY_AUTH_FILE ? [env.REGISTRY_AUTH_FILE] : [],
		join(env.DOCKER_CONFIG ?? join(home, ".docker"), "config.json"),
		...env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, "containers/auth.json")] : [],
		join(env.XDG_CONFIG_HOME ?? join(home, ".config"), "containers/auth.json")
	];
}
async function readLogin(file) {
	try {
		return JSON.parse(await readFile(file, "utf8"));
	} catch {
		return;
	}
}
async function credentialsIn(login, host) {
	const keys = [
		host,
		`https://${host}`,
		`http://${host}`,
		`https://${host}/v1/`,
		`https://${host}/v2/`
	];
	const helper = keys.map((key) => login.credHelpers?.[key]).find(Boolean);
	if (helper) return askHelper(helper, host);
	const key = keys.find((each) => login.auths?.[each]);
	const entry = key ? login.auths?.[key] : void 0;
	if (entry?.auth) {
		const [user = "", ...rest] = Buffer.from(entry.auth, "base64").toString().split(":");
		const identity = entry.identitytoken ? { identityToken: entry.identitytoken } : {};
		return {
			user,
			password: rest.join(":"),
			...identity
		};
	}
	return login.credsStore && key ? askHelper(login.credsStore, key) : void 0;
}
/** https://github.com/docker/docker-credential-helpers: the server on stdin, JSON on stdout. */
function askHelper(name, server) {
	if (!/^[\w.-]+$/.test(name)) return Promise.resolve(void 0);
	const child = spawn(`docker-credential-${name}`, ["get"], { stdio: [
		"pipe",
		"pipe",
		"ignore"
	] });
	let said = "";
	child.stdout.on("data", (chunk) => {
		said += chunk;
	});
	child.stdin.on("error", () => {});
	child.stdin.end(server);
	return new Promise((resolve) => {
		child.on("error", () => resolve(void 0));
		child.on("close", (code) => resolve(code === 0 ? parseHelper(said) : void 0));
	});
}
function parseHelper(said) {
	try {
		const { Username: user, Secret: password } = JSON.parse(said);
		if (!user || !password) return void 0;
		return user === "<token>" ? {
			user: "",
			password: "",
			identityToken: password
		} : {
			user,
			password
		};
	} catch {
		return;
	}
}
export { preformatted as C, openStore as D, attestationText as E, plain as S, byteText as T, archiveJobSummary as _, writeRestoreReport as a, folded$1 as b, RESULT_WORDS as c, parseRecord as d, RestoreRecord as f, archiveAnnotations as g, packPaths as h, writeFailedRestoreReport as i, packageChanges as l, RunSteps as m, PAGE as n, restoreSummary as o, wordsOf$1 as p, writeArchiveReport as r, RESULT_HEADS as s, findCredentials as t, isGood as u, code as v, table$4 as w, pageLink as x, count$1 as y };
