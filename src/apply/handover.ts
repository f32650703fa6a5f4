import {
  asJson,
  isObject,
  type Json,
  type JsonObject,
  jsonEqual,
  type KubernetesObject,
  type PathStep,
} from '../core/index.ts';
import type { IsAutoscaled } from './autoscalers.ts';
import type { LiveMeta, LiveObject, ManagedFields } from './cluster.ts';
import type { DigestedObject } from './digested-manifest.ts';
import { FIELD_MANAGER } from './fingerprint.ts';
import { withoutIgnoredFields } from './ignored-fields.ts';

/** An object as it is sent: what we want it to be, and what in it is left to others. */
export type Sent = Pick<DigestedObject, 'object' | 'ignored'>;

/** The manager that holds a field for a moment, so that it keeps its value while it goes from us to somebody else. */
export const HANDOVER_MANAGER = 'istio-operator-handover';

/** The manager of what istiod writes: the name of its program. */
const ISTIOD_MANAGER = 'pilot-discovery';

/** Objects with fields that others take over; only they are looked at before they are written. */
export function hasHandover({ object, ignored }: Sent): boolean {
  const { kind } = object;
  return ignored !== undefined || kind === 'Deployment' || kind.endsWith('WebhookConfiguration');
}

/**
 * The object as it is to be applied: without the fields that somebody else has taken over since.
 * - webhooks: istiod, and nobody else, sets `failurePolicy` and `caBundle` once it serves them; setting them again would
 *   switch the validation off until istiod notices. Selectors that a platform has added terms to (AKS does) stay as they are.
 * - Deployments: `replicas` that others have set are left to them as long as there is an autoscaler. Without one nobody looks
 *   after them any more: neither a person who scales by hand, nor an autoscaler that is gone and whose name is still on them.
 * - what the author of the resource leaves to others.
 */
export async function withoutTakenFields(
  sent: Sent,
  live: LiveObject,
  isAutoscaled: IsAutoscaled,
): Promise<KubernetesObject> {
  return withoutIgnoredFields(await withoutTaken(sent, live, isAutoscaled), live, sent.ignored ?? [], isOurs);
}

async function withoutTaken(sent: Sent, live: LiveObject, isAutoscaled: IsAutoscaled): Promise<KubernetesObject> {
  const { object } = sent;
  const others = (live.metadata.managedFields ?? []).filter(({ manager }) => !isOurs(manager));
  if (object.kind.endsWith('WebhookConfiguration')) return withoutTakenWebhookFields(object, live, others);
  const isTaken = setsReplicas(sent) && others.some(ownsReplicas) && (await isAutoscaled(object));
  return isTaken ? withoutReplicas(object) : object;
}

/** True for a Deployment that is to have a certain number of replicas, unless its author leaves that to whoever sets them. */
export function setsReplicas({ object, ignored = [] }: Sent): boolean {
  if (object.kind !== 'Deployment' || replicasOf(asJson(object)) === undefined) return false;
  const place = ['spec', 'replicas'];
  const covers = (path: readonly PathStep[]) =>
    path.every((step, index) => step.kind === 'key' && step.key === place[index]);
  return !ignored.some(covers);
}

/** True where somebody else has set the replicas, and we have not since. */
export function hasForeignReplicas({ managedFields = [] }: Pick<LiveMeta, 'managedFields'>): boolean {
  const owners = managedFields.filter(ownsReplicas);
  return owners.length > 0 && !owners.some(({ manager }) => isOurs(manager));
}

/**
 * The replicas that have to be held at their live value before we stop setting them, or undefined. Kubernetes would
 * reset a field that nobody owns to its default: ten replicas would become one.
 */
export function replicasToHold(object: KubernetesObject, live: LiveObject): number | undefined {
  if (object.kind !== 'Deployment' || replicasOf(asJson(object)) !== undefined) return undefined;
  const replicas = replicasOf(live as unknown as JsonObject);
  const owners = (live.metadata.managedFields ?? []).filter(ownsReplicas);
  return owners.length > 0 && owners.every(({ manager }) => manager === FIELD_MANAGER) ? replicas : undefined;
}

/** A partial object that holds nothing but the replicas. */
export function replicasOnly(object: KubernetesObject, replicas: number): KubernetesObject {
  const { name, namespace } = object.metadata;
  return {
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: { name, namespace },
    spec: { replicas },
  } as KubernetesObject;
}

