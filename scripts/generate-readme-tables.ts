/*
 * npm run readme
 *
 * Writes the tables of inputs and outputs in README.md from the action.yml files, and that of protocols in docs/smoke-tests.md from
 * knowledge/probes; unit tests fail when they are stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { probeKinds } from '../src/knowledge/probe-kind.ts';
import { withActionTables } from './action-table.ts';
import { withProbeTable } from './probe-table.ts';
import { ROOT } from './provision/paths.ts';

const ACTIONS = ['action.yml', 'archive/action.yml', 'restore/action.yml'];

const readme = join(ROOT, 'README.md');
const files = Object.fromEntries(ACTIONS.map(file => [file, readFileSync(join(ROOT, file), 'utf8')]));
writeFileSync(readme, withActionTables(readFileSync(readme, 'utf8'), files));

const guide = join(ROOT, 'docs/smoke-tests.md');
writeFileSync(guide, withProbeTable(readFileSync(guide, 'utf8'), probeKinds().values()));
