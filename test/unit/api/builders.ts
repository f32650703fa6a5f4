import { type IstioOperator, type ParseOptions, parseOperator } from '../../../src/api/index.ts';
import { type Issue, issuesOf, type Notice, OperatorError } from '../../../src/core/index.ts';

/** A document with this spec and a valid header. */
export function aDocument(spec: unknown, rest: object = {}): Record<string, unknown> {
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'mesh' }, spec, ...rest };
}

/** The operator that a spec is read as. */
export function parsed(spec: unknown, options?: ParseOptions): IstioOperator {
  return parseOperator(aDocument(spec), options).operator;
}

/** The warnings that a spec gives. */
export function noticesOf(spec: unknown, options?: ParseOptions): readonly Notice[] {
  return parseOperator(aDocument(spec), options).notices;
}

/** What is wrong with a document; empty when it is accepted. */
export function issuesIn(document: unknown, options?: ParseOptions): readonly Issue[] {
  try {
    parseOperator(document, options);
    return [];
  } catch (error) {
    if (error instanceof OperatorError) return issuesOf(error);
    throw error;
  }
}

/** An object as JSON.parse makes it, where `__proto__` is a key like any other. */
export function fromText(text: string): unknown {
  return JSON.parse(text);
}

/** `levels` maps, one in the other. */
export function nested(levels: number): unknown {
  let value: unknown = 'bottom';
  for (let level = 0; level < levels; level++) value = { inner: value };
  return value;
}
