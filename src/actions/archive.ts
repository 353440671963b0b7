import { archiveContainer } from './archive-container.ts';
import { archiveInputs } from './inputs.ts';
import { runAction } from './run-action.ts';

await runAction(async () => archiveContainer(archiveInputs()));
