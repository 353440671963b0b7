import { describe, expect, test } from '@jest/globals';
import type { HealthCheck } from '../../../src/engine/health-check.ts';
import { generateDockerfile } from '../../../src/plan/generate-dockerfile.ts';
import type { Resolution } from '../../../src/plan/resolve-packages.ts';
import { dockerfilePackages, type RewriteRequest, rewriteDockerfile } from '../../../src/plan/rewrite-dockerfile.ts';

const to = (old: string, now?: string, also?: string[]): Resolution => ({
  old,
  ...(now ? { new: now } : {}),
  ...(also ? { also } : {}),
  how: now === old ? 'same' : now ? 'provides' : 'gone',
  why: 'reason',
});

const REQUEST: RewriteRequest = {
  base: 'debian:trixie',
  resolutions: [
    to('php7.4-fpm', 'php8.4-fpm'),
    to('php7.4-json'),
    to('ntp', 'ntpsec'),
    to('tomcat9'),
    to('mime-support', 'mailcap', ['media-types']),
    to('curl', 'curl'),
    to('g++', 'g++'),
  ],
  substitutions: [{ stem: 'php', old: '7.4', new: '8.4' }],
  packageOf: program => (program === 'phpenmod' ? 'php-common' : undefined),
  codenames: { old: 'bullseye', new: 'trixie' },
};

/** What follows `FROM debian:bullseye` in a file becomes this. */
function rewriteBody(body: string, request: Partial<RewriteRequest> = {}): string {
  const { text } = rewriteDockerfile(`FROM debian:bullseye\n${body}\n`, { ...REQUEST, ...request });
  expect(text.startsWith('FROM debian:trixie\n')).toBe(true);
  return text.slice('FROM debian:trixie\n'.length, -1);
}

describe('package words', () => {
  const table: [string, string, string][] = [
    ['renamed', 'RUN apt-get install -y ntp', 'RUN apt-get install -y ntpsec'],
    [
      'dropped in the middle',
      'RUN apt-get install -y php7.4-fpm php7.4-json curl',
      'RUN apt-get install -y php8.4-fpm curl',
    ],
    ['dropped at the end', 'RUN apt install curl php7.4-json && true', 'RUN apt install curl && true'],
    [
      'several dropped at the end of a continuation',
      'RUN apt-get install curl \\\n  tomcat9 \\\n  php7.4-json',
      'RUN apt-get install curl',
    ],
    [
      'dropped between lines',
      'RUN apt-get install \\\n  tomcat9 \\\n  curl \\\n  && true',
      'RUN apt-get install \\\n  curl \\\n  && true',
    ],
    [
      'a comment between lines',
      'RUN apt-get install curl \\\n  # time\n  ntp',
      'RUN apt-get install curl \\\n  # time\n  ntpsec',
    ],
    ['a dropped word after a comment', 'RUN apt-get install curl \\\n  # web\n  tomcat9', 'RUN apt-get install curl'],
    ['a split package', 'RUN apt-get install mime-support', 'RUN apt-get install mailcap media-types'],
    ['a pin', 'RUN apt-get install curl=7.74.0-1.3 g++', 'RUN apt-get install curl g++'],
    [
      'a release and an architecture',
      'RUN apt-get install curl:amd64/bullseye ntp:any',
      'RUN apt-get install curl:amd64 ntpsec:any',
    ],
    ['a remove mark', 'RUN apt-get install curl ntp-', 'RUN apt-get install curl ntpsec-'],
    ['a target release', 'RUN apt-get install -y -t bullseye-backports curl', 'RUN apt-get install -y curl'],
    [
      'an option with a value',
      'RUN apt-get -o Dpkg::Options::=--x install ntp',
      'RUN apt-get -o Dpkg::Options::=--x install ntpsec',
    ],
    ['quotes', `RUN apt-get install "ntp" 'tomcat9'`, 'RUN apt-get install "ntpsec"'],
    ['purge', 'RUN apt-get purge -y ntp tomcat9', 'RUN apt-get purge -y ntpsec'],
    ['another command', 'RUN echo install ntp; pip install ntp', 'RUN echo install ntp; pip install ntp'],
    ['redirection', 'RUN apt-get install ntp >/tmp/ntp 2>&1', 'RUN apt-get install ntpsec >/tmp/ntp 2>&1'],
    [
      'exec form',
      'RUN ["apt-get", "install", "ntp", "tomcat9", "mime-support"]',
      'RUN ["apt-get", "install", "ntpsec", "mailcap", "media-types"]',
    ],
    ['nested shell', 'RUN bash -c "apt-get install tomcat9 ntp"', 'RUN bash -c "apt-get install ntpsec"'],
    [
      'here-document',
      'RUN <<EOF\napt-get install ntp \\\n  tomcat9\necho ntp\nEOF',
      'RUN <<EOF\napt-get install ntpsec\necho ntp\nEOF',
    ],
    [
      'a shell variable',
      "RUN deps='curl ntp tomcat9'; apt-get install $deps",
      "RUN deps='curl ntpsec'; apt-get install $deps",
    ],
    [
      'an ENV',
      'ENV DEPS="ntp curl"\nRUN apt-get install ${DEPS}',
      'ENV DEPS="ntpsec curl"\nRUN apt-get install ${DEPS}',
    ],
    ['a version in an ARG', 'ARG V=7.4\nRUN apt-get install php${V}-fpm', 'ARG V=8.4\nRUN apt-get install php${V}-fpm'],
    [
      'a variable that does not explain the new name',
      'ARG N=ntp\nRUN apt-get install x${N} ntp',
      'ARG N=ntp\nRUN apt-get install x${N} ntpsec',
    ],
    ['windows line ends', 'RUN apt-get install curl \\\r\n  ntp\r', 'RUN apt-get install curl \\\r\n  ntpsec\r'],
    ['an unknown word', 'RUN apt-get install frobnicate', 'RUN apt-get install frobnicate'],
  ];
  test.each(table)('%s', (_, before, after) => {
    expect(rewriteBody(before)).toBe(after);
  });
});

