import { connect, type KubernetesCluster } from '../src/cluster/index.ts';
import { silentLogger, systemClock } from '../src/core/index.ts';
import { startCluster } from '../test/cluster/index.ts';
import { measureOperation } from './operate.ts';
import { prepare, type RunningOperator, startOperator } from './operator-process.ts';
import type { Row } from './report.ts';
import { measureStart } from './start.ts';
import { isHealthy, until } from './watching.ts';

const ROUNDS = 3;
const OPERATOR = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' };
const RESOURCE = { name: 'bench', namespace: 'istio-system' };

/** What the old in-cluster operator needs on two cores and this kind of cluster; measured once. */
const OLD_OPERATOR = { healthyS: 8.3, idleMb: 86, afterMb: 137 };

/** From applying demo + cni to HEALTHY on fresh clusters, and what comes afterwards. */
export async function measureInstall(signal: AbortSignal): Promise<readonly Row[]> {
  const rounds: Row[][] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await using cluster = await startCluster({ nodes: ['node-1', 'node-2', 'node-3', 'node-4'] }, signal);
    await prepare(cluster, signal);
    const scope = { signal, log: silentLogger };
    using client = await connect({ kubeconfigPath: cluster.kubeconfigPath }, { clock: systemClock }, scope);
    const rows: Row[] = [];
    {
      await using operator = await startOperator(cluster);
      rows.push(...(await measureRound(client, operator, signal)));
      rows.push(...(await measureOperation(client, operator, RESOURCE, signal)));
    }
    rounds.push([...rows, await measureStart(cluster, client, RESOURCE, signal)]);
  }
  return joined(rounds);
}

async function measureRound(client: KubernetesCluster, operator: RunningOperator, signal: AbortSignal): Promise<Row[]> {
  const idleMb = await operator.residentMb();
  const before = total(await operator.requests());
  const healthy = until(
    client,
    [OPERATOR, { namespace: RESOURCE.namespace }],
    (all) => isHealthy([...all.values()][0]),
    signal,
  );
  const start = performance.now();
  const spec = { profile: 'demo', components: { cni: { enabled: true, namespace: 'kube-system' } } };
  await client.create(
    { ...OPERATOR, metadata: RESOURCE, spec } as never,
    { fieldManager: 'bench' },
    { signal, log: silentLogger },
  );
  const seconds = ((await healthy) - start) / 1_000;
  const requests = total(await operator.requests()) - before;
  const reference = (value: number) => ({ value, name: 'the old operator, recorded' });
  const { healthyS, idleMb: oldIdleMb, afterMb } = OLD_OPERATOR;
  return [
    {
      topic: 'install',
      what: 'CR applied to HEALTHY',
      unit: 's',
      values: [seconds],
      aim: 3,
      reference: reference(healthyS),
    },
    { topic: 'install', what: 'API requests for that', unit: 'requests', values: [requests] },
    { topic: 'memory', what: 'idle', unit: 'MB', values: [idleMb], aim: 80, reference: reference(oldIdleMb) },
    {
      topic: 'memory',
      what: 'after demo + cni',
      unit: 'MB',
      values: [await operator.residentMb()],
      aim: 95,
      reference: reference(afterMb),
    },
  ];
}

/** All but the questions for the operator's own rights, which it asks when it starts. */
function total(requests: ReadonlyMap<string, number>): number {
  return [...requests].reduce((sum, [verb, count]) => (verb === 'review' ? sum : sum + count), 0);
}

/** The same rows of several rounds, with all their values. */
function joined(rounds: readonly (readonly Row[])[]): readonly Row[] {
  const [first = []] = rounds;
  return first.map((row, index) => ({ ...row, values: rounds.flatMap((rows) => rows[index]?.values ?? []) }));
}
