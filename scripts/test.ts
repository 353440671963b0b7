/*
 * npm test [-- --only unit,integration]
 *
 * Provides what the tests need, checks types, style and dist/, runs the unit, integration and e2e tests, and ends with
 * one line that sums them all (a check counts as one test). With CI=true nothing may be skipped: a missing engine or
 * tool and a skipped test are failures. Elsewhere what is missing is named in one line and its project is not run.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tryRun } from './command.ts';
import { BASES } from './provision/bases.ts';
import { ROOT, toolEnv, WORK } from './provision/paths.ts';
import { type Needs, provision } from './provision/provision.ts';
import { TOOLS } from './provision/tools.ts';
import { addTallies, closingLine, parseTally, skippedNames, type Tally } from './test-results.ts';

const CI = process.env.CI === 'true' || process.env.CI === '1';
const ENGINE_TOOLS = TOOLS.map(tool => tool.name).filter(name => name !== 'act');

/** The stages in their order: the cheap ones first. A project that lacks what it needs does not run. */
const STAGES: { name: string; command?: string[]; needs?: Needs }[] = [
  { name: 'types', command: ['tsc', '--noEmit'] },
  { name: 'style', command: ['biome', 'ci', '.'] },
  { name: 'dist', command: ['node', 'scripts/check-dist.ts'] },
  { name: 'unit' },
  { name: 'integration', needs: { engine: true, bases: [...BASES], tools: ENGINE_TOOLS } },
  {
    name: 'cases',
    needs: {
      engine: true,
      bases: ['bullseye-main', 'trixie'],
      tools: ['smbclient', 'ldap', 'postgres', 'curl', 'jq'],
    },
  },
  { name: 'e2e', needs: { engine: true, bases: ['bullseye', 'trixie'], tools: ['act', 'smbclient'] } },
];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' } } });
  const wanted = values.only?.split(',') ?? STAGES.map(stage => stage.name);
  mkdirSync(WORK, { recursive: true });
  const tallies: Tally[] = [];
  for (const stage of STAGES.filter(each => wanted.includes(each.name))) tallies.push(await runStage(stage));
  const total = addTallies(tallies);
  console.log(`\n${closingLine(total)}`);
  process.exitCode = total.failed > 0 || (CI && total.skipped > 0) ? 1 : 0;
}

async function runStage(stage: (typeof STAGES)[number]): Promise<Tally> {
  console.log(`\n== ${stage.name}`);
  const start = Date.now();
  const lacking = stage.needs ? await findLacking(stage.needs) : '';
  if (lacking) console.log(`${stage.name}: not run. ${lacking}`);
  const tally = lacking
    ? { passed: 0, failed: CI ? 1 : 0, skipped: 0 }
    : stage.command
      ? check(stage.command)
      : runJest(stage.name);
  console.log(`-- ${stage.name}: ${closingLine(tally)}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
  return tally;
}

/** Why a stage cannot run, in one line; empty when all that it needs is there now. */
async function findLacking(needs: Needs): Promise<string> {
  try {
    await provision(needs, line => console.log(line));
    return '';
  } catch (error) {
    return (error as Error).message.replaceAll('\n', ' | ');
  }
}

function check([program, ...args]: string[]): Tally {
  const passed = tryRun(program!, args, { cwd: ROOT, env: toolEnv(), show: true }).code === 0;
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}

function runJest(project: string): Tally {
  const report = join(WORK, `jest-${project}.json`);
  rmSync(report, { force: true });
  const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', project, '--json', `--outputFile=${report}`];
  // The e2e workflows use fixed container names and most of the machine. The others wait for mirrors and daemons much of their time:
  // jest would run them one by one on two cores.
  const alone = project === 'e2e';
  const args = [
    '--experimental-vm-modules',
    '--no-warnings',
    ...jest,
    ...(alone ? ['--runInBand'] : [`--maxWorkers=${Math.max(2, availableParallelism() - 1)}`]),
  ];
  const code = tryRun('node', args, { cwd: ROOT, env: toolEnv(), show: true }).code;
  const text = existsSync(report) ? readFileSync(report, 'utf8') : undefined;
  const tally = parseTally(text);
  if (CI && text) for (const name of skippedNames(text)) console.log(`skipped, which CI does not allow: ${name}`);
  // An exit code that the counts do not explain (a coverage threshold, an open handle that was killed) is a failure.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
}

await main();
