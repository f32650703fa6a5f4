import { type ClusterFacts, ISTIO_HUB, ISTIO_VERSION, type JsonObject, type Notice } from '../core/index.ts';
import { profileSpec } from '../profiles/index.ts';
import { applySet } from './apply-set.ts';
import { withoutEmptySettings } from './empty-settings.ts';
import { replacedGateways, withGatewayNames } from './gateways.ts';
import { mergeSpec } from './merge-spec.ts';
import { platformLayer } from './platform.ts';
import type { ResolvedSpec } from './resolved-spec.ts';
import { parseSet, type SetAssignment } from './set-assignment.ts';

/** A merged spec and what its author should know about the merge. */
export interface Resolution {
  readonly resolved: ResolvedSpec;
  readonly notices: readonly Notice[];
}

const DEFAULT_PROFILE = 'default';

/**
 * Merges all layers, lowest first: default profile, named profile, platform, this operator's hub and tag, the author's
 * specs in order, `--set` in order. The profile is the one that the author's specs and `--set` name.
 * @param authoredSpecs - the `spec` of each document, in the order of the files.
 * @throws {OperatorError} `ProfileNotFound`, `InvalidSet`, `InvalidValue`
 */
export function resolveSpec(
  authoredSpecs: readonly JsonObject[],
  sets: readonly string[],
  facts: ClusterFacts,
): Resolution {
  const assignments = sets.map(parseSet);
  const fromFiles = authoredSpecs.reduce(mergeSpec, {});
  const profile = profileName(fromFiles, assignments);
  const profileLayers = mergeSpec(
    profileSpec(DEFAULT_PROFILE),
    profile === DEFAULT_PROFILE ? {} : profileSpec(profile),
  );
  const release: JsonObject = { hub: ISTIO_HUB, tag: ISTIO_VERSION };
  const selectable = mergeSpec(profileLayers, release);
  const authored = withoutEmptySettings(
    assignments.reduce((spec, assignment) => applySet(spec, selectable, assignment), fromFiles),
  );
  const platform = platformLayer(facts, mergeSpec(profileLayers, authored));
  const merged = mergeSpec(mergeSpec(mergeSpec(profileLayers, platform), release), authored);
  const { spec, notices } = withGatewayNames(merged);
  return {
    resolved: { profile, spec: mergeSpec(spec, { profile }), authored },
    notices: [...notices, ...replacedGateways(profileLayers, authored), ...emptyValues(authored)],
  };
}

/** An explicit null overwrites, as in every other place, but hardly anybody who leaves `values:` behind means it. */
function emptyValues(authored: JsonObject): readonly Notice[] {
  if (authored.values !== null) return [];
  return [
    {
      code: 'RiskySetting',
      path: 'spec.values',
      message: 'Empty values drop what the profile sets there, and images come from a registry of test builds.',
      hint: 'Remove the line, or write values: {}.',
    },
  ];
}

function profileName(fromFiles: JsonObject, assignments: readonly SetAssignment[]): string {
  const assigned = assignments.findLast(({ steps: [first, second] }) => {
    return second === undefined && first?.kind === 'key' && first.key === 'profile';
  });
  const name = assigned === undefined ? fromFiles.profile : assigned.value;
  return typeof name === 'string' && name !== '' ? name : DEFAULT_PROFILE;
}
