import { expect, test } from '@jest/globals';
import { parseInnerMounts } from '../../../src/archive/inner-mounts.ts';

/* Of a privileged container on Docker 20.10, shortened. */
const MOUNTINFO = String.raw`612 505 0:59 / / rw,relatime master:215 - overlay overlay rw,lowerdir=/x
613 612 0:62 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
614 612 0:63 / /dev rw,nosuid - tmpfs tmpfs rw,size=65536k,mode=755
617 614 0:58 / /dev/mqueue rw,nosuid - mqueue mqueue rw
619 612 8:1 /var/lib/docker/containers/c/hosts /etc/hosts rw,relatime - ext4 /dev/sda1 rw
620 612 8:1 /var/lib/docker/volumes/v/_data /srv/volume rw,relatime master:1 - ext4 /dev/sda1 rw
700 612 0:70 / /srv/my\040share rw,relatime - nfs4 10.0.0.1:/x rw
701 612 0:71 / /mnt/loop rw - ext4 /dev/loop0 rw
`;

test('what was mounted inside is told apart from what the engine mounts', () => {
  const known = [{ destination: '/srv/volume', kept: true, why: 'volumes hold data' }];
  expect(parseInnerMounts(MOUNTINFO, known)).toEqual([
    { destination: '/srv/my share', kept: false, why: expect.stringContaining('type nfs4') },
    { destination: '/mnt/loop', kept: false, why: expect.stringContaining('type ext4') },
  ]);
});
