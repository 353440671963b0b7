import { m as setOutput } from "./chunk-core.js";
import { s as serviceConfig } from "./chunk-rebuild-context.js";
import { r as findEngine } from "./chunk-check-attestation.js";
import { a as foretellAttestation, o as refuseUnattested } from "./chunk-start-service.js";
import { n as refuseIncomplete, r as decommission } from "./chunk-end-service.js";
import { c as archiveInputs, f as refuseUnproved, n as runAction } from "./chunk-run-action.js";
// src/actions/archive-container.ts
/** The archive action: decommissions, now, a container that something else started. The container is left as it is. */
async function archiveContainer(inputs) {
	await foretellAttestation(inputs.attest);
	const { result, file, kept, verified, attested } = await decommission({
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
	setOutput("attested-by", attested.attestation?.signer.identity ?? "");
	refuseIncomplete(result.incomplete);
	refuseUnproved(verified);
	refuseUnattested(attested);
}
// src/actions/archive.ts
await runAction(async () => archiveContainer(archiveInputs()));
export {};
