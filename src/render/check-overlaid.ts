import { formatId, type Issue, idKey, idOf, type KubernetesObject, type Notice } from '../core/index.ts';
import { type AppliedPatch, checkObject, type Mismatch } from '../overlay/index.ts';

/** What the Kubernetes schema has against objects that overlays changed. */
export interface SchemaFindings {
  /** All of it: what is printed with a manifest. */
  readonly notices: readonly Notice[];
  /** What every API server refuses; fields that a newer server may know are not among it. */
  readonly refusals: readonly Issue[];
}

/**
 * Holds the objects that overlays changed against the Kubernetes schema and says which patch is to blame. What no overlay
 * touched was typed when it was built.
 */
export function checkOverlaid(objects: readonly KubernetesObject[], patches: readonly AppliedPatch[]): SchemaFindings {
  const notices: Notice[] = [];
  const refusals: Issue[] = [];
  const patched = Map.groupBy(patches, (patch) => idKey(patch.object));
  for (const object of objects) {
    const own = patched.get(idKey(idOf(object)));
    if (own === undefined) continue;
    for (const mismatch of checkObject(object)) {
      const { hint = 'The API server would refuse the object: correct the value of the patch.' } = mismatch;
      const finding = {
        path: blamed(own, mismatch),
        message: `In ${formatId(idOf(object))}: ${mismatch.message}.`,
        hint,
      };
      notices.push({ code: 'SchemaMismatch', ...finding });
      if (!mismatch.isUnknownField) refusals.push({ code: 'InvalidManifest', ...finding });
    }
  }
  return { notices, refusals };
}

/** The last patch that wrote at the place, above it or below it; the first patch where none can be made out. */
function blamed(patches: readonly AppliedPatch[], { place }: Mismatch): string {
  const guilty = patches.findLast(({ operations }) => operations.some(({ path }) => isRelated(tokensOf(path), place)));
  return (guilty ?? patches[0])?.path ?? '';
}

function isRelated(written: readonly string[], place: readonly string[]): boolean {
  const length = Math.min(written.length, place.length);
  return written.slice(0, length).every((token, index) => token === place[index] || token === '-');
}

/** The parts of an RFC 6901 pointer. */
function tokensOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}
