import { isObject, type JsonObject } from '../core/index.ts';
import { mergeSpec } from '../merge/index.ts';
import { objectAt } from './object-at.ts';
import { type PathOf, profileValues } from './profile-values.ts';

/** How the values of a document become those of one component. */
export interface ValuesRecipe {
  /** Istio's defaults, in the shape that the builders read. */
  readonly defaults: JsonObject;
  /**
   * Whose settings stand at the top level: `lifted`, those below `root`, over everything else; `flattened`, only those
   * and `global`, as ztunnel has it; `nested`, none.
   */
  readonly shape: 'nested' | 'lifted' | 'flattened';
  /** Where the component's own settings are in the document's values. */
  readonly root: readonly string[];
}

/** The values that a component is given, and these over its defaults. Nulls are still in both. */
export interface LayeredValues {
  readonly given: JsonObject;
  readonly layered: JsonObject;
}

/**
 * Layers, lowest first: defaults, value profile, compatibility version, platform, the document's values.
 * @param pathOf - where in the user's document a path into the values is, for messages.
 * @throws {OperatorError} `InvalidValue` for an unknown profile, compatibility version or platform.
 */
export function layeredValues(recipe: ValuesRecipe, values: JsonObject, pathOf: PathOf): LayeredValues {
  const given = recipe.shape === 'flattened' ? flattened(values, recipe.root) : values;
  const profile = profileValues(given, pathOf);
  let below = mergeSpec(recipe.defaults, profile);
  if (recipe.shape === 'flattened') {
    below = mergeSpec(mergeSpec(below, objectAt(profile, 'global')), objectAt(given, 'global'));
  }
  const layered = mergeSpec(below, given);
  return {
    given,
    layered: recipe.shape === 'lifted' ? mergeSpec(layered, objectAt(layered, ...recipe.root)) : layered,
  };
}

/** `global`, what is no map at the top level (the revision, names of profiles), and all that stands at `root`. */
function flattened(values: JsonObject, root: readonly string[]): JsonObject {
  const shared = Object.entries(values).filter(([key, value]) => key === 'global' || !isObject(value));
  return { ...Object.fromEntries(shared), ...objectAt(values, ...root) };
}
