import {
  type ClusterFacts,
  type Issue,
  isObject,
  type Json,
  type JsonObject,
  throwIssues,
  valueAt,
} from '../core/index.ts';
import type { ComponentInput } from './component-input.ts';
import { objectAt } from './object-at.ts';
import { withoutNulls } from './settled-values.ts';
import {
  clusterDomainOf,
  jaegerIn,
  providerName,
  type TracingBackend,
  withProvider,
  zipkinIn,
} from './tracing-provider.ts';
import type { TextMap } from './value-types.ts';

/** The add-ons, in the order in which they are built. */
export const ADDONS = ['prometheus', 'grafana', 'kiali', 'tracing', 'zipkin'] as const;

/** An add-on: the field below `spec.addonComponents`. */
export type AddonName = (typeof ADDONS)[number];

/** The workload of each add-on, by which people know it. */
export const ADDON_WORKLOADS: Readonly<Record<AddonName, string>> = {
  prometheus: 'prometheus',
  grafana: 'grafana',
  kiali: 'kiali',
  tracing: 'istio-tracing',
  zipkin: 'zipkin',
};

/** What an author may say about an add-on; which add-on takes what, the API knows. Nulls are gone. */
export interface AddonSettings {
  readonly hub?: string;
  readonly tag?: string | number;
  readonly image?: string;
  /** A duration such as `15d`. */
  readonly retention?: string;
  readonly persistence?: PersistenceSettings;
  readonly expose?: ExposeSettings;
  readonly auth?: AuthSettings;
}

/** A volume that outlives the pod. */
export interface PersistenceSettings {
  readonly enabled?: boolean;
  readonly size?: string | number;
  readonly storageClassName?: string;
  readonly keep?: boolean;
}

/** How a dashboard is reached from outside. */
export interface ExposeSettings {
  readonly kind?: string;
  readonly host: string;
  readonly tlsSecret?: string;
  readonly ingressClassName?: string;
  readonly annotations?: TextMap;
  readonly gateway?: { readonly name: string; readonly namespace?: string; readonly sectionName?: string };
  readonly selector?: TextMap;
}

/** Who may use Grafana (`anonymous`) and Kiali (`strategy`, `openid`). */
export interface AuthSettings {
  readonly anonymous?: boolean;
  readonly strategy?: string;
  readonly secretName?: string;
  readonly openid?: {
    readonly clientId?: string;
    readonly issuerUri?: string;
    readonly usernameClaim?: string;
    readonly scopes?: readonly string[];
    readonly disableRbac?: boolean;
  };
}

/** Where another add-on is. */
export interface AddonPlace {
  readonly namespace: string;
  /** Its address from outside, where it is exposed. */
  readonly externalUrl?: string;
}

/** All that the builders of an add-on look at. */
export interface AddonValues {
  readonly addon: AddonName;
  readonly settings: AddonSettings;
  /** Whether its Service is reachable from outside by itself: a NodePort or a LoadBalancer. */
  readonly isOpen: boolean;
  /** The add-ons that are switched on, this one included. */
  readonly places: Readonly<Partial<Record<AddonName, AddonPlace>>>;
  readonly mesh: MeshFacts;
}

/** What add-ons know of the mesh. */
export interface MeshFacts {
  readonly istioNamespace: string;
  /** The namespace whose configuration holds for the whole mesh. */
  readonly rootNamespace: string;
  readonly clusterDomain: string;
  readonly platform: string;
  /** Which objects to make: `all`, or only those of `cluster` or `namespace` scope. */
  readonly resourceScope: string;
  readonly imagePullPolicy: string;
  readonly imagePullSecrets: readonly string[];
  /** The provider of the mesh configuration that sends traces to the add-on; absent: no add-on takes traces. */
  readonly tracingProvider?: string;
}

/** The document as far as add-ons depend on it. */
export interface AddonDocument {
  readonly spec: JsonObject;
  readonly namespace: string;
  readonly revision: string;
  readonly facts: ClusterFacts;
  /** The control plane's values with every layer applied. */
  readonly istiod: JsonObject;
}

/** An add-on that is switched on. */
interface Entry {
  readonly addon: AddonName;
  readonly path: string;
  readonly entry: JsonObject;
  readonly namespace: string;
}

/**
 * The add-ons that a spec switches on, each with what it is built from.
 * @throws {OperatorError} `InvalidValue` for settings that do not go together.
 */
export function addonInputs(document: AddonDocument): readonly ComponentInput[] {
  const entries = entriesOf(document);
  throwIssues(entries.flatMap((entry) => issuesOf(entry, entries)));
  const places = Object.fromEntries(entries.map((entry) => [entry.addon, placeOf(entry)]));
  const mesh = meshFacts(document, entries);
  return entries.map(({ addon, path, entry, namespace }) => ({
    component: 'AddonComponents',
    path,
    resourceName: ADDON_WORKLOADS[addon],
    namespace,
    revision: document.revision,
    values: valuesOf({ addon, settings: settingsOf(entry), isOpen: isOpen(entry), places, mesh }),
    settings: objectAt(entry, 'k8s'),
    facts: document.facts,
  }));
}

/**
 * The control plane's values with a provider that sends traces to the add-on which takes them; unchanged where there is
 * no such add-on or the mesh configuration has a provider for it already.
 */
export function withTracingProvider(document: AddonDocument): JsonObject {
  const { istiod } = document;
  const backend = backendOf(entriesOf(document), istiod);
  return backend === undefined ? istiod : withProvider(istiod, backend);
}

