import { parse } from 'yaml';

interface Described {
  description: string;
  required?: boolean;
  default?: string;
}

/** The parts of an action.yml that a reader of the README wants. */
interface ActionFile {
  inputs?: Record<string, Described>;
  outputs?: Record<string, Described>;
}

/** Inputs and outputs of an action.yml as two Markdown tables, in the order of the file. Pure. */
export function actionTables(text: string): string {
  const { inputs = {}, outputs = {} } = parse(text) as ActionFile;
  return [
    ...table(
      ['Input', 'What it is', 'Default'],
      Object.entries(inputs).map(([name, each]) => [code(name), cell(each.description), defaultOf(each)]),
    ),
    '',
    ...table(
      ['Output', 'What it is'],
      Object.entries(outputs).map(([name, each]) => [code(name), cell(each.description)]),
    ),
  ].join('\n');
}

const END = '<!-- end -->';

/**
 * Puts the tables of each action between its marks, `<!-- inputs:action.yml -->` and `<!-- end -->`.
 * Throws when a README lacks the marks of one of them.
 */
export function withActionTables(readme: string, actions: Readonly<Record<string, string>>): string {
  return Object.entries(actions).reduce((text, [file, content]) => {
    const begin = `<!-- inputs:${file} -->`;
    const from = text.indexOf(begin);
    const to = text.indexOf(END, from);
    if (from < 0 || to < 0) throw new Error(`README.md has no marks ${begin} and ${END}`);
    return `${text.slice(0, from + begin.length)}\n${actionTables(content)}\n${text.slice(to)}`;
  }, readme);
}

function table(heads: string[], rows: string[][]): string[] {
  return [heads, heads.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`);
}

function defaultOf(each: Described): string {
  return each.required ? '(required)' : each.default === undefined || each.default === '' ? '' : code(each.default);
}

function cell(text: string): string {
  return text.trim().replaceAll('|', '\\|').replace(/\s+/g, ' ');
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}
