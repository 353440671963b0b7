import { describe, expect, test } from '@jest/globals';
import { copiedFiles } from '../../../src/plan/copied-files.ts';
import { parseDockerfile } from '../../../src/plan/dockerfile-text.ts';
import { rewriteContext } from '../../../src/plan/rewrite-context.ts';

const FILES = [
  'app.conf',
  'app/index.php',
  'conf/a.conf',
  'conf/b.ini',
  'rootfs/etc/x.conf',
  'rootfs/opt/x',
  'setup.sh',
];
const uses = (body: string, start: string[] = []) =>
  Object.fromEntries(copiedFiles(parseDockerfile(`FROM debian:bullseye\n${body}\n`), FILES, start));

describe('files of the build context that follow today’s names', () => {
  test.each<[string, string, Record<string, string>]>([
    ['a file to /etc', 'COPY app.conf /etc/nginx/conf.d/', { 'app.conf': 'configuration' }],
    ['with another name, and flags', 'COPY --chown=1:1 app.conf /etc/nginx/y', { 'app.conf': 'configuration' }],
    [
      'the exec form',
      'ADD ["app.conf", "conf/b.ini", "/etc/"]',
      { 'app.conf': 'configuration', 'conf/b.ini': 'configuration' },
    ],
    ['a glob', 'COPY conf/*.conf /etc/x/', { 'conf/a.conf': 'configuration' }],
    ['a folder laid over the root', 'COPY rootfs/ /', { 'rootfs/etc/x.conf': 'configuration' }],
    [
      'from a working directory',
      'WORKDIR /etc\nCOPY ./conf x',
      { 'conf/a.conf': 'configuration', 'conf/b.ini': 'configuration' },
    ],
    ['a program that a step runs', 'COPY . /opt/\nRUN sh /opt/setup.sh', { 'setup.sh': 'program' }],
    ['a program under another name', 'COPY setup.sh /entry\nENTRYPOINT ["/entry"]', { 'setup.sh': 'program' }],
    ['an application', 'COPY app /var/www/app\nCMD service php7.4-fpm start', {}],
    ['another stage’s', 'COPY --from=build app.conf /etc/x', {}],
    ['who knows where', 'COPY app.conf $DIR/', {}],
    ['a here-document', 'COPY <<app.conf /etc/x\ny\napp.conf', {}],
  ])('%s', (_, body, expected) => {
    expect(uses(body)).toEqual(expected);
  });

  test('and what starts the service', () => {
    expect(uses('COPY setup.sh /opt/', ['bash /opt/setup.sh'])).toEqual({ 'setup.sh': 'program' });
  });
});

test('configuration gets names and paths, a program bare versions, too; the rest is not touched', () => {
  const text = 'pg_ctlcluster 13 main start # /etc/postgresql/13 \xe9\n';
  const file = (path: string, use: 'configuration' | 'program') => ({ path, use, text });
  const { texts, diff } = rewriteContext(
    [file('a', 'configuration'), file('b', 'program'), { ...file('c', 'program'), text: 'sleep 13\n' }],
    [{ stem: 'postgresql', old: '13', new: '17' }],
    program => (program === 'pg_ctlcluster' ? 'postgresql-common' : undefined),
  );
  expect(texts).toEqual({
    a: 'pg_ctlcluster 13 main start # /etc/postgresql/17 \xe9\n',
    b: 'pg_ctlcluster 17 main start # /etc/postgresql/17 \xe9\n',
  });
  expect(diff).toContain('--- a (then)\n+++ a (today)\n');
});
