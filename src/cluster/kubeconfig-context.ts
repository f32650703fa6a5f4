import { isObject, type Json, type JsonObject, nearMatch, OperatorError } from '../core/index.ts';
import type { KubeconfigDocument } from './kubeconfig-documents.ts';

/** What one context of a kubeconfig stands for: the sections of its cluster and user, and a namespace. */
export interface KubeconfigContext {
  readonly name: string;
  readonly cluster: JsonObject;
  readonly user: JsonObject;
  readonly namespace: string;
}

/**
 * Finds a context and what it refers to.
 * @param wanted - its name; without one, the current context.
 * @param source - where the document comes from, for messages.
 * @throws {OperatorError} `KubeconfigInvalid`
 */
export function findContext(
  document: KubeconfigDocument,
  wanted: string | undefined,
  source: string,
): KubeconfigContext {
  const name = wanted ?? document['current-context'];
  if (name === '') throw invalidKubeconfig(`${source} has no current context.`, 'Choose a context with --context.');
  const context = document.contexts.find((entry) => entry.name === name)?.context;
  if (!isObject(context)) throw unknownContext(document, name, source);
  const userName = text(context.user);
  const namespace = text(context.namespace);
  return {
    name,
    cluster: sectionOf(document.clusters, 'cluster', text(context.cluster), source),
    user: userName === '' ? {} : sectionOf(document.users, 'user', userName, source),
    namespace: namespace === '' ? 'default' : namespace,
  };
}

/** The error for a kubeconfig that cannot be used. */
export function invalidKubeconfig(message: string, hint?: string): OperatorError {
  return new OperatorError(message, { code: 'KubeconfigInvalid', ...(hint === undefined ? {} : { hint }) });
}

function unknownContext(document: KubeconfigDocument, name: string, source: string): OperatorError {
  const names = document.contexts.map((entry) => text(entry.name)).filter((known) => known !== '');
  const near = nearMatch(name, names);
  const all = names.length === 0 ? 'It has no contexts.' : `It has: ${names.slice(0, 10).join(', ')}.`;
  const hint = near === undefined ? all : `Did you mean "${near}"?`;
  return invalidKubeconfig(`The context "${name}" does not exist in ${source}.`, hint);
}

function sectionOf(
  entries: readonly JsonObject[],
  section: 'cluster' | 'user',
  name: string,
  source: string,
): JsonObject {
  const body = entries.find((entry) => entry.name === name)?.[section];
  if (isObject(body)) return body;
  if (section === 'user' && body === null) return {}; // `user:` without anything is how some tools write "no login"
  throw invalidKubeconfig(`The ${section} "${name}", which the context names, is not in ${source}.`);
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
