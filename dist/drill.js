import { n as drillInputs } from "./chunk-github-api.js";
import { n as runAction } from "./chunk-run-action.js";
import { r as runDrill } from "./chunk-run-drill.js";
// src/actions/drill.ts
await runAction(async () => runDrill(drillInputs()));
export {};
