import { expect, test } from '@jest/globals';
import { hostSteps } from '../../../src/plan/host-steps.ts';

test.each([
  ['RUN --security=insecure mount', ['line 2: RUN --security=insecure']],
  ['run --network=host curl x', ['line 2: RUN --network=host']],
  ['RUN --mount=type=cache,target=/x --network=HOST curl x', ['line 2: RUN --network=HOST']],
  ['RUN \\\n  --device=nvidia.com/gpu=all true', ['line 2: RUN --device=nvidia.com/gpu=all']],
  ['ONBUILD RUN --security=insecure true', ['line 2: RUN --security=insecure']],
  ['RUN --network=none true', []],
  ['RUN --security=sandbox true', []],
  ['RUN program --network=host', []],
  ['CMD ["--network=host"]', []],
])('%s', (line, found) => {
  expect(hostSteps(`FROM debian:trixie\n${line}\n`)).toEqual(found);
});
