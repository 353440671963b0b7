import { restoreInputs } from './inputs.ts';
import { restoreService } from './restore-service.ts';
import { runAction } from './run-action.ts';

await runAction(async () => restoreService(restoreInputs()));
