import { OFFLINE_FACTS } from '../../core/index.ts';
import { formatManifest } from '../../render/index.ts';
import { readFiles } from '../input/read-files.ts';
import { renderSources } from '../input/render-sources.ts';
import type { Io } from '../terminal/io.ts';
import { warn } from '../terminal/messages.ts';

/** Options of `iop manifest generate`. */
export interface GenerateOptions {
  readonly filename: readonly string[];
  readonly set: readonly string[];
  readonly revision?: string;
}

/** `iop manifest generate`: the manifest on stdout and nothing else, warnings on stderr. */
export async function generateManifest(options: GenerateOptions, io: Io): Promise<void> {
  const files = await readFiles(options.filename, io);
  const sets = options.revision === undefined ? options.set : [...options.set, `revision=${options.revision}`];
  const { rendering } = renderSources({ files, sets, facts: OFFLINE_FACTS });
  await warn(rendering.notices, io);
  await io.stdout.write(formatManifest(rendering));
}
