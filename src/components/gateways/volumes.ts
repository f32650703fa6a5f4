import type { MountedVolume } from '../shared/mounted-volume.ts';
import { withRevision } from '../shared/revision.ts';
import { istioTokenSource, rootCertificateSource } from '../shared/trust-bundle.ts';
import type { Gateway } from './gateway.ts';

/** The volumes that the proxy itself needs, in a Deployment that holds it whole. */
export function proxyVolumes(gateway: Gateway): MountedVolume[] {
  const { global, revision } = gateway;
  return [
    scratch('workload-socket', '/var/run/secrets/workload-spiffe-uds'),
    scratch('credential-socket', '/var/run/secrets/credential-uds'),
    scratch('workload-certs', '/var/run/secrets/workload-spiffe-credentials'),
    scratch('istio-envoy', '/etc/istio/proxy'),
    scratch('istio-data', '/var/lib/istio/data'),
    { name: 'podinfo', source: POD_INFO, mount: { mountPath: '/etc/istio/pod' } },
    {
      name: 'config-volume',
      source: { configMap: { name: withRevision('istio', revision), optional: true } },
      mount: { mountPath: '/etc/istio/config' },
    },
    ...rootCertificate(gateway),
    {
      name: 'istio-token',
      source: istioTokenSource(global.sds.token.aud || 'istio-ca'),
      mount: { mountPath: '/var/run/secrets/tokens', readOnly: true },
    },
    ...mountedCertificates(gateway),
  ];
}

/** The Secrets and ConfigMaps that the user wants to see in the proxy; each may be missing. */
export function userVolumes({ settings }: Gateway): MountedVolume[] {
  const secrets = settings.secretVolumes.map(({ name, secretName, mountPath }) => ({
    name,
    source: { secret: { secretName, optional: true } },
    mount: { mountPath, readOnly: true },
  }));
  const configs = settings.configVolumes.map(({ name, configMapName, mountPath }) => ({
    name,
    source: { configMap: { name: configMapName, optional: true } },
    mount: mountPath ? { mountPath, readOnly: true } : undefined,
  }));
  return [...secrets, ...configs];
}

const POD_INFO: MountedVolume['source'] = {
  downwardAPI: {
    items: [
      { path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } },
      { path: 'annotations', fieldRef: { fieldPath: 'metadata.annotations' } },
    ],
  },
};

function scratch(name: string, mountPath: string): MountedVolume {
  return { name, source: { emptyDir: {} }, mount: { mountPath } };
}

/** istiod's root certificate, where istiod is what signs. */
function rootCertificate({ global, values }: Gateway): MountedVolume[] {
  if (global.pilotCertProvider !== 'istiod') return [];
  const source = rootCertificateSource(global.trustBundleName, values.pilot?.env?.ENABLE_CLUSTER_TRUST_BUNDLE_API);
  return [{ name: 'istiod-ca-cert', source, mount: { mountPath: '/var/run/secrets/istio' } }];
}

/** Certificates that the user keeps in a Secret of the kind of gateway, one for all gateways of a namespace. */
function mountedCertificates({ global, kind }: Gateway): MountedVolume[] {
  if (!global.mountMtlsCerts) return [];
  const secret = { secretName: `istio.${kind.root}-service-account`, optional: true };
  return [{ name: 'istio-certs', source: { secret }, mount: { mountPath: '/etc/certs', readOnly: true } }];
}
