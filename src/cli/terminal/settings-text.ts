import type { KeptSettings } from '../deploy/operator-manifests.ts';

/** How an operator is set up, a line each, with what that was before where it changes. */
export function settingsText(before: KeptSettings | undefined, after: KeptSettings): string {
  const rows: readonly (readonly [label: string, textOf: (settings: KeptSettings) => string])[] = [
    ['image', ({ image = '' }) => image],
    ['watched namespaces', ({ watchedNamespaces = '' }) => watchedNamespaces || 'all'],
    ['pull secrets', ({ imagePullSecrets = [] }) => imagePullSecrets.join(',') || 'none'],
  ];
  return rows.map(([label, textOf]) => `${label}: ${stepText(before && textOf(before), textOf(after))}\n`).join('');
}

function stepText(before: string | undefined, after: string): string {
  if (before === undefined) return after;
  return before === after ? `${after}, as before` : `${before} → ${after}`;
}