describe('names and paths', () => {
  const table: [string, string, string][] = [
    ['RUN', 'RUN sed -i s/a/b/ /etc/php/7.4/fpm/php.ini', 'RUN sed -i s/a/b/ /etc/php/8.4/fpm/php.ini'],
    ['CMD', 'CMD service php7.4-fpm start && ls /srv/7.4', 'CMD service php8.4-fpm start && ls /srv/7.4'],
    ['exec CMD', 'CMD ["php-fpm7.4", "-c", "/etc/php/7.4"]', 'CMD ["php-fpm8.4", "-c", "/etc/php/8.4"]'],
    ['ENV and VOLUME', 'ENV INI=/etc/php/7.4/x\nVOLUME /etc/php/7.4', 'ENV INI=/etc/php/8.4/x\nVOLUME /etc/php/8.4'],
    ['COPY: the destination only', 'COPY php7.4.ini /etc/php/7.4/x.ini', 'COPY php7.4.ini /etc/php/8.4/x.ini'],
    ['COPY of a here-document', 'COPY <<X /etc/php/7.4/x\nphp7.4\nX', 'COPY <<X /etc/php/8.4/x\nphp7.4\nX'],
    ['a bare version in RUN', 'RUN phpenmod -v 7.4 gd && sleep 7.4', 'RUN phpenmod -v 8.4 gd && sleep 7.4'],
    [
      'behind a continuation and a comment',
      'RUN phpenmod \\\n# which\n  -v 7.4 \\\n  gd; x 7.4',
      'RUN phpenmod \\\n# which\n  -v 8.4 \\\n  gd; x 7.4',
    ],
    [
      'in the exec form',
      'ENTRYPOINT ["phpenmod", "-v", "7.4"]\nCMD [ "sh", "-c", "phpenmod -v 7.4 x; x 7.4" ]',
      'ENTRYPOINT ["phpenmod", "-v", "8.4"]\nCMD [ "sh", "-c", "phpenmod -v 8.4 x; x 7.4" ]',
    ],
    [
      'in a health check',
      'HEALTHCHECK --interval=7s CMD phpenmod -v 7.4 x',
      'HEALTHCHECK --interval=7s CMD phpenmod -v 8.4 x',
    ],
    ['in a here-document', 'RUN <<X\nphpenmod -v 7.4 x\nx 7.4\nX', 'RUN <<X\nphpenmod -v 8.4 x\nx 7.4\nX'],
    ['LABEL stays', 'LABEL a=php7.4', 'LABEL a=php7.4'],
    [
      'package sources',
      'RUN echo "deb http://m/d bullseye-backports main" > /etc/apt/sources.list && echo bullseye',
      'RUN echo "deb http://m/d trixie-backports main" > /etc/apt/sources.list && echo trixie',
    ],
    ...(
      [
        ['archive.debian.org', 'deb.debian.org'],
        ['old-releases.ubuntu.com', 'archive.ubuntu.com'],
      ] as const
    ).map(([past, now]): [string, string, string] => [
      past,
      `RUN echo "deb http://${past}/x bullseye main" > /etc/apt/sources.list`,
      `RUN echo "deb http://${now}/x trixie main" > /etc/apt/sources.list`,
    ]),
    ['the old name elsewhere', 'RUN echo bullseye > /etc/motd', 'RUN echo bullseye > /etc/motd'],
  ];
  test.each(table)('%s', (_, before, after) => {
    expect(rewriteBody(before)).toBe(after);
  });

  test('replacements are whole words', () => {
    const request = { replacements: [{ from: '/etc/ntp.conf', to: '/etc/ntpsec/ntp.conf' }] };
    expect(rewriteBody('RUN cat /etc/ntp.conf /etc/ntp.conf.d /x/etc/ntp.confx', request)).toBe(
      'RUN cat /etc/ntpsec/ntp.conf /etc/ntp.conf.d /x/etc/ntp.confx',
    );
  });
});

