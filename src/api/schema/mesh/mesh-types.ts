import { anything, flag, listOf, mapOf, type Node, object, type Schema, text, textOrNumber } from '../schema.ts';
import { addressCheck, durationCheck, trustDomainCheck } from './mesh-text-checks.ts';

/**
 * A message of the mesh configuration: names in camelCase, snake_case accepted. The CRD leaves it open, since there is nobody who
 * would look it up there; validation knows it all.
 */
export function message<F extends Readonly<Record<string, Node>>>(fields: F) {
  return object(fields, undefined, { origin: 'meshConfig', inCrd: 'nothing' });
}

/** An enum: one of its words, or the number of one. */
export function word(...words: readonly string[]): Schema<string | number> {
  return textOrNumber(undefined, { oneOf: words });
}

/** A number; as text it counts too. */
export const number = anything();

/** A duration such as `10s`. */
export const duration = text(undefined, { check: durationCheck });

/** Host and port. */
export const address = text(undefined, { check: addressCheck });

/** A trust domain. */
export const trustDomain = text(undefined, { check: trustDomainCheck });

/** Settings of a TLS client. */
export const tlsSettings = message({
  mode: word('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
  clientCertificate: text(),
  privateKey: text(),
  caCertificates: text(),
  credentialName: text(),
  subjectAltNames: listOf(text()),
  sni: text(),
  insecureSkipVerify: flag(),
  caCrl: text(),
});

/** When TCP looks whether the other side is still there. */
export const tcpKeepalive = message({ probes: number, time: duration, interval: duration });

/** A selection of objects by their labels. */
export const labelSelector = message({
  matchLabels: mapOf(text()),
  matchExpressions: listOf(message({ key: text(), operator: text(), values: listOf(text()) })),
});

/** The formats in which OpenCensus hands traces on. */
export const traceContexts = listOf(word('UNSPECIFIED', 'W3C_TRACE_CONTEXT', 'GRPC_BIN', 'CLOUD_TRACE_CONTEXT', 'B3'));
