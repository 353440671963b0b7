import { p as setOutput } from "./chunk-core.js";
import { o as serviceConfig } from "./chunk-rebuild-context.js";
import { t as findEngine } from "./chunk-find-engine.js";
import { n as refuseIncomplete, r as decommission } from "./chunk-end-service.js";
import { c as archiveInputs, f as refuseUnproved, n as runAction } from "./chunk-run-action.js";
// src/actions/archive-container.ts
/** The archive action: decommissions, now, a container that something else started. The container is left as it is. */
async function archiveContainer(inputs) {
	const { result, file, kept, verified } = await decommission({
		archive: {
			engine: await findEngine(inputs.engine),
			container: inputs.container,
			...inputs.baseline ? { baseline: inputs.baseline } : {},
			...inputs.context ? {
				context: inputs.context,
				dockerfile: inputs.dockerfile
			} : {},
			buildArgs: inputs.buildArgs,
			config: await serviceConfig(inputs)
		},
		name: inputs.artifactName || inputs.container,
		upload: inputs.upload,
		verify: inputs.verify,
		keep: inputs
	});
	setOutput("bag", file);
	const artifact = kept.find((each) => each.id !== void 0);
	setOutput("artifact", artifact?.name ?? "");
	setOutput("artifact-id", artifact?.id ?? "");
	setOutput("kept-at", kept.map((each) => each.reference).join("\n"));
	setOutput("kept", result.manifest.counts.kept);
	setOutput("verified", verified.how);
	refuseIncomplete(result.incomplete);
	refuseUnproved(verified);
}
// src/actions/archive.ts
await runAction(async () => archiveContainer(archiveInputs()));
export {};
