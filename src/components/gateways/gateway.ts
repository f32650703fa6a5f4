import type { ComponentName } from '../../core/index.ts';
import type { ComponentInput, GatewayRoot, GatewaySettings, GatewayValues } from '../../values/index.ts';
import { istioLabels } from '../shared/labels.ts';
import { revisionLabel } from '../shared/revision.ts';
import { textMap } from '../shared/text.ts';

/** What sets the two kinds of gateway apart; all else is one builder. */
export interface GatewayKind {
  readonly component: ComponentName;
  readonly root: GatewayRoot;
  /** The label `istio` of its NetworkPolicy. */
  readonly role: string;
  /** The value that lists Service ports without a container port. */
  readonly extraPorts: 'ingressPorts' | 'egressPorts';
}

/** The kind that lets traffic into the mesh. */
export const INGRESS: GatewayKind = {
  component: 'IngressGateways',
  root: 'istio-ingressgateway',
  role: 'ingressgateway',
  extraPorts: 'ingressPorts',
};

/** The kind that lets traffic out of the mesh. */
export const EGRESS: GatewayKind = {
  component: 'EgressGateways',
  root: 'istio-egressgateway',
  role: 'egressgateway',
  extraPorts: 'egressPorts',
};

/** One gateway, as the builders of its objects see it. */
export interface Gateway {
  readonly kind: GatewayKind;
  readonly name: string;
  readonly namespace: string;
  readonly revision: string | undefined;
  readonly serviceAccountName: string;
  /** What selects its pods; the user's to choose. */
  readonly selector: Readonly<Record<string, string>>;
  readonly settings: GatewaySettings;
  readonly values: GatewayValues;
  readonly global: GatewayValues['global'];
}

/** Gathers what the builders of one gateway share. */
export function gatewayOf(kind: GatewayKind, input: ComponentInput<GatewayValues>): Gateway {
  const { values } = input;
  const settings = values.gateways[kind.root];
  return {
    kind,
    name: input.resourceName,
    namespace: input.namespace,
    revision: values.revision,
    serviceAccountName: `${input.resourceName}-service-account`,
    selector: textMap(settings.labels) ?? {},
    settings,
    values,
    global: values.global,
  };
}

/** The labels of every object that belongs to a gateway, without those that select its pods. */
export function ownLabels(gateway: Gateway): Record<string, string> {
  return {
    ...istioLabels(gateway.kind.root),
    release: 'istio',
    'istio.io/rev': revisionLabel(gateway.revision),
  };
}

/** The labels of an object, with those that select the gateway's pods. The user's win: they are in an immutable selector. */
export function objectLabels(gateway: Gateway): Record<string, string> {
  return { ...ownLabels(gateway), ...gateway.selector };
}

/** True on OpenShift, which gives every namespace its own user ids. */
export function isOpenShift({ values, global }: Gateway): boolean {
  return (values.platform || global.platform) === 'openshift';
}
