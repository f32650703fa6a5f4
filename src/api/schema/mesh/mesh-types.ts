import {
  decimal as anyNumber,
  flag,
  keptQuotable,
  listOf,
  mapOf,
  type Node,
  type ObjectNode,
  object,
  type Schema,
  text,
  textOrNumber,
  integer as wholeNumber,
} from '../schema.ts';
import { addressCheck, durationCheck, optionalAddressCheck, trustDomainCheck } from './mesh-text-checks.ts';
import { tlsCheck } from './tls-check.ts';

/**
 * A message of the mesh configuration: names in camelCase, snake_case accepted. The CRD leaves it open, since there is nobody who
 * would look it up there; validation knows it all.
 */
export function message<F extends Readonly<Record<string, Node>>>(
  fields: F,
  options: Partial<Pick<ObjectNode, 'required' | 'check'>> = {},
) {
  return object(fields, undefined, { origin: 'meshConfig', inCrd: 'nothing', ...options });
}

/** An enum: one of its words, or the number of one. */
export function word(...words: readonly string[]): Schema<string | number> {
  return textOrNumber(undefined, { oneOf: words });
}

/** A whole number, which may be negative; like all numbers here it counts as text too. */
export const integer = keptQuotable(wholeNumber(undefined, { min: -(2 ** 31), max: 2 ** 31 - 1 }));

/** A whole number of twice the size. */
export const long = keptQuotable(wholeNumber());

/** A whole number that is not negative. */
export const count = keptQuotable(wholeNumber(undefined, { min: 0, max: 2 ** 32 - 1 }));

/** Where something listens. */
export const port = keptQuotable(wholeNumber(undefined, { min: 1, max: 65_535 }));

/** Any number. */
export const decimal = keptQuotable(anyNumber());

/** A duration such as `10s`. */
export const duration = text(undefined, { check: durationCheck });

/** Host and port. */
export const address = text(undefined, { check: addressCheck });

/** Host and port, or nothing. */
export const optionalAddress = text(undefined, { check: optionalAddressCheck });

/** A trust domain. */
export const trustDomain = text(undefined, { check: trustDomainCheck });

const tlsFields = {
  mode: word('DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL'),
  clientCertificate: text(),
  privateKey: text(),
  caCertificates: text(),
  credentialName: text(),
  subjectAltNames: listOf(text()),
  sni: text(),
  insecureSkipVerify: flag(),
  caCrl: text(),
};

/** Settings of a TLS client. */
export const tlsSettings = message(tlsFields);

/** Settings of a TLS client that Istio holds against each other. */
export const checkedTlsSettings = message(tlsFields, { check: tlsCheck });

/** When TCP looks whether the other side is still there. */
export const tcpKeepalive = message({ probes: count, time: duration, interval: duration });

/** A selection of objects by their labels. */
export const labelSelector = message({
  matchLabels: mapOf(text()),
  matchExpressions: listOf(message({ key: text(), operator: text(), values: listOf(text()) })),
});

/** The formats in which OpenCensus hands traces on. */
export const traceContexts = listOf(word('UNSPECIFIED', 'W3C_TRACE_CONTEXT', 'GRPC_BIN', 'CLOUD_TRACE_CONTEXT', 'B3'));
