import { mainInputs } from './inputs.ts';
import { runAction } from './run-action.ts';
import { startService } from './start-service.ts';

await runAction(async () => startService(mainInputs()));
