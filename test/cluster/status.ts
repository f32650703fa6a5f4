import { callApi } from './api-client.ts';
import { COMPONENTS } from './components.ts';
import { countNodes } from './nodes.ts';
import { clusterDir } from './paths.ts';
import { type ClusterProcess, findProcesses } from './process-table.ts';
import { type ClusterState, listClusters, type OwnState, readState } from './state.ts';
import { formatTable } from './table.ts';

const HEADER = ['NAME', 'SERVER', 'VERSION', 'NODES', 'PIDS', 'UP SINCE'];

/** The table of `status`: one line a cluster. */
export async function describeClusters(names: readonly string[] | undefined, signal: AbortSignal): Promise<string> {
  const states = await Promise.all((names ?? (await listClusters())).map(readState));
  const rows = states.filter((state) => state !== undefined).map((state) => describe(state, signal));
  if (rows.length === 0) return 'No cluster. "npm run cluster -- up" starts one.\n';
  return formatTable([HEADER, ...(await Promise.all(rows))]);
}

async function describe(state: ClusterState, signal: AbortSignal): Promise<readonly string[]> {
  if (state.kind === 'existing') {
    return [state.name, state.server, 'existing', '-', 'none of ours', state.startedAt];
  }
  const processes = await findProcesses(clusterDir(state.name));
  const [version, nodes] = await Promise.all([serverVersion(state, signal), countNodes(state, signal)]);
  return [
    state.name,
    state.server,
    version ?? 'no answer',
    String(nodes ?? '-'),
    describeProcesses(processes),
    describeAge(state, processes),
  ];
}

function describeProcesses(processes: readonly ClusterProcess[]): string {
  return COMPONENTS.map((component) => {
    const process = processes.find((candidate) => candidate.component === component);
    if (process === undefined) return `${component}=none`;
    return `${component}=${process.pid}${process.isPaused ? ' (paused)' : ''}`;
  }).join(' ');
}

function describeAge({ startedAt }: OwnState, processes: readonly ClusterProcess[]): string {
  if (processes.length === 0) return 'dead';
  return processes.length < COMPONENTS.length ? `${startedAt} (damaged)` : startedAt;
}

async function serverVersion(state: OwnState, signal: AbortSignal): Promise<string | undefined> {
  const answer = await callApi(state, { path: '/version' }, signal);
  return (answer?.body as { readonly gitVersion?: string } | undefined)?.gitVersion;
}
