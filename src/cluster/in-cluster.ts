import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, OperatorError } from '../core/index.ts';
import { type Authentication, type Credentials, cachedCredentials } from './credentials.ts';

/** Where the kubelet mounts the token, the CA and the namespace of a pod's service account. */
export const SERVICE_ACCOUNT_DIR = '/var/run/secrets/kubernetes.io/serviceaccount';

/** The kubelet replaces a token when 80 % of its life are over, so a minute is early enough; client-go does the same. */
const MAX_AGE_MS = 60_000;

/**
 * The service account of the pod that this process runs in. Token and CA are read again every minute and after a 401; a
 * file that cannot be read for a moment does not take away the credentials that worked until then.
 */
export function serviceAccountCredentials(folder: string, clock: Clock): Credentials {
  return cachedCredentials(({ previous }) => readServiceAccount(folder, previous), MAX_AGE_MS, clock);
}

async function readServiceAccount(folder: string, previous: Authentication | undefined): Promise<Authentication> {
  try {
    const [token, ca] = await Promise.all([
      readFile(join(folder, 'token'), 'utf8'),
      readFile(join(folder, 'ca.crt'), 'utf8'),
    ]);
    return { headers: { authorization: `Bearer ${token.trim()}` }, tls: { ca } };
  } catch (error) {
    if (previous !== undefined) return previous;
    throw new OperatorError(
      `The service account in ${folder} cannot be read.`,
      { code: 'FileNotReadable', hint: 'The pod needs a service account whose token is mounted.' },
      error,
    );
  }
}
