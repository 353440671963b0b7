import { expect, test } from '@jest/globals';
import { movingNotes, oddAccountNotes } from '../../../src/archive/source-notes.ts';

test('lines of NIS and broken ones are named, never what could be a hash', () => {
  const files: Record<string, string> = {
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n+@lab::::::\n',
    '/etc/shadow': 'root:*:1:0:9:7:::\n-bob:$6$secret:\n',
  };
  const notes = oddAccountNotes(path => files[path] ?? '');
  expect(notes).toEqual([
    'Lines that are no accounts are in the archive, and a restore does not put them back (2): +@lab of /etc/passwd, -bob of /etc/shadow',
  ]);
  expect(oddAccountNotes(path => (files[path] ?? '').split('\n')[0]!)).toEqual([]);
});

test('what did not hold still is told apart, with the way to have it hold still', () => {
  const none = { grown: [], vanished: [], moving: [], escaped: [], mistaken: [], late: { changed: [], came: [] } };
  expect(movingNotes(none)).toEqual([]);
  const [changed] = movingNotes({ ...none, moving: ['/srv/db'] });
  expect(changed).toMatch(/changed whenever they were read\. With `freeze: true` .*\(1\): \/srv\/db/);
  expect(movingNotes({ ...none, escaped: ['/m/cur/1'] })[0]).toMatch(/are not in the archive\. With `freeze: true`/);
  expect(movingNotes({ ...none, grown: ['/a'], vanished: ['/b'] })).toHaveLength(2);
  const late = { changed: ['/srv/db', '/srv/index'], came: ['/m/new/2'] };
  expect(movingNotes({ ...none, moving: ['/srv/db'], late })).toEqual([
    expect.stringMatching(/changed whenever they were read.*: \/srv\/db$/),
    expect.stringMatching(/changed while others were read.*`freeze: true`.*\(1\): \/srv\/index$/),
    expect.stringMatching(/came while .* not in the archive \(1\): \/m\/new\/2$/),
  ]);
});
