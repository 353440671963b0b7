import { d as restoreInputs, n as runAction } from "./chunk-run-action.js";
import { n as restoreService } from "./chunk-restore-service.js";
// src/actions/restore.ts
await runAction(async () => restoreService(restoreInputs()));
export {};
