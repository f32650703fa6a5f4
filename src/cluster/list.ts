import type { LiveObject, ResourceKind, Selection } from '../apply/index.ts';
import { isObject, type Json, OperatorError, type Scope } from '../core/index.ts';
import type { ApiClient } from './api-client.ts';
import { type Call, describeSelection } from './call.ts';
import { readObject, unreadable } from './object-reader.ts';
import { collectionPath, query, type Resource } from './resource.ts';

/** A consistent state of a collection, and the version to watch it from. */
export interface Listing {
  readonly items: readonly LiveObject[];
  readonly resourceVersion: string;
}

const PAGE_SIZE = 500;

/** A token for the next page lives for five minutes; a list that outlives it begins again, but not for ever. */
const RESTARTS = 3;

/** Reads all pages of a collection; begins again when the server has forgotten the state that the pages belong to. */
export async function listAll(
  api: ApiClient,
  resource: Resource,
  selection: Selection,
  scope: Scope,
): Promise<Listing> {
  for (let restarts = 0; ; restarts++) {
    try {
      return await listOnce(api, resource, selection, scope);
    } catch (error) {
      const isExpired = error instanceof OperatorError && error.detail.code === 'Gone';
      if (!isExpired || restarts === RESTARTS) throw error;
    }
  }
}

/** The media types that ask for whole objects or for their metadata alone; servers that cannot do that send it all. */
export function acceptHeader({ metadataOnly }: Pick<Selection, 'metadataOnly'>, form: 'list' | 'object'): string {
  if (metadataOnly !== true) return 'application/json';
  const partial = form === 'list' ? 'PartialObjectMetadataList' : 'PartialObjectMetadata';
  return `application/json;as=${partial};g=meta.k8s.io;v=v1,application/json`;
}

/** The query parameters of a selection. */
export function selectors(selection: Selection): {
  labelSelector: string | undefined;
  fieldSelector: string | undefined;
} {
  return { labelSelector: selection.labelSelector, fieldSelector: selection.fieldSelector };
}

async function listOnce(api: ApiClient, resource: Resource, selection: Selection, scope: Scope): Promise<Listing> {
  const items: LiveObject[] = [];
  for (let next: string | undefined; ; ) {
    const call = pageCall(resource, selection, next);
    const { rows, resourceVersion, next: following } = readPage(call, await api.send(call, scope));
    for (const row of rows) items.push(readObject(call, row));
    const isEnough = selection.limit !== undefined && items.length >= selection.limit;
    if (following === undefined || isEnough) return { items, resourceVersion };
    next = following;
  }
}

function pageCall(resource: Resource, selection: Selection, next: string | undefined): Call {
  const kind: ResourceKind = { apiVersion: resource.apiVersion, kind: resource.kind };
  const path = collectionPath(resource, selection.namespace ?? '');
  return {
    verb: 'list',
    resource: resource.plural,
    subject: describeSelection(kind, selection.namespace),
    kind,
    request: {
      method: 'GET',
      path: `${path}${query({ ...selectors(selection), limit: Math.min(selection.limit ?? PAGE_SIZE, PAGE_SIZE), continue: next })}`,
      headers: { accept: acceptHeader(selection, 'list') },
    },
  };
}

function readPage(call: Call, page: Json) {
  const metadata = isObject(page) ? page.metadata : undefined;
  const rows = isObject(page) ? page.items : undefined;
  if (!isObject(metadata) || typeof metadata.resourceVersion !== 'string') throw unreadable(call);
  const next = metadata.continue;
  return {
    rows: Array.isArray(rows) ? (rows as readonly Json[]) : [], // an empty list may be null
    resourceVersion: metadata.resourceVersion,
    next: typeof next === 'string' && next !== '' ? next : undefined,
  };
}
