import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClusterError } from './cluster-error.ts';
import { type Component, clusterFiles, componentArguments } from './components.ts';
import { clusterDir } from './paths.ts';
import type { OwnState } from './state.ts';

/** Another process took one of the ports between their choice and their use. Trying again with others helps. */
export class PortTakenError extends ClusterError {}

/** Where one component writes what it has to say. */
export function logPath(name: string, component: Component): string {
  return join(clusterFiles(clusterDir(name)).logs, `${component}.log`);
}

/**
 * Starts one component as a process that outlives this one.
 * @param onExit - called with a clear error if it ends, as long as this process lives.
 */
export async function spawnComponent(
  state: OwnState,
  component: Component,
  onExit: (error: ClusterError) => void,
): Promise<void> {
  const dir = clusterDir(state.name);
  await mkdir(clusterFiles(dir).logs, { recursive: true });
  await using log = await open(logPath(state.name, component), 'a');
  const child = spawn(state.binaries[component], componentArguments(component, dir, state.settings), {
    argv0: component, // the name by which the process table is searched
    cwd: dir,
    detached: true,
    env: componentEnvironment(dir),
    stdio: ['ignore', log.fd, log.fd],
  });
  child.once('error', (error) =>
    onExit(new ClusterError(`Cannot run ${state.binaries[component]}: ${error.message}.`)),
  );
  child.once('exit', (code, signal) => {
    void describeExit(state.name, component, signal ?? `code ${code}`).then(onExit, () => {});
  });
  child.unref();
}

/** Almost nothing is handed down: variables such as `ETCD_NAME`, `KWOK_…` or `HTTPS_PROXY` would change what they do. */
function componentEnvironment(dir: string): NodeJS.ProcessEnv {
  return { PATH: '/usr/bin:/bin', HOME: dir, TMPDIR: tmpdir(), KWOK_WORKDIR: join(dir, 'kwok') };
}

async function describeExit(name: string, component: Component, how: string): Promise<ClusterError> {
  const text = await readFile(logPath(name, component), 'utf8').catch(() => '');
  if (/address already in use/.test(text)) return new PortTakenError(`${component} found its port in use.`);
  const lastLine = text.trim().split('\n').findLast(isTelling) ?? 'it wrote no log';
  return new ClusterError(`${component} ended (${how}): ${lastLine.trim().slice(0, 400)}`);
}

/** After a fatal error Kubernetes prints its usage or every goroutine's stack; the line before is what counts. */
function isTelling(line: string): boolean {
  return /^([EF]\d{4} |Error:|error:|panic:|\{.*"level":"(error|fatal|panic|ERROR)")/.test(line);
}
