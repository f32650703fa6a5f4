import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ClusterFacts, COMPONENT_NAMES, OFFLINE_FACTS } from '../../core/index.ts';
import { formatManifest, type Rendering } from '../../render/index.ts';
import { readFiles } from '../input/read-files.ts';
import { renderSources } from '../input/render-sources.ts';
import { type InputFlags, setsOf } from '../input/wanted.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import type { Io } from '../terminal/io.ts';
import { warn } from '../terminal/messages.ts';
import { makeOutputFolder, writeOutputFile } from '../terminal/output-file.ts';

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
  await warn(missingNotices(options.component, rendering), io);
  if (options.output === undefined || options.output === '-') await io.stdout.write(formatManifest({ components }));
  else {
    await writeFiles(components, options.output, io);
    await warnOfLeftovers(options.output, rendering, io);
  }
}

/** Files of components that an earlier run had and this one has not. They may be somebody's own, so that they stay. */
async function warnOfLeftovers(folder: string, { components }: Rendering, io: Io): Promise<void> {
  const there = await readdir(resolve(io.cwd, folder));
  const isInstalled = (name: string) => components.some(({ component }) => component === name);
  const left = COMPONENT_NAMES.filter((name) => !isInstalled(name) && there.includes(fileOf(name)));
  const notices = left.map((name) => ({
    message: `${join(folder, fileOf(name))} was there before and is no part of this manifest.`,
    hint: `Delete it; kubectl apply -f ${folder} would install it, too.`,
  }));
  await warn(notices, io);
}

async function factsOfCluster(flags: ConnectionFlags, io: Io): Promise<ClusterFacts> {
  return await withCluster(flags, io, (cluster, scope) => cluster.facts(scope));
}

function wantedComponents({ components }: Rendering, wanted: readonly string[]): Rendering['components'] {
  return wanted.length === 0 ? components : components.filter(({ component }) => wanted.includes(component));
}

/** Nothing is a result, too, but hardly what somebody wants who names a component. */
function missingNotices(wanted: readonly string[], { components }: Rendering) {
  const installed: readonly string[] = components.map(({ component }) => component);
  const hint = installed.length === 0 ? 'The profile installs nothing.' : `What is: ${installed.join(', ')}.`;
  return wanted
    .filter((name) => !installed.includes(name))
    .map((name) => ({ message: `The component ${name} is not installed, so there is nothing of it.`, hint }));
}

async function writeFiles(components: Rendering['components'], folder: string, io: Io): Promise<void> {
  await makeOutputFolder(folder, io);
  for (const each of components) {
    const file = join(folder, fileOf(each.component));
    await writeOutputFile(file, formatManifest({ components: [each] }), io);
    await io.stderr.write(`wrote ${file}\n`);
  }
}

function fileOf(component: string): string {
  return `${component}.yaml`;
}
