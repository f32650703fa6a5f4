import { join } from 'node:path';
import process from 'node:process';
import { RESOURCE_KIND } from '../src/api/index.ts';
import type { Cluster, ObjectRef } from '../src/apply/index.ts';
import { isObject, type Scope, silentLogger } from '../src/core/index.ts';
import type { TestCluster } from '../test/cluster/index.ts';
import { startOperator } from './operator-process.ts';
import { timeProcess } from './render.ts';
import type { Row } from './report.ts';
import { until } from './watching.ts';

const RUNS = 5;

/** The built command line, from nothing to its last word. */
export function measureBundle(runs: number): readonly Row[] {
  const commands = { 'iop version': ['version', '--client'], 'iop --help': ['--help'] };
  return Object.entries(commands).map(([what, args]) => ({
    topic: 'start',
    what,
    unit: 's',
    values: Array.from({ length: runs }, () => timeProcess(process.execPath, [join('dist', 'cli.js'), ...args])),
    aim: 0.3,
  }));
}

/** From the start of the operator's process to the first status of a CR that was changed while there was none. */
export async function measureStart(
  cluster: TestCluster,
  client: Cluster,
  resource: Pick<ObjectRef, 'name' | 'namespace'>,
  signal: AbortSignal,
): Promise<Row> {
  const ref = { ...RESOURCE_KIND, ...resource };
  const scope: Scope = { signal, log: silentLogger };
  const values: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const env = [{ name: 'START', value: String(run) }];
    const patch = { spec: { components: { pilot: { k8s: { env } } } } };
    const changed = await client.patch(ref, patch, { fieldManager: 'kubectl-edit' }, scope);
    const selection = { namespace: ref.namespace, fieldSelector: `metadata.name=${ref.name}` };
    const seen = until(
      client,
      [ref, selection],
      (all) => {
        const status = all.get(`${ref.namespace}/${ref.name}`)?.status;
        return isObject(status) && status.observedGeneration === changed.metadata.generation;
      },
      signal,
    );
    await using operator = await startOperator(cluster);
    values.push(((await seen) - operator.startedMs) / 1_000);
  }
  return { topic: 'start', what: 'start of the operator to its first status', unit: 's', values, aim: 0.7 };
}
