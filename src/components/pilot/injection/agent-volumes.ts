import { annotationOf, formatted, hasAnnotation, inline, quoted, setting } from './expressions.ts';
import { choose, type Fields, forEach, type Part, when } from './template-text.ts';

const USES_GKE_CERTIFICATES = `eq ${setting('global.caName')} "GkeWorkloadCertificate"`;
const ISTIOD_SIGNS = `eq ${setting('global.pilotCertProvider')} "istiod"`;
const MOUNTS_MTLS = setting('global.mountMtlsCerts');
const OVERRIDES_BOOTSTRAP = 'sidecar.istio.io/bootstrapOverride';

/** A volume without a source, which Kubernetes takes for an empty directory; a pod that has it keeps its own source. */
export function bareVolume(name: string): Fields {
  return { name };
}

/** An empty directory. */
export function emptyVolume(name: string): Fields {
  return { name, emptyDir: {} };
}

/** A directory in memory, for sockets and keys. */
export function memoryVolume(name: string): Fields {
  return { name, emptyDir: { medium: 'Memory' } };
}

/** Where a volume is mounted. */
export function mount(name: string, mountPath: string): Fields {
  return { name, mountPath };
}

/** The sockets on which a node's agent may offer the workload's identity and other secrets. */
export function socketMounts(): readonly Part[] {
  return [
    mount('workload-socket', '/var/run/secrets/workload-spiffe-uds'),
    mount('credential-socket', '/var/run/secrets/credential-uds'),
  ];
}

/** The workload's certificate: from GKE, or what `own` is. */
export function certificateVolume(own: (name: string) => Fields): Part {
  const gke = { name: 'gke-workload-certificate', csi: { driver: 'workloadcertificates.security.cloud.google.com' } };
  return choose([[USES_GKE_CERTIFICATES, gke]], own('workload-certs'));
}

/** Where the workload's certificate is mounted. */
export function certificateMount(): Part {
  const path = '/var/run/secrets/workload-spiffe-credentials';
  return choose(
    [[USES_GKE_CERTIFICATES, { ...mount('gke-workload-certificate', path), readOnly: true }]],
    mount('workload-certs', path),
  );
}

/** The labels and annotations of the pod as files. */
export function podInfoVolume(): Fields {
  const file = (path: string) => ({ path, fieldRef: { fieldPath: `metadata.${path}` } });
  return { name: 'istio-podinfo', downwardAPI: { items: [file('labels'), file('annotations')] } };
}

/** A token of the pod's account with which the agent proves who it is. */
export function tokenVolume(name: string, audience: Part): Fields {
  const serviceAccountToken = { path: name, expirationSeconds: 43_200, audience };
  return { name, projected: { sources: [{ serviceAccountToken }] } };
}

/** The token for the audience that the installation names. */
export function meshTokenVolume(name: string): Fields {
  return tokenVolume(name, quoted(setting('global.sds.token.aud')));
}

/** The mesh's root certificate, which istiod keeps in a trust bundle of the cluster or in each namespace. */
export function rootCertificateVolume(): Fields {
  const bundle = setting('global.trustBundleName');
  const inCluster = `eq (toString ${setting('pilot.env.ENABLE_CLUSTER_TRUST_BUNDLE_API')}) "true"`;
  const name = formatted('istio.io:istiod-ca:%s', `(${bundle} | default "root-cert")`);
  return {
    name: 'istiod-ca-cert',
    projected: when(inCluster, { sources: [{ clusterTrustBundle: { name, path: 'root-cert.pem' } }] }),
    configMap: when(`not (${inCluster})`, { name: quoted(`${bundle} | default "istio-ca-root-cert"`) }),
  };
}

/** A part that is needed only where istiod signs the certificates. */
export function whereIstiodSigns(part: Part): Part {
  return when(ISTIOD_SIGNS, part);
}

/** The certificates that istiod has revoked; a mesh without any has no such ConfigMap. */
export function revocationVolume(): Fields {
  const name = quoted(`${setting('pilot.crlConfigMapName')} | default "istio-ca-crl"`);
  return { name: 'istio-ca-crl', configMap: { name, optional: true } };
}

/** A bootstrap of the user's, in a ConfigMap that the pod names. */
export function bootstrapVolume(): Part {
  return when(hasAnnotation(OVERRIDES_BOOTSTRAP), {
    name: 'custom-bootstrap-volume',
    configMap: { name: quoted(annotationOf(OVERRIDES_BOOTSTRAP)) },
  });
}

/** Where the user's bootstrap is mounted. */
export function bootstrapMount(): Part {
  return when(hasAnnotation(OVERRIDES_BOOTSTRAP), mount('custom-bootstrap-volume', '/etc/istio/custom-bootstrap'));
}

/** Certificates in Secrets of the account, as old meshes had them. */
export function mtlsVolume(): Part {
  const secretName = formatted('istio.%s', '($.Spec.ServiceAccountName | default "default")');
  return when(MOUNTS_MTLS, { name: 'istio-certs', secret: { optional: true, secretName } });
}

/** Where those certificates are mounted. */
export function mtlsMount(): Part {
  return when(MOUNTS_MTLS, { ...mount('istio-certs', '/etc/certs/'), readOnly: true });
}

/** Volumes that the pod's annotation adds: a JSON map from their names. */
export function userVolumes(): Part {
  return fromAnnotation('sidecar.istio.io/userVolume');
}

/** Mounts that the pod's annotation adds to the proxy: a JSON map from names of volumes. */
export function userMounts(): Part {
  return fromAnnotation('sidecar.istio.io/userVolumeMount');
}

function fromAnnotation(annotation: string): Part {
  const entry = inline('merge $more (dict "name" (toString $name))');
  const entries = forEach(`$name, $more := fromJSON ${annotationOf(annotation)}`, entry);
  return when(hasAnnotation(annotation), [entries]);
}

/** Secrets to pull the proxy's image with. */
export function pullSecrets(): Part {
  const secrets = setting('global.imagePullSecrets');
  return when(secrets, [forEach(`$secret := ${secrets}`, { name: quoted('$secret') })]);
}
