/** The Istio release that this operator installs when a CR names no tag. */
export const ISTIO_VERSION = '1.30.3';

/** The registry that this operator installs from when a CR names no hub. */
export const ISTIO_HUB = 'registry.istio.io/release';

/** The operator's own version; it is the label `operator.istio.io/version` on everything it installs. */
export const OPERATOR_VERSION = '0.1.0';

/** Major and minor of a version such as `1.30.3`; undefined for tags that are no versions. */
export function minorOf(version: string): { readonly major: number; readonly minor: number } | undefined {
  const [, major, minor] = /^v?(\d{1,4})\.(\d{1,4})(?:\.|-|$)/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/**
 * What Istio does not support about a ztunnel and the istiod that it connects to, as a sentence: it may be of the same
 * minor version or of the one before. Undefined where it is supported, or a tag does not tell.
 * @see {@link https://istio.io/latest/docs/ambient/upgrade/helm/}
 */
export function ztunnelSkew(ztunnel: string | undefined, istiod: string | undefined): string | undefined {
  const [own, its] = [minorOf(ztunnel ?? ''), minorOf(istiod ?? '')];
  if (own === undefined || its === undefined || own.major !== its.major) return undefined;
  if (own.minor > its.minor) return `ztunnel ${ztunnel} is newer than istiod ${istiod}.`;
  return its.minor - own.minor > 1
    ? `ztunnel ${ztunnel} is more than one minor version behind istiod ${istiod}.`
    : undefined;
}

/** What to do about it. */
export const SKEW_HINT =
  'Istio supports a ztunnel of the minor version of istiod or of the one before: upgrade istiod first, and one minor version at a time.';
