import { expect, test } from '@jest/globals';
import { explainRows } from '../../../src/proof/sqlite-rows.ts';

const lost = (table: string) => explainRows(`table ${table} of /srv/cache/app.db`, '5', '4');

test('rows that are lost from tables of the owner differ, whatever their names contain', () => {
  for (const table of [
    'samples',
    'blog',
    'catalog',
    'temperature',
    'templates',
    'blocks',
    'attempts',
    'jobs',
    'api_tokens',
  ])
    expect([table, lost(table)]).toEqual([table, undefined]);
});

test('rows of sessions, caches and queues may go, and a running service writes more', () => {
  for (const table of ['sessions', 'user_session', 'page_cache', 'mail_queue', 'tmp_1'])
    expect([table, lost(table)]).toEqual([table, expect.stringContaining('come and go')]);
  expect(explainRows('table samples of /srv/app.db', '5', '6')).toContain('writes into its database');
});
