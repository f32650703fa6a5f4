import { type ClusterFacts, type ComponentName, type JsonObject, OFFLINE_FACTS } from '../../../src/core/index.ts';
import { resolveSpec } from '../../../src/merge/index.ts';
import { type ComponentInput, componentInputs } from '../../../src/values/index.ts';

/** The inputs of all components of a spec. */
export function inputsOf(spec: JsonObject, facts: ClusterFacts = OFFLINE_FACTS): readonly ComponentInput[] {
  return componentInputs(resolveSpec([spec], [], facts).resolved, facts);
}

/** The input of one component, which must be there once. */
export function inputOf(component: ComponentName, spec: JsonObject): ComponentInput {
  const [input, ...others] = inputsOf(spec).filter((each) => each.component === component);
  if (input === undefined || others.length > 0) throw new Error(`${component} is there ${others.length} times`);
  return input;
}
