import { expect, test } from '@jest/globals';
import { recordedAccounts } from '../../../src/restore/recorded-accounts.ts';
import { type TinyPath, tinyIndex, tinyTar } from '../../support/tiny-bag.ts';

const PASSWD: TinyPath = {
  path: '/etc/passwd',
  content: 'root:x:0:0:root:/root:/bin/bash\n',
  disposition: 'record',
};
const REST: TinyPath[] = [
  { path: '/etc/subuid', content: 'no\n', disposition: 'leave' },
  { path: '/srv/large', content: 'x', disposition: 'keep' },
];

test('the payload is read as far as the account databases are', async () => {
  const bag = {
    async *readIndex() {
      yield* tinyIndex([PASSWD, ...REST]);
    },
    async *openPayload() {
      yield tinyTar([PASSWD]).subarray(0, 1024);
      throw new Error('there are gigabytes behind it');
    },
  };
  expect((await recordedAccounts(bag)).passwd.map(each => each.name)).toEqual(['root']);
});
