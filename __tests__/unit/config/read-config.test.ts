import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultConfig } from '../../../src/config/config.ts';
import {
  findConfig,
  parseConfig,
  parseSmokeTests,
  readConfig,
  readSmokeTests,
} from '../../../src/config/read-config.ts';
import { PerennialError } from '../../../src/errors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'perennial-config-'));
});
afterAll(() => rm(folder, { recursive: true }));

function faultOf(action: () => unknown): PerennialError {
  try {
    action();
  } catch (error) {
    if (error instanceof PerennialError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parseConfig', () => {
  test('gives every default for an empty text, and never the same arrays twice', () => {
    const config = parseConfig('', 'x');
    expect(config).toEqual(defaultConfig);
    config.include.push('/srv');
    expect(parseConfig('# only a comment\n', 'x').include).toEqual([]);
  });

  test('reads every field', () => {
    const text = `
name: lab
start: bash /opt/start.sh
include: [/srv/**, '**/*.key']
exclude: /var/tmp/**
logs: directories
rawData: true
freeze: true
crossCheck: true
quiesce: [sync, sync]
load:
smoke:
  - {type: tcp, name: t, port: 445}
  - {type: http, name: h, tls: true, headers: {Host: a.example}, answerHeaders: content-type, mask: 'id=\\d+'}
  - {type: smb, name: s, share: lab, user: alice, password: pw, command: ls, input: "a\\nb"}
  - {type: command, name: c, run: [id, -u], where: client, packages: [jq], timeout: 0.5}
`;
    const config = parseConfig(text, 'x');
    expect({ ...config, smoke: config.smoke.length }).toEqual({
      name: 'lab',
      defaults: true,
      start: 'bash /opt/start.sh',
      include: ['/srv/**', '**/*.key'],
      exclude: ['/var/tmp/**'],
      logs: 'directories',
      rawData: true,
      freeze: true,
      crossCheck: true,
      quiesce: ['sync', 'sync'],
      load: [],
      smoke: 4,
    });
    expect(config.smoke[1]).toMatchObject({ mask: ['id=\\d+'], answerHeaders: ['content-type'] });
    expect(config.smoke[3]).toMatchObject({ run: ['id', '-u'], packages: ['jq'], timeout: 0.5 });
  });

  test.each([
    ['unknown key', 'start: x\nexlude: []', 'p.yml:2: unknown key `exlude`; did you mean `exclude`?'],
    ['other spelling', 'raw-data: true', 'p.yml:1: unknown key `raw-data`; did you mean `rawData`?'],
    ['unknown key far from all', 'zzzzzz: 1', 'p.yml:1: unknown key `zzzzzz`'],
    ['unknown key of a test', 'smoke:\n- type: tcp\n  name: a\n  prot: 4', 'p.yml:2: `smoke[1].port` is missing'],
    [
      'unknown key beside all required ones',
      'smoke:\n- type: tcp\n  name: a\n  port: 4\n  timout: 4',
      'p.yml:5: unknown key `smoke[1].timout`; did you mean `timeout`?',
    ],
    ['key of another type', 'smoke:\n- {type: tcp, name: a, port: 4, share: x}', 'unknown key `smoke[1].share`'],
    [
      'unknown type',
      'smoke:\n- name: a\n  type: htp',
      'p.yml:3: `smoke[1].type`: unknown probe type "htp"; did you mean `http`?',
    ],
    ['no type', 'smoke:\n- name: a', '`smoke[1].type` is missing'],
    [
      'bad mask',
      'smoke:\n- type: tcp\n  name: a\n  port: 4\n  mask:\n  - ok\n  - "("',
      'p.yml:7: `smoke[1].mask[2]`: not a regular expression',
    ],
    [
      'twice the same name',
      'smoke:\n- {type: tcp, name: a, port: 4}\n- {type: tcp, name: a, port: 5}',
      'p.yml:3: `smoke[2]`: the name "a" is used twice',
    ],
    ['wrong type', 'start: [a]', 'p.yml:1: `start`: text is expected'],
    ['list with a wrong item', 'include:\n- /a\n- 5', 'p.yml:3: `include[2]`: text is expected'],
    ['list expected', 'include: {a: 1}', '`include`: a list is expected'],
    ['relative glob', 'exclude: tmp/**', '`exclude[1]`: paths are absolute'],
    ['policy', 'logs: none', '`logs`: keep or directories is expected'],
    ['port', 'smoke:\n- {type: tcp, name: a, port: 70000}', '`smoke[1].port`: ports end at 65535'],
    ['no map', '- a', 'p.yml:1: keys and values are expected'],
    ['a text', 'hello', 'p.yml:1: keys and values are expected'],
    ['broken YAML', 'start: x\nname: "a', 'p.yml:2: not readable as YAML'],
    ['twice the same key', 'start: a\nstart: b', 'p.yml:2: not readable as YAML: Map keys must be unique'],
    ['custom tag', 'start: !!js/function "x"', 'p.yml:1: not readable as YAML: Unresolved tag'],
    ['two documents', 'start: a\n---\nstart: b', 'not readable as YAML'],
    [
      'newline in a password',
      'smoke:\n- {type: smb, name: a, user: u, password: "a\\nusername = root"}',
      '`smoke[1].password`',
    ],
    ['newline in a header', 'smoke:\n- {type: http, name: a, headers: {X: "a\\r\\nY: b"}}', '`smoke[1].headers.X`'],
    [
      'a package that is an option',
      'smoke:\n- {type: command, name: a, run: x, packages: [-o=x]}',
      'not a Debian package name',
    ],
    ['prototype key', '__proto__: {a: 1}', 'unknown key `__proto__`'],
    ['deep nesting', '['.repeat(100_000), 'not readable as YAML'],
  ])('refuses: %s', (_, text, message) => {
    const fault = faultOf(() => parseConfig(text, 'p.yml'));
    expect(fault.message).toContain(message);
    expect(fault.code).toBe('config-invalid');
    expect(fault.exitCode).toBe(2);
  });

  test('refuses an alias bomb', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `a${i}: &a${i} [${i ? Array(9).fill(`*a${i - 1}`) : 'x'}]`);
    expect(faultOf(() => parseConfig(levels.join('\n'), 'p.yml')).message).toContain('alias');
  });

  test('never repeats a password in the error', () => {
    const fault = faultOf(() => parseConfig('smoke:\n- {type: smb, name: a, password: {is: hunter2}}', 'p.yml'));
    expect(fault.toText()).not.toContain('hunter2');
  });
});

