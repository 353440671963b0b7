import { drillInputs } from './drill-inputs.ts';
import { runAction } from './run-action.ts';
import { runDrill } from './run-drill.ts';

await runAction(async () => runDrill(drillInputs()));
