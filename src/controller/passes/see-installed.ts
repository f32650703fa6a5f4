import { type DigestedManifest, isLabelledFor, type ResourceKind } from '../../apply/index.ts';
import type { Pass } from './pass.ts';

/** Sees to it that everything is known that the manifest holds, that was installed before, and that an earlier operator left. */
export async function seeInstalled(pass: Pass, manifest: DigestedManifest): Promise<void> {
  await pass.deps.watchKinds(kindsOf(pass, manifest), pass.scope);
  await adopt(pass);
}

function kindsOf({ installation }: Pass, { components }: DigestedManifest): readonly ResourceKind[] {
  const rendered = components.flatMap(({ objects }) => objects.map(({ object }) => object));
  return [...rendered, ...installation.inventory.values()].map(({ apiVersion, kind }) => ({ apiVersion, kind }));
}

/** What an earlier operator installed for this CR, or we did before its status was lost, is found by its labels, once. */
async function adopt(pass: Pass): Promise<void> {
  const { installation, deps } = pass;
  if (!installation.mayHaveUnrecorded) return;
  // The kinds of the manifest have been listed; a first installation need not look at all the others.
  if ([...deps.live.all()].some((observed) => isLabelledFor(observed, pass.owner))) await pass.findLabelled();
  installation.mayHaveUnrecorded = false;
}
