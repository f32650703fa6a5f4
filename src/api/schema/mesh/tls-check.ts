import type { ObjectCheck, ObjectFault } from '../schema.ts';

/** The numbers of the modes, which may stand for their words. */
const MODES: Readonly<Record<string, string>> = { 1: 'SIMPLE', 2: 'MUTUAL' };

type Fields = Parameters<ObjectCheck>[0];

/** Which settings of a TLS client need or exclude each other. */
export const tlsCheck: ObjectCheck = (tls) => {
  const mode = MODES[`${tls.mode}`] ?? tls.mode;
  const faults = configMapFaults(tls);
  if (mode !== 'SIMPLE' && mode !== 'MUTUAL') return faults;
  if (tls.insecureSkipVerify === true) faults.push(...uncheckedFaults(tls, mode));
  if (isSet(tls.credentialName)) faults.push(...credentialFaults(tls));
  else if (mode === 'MUTUAL') faults.push(...certificateFaults(tls));
  return faults;
};

/** A ConfigMap would have to be in the namespace of the configuration, and that of the mesh has none. */
function configMapFaults({ credentialName }: Fields): ObjectFault[] {
  if (typeof credentialName !== 'string' || !credentialName.startsWith('configmap://')) return [];
  return [{ at: ['credentialName'], message: 'Here it cannot be a ConfigMap.', hint: 'Use the name of a Secret.' }];
}

/** Without verification nothing can be said on what to verify. */
function uncheckedFaults(tls: Fields, mode: string): ObjectFault[] {
  const fields = ['caCertificates', 'subjectAltNames', ...(mode === 'SIMPLE' ? ['credentialName'] : [])];
  return fields
    .filter((field) => isSet(tls[field]))
    .map((field) => ({
      at: [field],
      message: 'It contradicts insecureSkipVerify: true.',
      hint: 'Remove one of the two.',
    }));
}

/** What a Secret has, files cannot have too. */
function credentialFaults(tls: Fields): ObjectFault[] {
  return ['clientCertificate', 'privateKey', 'caCertificates', 'caCrl']
    .filter((field) => isSet(tls[field]))
    .map((field) => ({
      at: [field],
      message: 'It contradicts credentialName, which has the certificates.',
      hint: 'Remove one of the two.',
    }));
}

function certificateFaults(tls: Fields): ObjectFault[] {
  return ['clientCertificate', 'privateKey']
    .filter((field) => !isSet(tls[field]))
    .map((field) => ({
      at: [field],
      message: `With mode: MUTUAL, ${field} is needed.`,
      hint: 'Set clientCertificate and privateKey, or credentialName.',
    }));
}

function isSet(value: Fields[string]): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== '';
}
