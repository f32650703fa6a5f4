import { diffObjects, type FieldChange } from '../../apply/index.ts';
import { formatId, groupOf, idKey, isObject, type JsonObject, type ObjectId, OperatorError } from '../../core/index.ts';
import { readYaml, type SourceFile } from '../../render/index.ts';
import { readFiles } from '../input/read-files.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import { formatChanges } from '../terminal/format-diff.ts';
import type { Io } from '../terminal/io.ts';
import { paintFor } from '../terminal/paint.ts';

/** Options of `iop manifest diff`. */
export interface DiffFlags {
  readonly output: 'text' | 'json';
}

/** One object that differs between two manifests. */
interface Difference {
  readonly id: ObjectId;
  readonly action: 'added' | 'removed' | 'changed';
  readonly changes: readonly FieldChange[];
}

/** `iop manifest diff`: what differs between two manifests, object by object. @returns 1 when something does. */
export async function diffManifests(names: readonly [string, string], flags: DiffFlags, io: Io): Promise<number> {
  const [before, after] = await readBoth(names, io);
  const differences = compare(objectsOf(before), objectsOf(after));
  if (flags.output === 'json') {
    await io.stdout.write(`${JSON.stringify({ differences }, null, 2)}\n`);
  } else {
    const paint = paintFor(io.stdout, io);
    const marks = { added: paint('green', '+'), removed: paint('red', '-'), changed: paint('yellow', '~') };
    for (const { id, action, changes } of differences) {
      await io.stdout.write(`${marks[action]} ${paint('bold', formatId(id))}\n${formatChanges(changes, paint)}`);
    }
    if (differences.length === 0) await io.stderr.write('The manifests are the same.\n');
  }
  return differences.length === 0 ? EXIT_OK : EXIT_FAILED;
}

async function readBoth([a, b]: readonly [string, string], io: Io): Promise<readonly [SourceFile, SourceFile]> {
  if (a === '-' && b === '-') {
    throw new OperatorError('Only one of the two manifests can come from standard input.', { code: 'Usage' });
  }
  // standard input is read once, and last
  const [first, second] = await readFiles(a === '-' ? [b, a] : [a, b], io);
  if (first === undefined || second === undefined) throw new Error('two files in, two files out');
  return a === '-' ? [second, first] : [first, second];
}

function objectsOf(file: SourceFile): ReadonlyMap<string, { readonly id: ObjectId; readonly object: JsonObject }> {
  const objects = readYaml(file.text, file.name).flatMap(({ value, line }) => {
    if (value === null) return [];
    if (!isObject(value)) throw notAnObject(file.name, line);
    const items = typeof value.kind === 'string' && value.kind.endsWith('List') ? value.items : undefined;
    return (Array.isArray(items) ? items.filter(isObject) : [value]).map((object) => ({
      id: idIn(object, file.name, line),
      object,
    }));
  });
  return new Map(objects.map((each) => [idKey(each.id), each]));
}

function idIn(object: JsonObject, file: string, line: number): ObjectId {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const { name, namespace } = metadata;
  if (typeof object.apiVersion !== 'string' || typeof object.kind !== 'string' || typeof name !== 'string') {
    throw notAnObject(file, line);
  }
  return {
    group: groupOf(object.apiVersion),
    kind: object.kind,
    namespace: typeof namespace === 'string' ? namespace : '',
    name,
  };
}

function notAnObject(file: string, line: number): OperatorError {
  return new OperatorError(`${file}:${line}: this is no Kubernetes object.`, {
    code: 'InvalidManifest',
    hint: 'Each document needs apiVersion, kind and metadata.name, as iop manifest generate prints them.',
  });
}

function compare(before: ReturnType<typeof objectsOf>, after: ReturnType<typeof objectsOf>): readonly Difference[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.flatMap((key): readonly Difference[] => {
    const [old, now] = [before.get(key), after.get(key)];
    if (old !== undefined && now !== undefined) {
      const changes = diffObjects(old.object, now.object);
      return changes.length === 0 ? [] : [{ id: now.id, action: 'changed', changes }];
    }
    if (now !== undefined) return [{ id: now.id, action: 'added', changes: [] }];
    return old === undefined ? [] : [{ id: old.id, action: 'removed', changes: [] }];
  });
}
