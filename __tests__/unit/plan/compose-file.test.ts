import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { RunOptions } from '../../../src/engine/engine.ts';
import { composeFile } from '../../../src/plan/compose-file.ts';

const plain: RunOptions = {
  hostname: '0123456789ab',
  user: '',
  workdir: '',
  entrypoint: ['/bin/sh'],
  command: [],
  env: {},
  exposed: [],
  published: [],
  mounts: [],
  capAdd: [],
  capDrop: [],
  privileged: false,
  networkMode: 'default',
  extraHosts: [],
  dns: [],
  labels: {},
  stopSignal: '',
  restartPolicy: 'no',
  init: false,
  tty: false,
  shmSize: 0,
  ulimits: [],
  sysctls: {},
  devices: [],
  readOnly: false,
};
const compose = (run: Partial<RunOptions>) =>
  parse(composeFile({ name: 'Lab.1', image: 'lab:1', run: { ...plain, ...run } }));

test('a plain container is an image and a name', () => {
  expect(compose({})).toEqual({ version: '3.7', services: { 'lab-1': { image: 'lab:1', container_name: 'Lab.1' } } });
});

test('health checks, and mounts that nobody may write to', () => {
  const option = (name: string, value: string) => ({ name, value });
  const mount = { type: 'volume' as const, source: 'lab-a', destination: '/a', writable: false, anonymous: false };
  const others = [
    option('health-cmd', 'test -e $A'),
    option('health-start-period', '5ms'),
    option('health-retries', '2'),
  ];
  expect(compose({ others, mounts: [mount] }).services['lab-1']).toEqual({
    ...{ image: 'lab:1', container_name: 'Lab.1', volumes: ['lab-a:/a:ro'] },
    healthcheck: { test: ['CMD-SHELL', 'test -e $$A'], start_period: '5ms', retries: 2 },
  });
  const none = compose({ others: [option('no-healthcheck', '')] });
  expect(none.services['lab-1'].healthcheck).toEqual({ disable: true });
});

test('volumes are those that exist; ports, environment and limits are as they were', () => {
  const { services, volumes } = compose({
    hostname: 'lab',
    env: { PRICE: '5$ ${HOME}' },
    published: [
      { container: '445/tcp', hostIp: '::1', hostPort: '1445' },
      { container: '80/tcp', hostIp: '', hostPort: '' },
    ],
    mounts: [
      { type: 'volume', source: 'lab-srv', destination: '/srv', writable: true, anonymous: false },
      { type: 'volume', source: 'f'.repeat(64), destination: '/cache', writable: true, anonymous: true },
      { type: 'tmpfs', source: '', destination: '/run', writable: true, anonymous: false },
    ],
    capAdd: ['NET_ADMIN'],
    restartPolicy: 'always',
    ulimits: [{ name: 'nofile', soft: 10, hard: 20 }],
  });
  expect(services['lab-1']).toEqual({
    image: 'lab:1',
    container_name: 'Lab.1',
    hostname: 'lab',
    environment: { PRICE: '5$$ $${HOME}' },
    ports: ['[::1]:1445:445/tcp', '80/tcp'],
    volumes: ['lab-srv:/srv'],
    tmpfs: ['/run'],
    cap_add: ['NET_ADMIN'],
    restart: 'always',
    ulimits: { nofile: { soft: 10, hard: 20 } },
  });
  expect(volumes).toEqual({ 'lab-srv': { external: true, name: 'lab-srv' } });
});