describe('stages', () => {
  test('a base from an ARG, other stages, and stages on stages', () => {
    const text = [
      'ARG BASE=debian:bullseye',
      'FROM golang:1.17 AS build',
      'RUN apt-get install ntp',
      'FROM --platform=linux/amd64 ${BASE} AS one # x',
      'RUN apt-get install ntp',
      'FROM one',
      'COPY --from=build /a /b',
      'RUN apt-get install ntp',
      '',
    ].join('\n');
    const { text: now, finalBase, stages } = rewriteDockerfile(text, REQUEST);
    expect(now.split('\n')).toEqual([
      'ARG BASE=debian:bullseye',
      'FROM golang:1.17 AS build',
      'RUN apt-get install ntp',
      'FROM --platform=linux/amd64 debian:trixie AS one # x',
      'RUN apt-get install ntpsec',
      'FROM one',
      'COPY --from=build /a /b',
      'RUN apt-get install ntpsec',
      '',
    ]);
    expect(finalBase).toBe('debian:bullseye');
    expect(stages.map(({ name, resolved, rebased }) => [name, resolved, rebased])).toEqual([
      ['build', 'golang:1.17', false],
      ['one', 'debian:bullseye', true],
      ['', 'one', true],
    ]);
  });

  test('build arguments win over the default, and move when they hold the version', () => {
    const text = 'ARG BASE\nARG V=7.3\nFROM ${BASE:-debian:buster}\nARG V\nRUN apt-get install php${V}-fpm\n';
    const got = rewriteDockerfile(text, { ...REQUEST, buildArgs: { BASE: 'debian:bullseye', V: '7.4', X: '7.4' } });
    expect(got.finalBase).toBe('debian:bullseye');
    expect(got.buildArgs).toEqual({ BASE: 'debian:bullseye', V: '8.4', X: '7.4' });
    expect(got.text).toBe(text.replace('${BASE:-debian:buster}', 'debian:trixie'));
    expect(rewriteDockerfile(text, REQUEST).finalBase).toBe('debian:buster');
  });

  test.each([
    ['RUN true\n', 'bad-input'],
    ['FROM scratch\n', 'base-unknown'],
    ['ARG X\nFROM $X\n', 'base-unknown'],
  ])('%j is refused', (text, code) => {
    expect(() => rewriteDockerfile(text, REQUEST)).toThrow(expect.objectContaining({ code }));
  });
});

