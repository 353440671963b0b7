import { expect, test } from '@jest/globals';
import { parseContainer } from '../../../src/engine/inspect.ts';

test.each([
  ['no health check', {}, undefined],
  ['docker, none', { Health: { Status: 'none' } }, undefined],
  ['podman, without a check', { Health: { Status: '', FailingStreak: 0, Log: null } }, undefined],
  ['docker, starting', { Health: { Status: 'starting', FailingStreak: 0, Log: [] } }, 'starting'],
  ['docker, healthy', { Health: { Status: 'healthy' } }, 'healthy'],
  ['podman 3', { Healthcheck: { Status: 'unhealthy' } }, 'unhealthy'],
])('health of a container: %s', (_, state, expected) => {
  expect(parseContainer({ Id: 'a', State: { Running: true, ...state } }, undefined).health).toBe(expected);
});
