import { ANNOTATIONS, pruneModeOf } from '../../api/index.ts';
import { type ApplySettings, type LiveObject, recreatableFrom } from '../../apply/index.ts';
import type { Manifest } from '../../core/index.ts';

/** How a CR wants to be applied and pruned, by its annotations. */
export function applySettingsOf({ metadata: { annotations } }: LiveObject, manifest: Manifest): ApplySettings {
  return {
    adopt: annotations?.[ANNOTATIONS.adopt] === 'true',
    pruneMode: pruneModeOf(annotations),
    confirmPrune: annotations?.[ANNOTATIONS.confirmPrune],
    recreate: recreatableFrom(annotations?.[ANNOTATIONS.recreate]),
    namespaceLabels: manifest.namespaceLabels ?? {},
  };
}
