import { S as setOutput, s as runAction, u as archiveInputs } from "./chunk-runner.js";
import { a as serviceConfig } from "./chunk-rebuild-context.js";
import { l as findEngine } from "./chunk-wait-ready.js";
import { n as refuseIncomplete, r as decommission } from "./chunk-end-service.js";
// src/actions/archive-container.ts
/** The archive action: decommissions, now, a container that something else started. The container is left as it is. */
async function archiveContainer(inputs) {
	const { result, file, upload } = await decommission({
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
		retentionDays: inputs.retentionDays,
		allowPlaintextSecrets: inputs.allowPlaintextSecrets
	});
	setOutput("bag", file);
	setOutput("artifact", upload?.name ?? "");
	setOutput("artifact-id", upload?.id ?? "");
	setOutput("kept", result.manifest.counts.kept);
	refuseIncomplete(result.incomplete);
}
// src/actions/archive.ts
await runAction(async () => archiveContainer(archiveInputs()));
export {};
