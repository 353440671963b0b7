import { expect, test } from '@jest/globals';
import { logText } from '../../../src/actions/log-text.ts';
import { mainProcess } from '../../../src/actions/main-process.ts';
import { audienceOf } from '../../../src/actions/runner.ts';
import { imageTag, namedVolumes } from '../../../src/actions/service-container.ts';
import { bagFileName, bagFolderName, storedNames } from '../../../src/bag/bag-file-name.ts';

test.each([
  ['plain words', 'plain words'],
  ['::set-output name=x::1', ': :set-output name=x::1'],
  ['  ::stop-commands::t', '  : :stop-commands::t'],
  ['a\n::error::b', 'a\n: :error::b'],
  ['progress\r::error::b', 'progress\n: :error::b'],
  ['before ##[error] it', 'before ## [error] it'],
  ['a::b', 'a::b'],
  ['\u001b[31mred\u0007\r\n', '\\x1b[31mred\\x07\n'],
])('nothing that a container says is a workflow command: %j', (text, expected) => {
  expect(logText(text)).toBe(expected);
});

test.each([
  ['private', '{"repository":{"private":true,"visibility":"private"}}', 'collaborators'],
  ['private, older payload', '{"repository":{"private":true}}', 'collaborators'],
  ['public', '{"repository":{"private":false,"visibility":"public"}}', 'others'],
  ['internal', '{"repository":{"private":true,"visibility":"internal"}}', 'others'],
  ['not private, older payload', '{"repository":{"private":false}}', 'others'],
  ['no repository', '{"inputs":{}}', 'unknown'],
  ['no JSON', '', 'unknown'],
])('who can read an artifact: %s', (_, payload, expected) => {
  expect(audienceOf(payload)).toBe(expected);
});

const SLEEP = { entrypoint: 'sleep', command: ['infinity'] };
test.each<[string, string[], string[], string, object]>([
  ['a daemon', [], ['/usr/sbin/smbd', '-F'], '', {}],
  ['an entry point', ['/entrypoint.sh'], [], 'x', {}],
  ['a shell with a script', [], ['sh', '-c', 'exec daemon'], 'x', {}],
  ['nothing', [], [], 'x', SLEEP],
  ['a bare shell', [], ['/bin/bash'], 'x', SLEEP],
  ['a bare shell below an init', ['tini', '--'], ['sh'], 'x', SLEEP],
])('main process: %s', (_, entrypoint, command, start, expected) => {
  expect(mainProcess({ entrypoint, command }, start)).toEqual(expected);
});

test.each([[[]], [['bash']]])('main process: %j and no start command', command => {
  expect(() => mainProcess({ entrypoint: [], command }, '')).toThrow(/no command that keeps running/);
});

test('named volumes', () => {
  expect(namedVolumes(['data:/data', 'a.b-c_1:/x:ro', '/host:/x', '/anonymous', './here:/x', 'C:\\x:/y'])).toEqual([
    'data',
    'a.b-c_1',
  ]);
});

test.each([
  ['lab', 'perennial/lab:service'],
  ['Lab File__Server!', 'perennial/lab-file-server:service'],
  ['ß', 'perennial/service:service'],
])('image tag of %s', (name, tag) => {
  expect(imageTag(name)).toBe(tag);
});

test.each([
  ['lab-bag', 'lab-bag.tar.zst', 'lab-bag'],
  ['lab-bag.tar.zst', 'lab-bag.tar.zst', 'lab-bag'],
  ['../../etc/x', '..-..-etc-x.tar.zst', '..-..-etc-x'],
  ['a:b*c?', 'a-b-c.tar.zst', 'a-b-c'],
  ['/', 'service.tar.zst', 'service'],
  ['.tar.zst', 'service.tar.zst', 'service'],
  ['lab.tar.zst.age', 'lab.tar.zst', 'lab'],
])('file of %s', (name, file, folder) => {
  expect(bagFileName(name)).toBe(file);
  expect(bagFolderName(name)).toBe(folder);
});

test('an artifact is looked for as we name it, then as it is said', () => {
  expect(storedNames('lab')).toEqual(['lab.tar.zst', 'lab.tar.zst.age', 'lab']);
  expect(storedNames('lab.tar.zst')).toEqual(['lab.tar.zst', 'lab.tar.zst.age']);
  expect(storedNames('lab.tar.zst.age')).toEqual(['lab.tar.zst', 'lab.tar.zst.age']);
});
