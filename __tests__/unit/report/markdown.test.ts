import { describe, expect, test } from '@jest/globals';
import { annotation, fewAnnotations } from '../../../src/report/annotation.ts';
import { code, count, folded, plain, preformatted, table } from '../../../src/report/markdown.ts';
import { packageChanges } from '../../../src/report/package-changes.ts';
import { pieChart } from '../../../src/report/pie.ts';
import type { InstalledPackage } from '../../../src/system/system-facts.ts';

describe('plain', () => {
  test.each([
    ['words, (brackets) and 1.5: fine', 'words, (brackets) and 1.5: fine'],
    ['<script>&', '&#60;script&#62;&#38;'],
    ['a|b', 'a&#124;b'],
    ['**b** _i_ `c` ~~s~~', '&#42;&#42;b&#42;&#42; &#95;i&#95; &#96;c&#96; &#126;&#126;s&#126;&#126;'],
    ['![x](http://e)', '&#33;&#91;x&#93;(http&#58;//e)'],
    ['www.example.org WWW.', '&#119;ww.example.org &#87;WW.'],
    ['@owner #1 :boom: $x$', '&#64;owner &#35;1 &#58;boom: &#36;x&#36;'],
    ['two\nlines', 'two&#92;x0alines'],
    ['\udcff\u001b[0m', '&#92;xff&#92;x1b&#91;0m'],
  ])('%j', (text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  test('is cut before it is escaped, so that no reference is cut', () => {
    expect(plain('<<<<<', 3)).toBe('&#60;&#60;…');
  });
});

test('what is preformatted cannot leave its element', () => {
  expect(preformatted('</pre><b>\n\u001b[31m\n\n')).toBe('<pre>&lt;/pre&gt;&lt;b&gt;\n\\x1b[31m</pre>');
  expect(preformatted('1\n2\n3', 2)).toBe('<pre>1\n2\n… 1 more lines</pre>');
});

test('tables', () => {
  expect(
    table(
      ['A', 'B'],
      'lr',
      [
        ['1', '2'],
        ['3', '4'],
        ['5', '6'],
      ],
      2,
    ),
  ).toBe('| A | B |\n| --- | ---: |\n| 1 | 2 |\n| 3 | 4 |\n| … 1 more |  |');
});

test('small things', () => {
  expect(code('a`b')).toBe('<code>a&#96;b</code>');
  expect(count(11598)).toBe('11,598');
  expect(folded('t', 'b')).toBe('<details><summary>t</summary>\n\nb\n\n</details>');
});

describe('pieChart', () => {
  test('largest first, the rest together, nothing that ends a label', () => {
    const slices = [1, 2, 3, 4, 5, 6, 7, 0].map(value => ({ label: `r"${value}\n`, value }));
    expect(pieChart('a"b', slices).split('\n')).toEqual([
      '```mermaid',
      'pie showData title a b',
      ...[7, 6, 5, 4, 3, 2].map(value => `  "r ${value} " : ${value}`),
      '  "other" : 1',
      '```',
    ]);
  });
  test('values of mermaid', () => {
    expect(
      pieChart('t', [
        { label: 'a', value: 0.0001 },
        { label: 'b', value: 2.345 },
      ]),
    ).toMatch(/"b" : 2.35\n {2}"a" : 0.01/);
    expect(pieChart('t', [{ label: 'a', value: 0 }])).toBe('');
  });
});

test('annotations: ten of a level, the last counts the others', () => {
  const warnings = Array.from({ length: 12 }, (_, n) => annotation('warning', 't', `${n}`));
  const few = fewAnnotations([...warnings, annotation('error', 't\n', 'e\u001b')]);
  expect(few).toHaveLength(11);
  expect(few[0]).toEqual({ level: 'error', title: 't\\x0a', message: 'e\\x1b' });
  expect(few.at(-1)).toMatchObject({ level: 'warning', message: '3 more are in the summary of the job' });
  expect(fewAnnotations(warnings.slice(0, 10))).toHaveLength(10);
});

test('packageChanges', () => {
  const pack = (name: string, version: string, more: Partial<InstalledPackage> = {}): InstalledPackage => ({
    name,
    version,
    architecture: 'amd64',
    source: name,
    manual: false,
    status: 'installed',
    provides: [],
    conffiles: {},
    ...more,
  });
  const then = [
    pack('ntp', '4.2', { manual: true }),
    pack('samba', '4.13', { manual: true }),
    pack('same', '1'),
    pack('gone', '1'),
    pack('base-files', '11', { manual: true, priority: 'required' }),
    pack('purged', '1', { status: 'config-files' }),
  ];
  const now = [
    pack('ntpsec', '1.2'),
    pack('samba', '4.22'),
    pack('same', '1'),
    pack('fresh', '1'),
    pack('base-files', '13'),
  ];
  expect(
    packageChanges(then, now, [
      { old: 'ntp', new: 'ntpsec' },
      { old: 'samba', new: 'samba' },
    ]),
  ).toEqual([
    { name: 'base-files', before: '11', after: '13', main: false },
    { name: 'fresh', before: '', after: '1', main: false },
    { name: 'gone', before: '1', after: '', main: false },
    { name: 'ntp -> ntpsec', before: '4.2', after: '1.2', main: true },
    { name: 'samba', before: '4.13', after: '4.22', main: true },
  ]);
});
