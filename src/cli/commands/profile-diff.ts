import { diffObjects } from '../../apply/index.ts';
import { OFFLINE_FACTS } from '../../core/index.ts';
import { renderFiles } from '../../render/index.ts';
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
  const changes = diffObjects({ spec: before }, { spec: after });
  if (flags.output === 'json') await io.stdout.write(`${JSON.stringify({ changes }, null, 2)}\n`);
  else await io.stdout.write(formatChanges(changes, paintFor(io.stdout, io)));
  if (changes.length === 0) await io.stderr.write(`The profiles ${a} and ${b} are the same.\n`);
  return changes.length === 0 ? EXIT_OK : EXIT_FAILED;
}

function specOf(profile: string) {
  return renderFiles({ files: [], sets: [`profile=${profile}`], facts: OFFLINE_FACTS }).rendering.resolved.spec;
}
