import { describe, expect, test } from '@jest/globals';
import { rewriteVersionArguments, rewriteVersionWords } from '../../../src/plan/version-words.ts';

const SUBSTITUTIONS = [
  { stem: 'postgresql', old: '13', new: '17' },
  { stem: 'postgresql-client', old: '13', new: '17' },
  { stem: 'php', old: '7.4', new: '8.4' },
];
const PACKAGES: Record<string, string> = {
  pg_ctlcluster: 'postgresql-common',
  '/usr/bin/pg_ctlcluster': 'postgresql-common',
  pg_createcluster: 'postgresql-common',
  psql: 'postgresql-client-common',
  phpenmod: 'php-common',
  sleep: 'coreutils',
  phpize: 'phpology',
};
const rewrite = (text: string) => rewriteVersionWords(text, SUBSTITUTIONS, program => PACKAGES[program]);

describe('a version that is a word of its own', () => {
  test.each([
    ['pg_ctlcluster 13 main start', 'pg_ctlcluster 17 main start'],
    ['/usr/bin/pg_ctlcluster "13" main start', '/usr/bin/pg_ctlcluster "17" main start'],
    ['pg_ctlcluster --skip-systemctl-redirect 13 main start', 'pg_ctlcluster --skip-systemctl-redirect 17 main start'],
    ['su postgres -c "pg_ctlcluster 13 main start"', 'su postgres -c "pg_ctlcluster 17 main start"'],
    ['service postgresql start 13', 'service postgresql start 17'],
    ['/etc/init.d/postgresql start 13', '/etc/init.d/postgresql start 17'],
    ['psql --cluster 13/main -l', 'psql --cluster 17/main -l'],
    ['psql --cluster=13/main -l', 'psql --cluster=17/main -l'],
    ['phpenmod -v 7.4 gd && pg_ctlcluster 13 x start', 'phpenmod -v 8.4 gd && pg_ctlcluster 17 x start'],
    ['pg_ctlcluster \\\n  13 main start', 'pg_ctlcluster \\\n  17 main start'],
    ['#!/bin/sh\npg_ctlcluster 13 main start\nsleep 13\n', '#!/bin/sh\npg_ctlcluster 17 main start\nsleep 13\n'],
  ])('is the one of today where its command names the program: %s', (before, after) => {
    expect(rewrite(before)).toBe(after);
  });

  test.each([
    'sleep 13',
    'sleep 13; pg_ctlcluster 15 main start',
    'pg_ctlcluster 15 main start || sleep 13',
    'timeout 13 pg_ctlcluster 15 main start',
    'pg_createcluster -p 13 15 main',
    'pg_ctlcluster 13.1 main start',
    'pg_ctlcluster 131 main13 start',
    'phpize 7.4',
    'unknown 13 main',
  ])('stays where it may be anything else: %s', text => {
    expect(rewrite(text)).toBe(text);
  });

  test.each([
    [
      ['pg_ctlcluster', '13', 'main', 'start'],
      ['pg_ctlcluster', '17', 'main', 'start'],
    ],
    [
      ['sh', '-c', 'pg_ctlcluster 13 main start; sleep 13', '13'],
      ['sh', '-c', 'pg_ctlcluster 17 main start; sleep 13', '13'],
    ],
    [
      ['sleep', '13'],
      ['sleep', '13'],
    ],
  ])('arguments of one command, each by itself: %j', (before, after) => {
    expect(rewriteVersionArguments(before, SUBSTITUTIONS, program => PACKAGES[program])).toEqual(after);
  });

  test('stays where two packages of one name say two things', () => {
    const two = [...SUBSTITUTIONS, { stem: 'postgresql', old: '13', new: '15' }];
    expect(rewriteVersionWords('service postgresql start 13', two, () => undefined)).toBe(
      'service postgresql start 13',
    );
  });
});
