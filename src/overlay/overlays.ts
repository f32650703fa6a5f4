import type { Operation } from 'fast-json-patch';
import {
  formatId,
  type Issue,
  idOf,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  type Notice,
  type ObjectId,
  shown,
  suggestion,
} from '../core/index.ts';
import { applyOverlayPatch } from './overlay-patch.ts';

/** What overlays need to know beyond the objects that they change. */
export interface OverlayContext {
  /** The control plane's revision, '' for none: an overlay may name `istiod` and mean `istiod-canary`. */
  readonly revision: string;
  /** The objects of all components, to say where one is that this component does not render. */
  readonly rendered: readonly KubernetesObject[];
  /** A text as YAML; undefined where it is none. */
  readonly parseYaml: (text: string) => Json | undefined;
}

/** What one patch did to one object, as RFC 6902 operations. */
export interface AppliedPatch {
  readonly object: ObjectId;
  /** Where the patch stands in the user's document: `spec.components.pilot.k8s.overlays[0].patches[1]`. */
  readonly path: string;
  readonly operations: readonly Operation[];
}

/** The objects with all overlays applied, and what is to be said about them. With `issues`, the objects are no use. */
export interface OverlayResult {
  readonly objects: readonly KubernetesObject[];
  readonly notices: readonly Notice[];
  readonly issues: readonly Issue[];
  readonly applied: readonly AppliedPatch[];
}

/** What is collected while overlays are applied. */
export interface Findings {
  readonly notices: Notice[];
  readonly issues: Issue[];
  readonly applied: AppliedPatch[];
}

/**
 * Applies the overlays of one component in order; each sees what those before it did. All problems are collected.
 * @param overlays - `k8s.overlays` as the document has it.
 * @param path - where that list stands: `spec.components.pilot.k8s.overlays`.
 */
export function applyOverlays(
  objects: readonly KubernetesObject[],
  overlays: Json | undefined,
  path: string,
  context: OverlayContext,
): OverlayResult {
  const findings: Findings = { notices: [], issues: [], applied: [] };
  let changed = objects;
  for (const [index, overlay] of (Array.isArray(overlays) ? overlays : []).entries()) {
    changed = applyOverlay(changed, isObject(overlay) ? overlay : {}, `${path}[${index}]`, { context, findings });
  }
  return { objects: changed, ...findings };
}

function applyOverlay(
  objects: readonly KubernetesObject[],
  overlay: JsonObject,
  path: string,
  { context, findings }: { readonly context: OverlayContext; readonly findings: Findings },
): readonly KubernetesObject[] {
  const { kind, name } = overlay;
  if (typeof kind !== 'string' || typeof name !== 'string' || kind === '' || name === '') {
    const message = 'The overlay does not say which object it is for.';
    findings.issues.push({ code: 'InvalidValue', path, message, hint: 'Give it kind and name.' });
    return objects;
  }
  const targets = targetsOf(objects, kind, name, context.revision);
  if (targets.size === 0) {
    findings.notices.push(missingObject(objects, { kind, name, path }, context));
    return objects;
  }
  const patches = Array.isArray(overlay.patches) ? overlay.patches : [];
  return objects.map((object) => {
    if (!targets.has(object)) return object;
    const copy = structuredClone(object);
    for (const [index, patch] of patches.entries()) {
      const scope = { path: `${path}.patches[${index}]`, findings, parseYaml: context.parseYaml };
      applyOverlayPatch(copy, isObject(patch) ? patch : {}, scope);
    }
    return copy;
  });
}

/** The objects that an overlay means: those named so, else those whose name is that name with the revision in it. */
function targetsOf(
  objects: readonly KubernetesObject[],
  kind: string,
  name: string,
  revision: string,
): ReadonlySet<KubernetesObject> {
  const ofKind = objects.filter((object) => object.kind === kind);
  const exact = ofKind.filter((object) => object.metadata.name === name);
  if (exact.length > 0 || revision === '') return new Set(exact);
  return new Set(ofKind.filter((object) => withoutRevision(object.metadata.name, revision).includes(name)));
}

/** `istiod-canary` is istiod; `istio-sidecar-injector-canary-mesh` is istio-sidecar-injector-mesh. */
function withoutRevision(name: string, revision: string): readonly string[] {
  const part = `-${revision}`;
  const candidates: string[] = [];
  for (let at = name.indexOf(part); at >= 0; at = name.indexOf(part, at + 1)) {
    const rest = name.slice(at + part.length);
    if (rest === '' || rest.startsWith('-')) candidates.push(name.slice(0, at) + rest);
  }
  return candidates;
}

function missingObject(
  objects: readonly KubernetesObject[],
  overlay: { readonly kind: string; readonly name: string; readonly path: string },
  context: OverlayContext,
): Notice {
  const { kind, name, path } = overlay;
  const names = objects.filter((object) => object.kind === kind).map((object) => object.metadata.name);
  const other = context.rendered.find((object) => object.kind === kind && object.metadata.name === name);
  const there =
    names.length > 0 ? `Of this kind the component renders ${shown(names)}.` : `The component renders no ${kind}.`;
  const hint =
    other === undefined
      ? suggestion(name, names) || 'Check kind and name, or remove the overlay.'
      : `Another component renders ${formatId(idOf(other))}: move the overlay there.`;
  return {
    code: 'OverlayObjectMissing',
    path,
    message: `The overlay for ${kind} ${name} has no effect: no such object is rendered. ${there}`,
    hint,
  };
}
