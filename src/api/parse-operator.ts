import {
  type Issue,
  isObject,
  type Json,
  type JsonObject,
  type Notice,
  nearMatch,
  OperatorError,
  throwIssues,
} from '../core/index.ts';
import { checkAnnotations } from './annotations.ts';
import { formatFieldPath } from './field-path.ts';
import { API_VERSION, KIND } from './names.ts';
import { quote } from './quote.ts';
import { object } from './schema/schema.ts';
import { specSchema } from './schema/spec-schema.ts';
import type { IstioOperator, IstioOperatorSpec } from './types.ts';
import { checkGatewayPorts } from './validation/check-gateway-ports.ts';
import { checkValue } from './validation/check-value.ts';
import { describeValue } from './validation/describe-value.ts';
import { edited } from './validation/edits.ts';
import { type Findings, MAX_ISSUES, MAX_NOTICES } from './validation/findings.ts';
import { ineffectiveFields } from './validation/ineffective-fields.ts';
import { checkPlainJson } from './validation/plain-json.ts';

/** How a document is judged. */
export interface ParseOptions {
  /**
   * True where an API server will judge the Kubernetes objects: a field that is missing from our Kubernetes types is
   * then handed on with a warning. False by default: it is an error.
   */
  readonly newerKubernetes?: boolean;
}

/** A document that was accepted, and what its author should know about it. */
export interface ParsedOperator {
  readonly operator: IstioOperator;
  readonly notices: readonly Notice[];
}

/** Below the top, only `spec` is described: metadata and status are not the author's to get right. */
const documentSchema = object({ spec: specSchema });

const TOP_FIELDS = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

/**
 * Reads a document as an IstioOperator. It is the only way in: what it returns is well-typed, free of keys that reach a
 * prototype and of fields that Istio removed (each with a notice), so later layers do not check again.
 * @param document - anything; usually parsed YAML or the raw object of the API server.
 * @throws {OperatorError} one error with all issues: `InvalidResource`, `UnknownField`, `InvalidValue`,
 *   `DocumentTooLarge`.
 */
export function parseOperator(document: unknown, options: ParseOptions = {}): ParsedOperator {
  if (!isObject(document)) throw notAnObject(document);
  for (const field of TOP_FIELDS) {
    if (field !== 'status') checkPlainJson(document[field], [field]);
  }
  const findings: Findings = { issues: [], notices: [], edits: [] };
  findings.issues.push(...headerIssues(document), ...metadataIssues(document.metadata), ...topFieldIssues(document));
  const annotations = checkAnnotations(isObject(document.metadata) ? document.metadata.annotations : undefined);
  findings.issues.push(...annotations.issues);
  findings.notices.push(...annotations.notices);
  const given = { spec: document.spec ?? {} };
  checkValue(documentSchema, given, { path: [], findings, newerKubernetes: options.newerKubernetes ?? false });
  throwIssues(findings.issues);
  const { spec } = edited(given, findings.edits) as { spec: JsonObject };
  throwIssues(checkGatewayPorts(spec));
  const metadata = (document.metadata ?? {}) as IstioOperator['metadata'];
  return {
    operator: { apiVersion: API_VERSION, kind: KIND, metadata, spec: spec as IstioOperatorSpec },
    notices: [...findings.notices, ...ineffectiveFields(spec)].slice(0, MAX_NOTICES),
  };
}

function notAnObject(document: unknown): OperatorError {
  return new OperatorError(`Expected an ${KIND}, got ${describeValue(document)}.`, {
    code: 'InvalidResource',
    hint: `Begin with apiVersion: ${API_VERSION} and kind: ${KIND}.`,
  });
}

function headerIssues({ apiVersion, kind }: JsonObject): readonly Issue[] {
  return [...wordIssues('apiVersion', apiVersion, API_VERSION), ...wordIssues('kind', kind, KIND)];
}

function wordIssues(path: string, value: Json | undefined, wanted: string): readonly Issue[] {
  if (value === wanted) return [];
  const found = value === undefined || value === null ? `${path} is missing.` : `${path} is ${describeValue(value)}.`;
  const near = typeof value === 'string' && nearMatch(value, [wanted]) !== undefined;
  const hint = near ? `Did you mean "${wanted}"?` : `Set ${path}: ${wanted}.`;
  return [{ code: 'InvalidResource', path, message: found, hint }];
}

function metadataIssues(metadata: Json | undefined): readonly Issue[] {
  if (metadata === undefined || metadata === null) return [];
  if (!isObject(metadata))
    return [wrongMetadata('metadata', 'a map', metadata, 'For example: metadata: {name: istio}.')];
  return ['name', 'namespace'].flatMap((field): readonly Issue[] => {
    const value = metadata[field];
    if (value === undefined || value === null || typeof value === 'string') return [];
    const hint =
      typeof value === 'object' ? `For example: ${field}: istio.` : `Put it in quotes: ${field}: "${value}".`;
    return [wrongMetadata(`metadata.${field}`, 'a string', value, hint)];
  });
}

function wrongMetadata(path: string, expected: string, value: Json, hint: string): Issue {
  return { code: 'InvalidValue', path, message: `Expected ${expected}, got ${describeValue(value)}.`, hint };
}

/** A field of the spec that slipped to the top is told so; it is the most likely mistake there. */
function topFieldIssues(document: JsonObject): readonly Issue[] {
  const unknown = Object.keys(document).filter((key) => !TOP_FIELDS.includes(key));
  return unknown.slice(0, MAX_ISSUES).map((key): Issue => {
    const inSpec = specSchema.kind === 'object' && Object.hasOwn(specSchema.fields, key);
    const near = inSpec ? `spec.${key}` : nearMatch(key, TOP_FIELDS);
    const hint = near === undefined ? `Known here: ${TOP_FIELDS.join(', ')}.` : `Did you mean "${near}"?`;
    const path = formatFieldPath([key]);
    return { code: 'UnknownField', path, message: `Unknown field ${quote(key)}.`, hint };
  });
}
