import type { ComponentName } from '../core/index.ts';
import { addons } from './addons/index.ts';
import { base } from './base/index.ts';
import { cni } from './cni/index.ts';
import type { Component } from './component.ts';
import { egressGateways, ingressGateways } from './gateways/index.ts';
import { pilot } from './pilot/index.ts';
import { ztunnel } from './ztunnel/index.ts';

/** Every component that is built from Istio's values, in render order. */
export const COMPONENTS: readonly Component[] = [
  row(base),
  row(pilot),
  row(ingressGateways),
  row(egressGateways),
  row(cni),
  row(ztunnel),
  row(addons),
];

/** The row of a component. */
export function componentFor(name: ComponentName): Component {
  const found = COMPONENTS.find((component) => component.name === name);
  if (found === undefined) throw new Error(`there is no builder for ${name}`);
  return found;
}

/**
 * A component among others: what its builders read is no longer in the type. `componentInputs` gives each component
 * values in the shape of its own defaults, and that is the shape its builders are typed with.
 */
function row<Values>(component: Component<Values>): Component {
  return component as Component;
}
