import { d as mainInputs, s as runAction } from "./chunk-runner.js";
import { n as startService } from "./chunk-start-service.js";
// src/actions/main.ts
await runAction(async () => startService(mainInputs()));
export {};
