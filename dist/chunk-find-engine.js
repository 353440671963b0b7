import { s as PerennialError } from "./chunk-interruption.js";
import { i as CommandLineEngine } from "./chunk-annotation.js";
// src/engine/find-engine.ts
/**
* The engine to use: the one that is asked for, else the first of docker and podman that answers.
* @param wanted `docker`, `podman`, or empty to choose by itself
* @throws PerennialError `engine-missing`, naming what each one said
*/
async function findEngine(wanted = "") {
	if (wanted !== "" && wanted !== "docker" && wanted !== "podman") throw new PerennialError("bad-input", `Unknown engine "${wanted}"`, { hint: "Use docker or podman." });
	const names = wanted === "" ? ["docker", "podman"] : [wanted];
	const reasons = [];
	for (const name of names) {
		const engine = new CommandLineEngine(name);
		const reason = await engine.version().then(() => "", (error) => error.message);
		if (reason === "") return engine;
		reasons.push(reason);
	}
	throw new PerennialError("engine-missing", `No container engine answers. ${reasons.join(". ")}`, { hint: "Install and start docker or podman, or set DOCKER_HOST; your user must be allowed to use it." });
}
export { findEngine as t };
