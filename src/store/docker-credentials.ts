import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** A user and password; `identityToken` instead for registries that gave one at login. */
export interface Credentials {
  user: string;
  password: string;
  identityToken?: string;
}

interface LoginFile {
  auths?: Record<string, { auth?: string; identitytoken?: string }>;
  credHelpers?: Record<string, string>;
  credsStore?: string;
}

/**
 * What `docker login` or `podman login` left for a registry: their files, and the programs that these name (`docker-credential-NAME get`).
 * https://docs.docker.com/reference/cli/docker/login/ , containers-auth.json(5). Undefined when nobody has logged in.
 */
export async function findCredentials(
  host: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Credentials | undefined> {
  for (const file of loginFiles(env)) {
    const login = await readLogin(file);
    const found = login && (await credentialsIn(login, host));
    if (found) return found;
  }
  return undefined;
}

function loginFiles(env: NodeJS.ProcessEnv): string[] {
  const home = env.HOME ?? homedir();
  return [
    ...(env.REGISTRY_AUTH_FILE ? [env.REGISTRY_AUTH_FILE] : []),
    join(env.DOCKER_CONFIG ?? join(home, '.docker'), 'config.json'),
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, 'containers/auth.json')] : []),
    join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'containers/auth.json'),
  ];
}

async function readLogin(file: string): Promise<LoginFile | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as LoginFile;
  } catch {
    return undefined; // not there, or not ours to mend
  }
}

async function credentialsIn(login: LoginFile, host: string): Promise<Credentials | undefined> {
  const keys = [host, `https://${host}`, `http://${host}`, `https://${host}/v1/`, `https://${host}/v2/`];
  const helper = keys.map(key => login.credHelpers?.[key]).find(Boolean);
  if (helper) return askHelper(helper, host);
  const key = keys.find(each => login.auths?.[each]);
  const entry = key ? login.auths?.[key] : undefined;
  if (entry?.auth) {
    const [user = '', ...rest] = Buffer.from(entry.auth, 'base64').toString().split(':');
    const identity = entry.identitytoken ? { identityToken: entry.identitytoken } : {};
    return { user, password: rest.join(':'), ...identity };
  }
  return login.credsStore && key ? askHelper(login.credsStore, key) : undefined;
}

/** https://github.com/docker/docker-credential-helpers: the server on stdin, JSON on stdout. */
function askHelper(name: string, server: string): Promise<Credentials | undefined> {
  if (!/^[\w.-]+$/.test(name)) return Promise.resolve(undefined);
  const child = spawn(`docker-credential-${name}`, ['get'], { stdio: ['pipe', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.on('data', chunk => {
    said += chunk;
  });
  child.stdin.on('error', () => {}); // it need not read
  child.stdin.end(server);
  return new Promise(resolve => {
    child.on('error', () => resolve(undefined));
    child.on('close', code => resolve(code === 0 ? parseHelper(said) : undefined));
  });
}

function parseHelper(said: string): Credentials | undefined {
  try {
    const { Username: user, Secret: password } = JSON.parse(said) as { Username?: string; Secret?: string };
    if (!user || !password) return undefined;
    return user === '<token>' ? { user: '', password: '', identityToken: password } : { user, password };
  } catch {
    return undefined;
  }
}
