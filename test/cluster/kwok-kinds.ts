import { callApi } from './api-client.ts';
import { createObject } from './nodes.ts';
import type { OwnState } from './state.ts';
import { waitUntil } from './wait-until.ts';

const PLURALS = { Stage: 'stages', Logs: 'logs', PortForward: 'portforwards' } as const;
/** A kind of object by which a cluster tells kwok what to do. */
export type KwokKind = keyof typeof PLURALS;

/** The kinds that kwok reads from this cluster; it has to have them before kwok starts. */
export function kwokKinds({ settings }: OwnState): readonly KwokKind[] {
  return [
    ...(settings.stages ? (['Stage'] as const) : []),
    ...(settings.kubelet ? (['Logs', 'PortForward'] as const) : []),
  ];
}

/** Makes them kinds of the cluster. */
export async function createKwokKinds(state: OwnState, signal: AbortSignal): Promise<void> {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await Promise.all(
    kwokKinds(state).map(async (kind) => {
      await createObject(state, { method: 'POST', path, body: definitionOf(kind) }, signal);
      const served = `/apis/kwok.x-k8s.io/v1alpha1/${PLURALS[kind]}`;
      const isServed = async () => (await callApi(state, { path: served }, signal))?.status === 200;
      await waitUntil(`The API server did not serve ${kind} objects`, isServed, 10_000, signal);
    }),
  );
}

/** What kwok asks of the definition is that it exists; it checks the objects itself. */
function definitionOf(kind: KwokKind) {
  const plural = PLURALS[kind];
  const anything = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: anything, status: anything } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.kwok.x-k8s.io` },
    spec: {
      group: 'kwok.x-k8s.io',
      scope: kind === 'Stage' ? 'Cluster' : 'Namespaced',
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      versions: [{ name: 'v1alpha1', served: true, storage: true, subresources: { status: {} }, schema }],
    },
  };
}
