import { describe, expect, test } from '@jest/globals';
import { buildArguments, execArguments, runArguments, runOptionArguments } from '../../../src/engine/arguments.ts';
import type { BuildOptions, ExecOptions, RunContainerOptions, RunOptions } from '../../../src/engine/engine.ts';

describe('docker build', () => {
  test.each<[string, BuildOptions, string[]]>([
    ['a context alone', { context: '/ctx' }, ['/ctx']],
    [
      'everything',
      {
        context: '.',
        dockerfile: '/D f',
        tag: 'a:b',
        pull: true,
        noCache: true,
        buildArgs: { A: '1 2', B: '' },
        labels: { l: 'v' },
      },
      [
        ...['--file', '/D f', '--tag', 'a:b', '--pull', '--no-cache', '--build-arg', 'A=1 2', '--build-arg', 'B='],
        ...['--label', 'l=v', '.'],
      ],
    ],
  ])('%s', (_, options, rest) => {
    expect(buildArguments(options, '/id')).toEqual(['build', '--force-rm', '--iidfile', '/id', ...rest]);
  });
});

describe('docker exec', () => {
  test.each<[string, ExecOptions, boolean, string[]]>([
    ['plain', {}, false, []],
    ['with input', {}, true, ['--interactive']],
    ['as root', { user: '0' }, false, ['--user', '0']],
    [
      'with folder and variables',
      { workdir: '/srv', env: { A: 'b=c', B: '' } },
      false,
      ['--workdir', '/srv', '--env', 'A=b=c', '--env', 'B='],
    ],
  ])('%s', (_, options, interactive, words) => {
    expect(execArguments('name', ['sh', '-c', 'echo "$1"', '$(x)'], options, interactive)).toEqual([
      'exec',
      ...words,
      'name',
      'sh',
      '-c',
      'echo "$1"',
      '$(x)',
    ]);
  });
});

describe('docker run', () => {
  test.each<[string, RunContainerOptions, 'detached' | 'once', boolean, string[]]>([
    ['in the background', { image: 'i' }, 'detached', false, ['--detach', 'i']],
    ['to its end', { image: 'i', command: ['a', 'b c'] }, 'once', false, ['--rm', 'i', 'a', 'b c']],
    ['with input', { image: 'i' }, 'once', true, ['--rm', '--interactive', 'i']],
    [
      'with another entry point',
      { image: 'i', entrypoint: '/bin/sh', command: ['-c', 'x'] },
      'detached',
      false,
      ['--detach', '--entrypoint', '/bin/sh', 'i', '-c', 'x'],
    ],
    [
      'with an entry point that is empty',
      { image: 'i', entrypoint: '' },
      'detached',
      false,
      ['--detach', '--entrypoint', '', 'i'],
    ],
    ['with the recorded command', { image: 'i', run: { command: ['x'] } }, 'detached', false, ['--detach', 'i', 'x']],
    [
      'with a command that overrules it',
      { image: 'i', command: [], run: { command: ['x'] } },
      'detached',
      false,
      ['--detach', 'i'],
    ],
    [
      'beside another container',
      { image: 'i', name: 'n', volumesFrom: 'v', pidOf: 'p', networkOf: 'c', extraArgs: ['--x'] },
      'detached',
      false,
      [
        ...[
          '--detach',
          '--name',
          'n',
          '--volumes-from',
          'v',
          '--pid',
          'container:p',
          '--network',
          'container:c',
          '--x',
          'i',
        ],
      ],
    ],
  ])('%s', (_, options, mode, interactive, words) => {
    expect(runArguments(options, mode, interactive)).toEqual(['run', ...words]);
  });
});

describe('options of a recorded container', () => {
  const port = (container: string, hostIp: string, hostPort: string) => ({ container, hostIp, hostPort });
  const mount = (
    type: 'volume' | 'bind' | 'tmpfs' | 'other',
    source: string,
    destination: string,
    writable = true,
  ) => ({
    ...{ type, source, destination, writable, anonymous: false },
  });
  test.each<[string, Partial<RunOptions>, string[]]>([
    ['nothing', {}, []],
    ['defaults', { restartPolicy: 'no', shmSize: 67108864, networkMode: 'bridge', privileged: false }, []],
    [
      'names and folders',
      { hostname: 'h', user: 'u:g', workdir: '/w' },
      ['--hostname', 'h', '--user', 'u:g', '--workdir', '/w'],
    ],
    ['variables and labels', { env: { A: 'b' }, labels: { 'x.y': 'z z' } }, ['--env', 'A=b', '--label', 'x.y=z z']],
    [
      'ports',
      {
        exposed: ['1/udp'],
        published: [port('80/tcp', '', '8080'), port('81/tcp', '127.0.0.1', ''), port('82/tcp', '::1', '82')],
      },
      [
        ...[
          '--expose',
          '1/udp',
          '--publish',
          '8080:80/tcp',
          '--publish',
          '127.0.0.1::81/tcp',
          '--publish',
          '[::1]:82:82/tcp',
        ],
      ],
    ],
    [
      'mounts',
      {
        mounts: [
          mount('volume', 'v', '/a'),
          mount('bind', '/h', '/b', false),
          mount('tmpfs', '', '/t'),
          mount('other', 'x', '/o'),
        ],
      },
      [
        ...[
          '--mount',
          'type=volume,source=v,destination=/a',
          '--mount',
          'type=bind,source=/h,destination=/b,readonly',
          '--tmpfs',
          '/t',
        ],
      ],
    ],
    [
      'a mount whose path has a comma and a quote',
      { mounts: [mount('volume', 'v', '/a,"b"')] },
      ['--mount', 'type=volume,source=v,"destination=/a,""b"""'],
    ],
    [
      'rights',
      { capAdd: ['NET_ADMIN'], capDrop: ['ALL'], privileged: true },
      ['--cap-add', 'NET_ADMIN', '--cap-drop', 'ALL', '--privileged'],
    ],
    [
      'network',
      { networkMode: 'host', extraHosts: ['a:1.2.3.4'], dns: ['9.9.9.9'] },
      ['--network', 'host', '--add-host', 'a:1.2.3.4', '--dns', '9.9.9.9'],
    ],
    [
      'life',
      { stopSignal: 'SIGQUIT', restartPolicy: 'always', init: true, tty: true },
      ['--stop-signal', 'SIGQUIT', '--restart', 'always', '--init', '--tty'],
    ],
    [
      'options without a field, and those of a tmpfs',
      {
        others: [{ name: 'security-opt', value: 'no-new-privileges' }],
        mounts: [{ ...mount('tmpfs', '', '/t'), options: 'size=8m' }],
      },
      ['--tmpfs', '/t:size=8m', '--security-opt', 'no-new-privileges'],
    ],
    [
      'limits',
      {
        shmSize: 1,
        ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
        sysctls: { a: 'b' },
        devices: ['/dev/x:/dev/x'],
        readOnly: true,
      },
      [...['--shm-size', '1', '--ulimit', 'nofile=1:2', '--sysctl', 'a=b', '--device', '/dev/x:/dev/x', '--read-only']],
    ],
  ])('%s', (_, run, words) => {
    expect(runOptionArguments(run)).toEqual(words);
  });
});
