import { LABELS, readStatus } from '../../api/index.ts';
import { type Cluster, type LiveObject, readinessOf } from '../../apply/index.ts';
import { asJson, formatId, idOf, imageVersion, type Scope, systemClock, writeYaml } from '../../core/index.ts';
import { type OperatorSettings, operatorManifests } from '../deploy/operator-manifests.ts';
import { parseDurationMs } from '../input/duration.ts';
import { watchedNamespaces } from '../input/watched-namespaces.ts';
import { clusterName, withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { type DrainDeps, drain, drainedBy } from '../live/drain.ts';
import type { Fate } from '../live/fate.ts';
import { listResources } from '../live/installed.ts';
import { OPERATOR_NAME, variableIn } from '../live/operator-deployment.ts';
import { confirm } from '../terminal/confirm.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io, Output } from '../terminal/io.ts';
import { say, warn } from '../terminal/messages.ts';
import { formatTable } from '../terminal/table.ts';

/** `iop operator dump`: what `init` installs. */
export async function operatorDump(
  flags: OperatorSettings & { readonly output: 'yaml' | 'json' },
  io: Io,
): Promise<number> {
  const objects = operatorManifests(flags).map(asJson);
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await io.stdout.write(flags.output === 'json' ? `${JSON.stringify(list, null, 2)}\n` : writeYaml(objects));
  return EXIT_OK;
}

/** Options of `iop operator remove`. */
export interface RemoveFlags extends ConnectionFlags {
  readonly operatorNamespace: string;
  /** What becomes of the IstioOperators. */
  readonly resources: Fate;
  readonly timeout: string;
  readonly yes?: boolean;
}

/** `iop operator remove`: removes what runs the operator, once no IstioOperator waits for it any more. */
export async function operatorRemove(flags: RemoveFlags, io: Io): Promise<number> {
  const timeoutMs = parseDurationMs(flags.timeout, '--timeout');
  const kept = new Set(['CustomResourceDefinition', 'Namespace']);
  const objects = operatorManifests(flags)
    .filter(({ kind }) => !kept.has(kind))
    .toReversed();
  return await withCluster(flags, io, async (cluster, scope) => {
    const deployment = { namespace: flags.operatorNamespace, name: OPERATOR_NAME };
    const job = { ...(await lookedAfterBy(deployment, cluster, scope)), deployment, timeoutMs };
    await warn(fateWarnings(flags.resources, await drainedBy(job, cluster, scope)), io);
    const question = `This removes the operator in ${flags.operatorNamespace} from ${clusterName(cluster)}. Go ahead?`;
    if (!(await confirm(question, flags.yes === true, io))) return EXIT_FAILED;
    let left: readonly string[] = [];
    if (flags.resources !== 'keep') {
      const deps = drainDeps(cluster, io);
      left = await drain({ ...job, fate: flags.resources }, deps, scope);
    }
    for (const object of objects) {
      const { namespace = '', name } = object.metadata;
      const outcome = await cluster.delete({ ...object, namespace, name }, { propagation: 'Background' }, scope);
      if (outcome !== 'absent') await io.stderr.write(`removed ${formatId(idOf(object))}\n`);
    }
    return left.length === 0 ? EXIT_OK : EXIT_FAILED;
  });
}

/** What a drain needs, with people to talk to. */
export function drainDeps(cluster: Cluster, io: Io): DrainDeps {
  return {
    cluster,
    clock: systemClock,
    say: (line) => say(line, io),
    warn: (warning) => warn([warning], io),
  };
}

/** What becomes of the IstioOperators that stand for the %. */
const FATE_TEXTS: Readonly<Record<Fate, string>> = {
  release: 'Nobody will look after % any more. Istio stays installed, also if these IstioOperators are deleted later.',
  remove: 'These IstioOperators will be deleted, and all that they installed with them: %.',
  keep: 'Nobody will look after % any more, and deleting these IstioOperators will wait for an operator.',
};

/** What becomes of these IstioOperators, to be known before anything is done. */
export function fateWarnings(fate: Fate, resources: readonly LiveObject[]): readonly { readonly message: string }[] {
  if (resources.length === 0) return [];
  return [{ message: FATE_TEXTS[fate].replace('%', resources.map(keyOf).join(', ')) }];
}

/** Which IstioOperators an operator looks after, as its environment says; where there is none, all. */
async function lookedAfterBy(
  deployment: { readonly namespace: string; readonly name: string },
  cluster: Cluster,
  scope: Scope,
): Promise<{ readonly watchNamespaces: readonly string[]; readonly revision: string }> {
  const live = await cluster.get({ apiVersion: 'apps/v1', kind: 'Deployment', ...deployment }, scope);
  return {
    watchNamespaces: watchedNamespaces(variableIn(live, 'WATCH_NAMESPACE') ?? ''),
    revision: variableIn(live, 'REVISION') ?? '',
  };
}

/** `iop operator status`: the operator and what it looks after. @returns 1 when no operator is ready. */
export async function operatorStatus(
  flags: ConnectionFlags & { readonly operatorNamespace: string; readonly output: 'text' | 'json' },
  io: Io,
): Promise<number> {
  return await withCluster(flags, io, async (cluster, scope) => {
    const kind = { apiVersion: 'apps/v1', kind: 'Deployment' };
    const selection = { namespace: flags.operatorNamespace, labelSelector: 'name=istio-operator' };
    const [deployments, resources] = await Promise.all([
      cluster.list(kind, selection, scope),
      listResources(cluster, scope),
    ]);
    const operators = deployments.map(operatorRow);
    const looked = resources.map((resource) => {
      const { status = 'NONE', message = '' } = readStatus(resource.status);
      return { name: keyOf(resource), status, message };
    });
    if (flags.output === 'json')
      await io.stdout.write(`${JSON.stringify({ operators, resources: looked }, null, 2)}\n`);
    else await io.stdout.write(statusText(operators, looked, flags.operatorNamespace, io.stdout));
    return operators.some(({ ready }) => ready) ? EXIT_OK : EXIT_FAILED;
  });
}

function operatorRow(deployment: LiveObject) {
  const { ready, desired = 0, readyCount = 0, message = '' } = readinessOf(deployment);
  const version = imageVersion(deployment) ?? deployment.metadata.labels?.[LABELS.version] ?? 'unknown';
  return { name: keyOf(deployment), version, ready, detail: `${readyCount}/${desired}${ready ? '' : ` ${message}`}` };
}

function statusText(
  operators: readonly ReturnType<typeof operatorRow>[],
  resources: readonly { readonly name: string; readonly status: string; readonly message: string }[],
  namespace: string,
  output: Output,
): string {
  const first =
    operators.length === 0
      ? `There is no operator in the namespace ${namespace}.\n`
      : formatTable(
          [['OPERATOR', 'VERSION', 'READY'], ...operators.map((each) => [each.name, each.version, each.detail])],
          output,
        );
  if (resources.length === 0) return first;
  const rows = resources.map(({ name, status, message }) => [name, status, message]);
  return `${first}\n${formatTable([['ISTIOOPERATOR', 'STATUS', 'MESSAGE'], ...rows], output)}`;
}

function keyOf({ metadata }: LiveObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
