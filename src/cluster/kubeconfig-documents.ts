import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import { isObject, type Json, type JsonObject, OperatorError, valueAt } from '../core/index.ts';
import { codeOf } from './connection-error.ts';

/** Kubeconfig files as one document, in the form of a kubeconfig file. */
export interface KubeconfigDocument {
  readonly clusters: readonly JsonObject[];
  readonly users: readonly JsonObject[];
  readonly contexts: readonly JsonObject[];
  readonly 'current-context': string;
}

/**
 * Reads kubeconfig files and merges them as kubectl does: of things with the same name the first wins, relative paths are
 * relative to their file.
 * @throws {OperatorError} `FileNotReadable` or `KubeconfigInvalid`; never with content of the file, which holds secrets.
 */
export async function readKubeconfig(paths: readonly string[]): Promise<KubeconfigDocument> {
  const documents = await Promise.all(paths.map(readDocument));
  const current = documents
    .map((document) => document['current-context'])
    .find((name) => typeof name === 'string' && name !== '');
  return {
    clusters: firstByName(documents.flatMap((document) => entries(document.clusters))),
    users: firstByName(documents.flatMap((document) => entries(document.users))),
    contexts: firstByName(documents.flatMap((document) => entries(document.contexts))),
    'current-context': typeof current === 'string' ? current : '',
  };
}

async function readDocument(path: string): Promise<JsonObject> {
  const document = parseDocument(path, await readText(path));
  const folder = dirname(path);
  return {
    ...document,
    clusters: entries(document.clusters).map((entry) => rebase(entry, 'cluster', ['certificate-authority'], folder)),
    users: entries(document.users).map((entry) => {
      const files = ['client-certificate', 'client-key', 'tokenFile'];
      return rebase(entry, 'user', files, folder);
    }),
  };
}

/** What is wrong with a file that cannot be read, by the code of Node's error. */
export const FILE_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by you',
};

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = FILE_PROBLEMS[codeOf(error)] ?? 'cannot be read';
    throw new OperatorError(
      `The kubeconfig ${path} ${reason}.`,
      {
        code: 'FileNotReadable',
        hint: 'Check --kubeconfig and the variable KUBECONFIG.',
      },
      error,
    );
  }
}

function parseDocument(path: string, text: string): JsonObject {
  let document: unknown;
  try {
    document = parse(text);
  } catch {
    document = undefined; // the parser's message quotes lines, and lines hold tokens
  }
  if (document === null) return {}; // an empty file is a kubeconfig without entries
  if (isObject(document)) return document;
  throw new OperatorError(`The kubeconfig ${path} is not valid YAML, or not a kubeconfig.`, {
    code: 'KubeconfigInvalid',
    hint: `See what kubectl config view --kubeconfig ${path} says.`,
  });
}

function entries(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

function firstByName(all: readonly JsonObject[]): JsonObject[] {
  const byName = new Map<Json | undefined, JsonObject>();
  for (const entry of all) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return [...byName.values()];
}

function rebase(entry: JsonObject, section: string, fields: readonly string[], folder: string): JsonObject {
  const body = valueAt(entry, section);
  if (!isObject(body)) return entry;
  const rebased: Record<string, Json | undefined> = { ...body };
  for (const field of fields) {
    const path = body[field];
    if (typeof path === 'string' && path !== '' && !isAbsolute(path)) rebased[field] = join(folder, path);
  }
  return { ...entry, [section]: rebased };
}
