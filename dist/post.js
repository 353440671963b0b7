import { t as endService } from "./chunk-end-service.js";
import { s as runAction } from "./chunk-runner.js";
// src/actions/post.ts
await runAction(endService);
export {};
