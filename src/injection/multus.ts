import { isObject, type Json } from '../core/index.ts';

/**
 * Adds Istio's network to the annotation that lists a pod's networks for Multus, in the form that the list has: names
 * with commas, or JSON. A list that already has it, or that cannot be read, stays as it is.
 */
export function appendMultusNetwork(networks: string, added: string): string {
  if (networks === '') return added;
  const end = networks.lastIndexOf(']');
  if (end >= 0) return appendedToJson(networks, end, added);
  return networks.split(',').some((name) => name.trim() === added) ? networks : `${networks}, ${added}`;
}

function appendedToJson(networks: string, end: number, added: string): string {
  const listed = parsed(networks);
  if (listed === undefined) return networks;
  const slash = added.indexOf('/');
  const namespace = slash < 0 ? '' : added.slice(0, slash);
  const name = added.slice(slash + 1);
  if (listed.some((network) => network.name === name && (network.namespace ?? '') === namespace)) return networks;
  const entry = namespace === '' ? `{"name": "${name}"}` : `{"name": "${name}", "namespace": "${namespace}"}`;
  return `${networks.slice(0, end)}, ${entry}${networks.slice(end)}`;
}

function parsed(text: string) {
  try {
    const value = JSON.parse(text) as Json;
    return Array.isArray(value) && value.every(isObject) ? value.filter(isObject) : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined; // istiod leaves a list alone that it cannot read
  }
}
