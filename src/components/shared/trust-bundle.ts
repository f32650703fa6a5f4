import type { IVolume } from 'kubernetes-models/v1';
import type { Json } from '../../core/index.ts';
import type { Draft } from './typed.ts';

/**
 * Where a proxy finds istiod's root certificate: a ClusterTrustBundle where that API is switched on, else the ConfigMap
 * that istiod keeps in every namespace.
 * @param name - `trustBundleName`; empty for the usual one.
 * @param clusterTrustBundles - the variable `ENABLE_CLUSTER_TRUST_BUNDLE_API` as the user set it.
 */
export function rootCertificateSource(
  name: string | undefined,
  clusterTrustBundles: Json | undefined,
): Draft<Omit<IVolume, 'name'>> {
  if (clusterTrustBundles !== true && clusterTrustBundles !== 'true') {
    return { configMap: { name: name || 'istio-ca-root-cert' } };
  }
  const bundle = { name: `istio.io:istiod-ca:${name || 'root-cert'}`, path: 'root-cert.pem' };
  return { projected: { sources: [{ clusterTrustBundle: bundle }] } };
}

/** The token with which a proxy proves its service account to the CA; it lives twelve hours. */
export function istioTokenSource(audience: string): Draft<Omit<IVolume, 'name'>> {
  const serviceAccountToken = { path: 'istio-token', expirationSeconds: 43_200, audience };
  return { projected: { sources: [{ serviceAccountToken }] } };
}
