/** Multus names its resource otherwise than all others. */
const IRREGULAR = new Map([['NetworkAttachmentDefinition', 'network-attachment-definitions']]);

/** The resource of a kind, as roles name it. Nearly all kinds that Istio installs form their plurals regularly. */
export function pluralOf(kind: string): string {
  const irregular = IRREGULAR.get(kind);
  if (irregular !== undefined) return irregular;
  const word = kind.toLowerCase();
  if (word === 'endpoints') return word;
  if (word.endsWith('y')) return `${word.slice(0, -1)}ies`;
  return word.endsWith('s') ? `${word}es` : `${word}s`;
}
