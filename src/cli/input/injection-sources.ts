import type { Cluster } from '../../apply/index.ts';
import {
  type ClusterFacts,
  type JsonObject,
  type Notice,
  OperatorError,
  type Scope,
  valueAt,
} from '../../core/index.ts';
import {
  type InjectionContext,
  injectionContext,
  readInjectorConfig,
  readMeshConfig,
  readYamlMap,
} from '../../injection/index.ts';
import { manifestObjects, renderFiles, type SourceFile } from '../../render/index.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import type { Io } from '../terminal/io.ts';
import { readFiles } from './read-files.ts';

/** Flags that say which installation injects. */
export interface InjectionFlags extends ConnectionFlags {
  /** IstioOperators; nothing else is asked then. */
  readonly install: readonly string[];
  readonly set: readonly string[];
  readonly revision?: string;
  readonly istioNamespace: string;
  /** Files in place of what the ConfigMaps hold, as istioctl names them. */
  readonly meshConfigFile?: string;
  readonly injectConfigFile?: string;
  readonly valuesFile?: string;
}

/** The texts that istiod reads from its ConfigMaps, each with where it is from. */
interface Sources {
  readonly config: SourceFile;
  readonly values: SourceFile;
  readonly mesh: SourceFile;
}

/**
 * Gathers what an installation injects with: from IstioOperators, from files, and from a cluster for what is missing then.
 * @throws {OperatorError} what is wrong with any of them, `NotFound` where a cluster has no such installation.
 */
export async function readInjection(
  flags: InjectionFlags,
  facts: ClusterFacts,
  io: Io,
): Promise<{ readonly context: InjectionContext; readonly notices: readonly Notice[] }> {
  const given = await readGiven(flags, io);
  const offline = flags.install.length > 0 || flags.set.length > 0 ? await rendered(flags, facts, io) : undefined;
  const known = { ...offline?.sources, ...given };
  const sources = isComplete(known) ? known : { ...(await fetched(flags, io)), ...known };
  const values = readYamlMap(sources.values.text, sources.values.name);
  const context = injectionContext({
    config: readInjectorConfig(sources.config.text, sources.config.name),
    mesh: readMeshConfig(sources.mesh.text, sources.mesh.name),
    values,
    revision: revisionOf(flags, values),
  });
  return { context, notices: offline?.notices ?? [] };
}

async function readGiven(flags: InjectionFlags, io: Io): Promise<Partial<Sources>> {
  const names = { config: flags.injectConfigFile, values: flags.valuesFile, mesh: flags.meshConfigFile };
  const found: [string, SourceFile | undefined][] = [];
  for (const [key, name] of Object.entries(names)) {
    if (name !== undefined) found.push([key, (await readFiles([name], io))[0]]);
  }
  return Object.fromEntries(found);
}

function isComplete(sources: Partial<Sources>): sources is Sources {
  return sources.config !== undefined && sources.values !== undefined && sources.mesh !== undefined;
}

/** What the ConfigMaps would hold if the IstioOperators were installed. */
async function rendered({ install, set, revision }: InjectionFlags, facts: ClusterFacts, io: Io) {
  const files = await readFiles(install, io);
  const sets = revision === undefined ? set : [...set, `revision=${revision}`];
  const { rendering } = renderFiles({ files, sets, facts });
  const maps = manifestObjects(rendering).filter(({ kind }) => kind === 'ConfigMap');
  const named = (prefix: string, key: string) =>
    maps.find(
      ({ metadata, ...rest }) =>
        metadata.name.startsWith(prefix) && valueAt(rest as JsonObject, 'data', key) !== undefined,
    );
  const injector = named('istio-sidecar-injector', 'config');
  const mesh = named('istio', 'mesh');
  if (injector === undefined || mesh === undefined) {
    throw new OperatorError('The IstioOperator installs no istiod, so there is nothing to inject with.', {
      code: 'InvalidResource',
      path: 'spec.components.pilot',
      hint: 'Name the IstioOperator of the control plane.',
    });
  }
  return { sources: sourcesOf(injector, mesh), notices: rendering.notices };
}

async function fetched(flags: InjectionFlags, io: Io): Promise<Sources> {
  const suffix = flags.revision === undefined || flags.revision === 'default' ? '' : `-${flags.revision}`;
  return await withCluster(flags, io, async (cluster, scope) => {
    const injector = await configMap(`istio-sidecar-injector${suffix}`, flags.istioNamespace, cluster, scope);
    const mesh = await configMap(`istio${suffix}`, flags.istioNamespace, cluster, scope);
    return sourcesOf(injector, mesh);
  });
}

async function configMap(name: string, namespace: string, cluster: Cluster, scope: Scope) {
  const found = await cluster.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name }, scope);
  if (found !== undefined) return found;
  throw new OperatorError(`The cluster has no ConfigMap ${namespace}/${name}.`, {
    code: 'NotFound',
    hint: 'Name the revision (-r) and namespace (-i) of the control plane, or its IstioOperator (--install).',
  });
}

function sourcesOf(injector: object, mesh: object): Sources {
  return { config: textOf(injector, 'config'), values: textOf(injector, 'values'), mesh: textOf(mesh, 'mesh') };
}

function textOf(map: object, key: string): SourceFile {
  const object = map as JsonObject;
  const name = `ConfigMap ${String(valueAt(object, 'metadata', 'name'))}, ${key}`;
  const text = valueAt(object, 'data', key);
  if (typeof text === 'string') return { name, text };
  throw new OperatorError('The key is missing.', { code: 'InvalidResource', path: name });
}

/** The revision without a name is called `default` by people, and is empty in templates. */
function revisionOf({ revision }: InjectionFlags, values: JsonObject): string {
  const name = revision ?? values.revision;
  return typeof name !== 'string' || name === 'default' ? '' : name;
}
