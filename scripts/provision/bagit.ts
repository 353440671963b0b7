import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run, tryRun } from '../command.ts';
import { aptInstall } from './apt.ts';
import { CACHE, TOOL_BIN } from './paths.ts';

const VENV = join(CACHE, 'bagit');
const LINK = join(TOOL_BIN, 'bagit.py');

/** The reference BagIt validator (Library of Congress, `bagit.py --validate DIR`), in a virtual environment. */
export const provideBagit = {
  userCanProvide: true,
  present: () => existsSync(LINK),
  provide(): void {
    if (tryRun('python3', ['-c', 'import venv, ensurepip']).code !== 0) aptInstall(['python3-venv']);
    run('python3', ['-m', 'venv', '--clear', VENV]);
    // 1.9 and later need Python 3.10; setuptools carries the pkg_resources that older ones import.
    run(join(VENV, 'bin', 'pip'), ['install', '-q', 'bagit', 'setuptools<81'], { timeout: 300 });
    mkdirSync(TOOL_BIN, { recursive: true });
    rmSync(LINK, { force: true });
    symlinkSync(join(VENV, 'bin', 'bagit.py'), LINK);
  },
};
