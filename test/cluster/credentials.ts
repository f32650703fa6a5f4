import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { ClusterError } from './cluster-error.ts';
import { clusterFiles } from './components.ts';

/** The administrator's bearer token: unlike a client certificate it needs no certificate authority of our own. */
export function newToken(): string {
  return randomBytes(24).toString('hex');
}

/** Writes what the API server needs before it starts: the key of service account tokens, and who the administrator is. */
export async function writeCredentials(dir: string, token: string): Promise<void> {
  const files = clusterFiles(dir);
  // An elliptic key is made in a millisecond; RSA takes up to a second.
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  await mkdir(files.certificates, { recursive: true, mode: 0o700 });
  await writeFile(files.serviceAccountKey, privateKey, { mode: 0o600 });
  await writeFile(files.serviceAccountPublicKey, publicKey);
  await writeFile(files.tokens, `${token},admin,admin,system:masters\n`, { mode: 0o600 });
}

/**
 * The certificate of the authority that signed the server's certificate, or undefined while there is none.
 *
 * The server makes both when it starts, writes them to one file (its own first) and forgets the authority's key.
 */
export async function readAuthority(dir: string): Promise<string | undefined> {
  const text = await readFile(clusterFiles(dir).authority, 'utf8').catch(() => '');
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
  return certificates.length < 2 ? undefined : certificates.at(-1);
}

/** Writes a kubeconfig that is complete in itself, so it can be copied elsewhere. */
export async function writeKubeconfig(dir: string, name: string, server: string, token: string): Promise<void> {
  const authority = await readAuthority(dir);
  if (authority === undefined) throw new ClusterError(`The API server of cluster ${name} made no certificate.`);
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server, 'certificate-authority-data': Buffer.from(authority).toString('base64') } }],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name, context: { cluster: name, user: 'admin' } }],
    'current-context': name,
  };
  await writeFile(clusterFiles(dir).kubeconfig, stringify(kubeconfig), { mode: 0o600 });
}
