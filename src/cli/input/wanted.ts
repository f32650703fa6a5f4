import type { IstioOperator } from '../../api/index.ts';
import { type ClusterFacts, isObject, type JsonObject, type Notice, valueAt } from '../../core/index.ts';
import { type Owner, type Rendering, renderOperator } from '../../render/index.ts';
import type { Io } from '../terminal/io.ts';
import { readFiles } from './read-files.ts';
import { renderSources } from './render-sources.ts';

/** Flags that say what is to be installed. */
export interface InputFlags {
  readonly filename: readonly string[];
  readonly set: readonly string[];
  readonly revision?: string | undefined;
  readonly istioNamespace?: string;
  readonly namespace?: string;
}

/** What the flags ask for, rendered for a cluster. */
export interface Wanted {
  readonly operator: IstioOperator;
  /** Whose name the objects carry. */
  readonly owner: Owner;
  readonly rendering: Rendering;
  readonly notices: readonly Notice[];
}

/**
 * Reads the files and flags and renders what they stand for.
 * @throws {OperatorError} with all findings, also what an API server would refuse.
 */
export async function readWanted(flags: InputFlags, facts: ClusterFacts, io: Io): Promise<Wanted> {
  const files = await readFiles(flags.filename, io);
  const { operator, rendering } = renderSources({ files, sets: setsOf(flags), facts });
  const owner = ownerOf(operator, rendering, flags);
  const { annotations } = operator.metadata;
  const metadata = { ...owner, annotations: isObject(annotations) ? annotations : undefined };
  const owned = renderOperator({ metadata, spec: operator.spec as JsonObject }, facts);
  return { operator, owner, rendering: owned, notices: rendering.notices };
}

/** The assignments of `--set` with those that other flags stand for. */
export function setsOf({ set, revision, istioNamespace }: Omit<InputFlags, 'filename'>): readonly string[] {
  return [
    ...set,
    ...(revision === undefined ? [] : [`revision=${revision}`]),
    ...(istioNamespace === undefined ? [] : [`values.global.istioNamespace=${istioNamespace}`]),
  ];
}

/** The owner of an installation without a name of its own; istioctl uses the same names. */
export function defaultOwnerName(revision: string): string {
  return revision === 'default' || revision === '' ? 'installed-state' : `installed-state-${revision}`;
}

function ownerOf({ metadata }: IstioOperator, rendering: Rendering, { namespace }: InputFlags): Owner {
  const control = valueAt(rendering.resolved.spec, 'values', 'global', 'istioNamespace');
  return {
    name: metadata.name || defaultOwnerName(rendering.revision),
    namespace: metadata.namespace || namespace || (typeof control === 'string' && control) || 'istio-system',
  };
}
