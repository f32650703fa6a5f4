import { API_VERSION, KIND } from '../../api/index.ts';
import { type Cluster, readinessOf } from '../../apply/index.ts';
import {
  formatId,
  idOf,
  type JsonObject,
  type KubernetesObject,
  OFFLINE_FACTS,
  OperatorError,
  pause,
  type Scope,
  systemClock,
} from '../../core/index.ts';
import { readOperators } from '../../render/index.ts';
import { type KeptSettings, type OperatorSettings, operatorManifests } from '../deploy/operator-manifests.ts';
import { parseDurationMs } from '../input/duration.ts';
import { readFiles } from '../input/read-files.ts';
import { renderSources } from '../input/render-sources.ts';
import { watchedNamespaces } from '../input/watched-namespaces.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { OPERATOR_NAME, settingsIn } from '../live/operator-deployment.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { warn } from '../terminal/messages.ts';
import { settingsText } from '../terminal/settings-text.ts';

/** Options of `iop operator init`. */
export interface InitFlags extends ConnectionFlags, OperatorSettings {
  /** An IstioOperator for the new operator. */
  readonly filename?: string;
  readonly readinessTimeout: string;
  readonly quiet?: boolean;
}

const APPLY = { fieldManager: 'iop', force: true } as const;
const POLL_MS = 500;

/**
 * `iop operator init`: installs the operator, or brings it up to date, and waits until it is ready. One that is there
 * keeps what the flags say nothing of.
 */
export async function operatorInit(flags: InitFlags, io: Io): Promise<number> {
  const timeoutMs = parseDurationMs(flags.readinessTimeout, '--readiness-timeout');
  operatorManifests(flags); // what is wrong with the flags is said before anything is sent
  const given = flags.filename === undefined ? undefined : await readResource(flags.filename, io);
  return await withCluster(flags, io, async (cluster, scope) => {
    const tell = async (text: string) => {
      if (flags.quiet !== true) await io.stderr.write(text);
    };
    const before = await findSettings(flags.operatorNamespace, cluster, scope);
    const objects = operatorManifests(flags, before);
    const after = settingsIn(objects.find(isDeployment));
    await tell(settingsText(before, after));
    const namespaces = watchedNamespaces(after.watchedNamespaces ?? '');
    for (const name of namespaces) await ensureNamespace(name, cluster, scope);
    for (const object of objects) {
      await cluster.apply(object, APPLY, scope);
      await tell(`applied ${formatId(idOf(object))}\n`);
    }
    await untilReady(objects, timeoutMs, cluster, scope);
    const resource = given === undefined ? undefined : placed(given, namespaces);
    if (resource !== undefined) await cluster.apply(resource, APPLY, scope);
    const next =
      resource === undefined
        ? 'Give it an IstioOperator: kubectl apply -f iop.yaml'
        : `It has ${formatId(idOf(resource))} to look after; see iop operator status.`;
    await tell(`The operator is ready. ${next}\n`);
    return EXIT_OK;
  });
}

function isDeployment({ kind }: KubernetesObject): boolean {
  return kind === 'Deployment';
}

/** How the operator is set up that is there; undefined where none is. */
async function findSettings(namespace: string, cluster: Cluster, scope: Scope): Promise<KeptSettings | undefined> {
  const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: OPERATOR_NAME };
  const live = await cluster.get(ref, scope);
  return live === undefined ? undefined : settingsIn(live);
}

/** The IstioOperator of a file. What is wrong with it is said before anything is done. */
async function readResource(name: string, io: Io): Promise<Given> {
  const files = await readFiles([name], io);
  await warn(renderSources({ files, facts: OFFLINE_FACTS }).rendering.notices, io);
  const { metadata = {}, spec = {} } = readOperators(files).operators[0] ?? {};
  return { metadata, spec };
}

interface Given {
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
}

/** In a namespace that the operator watches, where it names none. */
function placed({ metadata, spec }: Given, [namespace = 'istio-system']: readonly string[]): KubernetesObject {
  const resource = {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: 'installed-state', namespace, ...metadata },
    spec,
  };
  return resource;
}

async function ensureNamespace(name: string, cluster: Cluster, scope: Scope): Promise<void> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  if ((await cluster.get({ ...namespace, namespace: '', name }, scope)) !== undefined) return;
  await cluster.create(namespace, { fieldManager: APPLY.fieldManager }, scope);
}

async function untilReady(
  objects: readonly KubernetesObject[],
  timeoutMs: number,
  cluster: Cluster,
  scope: Scope,
): Promise<void> {
  const deadlineMs = systemClock.monotonicMs() + timeoutMs;
  const waitedFor = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'CustomResourceDefinition');
  for (const object of waitedFor) {
    const id = idOf(object);
    for (;;) {
      const live = await cluster.get({ ...id, apiVersion: object.apiVersion }, scope);
      const readiness = live === undefined ? { ready: false, message: 'does not exist' } : readinessOf(live);
      if (readiness.ready) break;
      if (systemClock.monotonicMs() > deadlineMs) {
        throw new OperatorError(`${formatId(id)} is not ready: ${readiness.message ?? 'no reason known'}.`, {
          code: 'ReadinessTimeout',
          hint: `Look at its pods: kubectl -n ${id.namespace} get pods,events. Is the image one that the cluster can pull?`,
        });
      }
      await pause(POLL_MS, systemClock, scope);
    }
  }
}
