import { join } from 'node:path';
import { type ClusterFacts, OFFLINE_FACTS } from '../../core/index.ts';
import { formatManifest, type Rendering } from '../../render/index.ts';
import { readFiles } from '../input/read-files.ts';
import { renderSources } from '../input/render-sources.ts';
import { type InputFlags, setsOf } from '../input/wanted.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import type { Io } from '../terminal/io.ts';
import { warn } from '../terminal/messages.ts';
import { writeOutputFile } from '../terminal/output-file.ts';

/** Options of `iop manifest generate`. */
export interface GenerateOptions extends ConnectionFlags, InputFlags {
  /** The components that are wanted; none stands for all. */
  readonly component: readonly string[];
  /** The folder that files go to. */
  readonly output?: string;
  readonly clusterSpecific?: boolean;
}

/** `iop manifest generate`: the manifest on stdout and nothing else, or in files; warnings on stderr. */
export async function generateManifest(options: GenerateOptions, io: Io): Promise<void> {
  const facts = options.clusterSpecific === true ? await factsOfCluster(options, io) : OFFLINE_FACTS;
  const files = await readFiles(options.filename, io);
  const { rendering } = renderSources({ files, sets: setsOf(options), facts });
  await warn(rendering.notices, io);
  const components = wantedComponents(rendering, options.component);
  if (options.output === undefined) await io.stdout.write(formatManifest({ components }));
  else await writeFiles(components, options.output, io);
}

async function factsOfCluster(flags: ConnectionFlags, io: Io): Promise<ClusterFacts> {
  return await withCluster(flags, io, (cluster, scope) => cluster.facts(scope));
}

function wantedComponents({ components }: Rendering, wanted: readonly string[]): Rendering['components'] {
  return wanted.length === 0 ? components : components.filter(({ component }) => wanted.includes(component));
}

async function writeFiles(components: Rendering['components'], folder: string, io: Io): Promise<void> {
  for (const each of components) {
    const file = join(folder, `${each.component}.yaml`);
    await writeOutputFile(file, formatManifest({ components: [each] }), io);
    await io.stderr.write(`wrote ${file}\n`);
  }
}
