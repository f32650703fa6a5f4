import { OFFLINE_FACTS } from '../core/index.ts';
import { formatManifest, renderManifest } from '../render/index.ts';
import type { Io } from './io.ts';
import { formatWarnings } from './messages.ts';
import { readFiles } from './read-files.ts';
import { parseFiles } from './render-documents.ts';

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
  const { specs, notices } = parseFiles(files);
  const manifest = renderManifest({ specs, sets, facts: OFFLINE_FACTS });
  await io.stderr.write(formatWarnings([...notices, ...manifest.notices]));
  await io.stdout.write(formatManifest(manifest));
}
