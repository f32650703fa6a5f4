import { atMostOneOf } from '../cel.ts';
import { once } from '../once.ts';
import { boolean, enumOf, list, object, string } from '../schema.ts';

/** How a server terminates TLS: servers of a Gateway, ingress listeners of a Sidecar. */
export const serverTls = once(() =>
  object(
    {
      mode: enumOf('PASSTHROUGH', 'SIMPLE', 'MUTUAL', 'AUTO_PASSTHROUGH', 'ISTIO_MUTUAL', 'OPTIONAL_MUTUAL'),
      httpsRedirect: boolean(),
      // The certificate: from files in the proxy …
      serverCertificate: string(),
      privateKey: string(),
      caCertificates: string(),
      caCrl: string(),
      tlsCertificates: list(certificateFiles(), CERTIFICATE_PAIR),
      // … or from Secrets.
      credentialName: string(),
      credentialNames: list(string(), CERTIFICATE_PAIR),
      caCertCredentialName: string(),
      // What clients must show, and what is negotiated with them.
      subjectAltNames: list(string()),
      verifyCertificateSpki: list(string()),
      verifyCertificateHash: list(string()),
      minProtocolVersion: tlsVersion(),
      maxProtocolVersion: tlsVersion(),
      cipherSuites: list(string()),
    },
    {
      rules: [
        atMostOneOf(
          ['tlsCertificates', 'credentialNames'],
          'only one of credentialNames or tlsCertificates can be set',
        ),
        atMostOneOf(['credentialName', 'credentialNames'], 'only one of credentialName or credentialNames can be set'),
        // The API means credentialName, but checks credentialNames a second time.
        atMostOneOf(['credentialNames', 'tlsCertificates'], 'only one of credentialName or tlsCertificates can be set'),
      ],
    },
  ),
);

/** Two certificates at most: one with an RSA key, one with an ECDSA key. */
const CERTIFICATE_PAIR = { minItems: 1, maxItems: 2 };

function certificateFiles() {
  return object({ serverCertificate: string(), privateKey: string(), caCertificates: string() });
}

function tlsVersion() {
  return enumOf('TLS_AUTO', 'TLSV1_0', 'TLSV1_1', 'TLSV1_2', 'TLSV1_3');
}
