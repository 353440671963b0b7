import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseDiff } from '../../../src/engine/command-line-engine.ts';
import { parseContainer, parseImage } from '../../../src/engine/inspect.ts';
import { decodeBytes } from '../../../src/system/byte-text.ts';

/* What docker 20.10 and podman 4.3 said of the same image and containers, made with the same command lines. */
const CAPTURED = join(import.meta.dirname, '../../captured/engine');
const read = (name: string) => JSON.parse(readFileSync(join(CAPTURED, name), 'utf8'))[0];
const engines = ['docker', 'podman'] as const;

const ENTRYPOINT = ['/bin/sh', '-c', 'exec "$@"', 'lab'];

describe.each(engines)('%s', engine => {
  const image = parseImage(read(`${engine}-image.json`));

  test('image', () => {
    expect(image).toMatchObject({
      id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      tags: [engine === 'docker' ? 'cap-engine:1' : 'localhost/cap-engine:1'],
      architecture: 'amd64',
      entrypoint: ENTRYPOINT,
      command: ['sleep', '1 day'],
      user: 'daemon',
      workdir: '/srv',
      env: { LANG: 'C.UTF-8', LAB: 'a b=c', PATH: expect.any(String) },
    });
    expect(image.labels).toMatchObject({ 'org.example.lab': 'yes' });
    expect(image.size).toBeGreaterThan(1e8);
    expect([...image.volumes].sort()).toEqual(['/share', '/var/lib/lab']);
    expect([...image.exposed].sort()).toEqual(['137/udp', '445/tcp']);
    expect(Date.parse(image.created)).toBeGreaterThan(0);
  });

  describe('container with many options', () => {
    const { run, ...facts } = parseContainer(read(`${engine}-container-options.json`), image);

    test('facts', () => {
      expect(facts).toMatchObject({
        name: 'cap-options',
        running: true,
        health: 'starting',
        imageId: expect.stringMatching(/^sha256:/),
      });
      expect(facts.imageName).toMatch(/cap-engine:1$/);
      expect(facts.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
    });

    test('what was asked for, and nothing that the engine adds by itself', () => {
      expect(run).toMatchObject({
        hostname: 'lab.example.org',
        user: 'daemon',
        workdir: '/srv',
        entrypoint: ENTRYPOINT,
        command: ['sleep', 'infinity'],
        env: { PASSWORD: 'p w"x', EMPTY: '' },
        capAdd: ['NET_ADMIN'],
        privileged: false,
        extraHosts: ['db:192.0.2.7'],
        dns: ['192.0.2.53'],
        labels: { 'com.example.team': 'storage "lab"' },
        stopSignal: 'SIGQUIT',
        restartPolicy: 'unless-stopped',
        tty: true,
        shmSize: 134217728,
        readOnly: true,
      });
      expect(Object.keys(run.env).sort()).toEqual(['EMPTY', 'PASSWORD']);
      expect(run.capDrop).toContain('MKNOD');
      expect(run.ulimits).toContainEqual({ name: 'nofile', soft: 1000, hard: 2000 });
    });

    test('ports', () => {
      expect(run.published).toContainEqual({ container: '137/udp', hostIp: '', hostPort: '18137' });
      expect(run.published).toContainEqual({ container: '445/tcp', hostIp: '127.0.0.1', hostPort: expect.any(String) });
    });

    test('mounts', () => {
      const mounts = Object.fromEntries(run.mounts.map(each => [each.destination, each]));
      expect(mounts['/srv/data']).toMatchObject({
        type: 'volume',
        source: 'cap-data',
        writable: true,
        anonymous: false,
      });
      expect(mounts['/srv/bind']).toMatchObject({ type: 'bind', source: '/tmp/cap/bind', writable: false });
      expect(mounts['/srv/tmp']).toMatchObject({ type: 'tmpfs', source: '' });
      expect(mounts['/share']).toMatchObject({
        type: 'volume',
        anonymous: true,
        source: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    });
  });

  test('container without options: defaults are not recorded', () => {
    const { run, ...facts } = parseContainer(read(`${engine}-container-plain.json`), undefined);
    expect(facts).toMatchObject({ name: 'cap-plain', running: true });
    expect(facts).not.toHaveProperty('health');
    expect(run).toMatchObject({
      entrypoint: [],
      command: ['sleep', 'infinity'],
      ulimits: [],
      mounts: [],
      published: [],
      labels: {},
      stopSignal: '',
      init: false,
    });
    expect(run.hostname).toBe(facts.id.slice(0, 12));
  });

  test('diff: kinds, blanks, newlines, bytes that are no UTF-8', () => {
    const diff = parseDiff(decodeBytes(readFileSync(join(CAPTURED, `${engine}-diff.txt`))));
    expect([...diff]).toEqual([
      ['/etc', 'changed'],
      ['/etc/debian_version', 'changed'],
      ['/etc/motd', 'deleted'],
      ['/srv', 'changed'],
      ['/srv/ space ', 'added'],
      ['/srv/d', 'added'],
      ['/srv/d/new\nline', 'added'],
      [engine === 'docker' ? '/srv/\ufffd' : '/srv/\udcff', 'added'],
    ]);
  });
});

test('docker: --init', () => {
  expect(parseContainer(read('docker-container-options.json'), undefined).run.init).toBe(true);
});

test.each([
  ['/run/podman-init', ['--', 'sleep', '60'], 'sleep', [], true],
  ['/run/podman-init', ['--', '/entry', '-x', 'sleep', '60'], '/entry -x', ['/entry', '-x'], true],
  ['/entry', ['-x', 'sleep', '60'], '/entry -x', ['/entry', '-x'], false],
])('podman: entry point of %s %j', (path, args, joined, entrypoint, init) => {
  const Entrypoint = entrypoint.length === 0 ? '' : joined;
  const { run } = parseContainer({ Path: path, Args: args, Config: { Entrypoint, Cmd: ['sleep', '60'] } }, undefined);
  expect(run).toMatchObject({ entrypoint, command: ['sleep', '60'], init });
});

test('JSON with nothing in it does not break', () => {
  expect(parseContainer({}, undefined)).toMatchObject({ id: '', name: '', running: false, address: '' });
  expect(parseImage({})).toMatchObject({ id: '', volumes: [] });
});

test('a label by which an engine found a container is not the service’s', () => {
  const json = { Config: { Labels: { 'org.perennial.run': 'abc', mine: '1' } } };
  expect(parseContainer(json, undefined).run.labels).toEqual({ mine: '1' });
});

describe('options that few containers have', () => {
  const others = (host: object, config: object = {}) =>
    parseContainer({ HostConfig: host, Config: config }, undefined).run.others?.map(
      ({ name, value }) => `--${name} ${value}`,
    );

  test('as docker says them', () => {
    const host = {
      ...{ SecurityOpt: ['no-new-privileges', 'seccomp={"defaultAction":"SCMP_ACT_ALLOW"}'], GroupAdd: ['4', 'adm'] },
      ...{
        DnsSearch: ['lab.example'],
        DnsOptions: ['ndots:1'],
        Memory: 536870912,
        NanoCpus: 1500000000,
        PidsLimit: 50,
      },
      ...{ CpusetCpus: '0', PidMode: 'host', IpcMode: 'private', UTSMode: '', DeviceRequests: [{ Count: -1 }] },
    };
    expect(others(host, { Domainname: 'lab', StopTimeout: 60 })).toEqual([
      ...['--security-opt no-new-privileges', '--security-opt seccomp=PROFILE', '--group-add 4', '--group-add adm'],
      ...['--dns-search lab.example', '--dns-option ndots:1', '--domainname lab', '--stop-timeout 60'],
      ...['--memory 536870912', '--cpus 1.5', '--cpuset-cpus 0', '--pids-limit 50', '--pid host', '--gpus all'],
    ]);
  });

  test('what podman gives every container was not asked for', () => {
    const CreateCommand = ['podman', 'run', '--memory=1g', 'debian'];
    expect(others({ Memory: 1073741824, PidsLimit: 2048 }, { CreateCommand })).toEqual(['--memory 1073741824']);
  });

  test('none', () => {
    expect(parseContainer(read('docker-container-plain.json'), undefined).run).not.toHaveProperty('others');
    expect(parseContainer(read('podman-container-plain.json'), undefined).run).not.toHaveProperty('others');
  });

  test('a health check that is not the image’s, in the words of docker run', () => {
    const check = { Test: ['CMD-SHELL', 'test -e "/x y" && echo $A'], Interval: 1500000000, Retries: 2, Timeout: 0 };
    const said = ['--health-cmd test -e "/x y" && echo $A', '--health-interval 1500ms', '--health-retries 2'];
    expect(others({}, { Healthcheck: check })).toEqual(said);
    const image = parseImage({ Config: { Healthcheck: check } });
    expect(image.health).toEqual({ test: check.Test, interval: 1500000000, retries: 2 });
    expect(parseContainer({ Config: { Healthcheck: check } }, image).run).not.toHaveProperty('others');
    expect(parseContainer({ Config: { Healthcheck: { Test: ['NONE'] } } }, image).run.others).toEqual([
      { name: 'no-healthcheck', value: '' },
    ]);
    // Compose has words where the option has a text for a shell.
    const words = { Test: ['CMD', 'curl', '-f', 'http://localhost/a b'], StartPeriod: 30000000000 };
    expect(others({}, { Healthcheck: words })).toEqual([
      "--health-cmd curl -f 'http://localhost/a b'",
      '--health-start-period 30000ms',
    ]);
  });

  test('logs, links, names and addresses in networks, and what the engine chose by itself', () => {
    const json = {
      ...{ Id: 'abcdef0123456789', Name: '/web', Config: { Labels: { 'com.docker.compose.service': 'www' } } },
      HostConfig: {
        ...{ NetworkMode: 'lab', LogConfig: { Type: 'syslog', Config: { tag: 'web' } }, Links: ['/db:/web/db'] },
        ...{ OomScoreAdj: -500, CgroupParent: '/lab', Runtime: 'runsc', StorageOpt: { size: '9G' }, CpusetMems: '0' },
      },
      NetworkSettings: {
        Networks: {
          lab: { Aliases: ['abcdef012345', 'web', 'www', 'intern'], IPAMConfig: { IPv4Address: '10.9.0.7' } },
          other: { Aliases: null, IPAMConfig: null },
        },
      },
    };
    expect(parseContainer(json, undefined).run.others?.map(({ name, value }) => `--${name} ${value}`)).toEqual([
      ...['--cpuset-mems 0', '--oom-score-adj -500', '--log-driver syslog', '--log-opt tag=web', '--link /db:/web/db'],
      ...[
        '--network-alias intern',
        '--ip 10.9.0.7',
        '--network other',
        '--cgroup-parent /lab',
        '--storage-opt size=9G',
      ],
      '--runtime runsc',
    ]);
  });

  test('variables that podman gives every container are no one’s; docker gives none', () => {
    const Env = ['HOME=/srv/app', 'TERM=xterm', 'container=podman', 'LAB=1', 'PATH=/opt/bin:/bin'];
    const env = (config: object) => parseContainer({ Config: { Env, ...config } }, undefined).run.env;
    expect(env({})).toEqual({
      ...{ HOME: '/srv/app', TERM: 'xterm', container: 'podman' },
      LAB: '1',
      PATH: '/opt/bin:/bin',
    });
    expect(env({ CreateCommand: ['podman', 'run', '-e', 'LAB=1', 'debian'] })).toEqual({ LAB: '1' });
    for (const given of [['-e', 'HOME=/srv/app'], ['--env=HOME=/srv/app'], ['-eHOME=/srv/app'], ['--env', 'HOME']])
      expect(env({ CreateCommand: ['podman', 'run', ...given, 'debian'] })).toEqual({ HOME: '/srv/app', LAB: '1' });
  });

  test('tries of a restart policy, options of a tmpfs', () => {
    const host = {
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
      Tmpfs: { '/a': 'size=64m,rprivate,mode=1770,tmpcopyup', '/b': '' },
    };
    const { run } = parseContainer({ HostConfig: host }, undefined);
    expect(run.restartPolicy).toBe('on-failure:5');
    expect(run.mounts.map(each => each.options)).toEqual(['size=64m,mode=1770', undefined]);
  });
});