function entriesOf({ spec, namespace }: Pick<AddonDocument, 'spec' | 'namespace'>): readonly Entry[] {
  return ADDONS.flatMap((addon): readonly Entry[] => {
    const entry = valueAt(spec, 'addonComponents', addon);
    if (!isObject(entry) || entry.enabled === false) return [];
    const own = entry.namespace;
    const place = typeof own === 'string' && own !== '' ? own : namespace;
    return [{ addon, path: `spec.addonComponents.${addon}`, entry, namespace: place }];
  });
}

function settingsOf(entry: JsonObject): AddonSettings {
  const { enabled: _enabled, namespace: _namespace, k8s: _k8s, ...settings } = withoutNulls(entry);
  return settings as unknown as AddonSettings;
}

function valuesOf(values: AddonValues): JsonObject {
  return values as unknown as JsonObject;
}

function isOpen(entry: JsonObject): boolean {
  const type = valueAt(entry, 'k8s', 'service', 'type');
  return type === 'NodePort' || type === 'LoadBalancer';
}

function placeOf({ entry, namespace }: Entry): AddonPlace {
  const { expose } = settingsOf(entry);
  if (expose === undefined) return { namespace };
  return { namespace, externalUrl: `${expose.tlsSecret ? 'https' : 'http'}://${expose.host}` };
}

function issuesOf({ addon, path, entry }: Entry, all: readonly Entry[]): readonly Issue[] {
  const { persistence, expose, auth } = settingsOf(entry);
  const issue = (field: string, message: string, hint: string): Issue => ({
    code: 'InvalidValue',
    path: `${path}${field}`,
    message,
    hint,
  });
  const issues: Issue[] = [];
  if (addon === 'zipkin' && all.some((other) => other.addon === 'tracing')) {
    const message =
      'zipkin and tracing are both on: both bring a Service zipkin, and the mesh sends its traces to one.';
    issues.push(issue('', message, 'Set addonComponents.tracing.enabled: false, or leave zipkin out.'));
  }
  if (persistence?.size !== undefined && !isPositive(persistence.size)) {
    issues.push(issue('.persistence.size', 'The volume would have no room.', 'Write a size such as 10Gi.'));
  }
  if (addon === 'grafana' && expose !== undefined && !auth?.secretName && auth?.anonymous !== true) {
    const message = 'Grafana is exposed, but nobody could log in.';
    const hint =
      'Set auth.secretName to a Secret with username and password, or auth.anonymous: true to show the dashboards to anybody.';
    issues.push(issue('.auth', message, hint));
  }
  if (addon === 'kiali') issues.push(...kialiIssues(expose !== undefined, auth, issue));
  return issues;
}

function kialiIssues(
  isExposed: boolean,
  auth: AuthSettings | undefined,
  issue: (field: string, message: string, hint: string) => Issue,
): readonly Issue[] {
  const strategy = kialiStrategy(isExposed, auth);
  if (strategy === 'anonymous') return [];
  const issues: Issue[] = [];
  if (!auth?.secretName) {
    const hint =
      'Make a Secret with the key signing-key (16, 24 or 32 characters) and name it in auth.secretName, or set auth.strategy: anonymous, which is read-only.';
    issues.push(issue('.auth.secretName', `The login strategy ${strategy} needs a key to sign sessions with.`, hint));
  }
  if (strategy === 'openid' && (!auth?.openid?.clientId || !auth.openid.issuerUri)) {
    const hint = 'Set auth.openid.clientId and auth.openid.issuerUri.';
    issues.push(issue('.auth.openid', 'The login strategy openid needs an identity provider.', hint));
  }
  return issues;
}

/** How users of Kiali log in: without a word from the author, read-only and without login unless it is exposed. */
export function kialiStrategy(isExposed: boolean, auth: AuthSettings | undefined): string {
  return auth?.strategy || (isExposed ? 'token' : 'anonymous');
}

/** The API has checked that it is a quantity. */
function isPositive(size: string | number): boolean {
  return Number.parseFloat(String(size)) > 0;
}

function meshFacts({ istiod, namespace }: AddonDocument, entries: readonly Entry[]): MeshFacts {
  const global = objectAt(istiod, 'global');
  const backend = backendOf(entries, istiod);
  const secrets = global.imagePullSecrets;
  return {
    istioNamespace: namespace,
    rootNamespace: textOr(valueAt(istiod, 'meshConfig', 'rootNamespace'), namespace),
    clusterDomain: clusterDomainOf(istiod),
    platform: textOr(istiod.platform, textOr(global.platform, '')),
    resourceScope: textOr(global.resourceScope, ''),
    imagePullPolicy: textOr(global.imagePullPolicy, ''),
    imagePullSecrets: Array.isArray(secrets) ? secrets.filter((name) => typeof name === 'string') : [],
    ...(backend !== undefined && { tracingProvider: providerName(istiod, backend) }),
  };
}

function backendOf(entries: readonly Entry[], istiod: JsonObject): TracingBackend | undefined {
  const of = (name: AddonName) => entries.find(({ addon }) => addon === name)?.namespace;
  const tracing = of('tracing');
  if (tracing !== undefined) return jaegerIn(tracing, istiod);
  const zipkin = of('zipkin');
  return zipkin === undefined ? undefined : zipkinIn(zipkin, istiod);
}

function textOr(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
