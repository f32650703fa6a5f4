import { readStatus } from '../../api/index.ts';
import {
  type DigestedManifest,
  digestManifest,
  type Inventory,
  type LiveObject,
  readInventory,
} from '../../apply/index.ts';
import {
  type ClusterFacts,
  type ComponentName,
  isObject,
  type Manifest,
  OperatorError,
  valueAt,
} from '../../core/index.ts';
import { hasFinalizer } from '../status/resource-writer.ts';
import { steeringOf } from '../watches/resources.ts';
import { StuckRollouts } from './stuck-rollouts.ts';

/** A rendered CR, or why it cannot be rendered. */
export type Rendering =
  | { readonly kind: 'manifest'; readonly manifest: Manifest; readonly digested: DigestedManifest }
  | { readonly kind: 'rejected'; readonly error: OperatorError };

/** A CR that could be rendered. */
export type RenderedManifest = Extract<Rendering, { kind: 'manifest' }>;

/** Turns a CR into a manifest; the port behind which the renderer is. @throws {OperatorError} on a bad document. */
export type Render = (resource: LiveObject, facts: ClusterFacts) => Manifest;

/**
 * What the controller remembers of one CR between passes. All of it can be lost: a restart reads the inventory from
 * status and renders again.
 */
export class Installation {
  readonly uid: string;
  /** True for a CR that nobody had worked on when it was first seen. */
  readonly isNew: boolean;
  inventory: Inventory;
  /** True until it has been looked for objects that carry this CR's labels without being in its inventory. */
  mayHaveUnrecorded: boolean;
  /** Why what was rendered last does not become ready. */
  rollouts = new StuckRollouts();
  /** What the CR stood for when it could be worked on last, in this process: it was valid, and in nobody's way. */
  accepted: RenderedManifest | undefined;
  #rendered:
    | { readonly generation: number | undefined; readonly steering: string; readonly rendering: Rendering }
    | undefined;
  readonly #unreadySince = new Map<ComponentName, number>();

  constructor(resource: LiveObject) {
    this.uid = resource.metadata.uid;
    this.isNew = isUntouched(resource);
    const recorded = valueAt(isObject(resource.status) ? resource.status : {}, 'inventory');
    this.inventory = readInventory(recorded);
    this.mayHaveUnrecorded = recorded === undefined;
  }

  /** The manifest of the CR as it is; rendered once per generation and set of annotations, since rendering is pure. */
  rendering(resource: LiveObject, render: Render, facts: ClusterFacts): Rendering {
    const { generation } = resource.metadata;
    const steering = steeringOf(resource);
    if (this.#rendered?.generation === generation && this.#rendered?.steering === steering) {
      return this.#rendered.rendering;
    }
    if (this.#rendered?.generation !== generation) {
      this.#unreadySince.clear();
      this.rollouts = new StuckRollouts();
    }
    const rendering = tryRender(resource, render, facts);
    this.#rendered = { generation, steering, rendering };
    return rendering;
  }

  /**
   * Keeps track of how long components have not been ready.
   * @returns milliseconds since when the component is unready; 0 when it has just become so, undefined when it is ready.
   */
  unreadyForMs(component: ComponentName, ready: boolean, nowMs: number): number | undefined {
    if (ready) {
      this.#unreadySince.delete(component);
      return undefined;
    }
    const since = this.#unreadySince.get(component) ?? nowMs;
    this.#unreadySince.set(component, since);
    return nowMs - since;
  }
}

/** No operator has said anything of the CR, nor made it wait for its deletion. The CRD gives a new one a generation of -1. */
function isUntouched(resource: LiveObject): boolean {
  const { observedGeneration = -1, ...said } = readStatus(resource.status);
  return observedGeneration < 0 && Object.keys(said).length === 0 && !hasFinalizer(resource);
}

function tryRender(resource: LiveObject, render: Render, facts: ClusterFacts): Rendering {
  try {
    const manifest = render(resource, facts);
    return { kind: 'manifest', manifest, digested: digestManifest(manifest.components, manifest.ignoredFields) };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { kind: 'rejected', error };
  }
}