function withoutReplicas(object: KubernetesObject): KubernetesObject {
  const { spec } = asJson(object);
  const { replicas: _replicas, ...rest } = isObject(spec) ? spec : {};
  return { ...object, spec: rest } as KubernetesObject;
}

function withoutTakenWebhookFields(
  object: KubernetesObject,
  live: LiveObject,
  others: readonly ManagedFields[],
): KubernetesObject {
  const webhooks = webhooksOf(asJson(object));
  if (webhooks === undefined) return object;
  const liveHooks = webhooksOf(live as unknown as JsonObject) ?? [];
  const kept = webhooks.map((webhook) => {
    const other = liveHooks.find(({ name }) => name === webhook.name) ?? {};
    return withoutExtendedSelectors(withoutServedFields(webhook, others), other, others);
  });
  return { ...object, webhooks: kept } as KubernetesObject;
}

function webhooksOf({ webhooks }: JsonObject): readonly JsonObject[] | undefined {
  return Array.isArray(webhooks) && webhooks.every(isObject) ? webhooks : undefined;
}

function withoutServedFields(webhook: JsonObject, others: readonly ManagedFields[]): JsonObject {
  const istiod = others.filter(({ manager }) => manager === ISTIOD_MANAGER);
  const taken = (...path: string[]) => istiod.some((entry) => owns(entry, ...hookPath(webhook), ...path));
  const { failurePolicy, clientConfig, ...rest } = webhook;
  const { caBundle, ...client } = isObject(clientConfig) ? clientConfig : {};
  return {
    ...rest,
    ...(failurePolicy === undefined || taken('f:failurePolicy') ? {} : { failurePolicy }),
    ...(clientConfig === undefined
      ? {}
      : {
          clientConfig: {
            ...client,
            ...(caBundle === undefined || taken('f:clientConfig', 'f:caBundle') ? {} : { caBundle }),
          },
        }),
  };
}

/** A selector is one field: who adds a term owns it all, and as long as it holds every term of ours, it is as good as ours. */
function withoutExtendedSelectors(webhook: JsonObject, live: JsonObject, others: readonly ManagedFields[]): JsonObject {
  const programs = others.filter(({ manager }) => !isPerson(manager));
  const isExtended = (field: string) =>
    programs.some((entry) => owns(entry, ...hookPath(webhook), `f:${field}`)) &&
    extendsSelector(live[field], webhook[field]);
  const kept = Object.entries(webhook).filter(([field]) => !field.endsWith('Selector') || !isExtended(field));
  return Object.fromEntries(kept);
}

function extendsSelector(selector: Json | undefined, ours: Json | undefined): boolean {
  if (!isObject(selector) || !isObject(ours)) return false;
  const labels = isObject(selector.matchLabels) ? selector.matchLabels : {};
  const terms: readonly Json[] = Array.isArray(selector.matchExpressions) ? selector.matchExpressions : [];
  const ourTerms: readonly Json[] = Array.isArray(ours.matchExpressions) ? ours.matchExpressions : [];
  const ourLabels = Object.entries(isObject(ours.matchLabels) ? ours.matchLabels : {});
  return (
    ourLabels.every(([key, value]) => labels[key] === value) &&
    ourTerms.every((term) => terms.some((other) => jsonEqual(term, other)))
  );
}

function hookPath({ name }: JsonObject): readonly string[] {
  return ['f:webhooks', `k:${JSON.stringify({ name })}`];
}

function isOurs(manager: string): boolean {
  return manager === FIELD_MANAGER || manager === HANDOVER_MANAGER;
}

/** True for the field managers of kubectl: somebody who tries things. */
export function isPerson(manager: string): boolean {
  return manager.startsWith('kubectl');
}

function ownsReplicas(entry: ManagedFields): boolean {
  return owns(entry, 'f:spec', 'f:replicas');
}

function owns(entry: ManagedFields, ...path: readonly string[]): boolean {
  let node: Json | undefined = entry.fieldsV1;
  for (const step of path) {
    if (!isObject(node)) return false;
    node = node[step];
  }
  return node !== undefined;
}

function replicasOf(object: JsonObject): number | undefined {
  const replicas = isObject(object.spec) ? object.spec.replicas : undefined;
  return typeof replicas === 'number' ? replicas : undefined;
}