test('changes name the line, what it was and why', () => {
  const { changes } = rewriteDockerfile('FROM debian:bullseye\nRUN true\nRUN apt-get install ntp tomcat9\n', REQUEST);
  expect(changes).toEqual([
    {
      line: 1,
      before: 'FROM debian:bullseye',
      after: 'FROM debian:trixie',
      why: 'the service moves from debian:bullseye to debian:trixie',
    },
    {
      line: 3,
      before: 'RUN apt-get install ntp tomcat9',
      after: 'RUN apt-get install ntpsec',
      why: 'ntp is ntpsec (reason); tomcat9 dropped: reason',
    },
  ]);
});

test('dockerfilePackages lists every name once, variables put in', () => {
  const text =
    'FROM a\nARG V=7.4\nENV D="x1 y1"\nRUN apt-get install -y php${V}-fpm=1 $D g++ curl:amd64 && apt-get purge curl z-\n';
  expect(dockerfilePackages(text)).toEqual(['php7.4-fpm', 'x1', 'y1', 'g++', 'curl', 'z-']);
  expect(dockerfilePackages(text, { V: '8.0' })[0]).toBe('php8.0-fpm');
});

describe('generateDockerfile', () => {
  test('quotes what comes from the bag', () => {
    const text = generateDockerfile(['samba', 'curl', 'samba'], 'debian:trixie', {
      cmd: ['sh', '-c', 'echo "$HOME"'],
      env: { A: 'x "y" $z\\', B: 'two\nlines' },
      expose: ['445/tcp'],
      volumes: ['/share/a b'],
      labels: { 'a.b': 'c' },
      workdir: '/srv/$x',
      user: 'web',
    });
    expect(text.split('\n')).toEqual([
      'FROM debian:trixie',
      'LABEL "a.b"="c"',
      'ENV A="x \\"y\\" \\$z\\\\"',
      '# ENV B has several lines: give it when the container is started',
      'RUN apt-get update \\',
      ' && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \\',
      '      curl \\',
      '      samba \\',
      ' && rm -rf /var/lib/apt/lists/*',
      'EXPOSE 445/tcp',
      'VOLUME ["/share/a b"]',
      'WORKDIR /srv/\\$x',
      'USER web',
      'CMD ["sh","-c","echo \\"$HOME\\""]',
      '',
    ]);
  });
  test.each<[HealthCheck, string]>([
    [{ test: ['NONE'] }, 'HEALTHCHECK NONE'],
    [{ test: ['CMD', 'a b', '$c'] }, 'HEALTHCHECK CMD ["a b","$c"]'],
    [
      { test: ['CMD-SHELL', 'a "b"\nc'], interval: 1500000000, startPeriod: 1000000, timeout: 2e9, retries: 3 },
      'HEALTHCHECK --interval=1500ms --timeout=2000ms --start-period=1ms --retries=3 CMD ["/bin/sh","-c","a \\"b\\"\\nc"]',
    ],
  ])('repeats the health check %j', (health, line) => {
    expect(generateDockerfile([], 'debian', { health }).split('\n').slice(1)).toEqual([line, '']);
  });

  test.each([
    [['a; rm -rf /'], 'debian:trixie', {}],
    [['curl'], 'debian\nRUN evil', {}],
    [['curl'], 'debian', { expose: ['80\nRUN evil'] }],
    [['curl'], 'debian', { user: 'a\nRUN evil' }],
    [['curl'], 'debian', { env: { 'A=1\nRUN evil': '' } }],
  ])('%j %j %j is refused', (packages, base, settings) => {
    expect(() => generateDockerfile(packages, base, settings)).toThrow(expect.objectContaining({ code: 'bad-input' }));
  });
});
