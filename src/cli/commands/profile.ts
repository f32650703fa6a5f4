import { OFFLINE_FACTS, writeYaml } from '../../core/index.ts';
import { PROFILE_NAMES } from '../../profiles/index.ts';
import { readFiles } from '../input/read-files.ts';
import { renderSources } from '../input/render-sources.ts';
import type { Io } from '../terminal/io.ts';
import { warn } from '../terminal/messages.ts';

/** `iop profile list`: the names of the built-in profiles, one a line. */
export async function listProfiles(io: Io): Promise<void> {
  await io.stdout.write(`${[...PROFILE_NAMES].sort().join('\n')}\n`);
}

/** Options of `iop profile dump`. */
export interface DumpOptions {
  readonly filename: readonly string[];
  readonly set: readonly string[];
  readonly output: 'yaml' | 'json';
}

/** `iop profile dump`: a profile with all that it inherits, as an IstioOperator. */
export async function dumpProfile(name: string, options: DumpOptions, io: Io): Promise<void> {
  const files = await readFiles(options.filename, io);
  const sets = [`profile=${name}`, ...options.set];
  const { resolved, notices } = renderSources({ files, sets, facts: OFFLINE_FACTS }).rendering;
  const document = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { namespace: 'istio-system' },
    spec: { ...resolved.spec, profile: resolved.profile },
  };
  await warn(notices, io);
  await io.stdout.write(options.output === 'json' ? `${JSON.stringify(document, null, 2)}\n` : writeYaml([document]));
}
