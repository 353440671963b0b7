import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.ts';
import { aptUpdate } from './apt.ts';
import { CACHE, TOOL_BIN } from './paths.ts';

const FOLDER = join(CACHE, 'docker-registry');
const LINK = join(TOOL_BIN, 'docker-registry');

/** The registry of the distribution project, out of Debian's package: unpacked, not installed, since installing would start a service. */
export const provideRegistry = {
  userCanProvide: true,
  present: () => existsSync(LINK),
  provide(): void {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    aptUpdate();
    run('apt-get', ['download', 'docker-registry'], { cwd: FOLDER });
    const file = readdirSync(FOLDER).find(name => name.endsWith('.deb'));
    if (!file) throw new Error('apt-get download docker-registry gave no file');
    run('dpkg', ['-x', join(FOLDER, file), FOLDER]);
    mkdirSync(TOOL_BIN, { recursive: true });
    rmSync(LINK, { force: true });
    symlinkSync(join(FOLDER, 'usr/bin/docker-registry'), LINK);
  },
};
