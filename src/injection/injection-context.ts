import type { JsonObject } from '../core/index.ts';
import { TemplateSet } from '../gotemplate/index.ts';
import { injectionFunctions } from './injection-functions.ts';
import type { InjectorConfig } from './injector-config.ts';
import type { MeshConfig } from './mesh-config.ts';
import { mapAt, textAt } from './pod-parts.ts';

/** What an installation injects with: what istiod reads from its ConfigMaps, ready for use. */
export interface InjectionContext {
  readonly config: InjectorConfig;
  readonly templates: TemplateSet;
  readonly mesh: MeshConfig;
  /** The installation's values, as templates see them. */
  readonly values: JsonObject;
  /** Empty for the revision without a name. */
  readonly revision: string;
  /** Whether proxies are sidecars of Kubernetes' own kind where pods say nothing. */
  readonly nativeSidecars: boolean;
  /** A standard that the mesh has to meet, such as `fips-140-2`. */
  readonly compliancePolicy: string;
}

/** What {@link injectionContext} needs: `values` is the ConfigMap's key of that name, read. */
export interface InjectionSources {
  readonly config: InjectorConfig;
  readonly mesh: MeshConfig;
  readonly values: JsonObject;
  readonly revision: string;
}

/**
 * Prepares an installation's templates.
 * @throws {OperatorError} `TemplateInvalid` for one that does not parse.
 */
export function injectionContext({ config, mesh, values, revision }: InjectionSources): InjectionContext {
  const environment = environmentOf(values);
  const templates = new TemplateSet({ functions: injectionFunctions(environment) });
  for (const [name, text] of config.templates) templates.parse(name, text);
  return {
    config,
    templates,
    mesh,
    values,
    revision,
    nativeSidecars: environment.ENABLE_NATIVE_SIDECARS === 'true',
    compliancePolicy: environment.COMPLIANCE_POLICY ?? '',
  };
}

/** A setting of the values for every proxy. */
export function proxySettings(values: JsonObject): JsonObject {
  return mapAt(mapAt(values, 'global'), 'proxy');
}

/** The cluster and network of the installation; the pod's own label says where its network is another. */
export function clusterVariables(values: JsonObject, labels: JsonObject): Readonly<Record<string, string>> {
  const global = mapAt(values, 'global');
  const cluster = textAt(mapAt(global, 'multiCluster'), 'clusterName') ?? '';
  const network = textAt(labels, 'topology.istio.io/network') ?? textAt(global, 'network') ?? '';
  return {
    ...(cluster === '' ? {} : { ISTIO_META_CLUSTER_ID: cluster }),
    ...(network === '' ? {} : { ISTIO_META_NETWORK: network }),
  };
}

/** istiod's environment, as far as the values set it: that is where some of its switches are. */
function environmentOf(values: JsonObject): Readonly<Record<string, string>> {
  const env = mapAt(mapAt(values, 'pilot'), 'env');
  const set = Object.entries(env).filter(([, value]) => value != null && typeof value !== 'object');
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]));
}
