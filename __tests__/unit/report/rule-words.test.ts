import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ruleWords } from '../../../src/report/rule-words.ts';

const SOURCES = join(import.meta.dirname, '../../../src');
const RULE = /'((?:package|owner|unowned|language|image|runtime|structure)\/[a-z-]+)'/g;

function rulesOf(folder: string): string[] {
  const texts = readdirSync(join(SOURCES, folder)).map(name => readFileSync(join(SOURCES, folder, name), 'utf8'));
  return texts.flatMap(text => [...text.matchAll(RULE)].map(each => each[1]!));
}

test('what the program decides by itself is said in words: a report has no bare ids', () => {
  const rules = [...new Set(['classify', 'detect'].flatMap(rulesOf))];
  expect(rules).toEqual(expect.arrayContaining(['image/secret', 'package/unchanged', 'unowned/operation']));
  const words = ruleWords(rules, [], {});
  expect(rules.filter(rule => !words[rule])).toEqual([]);
});
