import { n as runAction, u as mainInputs } from "./chunk-run-action.js";
import { n as startService } from "./chunk-start-service.js";
// src/actions/main.ts
await runAction(async () => startService(mainInputs()));
export {};
