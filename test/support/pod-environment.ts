import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import type { TestCluster } from '../cluster/index.ts';
import { kubectl, ROOT } from './kubectl.ts';
import { caOf } from './proxied-cluster.ts';

const run = promisify(execFile);

/** Longer than any run that needs a token. */
const TOKEN_LIFETIME = '24h';

/** What a process gets that takes itself for a pod of the operator. */
export interface Pod {
  readonly environment: Readonly<Record<string, string>>;
  /** The header of its requests that says who it is; each pod has another one. */
  readonly authorization: string;
}

/**
 * Makes the files that the kubelet would mount into a pod of the operator: a token of the account that `deploy/` ships,
 * and the CA.
 * @param server - where the process is to find the API server.
 */
export async function preparePod(cluster: TestCluster, folder: string, server = cluster.server): Promise<Pod> {
  const args = ['create', 'token', 'istio-operator', '-n', 'istio-operator', '--duration', TOKEN_LIFETIME];
  await mkdir(folder, { recursive: true });
  const token = (await kubectl(cluster, args)).trim();
  await writeFile(join(folder, 'token'), token);
  await writeFile(join(folder, 'ca.crt'), await caOf(cluster));
  await writeFile(join(folder, 'namespace'), 'istio-operator');
  const { hostname, port } = new URL(server);
  const environment = {
    HOME: folder,
    KUBERNETES_SERVICE_HOST: hostname,
    KUBERNETES_SERVICE_PORT: port,
    SERVICE_ACCOUNT_DIR: folder,
  };
  return { environment, authorization: `Bearer ${token}` };
}

/** How the image runs Node. */
export interface ImageSettings {
  readonly nodeFlags: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Reads the Dockerfile, so that what is measured here is what the image does. */
export async function imageSettings(): Promise<ImageSettings> {
  const dockerfile = await readFile(join(ROOT, 'Dockerfile'), 'utf8');
  const [, ...args] = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1] ?? '[]') as readonly string[];
  if (!args.at(-1)?.endsWith('cli.js')) throw new Error('The ENTRYPOINT of the image is not the command line.');
  const environment = [...dockerfile.matchAll(/^ENV (\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value]);
  return { nodeFlags: args.slice(0, -1), environment: Object.fromEntries(environment) };
}

/** Makes the bundle that the image runs. @returns its entry point. */
export async function buildBundle(folder: string): Promise<string> {
  await run(process.execPath, ['build.ts', folder], { cwd: ROOT });
  return join(folder, 'cli.js');
}
