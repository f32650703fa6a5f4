import { type DigestedManifest, isLabelledFor, type ResourceKind } from '../../apply/index.ts';
import type { Pass } from './pass.ts';

/** Sees to it that everything is known that the manifest holds, that was installed before, and that an earlier operator left. */
export async function seeInstalled(pass: Pass, manifest: DigestedManifest): Promise<void> {
  await pass.deps.watchKinds(kindsOf(pass, manifest), pass.scope);
  await adopt(pass);
}

function kindsOf({ installation }: Pass, { components }: DigestedManifest): readonly ResourceKind[] {
  const rendered = components.flatMap(({ objects }) => objects.map(({ object }) => object));
  return [...rendered, ...installation.inventory.values()];
}

/** What an earlier operator installed for this CR, or we did before its status was lost, is found by its labels, once. */
async function adopt(pass: Pass): Promise<void> {
  const { installation, deps } = pass;
  if (!installation.mayHaveUnrecorded) return;
  // Of a new CR there can only be what another one of its name has left, and a first installation has no time for a look at
  // every kind. Those of the manifest have been listed; of a manifest that holds nothing they would show nothing.
  const hasLeftOvers = () => [...deps.live.all()].some((observed) => isLabelledFor(observed, pass.owner));
  if (!installation.isNew || hasLeftOvers()) await pass.findLabelled();
  installation.mayHaveUnrecorded = false;
}
