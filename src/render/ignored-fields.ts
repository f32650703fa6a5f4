import { ANNOTATIONS, IGNORE_FIELDS_PATH, type IgnoreEntry, readIgnoreFields } from '../api/index.ts';
import {
  asJson,
  type ComponentManifest,
  describeNode,
  formatTreePath,
  type IgnoredFields,
  type Issue,
  idOf,
  isEntry,
  isObject,
  type Json,
  type KubernetesObject,
  type Notice,
  type ObjectId,
  type PathStep,
  suggestion,
  throwIssues,
} from '../core/index.ts';

/** What the annotation `install.istio.io/ignore-fields` means for the objects of a manifest. */
export interface IgnoredInManifest {
  readonly ignoredFields: readonly IgnoredFields[];
  /** An entry whose objects are not rendered has no effect; its component may be off. */
  readonly notices: readonly Notice[];
}

/**
 * Finds the fields that an IstioOperator leaves to others in what it renders.
 * @throws {OperatorError} `InvalidValue`, `InvalidPath`: every entry that cannot be read, or whose path leads nowhere.
 */
export function ignoredFieldsOf(
  annotations: Readonly<Record<string, Json | undefined>> | undefined,
  components: readonly ComponentManifest[],
): IgnoredInManifest {
  const text = annotations?.[ANNOTATIONS.ignoreFields];
  if (typeof text !== 'string') return { ignoredFields: [], notices: [] };
  const { entries, issues } = readIgnoreFields(text);
  throwIssues(issues);
  const objects = components.flatMap((component) => component.objects);
  const matches = entries.map((entry) => ({ entry, found: objects.filter((object) => isMeant(entry, idOf(object))) }));
  throwIssues(matches.flatMap(({ entry, found }) => deadEnd(entry, found)));
  const ignored = objects.map((object) => ({
    id: idOf(object),
    paths: matches.filter(({ found }) => found.includes(object)).map(({ entry }) => entry.path),
  }));
  return {
    ignoredFields: ignored.filter(({ paths }) => paths.length > 0),
    notices: matches.flatMap(({ entry, found }) => (found.length === 0 ? [notRendered(entry, objects)] : [])),
  };
}

function isMeant({ kind, namespace, name }: IgnoreEntry, id: ObjectId): boolean {
  return id.kind === kind && isLike(id.namespace, namespace) && isLike(id.name, name);
}

function isLike(text: string, pattern: string): boolean {
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}

/** An entry that leads to a field in none of its objects is a mistake; where it does in some, it is meant for those. */
function deadEnd({ text, path }: IgnoreEntry, found: readonly KubernetesObject[]): readonly Issue[] {
  const ends = found.map((object) => walk(asJson(object), path));
  const [first] = ends;
  if (first === undefined || ends.some((end) => end === undefined)) return [];
  return [
    {
      code: 'InvalidPath',
      path: IGNORE_FIELDS_PATH,
      message: `"${text}" leads nowhere: at ${first.at === '' ? 'the top' : first.at}, ${describeNode(first.node)}.`,
      hint:
        suggestion(first.missing, isObject(first.node) ? Object.keys(first.node) : []) ||
        'Name a field that is installed.',
    },
  ];
}

/** Where a path ends early; undefined when it does not. */
function walk(
  root: Json,
  path: readonly PathStep[],
): { readonly at: string; readonly node: Json; readonly missing: string } | undefined {
  let node = root;
  for (const [index, step] of path.entries()) {
    const next = stepInto(node, step);
    if (next === undefined) {
      const missing = step.kind === 'key' ? step.key : '';
      return { at: formatTreePath(path.slice(0, index)), node, missing };
    }
    node = next;
  }
  return undefined;
}

function stepInto(node: Json, step: PathStep): Json | undefined {
  if (step.kind === 'key') return isObject(node) && Object.hasOwn(node, step.key) ? node[step.key] : undefined;
  if (step.kind !== 'entry' || !Array.isArray(node)) return undefined;
  return node.find((item: Json) => isEntry(item, step.key, step.value));
}

function notRendered({ text, kind, namespace, name }: IgnoreEntry, objects: readonly KubernetesObject[]): Notice {
  const names = objects.map(idOf).map((id) => [id.kind, id.namespace, id.name].filter((part) => part !== '').join('/'));
  const wanted = [kind, namespace, name].filter((part) => part !== '').join('/');
  const sameName = names.find((other) => other.startsWith(`${kind}/`) && other.endsWith(`/${name}`));
  const near = sameName === undefined ? suggestion(wanted, names) : `Did you mean "${sameName}"?`;
  return {
    code: 'IgnoredField',
    path: IGNORE_FIELDS_PATH,
    message: `"${text}" has no effect: ${wanted} is not among the objects that are installed.`,
    ...(near === '' ? {} : { hint: near }),
  };
}
