import { expect, test } from '@jest/globals';
import { stepsMissing } from '../../../src/archive/foreign-dockerfile.ts';

const DOCKERFILE = String.raw`FROM golang AS tool
RUN go build -o /tool
FROM debian:trixie
ARG WHO=lab
RUN --mount=type=cache,target=/var/cache apt-get update && \
    # what the lab needs
    apt-get install -y "a  b" \
      nano
RUN ["touch", "/x"]
RUN <<END
echo hi
END
RUN echo $WHO > /etc/lab
CMD ["sleep", "1"]
`;

/* As docker 20.10's own builder, and BuildKit, write them down. */
const CLASSIC = [
  '/bin/sh -c #(nop)  CMD ["sleep" "1"]',
  '|1 WHO=lab /bin/sh -c echo $WHO > /etc/lab',
  '/bin/sh -c apt-get update &&     apt-get install -y "a  b"       nano',
];
const BUILDKIT = [
  'CMD ["sleep" "1"]',
  'RUN |1 WHO=lab /bin/sh -c echo $WHO > /etc/lab # buildkit',
  'RUN |1 WHO=lab /bin/sh -c apt-get update &&     apt-get install -y "a  b"       nano # buildkit',
];

test.each([
  ['docker itself', CLASSIC, []],
  ['BuildKit', BUILDKIT, []],
  [
    'another step',
    [...CLASSIC.slice(0, 1), CLASSIC[1]!.replace('lab >', 'other >'), CLASSIC[2]!].map(each =>
      each.replace('$WHO', 'you'),
    ),
    ['echo $WHO > /etc/lab'],
  ],
  ['a squashed image', [''], ['apt-get update &&    apt-get install -y "a  b"       nano', 'echo $WHO > /etc/lab']],
])('%s', (_, history, missing) => {
  expect(stepsMissing(DOCKERFILE, history).map(each => each.replace(/\s+/g, ' '))).toEqual(
    missing.map(each => each.replace(/\s+/g, ' ')),
  );
});

test('a Dockerfile without steps has none that are missing', () => {
  expect(stepsMissing('FROM debian\nCOPY a /a\n', [])).toEqual([]);
});
