import { type ClusterFacts, type Json, type JsonObject, type Notice, throwIssues } from '../core/index.ts';
import { ignoredFieldsOf } from './ignored-fields.ts';
import { type Rendering, renderManifest } from './render-manifest.ts';

/** As much of an IstioOperator as rendering looks at. */
export interface RenderableOperator {
  readonly metadata: {
    readonly name?: string | undefined;
    readonly namespace?: string | undefined;
    readonly annotations?: Readonly<Record<string, Json | undefined>> | undefined;
  };
  readonly spec?: JsonObject | null | undefined;
}

/**
 * Renders one IstioOperator of a cluster; its objects are labelled as its own. Unlike a manifest to look at, one that the
 * API server would refuse is an error.
 * @param operator - validated: rendering trusts its types.
 * @param notices - what validation found; they come first among the manifest's.
 * @throws {OperatorError} as `renderManifest` does, and `InvalidManifest` where overlays or values made an object invalid.
 */
export function renderOperator(
  operator: RenderableOperator,
  facts: ClusterFacts,
  notices: readonly Notice[] = [],
): Rendering {
  const { name = '', namespace = '', annotations } = operator.metadata;
  const rendering = renderManifest({ specs: [operator.spec ?? {}], facts, owner: { name, namespace } });
  throwIssues(rendering.refusals);
  const ignored = ignoredFieldsOf(annotations, rendering.components);
  const all = [...notices, ...rendering.notices, ...ignored.notices];
  return { ...rendering, ignoredFields: ignored.ignoredFields, notices: all };
}
