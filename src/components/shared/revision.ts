/** The name that an object has in a revision: `istiod` in the default one, `istiod-canary` in `canary`. */
export function withRevision(name: string, revision: string | undefined): string {
  return revision ? `${name}-${revision}` : name;
}

/** The value of the label `istio.io/rev`. */
export function revisionLabel(revision: string | undefined): string {
  return revision || 'default';
}

/** Where proxies of a revision reach istiod: its XDS and CA endpoint with the TLS port. */
export function istiodAddress(revision: string | undefined, istioNamespace: string | undefined): string {
  return `${withRevision('istiod', revision)}.${istioNamespace || 'istio-system'}.svc:15012`;
}