describe('parseSmokeTests', () => {
  const list = '- {type: tcp, name: a, port: 1}';
  test.each([
    ['a bare list', list],
    ['under smoke:', `smoke:\n${list}`],
    ['a whole perennial.yml', `start: x\nsmoke:\n${list}`],
  ])('reads %s', (_, text) => {
    expect(parseSmokeTests(text, 't.yml')).toEqual([{ type: 'tcp', name: 'a', port: 1 }]);
  });

  test('a fault in a bare list has its own place and line', () => {
    const fault = faultOf(() => parseSmokeTests(`${list}\n- {type: tcp, name: b, port: x}`, 't.yml'));
    expect(fault.message).toBe('t.yml:2: `[2].port`: a port number is expected');
  });
});

describe('files', () => {
  test('findConfig finds either spelling, and refuses both', async () => {
    expect(await findConfig(folder)).toBeUndefined();
    await writeFile(join(folder, 'perennial.yaml'), 'start: x');
    expect(await findConfig(folder)).toBe(join(folder, 'perennial.yaml'));
    await writeFile(join(folder, 'perennial.yml'), 'start: y');
    await expect(findConfig(folder)).rejects.toThrow('both');
  });

  test('readConfig reads, and names a file that it cannot', async () => {
    await writeFile(join(folder, 'c.yml'), 'start: y');
    expect((await readConfig(join(folder, 'c.yml'))).start).toBe('y');
    await expect(readConfig(join(folder, 'none.yml'))).rejects.toThrow(/none\.yml cannot be read: ENOENT/);
    await writeFile(join(folder, 'latin.yml'), Buffer.from([0x61, 0x3a, 0xe9]));
    await expect(readConfig(join(folder, 'latin.yml'))).rejects.toThrow(/not UTF-8/);
    await expect(readSmokeTests(folder)).rejects.toMatchObject({ code: 'config-invalid' });
    await writeFile(join(folder, 'big.yml'), '#'.repeat(1024 * 1024 + 1));
    await expect(readConfig(join(folder, 'big.yml'))).rejects.toThrow(/at most 1048576/);
  });
});
