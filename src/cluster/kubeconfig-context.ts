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
  if (isEmpty(document)) throw invalidKubeconfig(`The kubeconfig ${source} is empty.`, 'Name another one, or log in.');
  const name = wanted ?? document['current-context'];
  if (name === '') throw noCurrentContext(document, source);
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

function isEmpty({ clusters, users, contexts }: KubeconfigDocument): boolean {
  return clusters.length + users.length + contexts.length === 0;
}

function noCurrentContext({ contexts }: KubeconfigDocument, source: string): OperatorError {
  const names = namesOf(contexts);
  const hint = names.length === 0 ? 'It has no contexts.' : `Choose one with --context: ${names.join(', ')}.`;
  return invalidKubeconfig(`${source} has no current context.`, hint);
}

function unknownContext({ contexts }: KubeconfigDocument, name: string, source: string): OperatorError {
  return invalidKubeconfig(`The context "${name}" does not exist in ${source}.`, known('contexts', contexts, name));
}

/** The near match of a name that does not exist, or all names that do. */
function known(what: string, entries: readonly JsonObject[], name: string): string {
  const names = namesOf(entries);
  const near = nearMatch(name, names);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return names.length === 0 ? `It has no ${what}.` : `It has: ${names.join(', ')}.`;
}

/** The first names: who has dozens finds the others with kubectl. */
function namesOf(entries: readonly JsonObject[]): readonly string[] {
  return entries
    .map((entry) => text(entry.name))
    .filter((name) => name !== '')
    .slice(0, 10);
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
  const message = `The ${section} "${name}", which the context names, is not in ${source}.`;
  throw invalidKubeconfig(message, known(`${section}s`, entries, name));
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
