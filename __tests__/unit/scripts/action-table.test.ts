import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { actionTables, withActionTables } from '../../../scripts/action-table.ts';

const ROOT = join(import.meta.dirname, '../../..');

const ACTION = `
inputs:
  name: { description: "a | b\\n c", required: true }
  mode: { description: how, default: fast }
  empty: { description: nothing, default: '' }
outputs:
  address: { description: where }
`;

test('inputs and outputs as tables', () => {
  expect(actionTables(ACTION)).toBe(`| Input | What it is | Default |
| --- | --- | --- |
| \`name\` | a \\| b c | (required) |
| \`mode\` | how | \`fast\` |
| \`empty\` | nothing |  |

| Output | What it is |
| --- | --- |
| \`address\` | where |`);
});

test('tables go between their marks, and twice is as once', () => {
  const readme = 'x\n<!-- inputs:action.yml -->\nold\n<!-- end -->\ny';
  const once = withActionTables(readme, { 'action.yml': ACTION });
  expect(once).toBe(`x\n<!-- inputs:action.yml -->\n${actionTables(ACTION)}\n<!-- end -->\ny`);
  expect(withActionTables(once, { 'action.yml': ACTION })).toBe(once);
  expect(() => withActionTables('nothing', { 'action.yml': ACTION })).toThrow('no marks');
});

test.each(['action.yml', 'archive/action.yml', 'restore/action.yml'])(
  'the README has the tables of %s (npm run readme)',
  file => {
    const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
    expect(readme).toContain(actionTables(readFileSync(join(ROOT, file), 'utf8')));
  },
);
