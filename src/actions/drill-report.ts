import { reportInputs } from './drill-inputs.ts';
import { reportDrills } from './report-drills.ts';
import { runAction } from './run-action.ts';

await runAction(async () => reportDrills(reportInputs()));
