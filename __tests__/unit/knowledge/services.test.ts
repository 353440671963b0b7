import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseService, readServices } from '../../../src/knowledge/read-services.ts';

const services = await readServices();

test('every file of the folder is an entry', () => {
  const files = readdirSync('knowledge/services').filter(name => name.endsWith('.yml'));
  expect(services.map(each => `${each.id}.yml`).sort()).toEqual(files.sort());
});

test('an unknown field and an id that is not the file’s name are refused', () => {
  expect(() => parseService('id: x\ntitle: X\nrecognise: {}\nexport: []', 'x.yml')).toThrow(
    /services\/x\.yml: .*export/,
  );
  expect(() => parseService('id: x\ntitle: X\nrecognise: {}', 'y.yml')).toThrow(/the id is "x"/);
});

/** Every shell program of an entry, with the field that it stands in. */
const programs = services.flatMap(service => [
  ...service.settings.map(each => [`${service.id} settings ${each.id}`, each.run]),
  ...service.flush.flatMap(each => [
    [`${service.id} flush ${each.id}`, each.run],
    [`${service.id} flush ${each.id} when`, each.when ?? ':'],
  ]),
  ...service.exports.flatMap(each => [
    [`${service.id} export ${each.id}`, each.run],
    [`${service.id} export ${each.id} when`, each.when ?? ':'],
    [`${service.id} export ${each.id} replacesFrom`, each.replacesFrom ?? ':'],
    [`${service.id} export ${each.id} load`, each.load],
  ]),
  ...service.differences.map(each => [`${service.id} difference ${each.id}`, each.run?.script ?? ':']),
  ...service.checks.flatMap(each => [
    [`${service.id} check ${each.id}`, each.run],
    [`${service.id} check ${each.id} when`, each.when ?? ':'],
  ]),
]);

test.each(programs)('%s is a program of POSIX shell', (_, text) => {
  const { status, stderr } = spawnSync('dash', ['-n'], { input: text, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

describe.each(services.map(each => [each.id, each] as const))('%s', (_, service) => {
  test('is recognised by something', () => {
    const { packages, processes, files } = service.recognise;
    expect(packages.length + processes.length + files.length).toBeGreaterThan(0);
  });

  test('everything has a source', () => {
    const all = [...service.exports, ...service.flush, ...service.differences, ...service.checks];
    expect(all.filter(each => each.source.length < 5)).toEqual([]);
  });

  test('patterns are regular expressions, and mends name a place', () => {
    for (const check of service.checks) {
      if (check.bad) expect(() => new RegExp(check.bad!)).not.toThrow();
      for (const mend of check.mends) expect(mend.pattern).toMatch(/\(\?<(file|line|directive)>/);
      for (const mend of check.mends) expect(() => new RegExp(mend.pattern)).not.toThrow();
    }
    for (const each of service.differences)
      for (const rewrite of each.rewrite ?? []) expect(() => new RegExp(rewrite.pattern)).not.toThrow();
  });
});
