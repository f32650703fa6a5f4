import type { ResourceKind } from '../apply/index.ts';
import { formatId, groupOf, type ObjectId } from '../core/index.ts';
import type { RequestVerb } from './request-metrics.ts';
import type { WireRequest } from './transport.ts';

/** A request and what it is for, so that errors and metrics can say so. */
export interface Call {
  readonly verb: RequestVerb;
  /** Plural name, for metrics. */
  readonly resource: string;
  /** The one object that it is about. */
  readonly object?: ObjectId;
  /** What it is about when that is not one object: `Deployment.apps in istio-system`, `the server version`. */
  readonly subject?: string;
  /** The kind behind the path; none for `/version` and discovery. */
  readonly kind?: ResourceKind;
  readonly request: WireRequest;
  readonly priority?: 'high';
}

/** A kind and perhaps a namespace, for messages: `Deployment.apps in istio-system`. */
export function describeSelection({ kind, apiVersion }: ResourceKind, namespace: string | undefined): string {
  const group = groupOf(apiVersion);
  const name = group === '' ? kind : `${kind}.${group}`;
  return namespace === undefined || namespace === '' ? name : `${name} in ${namespace}`;
}

/** What a call wants, for messages: `apply Deployment istio-system/istiod`. */
export function describeCall(call: Call): string {
  return `${call.verb} ${call.object === undefined ? (call.subject ?? call.resource) : formatId(call.object)}`;
}

/** Sending it twice has the effect of sending it once. A PUT carries a resourceVersion, so its repetition is refused. */
export function isRepeatable(call: Call): boolean {
  return call.request.method !== 'POST' || call.verb === 'review';
}
