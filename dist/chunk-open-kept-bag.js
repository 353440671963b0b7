import { Nn as openBag, cr as printable, ur as temporaryFolder } from "./chunk-annotation.js";
import { t as formatReference } from "./chunk-reference.js";
import { D as openStore } from "./chunk-docker-credentials.js";
import { join } from "node:path";
// src/report/plan-text.ts
/** The plan for a terminal: what will be done, in order, and why. */
function planText(plan) {
	return [
		`Plan: ${printable(plan.service)}, ${printable(plan.from.prettyName)} -> ${printable(plan.to.prettyName)} (${plan.base})`,
		...plan.steps.map((step, n) => `${String(n + 1).padStart(3)}. [${step.stage}] ${printable(step.what)}\n       ${printable(step.why)} (${printable(step.rule)})`),
		...plan.notes.length > 0 ? ["Notes:", ...plan.notes.map((note) => `  - ${printable(note)}`)] : [],
		...plan.dockerfile.diff ? ["Dockerfile:", plan.dockerfile.diff.trimEnd()] : []
	].join("\n");
}
// src/store/open-kept-bag.ts
/**
* Fetches the bag that a reference names, and opens it, decrypted where it is encrypted. What was fetched or unpacked is removed when the bag
* is closed; folders are for this user only.
* @throws PerennialError what stores and openBag throw
*/
async function openKeptBag(reference, settings, keys) {
	const name = typeof reference === "string" ? reference : formatReference(reference);
	const store = await openStore(reference, settings);
	const temporary = await temporaryFolder("fetched");
	const folder = temporary.path;
	try {
		const path = await store.fetch(join(folder, "bag"));
		const bag = await openBag(path, {
			keys,
			name,
			tempDir: folder
		});
		return {
			...bag,
			close: async () => {
				await bag.close();
				await temporary.remove();
			}
		};
	} catch (error) {
		await temporary.remove();
		throw error;
	}
}
export { planText as n, openKeptBag as t };
