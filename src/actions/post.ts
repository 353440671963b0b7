import { endService } from './end-service.ts';
import { runAction } from './run-action.ts';

await runAction(endService);
