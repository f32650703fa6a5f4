import { connect, type KubernetesCluster } from '../src/cluster/index.ts';
import { silentLogger, systemClock } from '../src/core/index.ts';
import { startCluster } from '../test/cluster/index.ts';
import { measureOperation } from './operate.ts';
import { prepare, type RunningOperator, startOperator } from './operator-process.ts';
import { median, type Row } from './report.ts';
import { isHealthy, until } from './watching.ts';

const ROUNDS = 3;
const OPERATOR = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' };
const RESOURCE = { name: 'bench', namespace: 'istio-system' };

/** What the old in-cluster operator needs on two cores and this kind of cluster; measured once. */
const OLD_OPERATOR = { healthyS: 8.3, idleMb: 86, afterMb: 137 };

interface Round {
  readonly seconds: number;
  readonly requests: number;
  readonly idleMb: number;
  readonly afterMb: number;
}

/** From applying demo + cni to HEALTHY on fresh clusters, and on the last one what comes afterwards. */
export async function measureInstall(signal: AbortSignal): Promise<Row[]> {
  const rounds: Round[] = [];
  let operation: Row[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await using cluster = await startCluster({ nodes: ['node-1', 'node-2', 'node-3', 'node-4'] }, signal);
    await prepare(cluster, signal);
    await using operator = await startOperator(cluster);
    const scope = { signal, log: silentLogger };
    using client = await connect({ kubeconfigPath: cluster.kubeconfigPath }, { clock: systemClock }, scope);
    rounds.push(await measureRound(client, operator, signal));
    if (round === ROUNDS - 1) operation = await measureOperation(client, operator, RESOURCE, signal);
  }
  return [...rowsOf(rounds), ...operation];
}

async function measureRound(client: KubernetesCluster, operator: RunningOperator, signal: AbortSignal): Promise<Round> {
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
  return { seconds, requests: total(await operator.requests()) - before, idleMb, afterMb: await operator.residentMb() };
}

function total(requests: ReadonlyMap<string, number>): number {
  return [...requests.values()].reduce((sum, count) => sum + count, 0);
}

function rowsOf(rounds: readonly Round[]): Row[] {
  const middle = (pick: (round: Round) => number) => median(rounds.map(pick));
  const reference = (value: number) => ({ value, name: 'old operator (recorded)' });
  const runs = ROUNDS;
  return [
    {
      what: 'apply demo + cni to HEALTHY',
      unit: 's',
      value: middle((r) => r.seconds),
      runs,
      aim: 3,
      reference: reference(OLD_OPERATOR.healthyS),
    },
    { what: 'API requests for that', unit: 'requests', value: middle((r) => r.requests), runs },
    {
      what: 'resident memory, idle',
      unit: 'MB',
      value: middle((r) => r.idleMb),
      runs,
      aim: 80,
      reference: reference(OLD_OPERATOR.idleMb),
    },
    {
      what: 'resident memory, after demo',
      unit: 'MB',
      value: middle((r) => r.afterMb),
      runs,
      aim: 95,
      reference: reference(OLD_OPERATOR.afterMb),
    },
  ];
}
