import type { MountedVolume } from '../shared/mounted-volume.ts';
import { istioTokenSource, rootCertificateSource } from '../shared/trust-bundle.ts';
import { REVOCATION_DIRECTORY } from './environment.ts';
import type { Ztunnel } from './ztunnel.ts';

/** The volumes that ztunnel itself needs. */
export function ownVolumes({ values }: Ztunnel): readonly MountedVolume[] {
  return [
    {
      name: 'istiod-ca-cert',
      source: rootCertificateSource(values.trustBundleName, values.env.ENABLE_CLUSTER_TRUST_BUNDLE_API),
      mount: { mountPath: '/var/run/secrets/istio' },
    },
    { name: 'istio-token', source: istioTokenSource('istio-ca'), mount: { mountPath: '/var/run/secrets/tokens' } },
    {
      name: 'cni-ztunnel-sock-dir', // where the CNI node agent listens, or will
      source: { hostPath: { path: '/var/run/ztunnel', type: 'DirectoryOrCreate' } },
      mount: { mountPath: '/var/run/ztunnel' },
    },
    // profiles are written here; the root file system is read-only
    { name: 'tmp', source: { emptyDir: {} }, mount: { mountPath: '/tmp' } },
    ...(values.peerCaCrl.enabled ? [REVOCATION_LIST] : []),
  ];
}

const REVOCATION_LIST: MountedVolume = {
  name: 'crl-volume',
  source: { configMap: { name: 'istio-ca-crl', optional: true } },
  mount: { mountPath: REVOCATION_DIRECTORY, readOnly: true },
};
