import { diffObjects, type FieldChange } from '../../apply/index.ts';
import { isObject, type JsonObject, OFFLINE_FACTS } from '../../core/index.ts';
import { mergeSpec } from '../../merge/index.ts';
import { renderFiles } from '../../render/index.ts';
import { namedValues } from '../input/named-values.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import { formatChanges } from '../terminal/format-diff.ts';
import type { Io } from '../terminal/io.ts';
import { paintFor } from '../terminal/paint.ts';

/** `iop profile diff`: the fields in which two profiles differ, with all that they inherit. @returns 1 when they do. */
export async function diffProfiles(
  [a, b]: readonly [string, string],
  flags: { readonly output: 'text' | 'json' },
  io: Io,
): Promise<number> {
  const [before, after] = [specOf(a), specOf(b)];
  const changes = diffObjects({ spec: before }, { spec: after }).flatMap(singleFields);
  if (flags.output === 'json') await io.stdout.write(`${JSON.stringify({ changes }, null, 2)}\n`);
  else await io.stdout.write(formatChanges(changes, paintFor(io.stdout, io)));
  if (changes.length === 0) await io.stderr.write(`The profiles ${a} and ${b} are the same.\n`);
  return changes.length === 0 ? EXIT_OK : EXIT_FAILED;
}

function specOf(profile: string): JsonObject {
  const { resolved } = renderFiles({ files: [], sets: [`profile=${profile}`], facts: OFFLINE_FACTS }).rendering;
  const values = isObject(resolved.spec.values) ? resolved.spec.values : {};
  return { ...resolved.spec, values: mergeSpec(namedValues(resolved.spec), values) };
}

/** A map or list that only one side has, field by field; a list whose entries have no names stays whole. */
function singleFields(change: FieldChange): readonly FieldChange[] {
  const { path, before, after } = change;
  const whole = before ?? after;
  if ((before !== undefined && after !== undefined) || typeof whole !== 'object' || whole === null) return [change];
  const nothing = Array.isArray(whole) ? [] : {};
  const inner = diffObjects({ it: before ?? nothing }, { it: after ?? nothing });
  if (inner.length === 0 || inner[0]?.path === 'it') return [change];
  return inner.flatMap((each) => singleFields({ ...each, path: `${path}${each.path.slice('it'.length)}` }));
}
