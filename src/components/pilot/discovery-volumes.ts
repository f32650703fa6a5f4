import type { IVolume } from 'kubernetes-models/v1';
import type { MountedVolume } from '../shared/mounted-volume.ts';
import type { Draft } from '../shared/typed.ts';
import { usesClusterTrustBundles } from './istiod-features.ts';
import { jwksConfigMapName } from './jwks-config-map.ts';
import type { PilotContext } from './pilot-context.ts';

const TOKEN_SECONDS = 43_200;

/** What istiod finds in its file system: certificates and credentials, most of them only where the user brings them. */
export function discoveryVolumes(pilot: PilotContext): readonly MountedVolume[] {
  const { values } = pilot;
  const token = {
    audience: values.global.sds.token.aud ?? '',
    expirationSeconds: TOKEN_SECONDS,
    path: 'istio-token',
  };
  return [
    {
      name: 'istio-token',
      source: { projected: { sources: [{ serviceAccountToken: token }] } },
      mount: readOnlyAt('/var/run/secrets/tokens'),
    },
    // Keys that istiod makes for itself stay in memory.
    {
      name: 'local-certs',
      source: { emptyDir: { medium: 'Memory' } },
      mount: { mountPath: '/var/run/secrets/istio-dns' },
    },
    // A root of the user's own for the CA.
    { name: 'cacerts', source: optionalSecret('cacerts'), mount: readOnlyAt('/etc/cacerts') },
    // How to reach the cluster that configuration comes from, where it is another one.
    {
      name: 'istio-kubeconfig',
      source: optionalSecret('istio-kubeconfig'),
      mount: readOnlyAt('/var/run/secrets/remote'),
    },
    ...(values.jwksResolverExtraRootCA
      ? [{ name: 'extracacerts', source: { configMap: { name: jwksConfigMapName(pilot) } }, mount: EXTRA_CERTIFICATES }]
      : []),
    // A serving certificate from another CA, with its root.
    {
      name: 'istio-csr-dns-cert',
      source: optionalSecret('istiod-tls'),
      mount: readOnlyAt('/var/run/secrets/istiod/tls'),
    },
    { name: 'istio-csr-ca-configmap', source: rootCertificate(pilot), mount: readOnlyAt('/var/run/secrets/istiod/ca') },
  ];
}

const EXTRA_CERTIFICATES = { mountPath: '/cacerts' } as const;

function readOnlyAt(mountPath: string) {
  return { mountPath, readOnly: true };
}

function optionalSecret(secretName: string): Draft<Omit<IVolume, 'name'>> {
  return { secret: { secretName, optional: true } };
}

function rootCertificate({ values }: PilotContext): Draft<Omit<IVolume, 'name'>> {
  const name = values.global.trustBundleName;
  if (!usesClusterTrustBundles(values.env)) {
    return { configMap: { name: name || 'istio-ca-root-cert', defaultMode: 0o644, optional: true } };
  }
  const bundle = { name: `istio.io:istiod-ca:${name || 'root-cert'}`, path: 'root-cert.pem', optional: true };
  return { projected: { sources: [{ clusterTrustBundle: bundle }] } };
}
