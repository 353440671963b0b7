import { t as endService } from "./chunk-end-service.js";
import { n as runAction } from "./chunk-run-action.js";
// src/actions/post.ts
await runAction(endService);
export {};
