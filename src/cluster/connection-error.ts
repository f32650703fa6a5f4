import { OperatorError } from '../core/index.ts';
import type { Call } from './call.ts';

/** What went wrong between us and the server, and what to do about it. */
interface Explanation {
  readonly message: string;
  readonly hint: string;
}

const IS_IT_RUNNING = 'Check that the cluster is running and that the address in the kubeconfig is right.';
const IS_THE_NETWORK_UP = 'Check the network, VPN and proxy between here and the cluster.';
const WHICH_CA = 'Check certificate-authority-data in the kubeconfig; it must be the CA of this cluster.';

const NO_TLS = 'EPROTO';
const BAD_PEM = 'ERR_OSSL';

const EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map(
  Object.entries({
    ECONNREFUSED: { message: 'nothing listens there (connection refused)', hint: IS_IT_RUNNING },
    ENOTFOUND: { message: 'the host name does not exist', hint: IS_IT_RUNNING },
    EAI_AGAIN: { message: 'the host name cannot be resolved at present', hint: IS_THE_NETWORK_UP },
    ETIMEDOUT: { message: 'the connection timed out', hint: IS_THE_NETWORK_UP },
    EHOSTUNREACH: { message: 'there is no route to the host', hint: IS_THE_NETWORK_UP },
    ENETUNREACH: { message: 'the network is unreachable', hint: IS_THE_NETWORK_UP },
    ECONNRESET: { message: 'the connection was dropped', hint: IS_IT_RUNNING },
    ERR_STREAM_PREMATURE_CLOSE: { message: 'the connection was dropped', hint: IS_IT_RUNNING },
    EPIPE: { message: 'the connection was dropped', hint: IS_IT_RUNNING },
    HPE_INVALID_CONSTANT: {
      message: 'the answer is not HTTP',
      hint: 'Check that the server URL begins with https://.',
    },
    [NO_TLS]: {
      message: 'TLS failed: the server does not speak it',
      hint: 'Check http:// or https:// in the server URL.',
    },
    [BAD_PEM]: {
      message: 'TLS failed: a certificate or key of the kubeconfig cannot be read',
      hint: 'Check the certificate and key data of the cluster and the user.',
    },
    CERT_HAS_EXPIRED: { message: 'TLS failed: its certificate has expired', hint: 'Renew the certificate.' },
    ERR_TLS_CERT_ALTNAME_INVALID: {
      message: 'TLS failed: its certificate is for another host name',
      hint: 'Use the host name of the certificate, or set tls-server-name in the kubeconfig.',
    },
    DEPTH_ZERO_SELF_SIGNED_CERT: { message: 'TLS failed: its certificate is self-signed', hint: WHICH_CA },
    SELF_SIGNED_CERT_IN_CHAIN: { message: 'TLS failed: its certificate is from an unknown CA', hint: WHICH_CA },
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { message: 'TLS failed: its certificate is from an unknown CA', hint: WHICH_CA },
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: { message: 'TLS failed: its certificate is from an unknown CA', hint: WHICH_CA },
    CERT_SIGNATURE_FAILURE: { message: 'TLS failed: its certificate is from another CA', hint: WHICH_CA },
  }),
);

/**
 * The error for a request that got no answer. It does not say which: of many at once a random one fails first.
 * @param server - the server, as messages name it.
 */
export function connectionError(call: Call, server: string, error: Error): OperatorError {
  const code = codeOf(error);
  const known = EXPLANATIONS.get(code);
  const message = known?.message ?? `the connection failed${code === '' ? '' : ` (${code})`}`;
  return new OperatorError(
    `The API server ${server} cannot be reached: ${message}.`,
    {
      code: 'ApiUnavailable',
      hint: known?.hint ?? IS_THE_NETWORK_UP,
      ...(call.object === undefined ? {} : { objects: [call.object] }),
    },
    error,
  );
}

/** True for an error of Node's network layer: it has a code. Anything else is a bug and must not pass as bad weather. */
export function isConnectionError(error: unknown): error is Error {
  return codeOf(error) !== '' && !codeOf(error).startsWith('ERR_INVALID');
}

/** Whether trying again could help: certificates do not change within seconds. */
export function isTransient(error: Error): boolean {
  return !(EXPLANATIONS.get(codeOf(error))?.message.startsWith('TLS failed') ?? false);
}

/** True when the request surely did not reach the server, so that even a create can be sent again. */
export function neverArrived(error: Error): boolean {
  const syscall = 'syscall' in error ? error.syscall : undefined;
  return codeOf(error) === 'ECONNREFUSED' || syscall === 'connect' || syscall === 'getaddrinfo';
}

/** The code of an error of Node, or ''. OpenSSL has one for each way in which a handshake or a PEM file can be broken. */
export function codeOf(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  const code = isCoded && typeof error.code === 'string' ? error.code : '';
  if (code.startsWith('ERR_SSL_')) return NO_TLS;
  return code.startsWith('ERR_OSSL_') ? BAD_PEM : code;
}
