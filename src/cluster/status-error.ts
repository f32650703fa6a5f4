import { type ErrorCode, isObject, type Json, type JsonObject, OperatorError } from '../core/index.ts';
import { type Call, describeCall } from './call.ts';
import { retryAfterSeconds } from './retry.ts';
import type { WireResponse } from './transport.ts';

/** The part of an API server's `Status` that says why a request failed. */
export interface ServerStatus {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** One of several reasons: which field, what is wrong, and the kind of mistake. */
export interface StatusCause {
  readonly field: string;
  readonly message: string;
  readonly reason: string;
}

/** CEL and admission messages may quote the whole object; conditions and logs need the beginning. */
const MESSAGE_LIMIT = 600;
const CAUSE_LIMIT = 8;

const HINTS: Partial<Record<ErrorCode, string>> = {
  Unauthorized: 'The credentials have expired or belong to another cluster; log in again or renew the kubeconfig.',
  Forbidden: 'Grant the permission to the user or service account, or ask who runs the admission policy that refuses.',
  FieldConflict: 'Take the field over with force, or leave it out and to its owner.',
  NamespaceTerminating: 'Wait until the namespace is gone, or remove the finalizers that hold it.',
  TooManyRequests: 'The API server is overloaded; the request is tried again later.',
};

/** Reads a `Status`, from the body of a failed request or from an ERROR event; undefined when it is something else. */
export function parseStatus(value: Json | undefined, httpStatus: number): ServerStatus | undefined {
  if (!isObject(value) || value.kind !== 'Status') return undefined;
  const details = isObject(value.details) ? value.details : {};
  const causes = Array.isArray(details.causes) ? (details.causes as readonly Json[]) : [];
  const seconds = details.retryAfterSeconds;
  return {
    code: typeof value.code === 'number' ? value.code : httpStatus,
    reason: text(value, 'reason'),
    message: text(value, 'message'),
    causes: causes.filter(isObject).map((cause) => ({
      field: text(cause, 'field'),
      message: text(cause, 'message'),
      reason: text(cause, 'reason'),
    })),
    ...(typeof seconds === 'number' && seconds > 0 ? { retryAfterSeconds: seconds } : {}),
  };
}

/**
 * The error for an answer that is not a success. The body goes no further than the server's own explanation.
 * @param server - the server, as messages name it where the answer is not about the request.
 */
export function responseError(call: Call, response: WireResponse, server: string): OperatorError {
  if (response.status === 401) return refused(call, server);
  const status = parseStatus(parseJson(response.body), response.status);
  if (status === undefined) return unexplained(call, response, server);
  return statusError(call, { ...withRetryAfter(status, response) });
}

/** The error for a `Status`. */
export function statusError(call: Call, status: ServerStatus): OperatorError {
  const code = isTypeMismatch(call, status) ? 'ObjectRejected' : codeOf(status);
  const explanation = call.kind?.kind === 'Secret' ? withoutValues(status) : explain(code, status);
  return failure(call, code, explanation, status.retryAfterSeconds);
}

/** Whatever was asked: so it would be for every other request. */
function refused(call: Call, server: string): OperatorError {
  return failed(call, 'Unauthorized', `The API server ${server} does not accept the credentials (Unauthorized).`);
}

function unexplained(call: Call, response: WireResponse, server: string): OperatorError {
  // An API server answers 404 in plain text only when it has no such resource at all; so the kind is what is missing.
  if (response.status === 404 && call.kind !== undefined) {
    return failure(call, 'KindNotServed', `the server does not serve ${call.kind.kind} of ${call.kind.apiVersion}`);
  }
  const code = codeOf({ code: response.status, reason: '', message: '', causes: [] });
  const hint =
    HINTS[code] ?? 'API servers say why; look at the server URL, and at the proxy or load balancer before it.';
  const retryAfter = retryAfterSeconds(response.headers);
  return failed(call, code, `Cannot ${describeCall(call)}: ${server} answered ${response.status}.`, {
    retryAfter,
    hint,
  });
}

function failure(call: Call, code: ErrorCode, explanation: string, retryAfter?: number): OperatorError {
  return failed(call, code, `Cannot ${describeCall(call)}: ${explanation}`, { retryAfter });
}

function failed(
  call: Call,
  code: ErrorCode,
  message: string,
  { retryAfter, hint = HINTS[code] }: { readonly retryAfter?: number | undefined; readonly hint?: string } = {},
): OperatorError {
  return new OperatorError(message, {
    code,
    ...(hint === undefined ? {} : { hint }),
    ...(call.object === undefined ? {} : { objects: [call.object] }),
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter }),
  });
}

function codeOf(status: ServerStatus): ErrorCode {
  switch (status.code) {
    case 400:
    case 413:
    case 415:
    case 422:
      return status.causes.some(isImmutable) ? 'ImmutableField' : 'ObjectRejected';
    case 401:
      return 'Unauthorized';
    case 403:
      return hasCause(status, 'NamespaceTerminating') ? 'NamespaceTerminating' : 'Forbidden';
    case 404:
      return 'NotFound';
    case 409:
      if (status.reason === 'AlreadyExists') return 'AlreadyExists';
      return hasCause(status, 'FieldManagerConflict') ? 'FieldConflict' : 'WriteConflict';
    case 410:
      return 'Gone';
    case 429:
      return 'TooManyRequests';
    case 502:
    case 503:
      return 'ApiUnavailable';
    case 504:
      return status.reason === 'Expired' ? 'Gone' : 'ApiTimeout';
    default:
      return 'ApiError';
  }
}

/**
 * An apply with a value of the wrong type gets a bare 500. Its text is the only thing that tells it from a server in
 * trouble, and it matters: the one never goes away by itself.
 */
function isTypeMismatch(call: Call, status: ServerStatus): boolean {
  const isBare = status.code === 500 && status.reason === '';
  return call.verb === 'apply' && isBare && status.message.startsWith('failed to create typed patch object');
}

/** What the API server says of a field that keeps its value for ever has no reason of its own, only these words. */
function isImmutable({ message }: StatusCause): boolean {
  return /field is immutable|cannot change roleRef|may not change once set/.test(message);
}

function hasCause(status: ServerStatus, reason: string): boolean {
  return status.causes.some((cause) => cause.reason === reason);
}

function explain(code: ErrorCode, status: ServerStatus): string {
  if (code === 'FieldConflict') return listed(status.causes.map(ownership));
  const causes = status.causes.filter((cause) => cause.field !== '' && !status.message.includes(cause.message));
  const details = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const message = status.message === '' ? `the server answered ${status.code} ${status.reason}`.trim() : status.message;
  return clipped(details.length === 0 ? message : `${message} (${listed(details)})`);
}

/** The server says `conflict with "kubectl" using apps/v1`: the owner is what stands in quotes. */
function ownership(cause: StatusCause): string {
  const owner = cause.message.split('"')[1];
  return owner === undefined || owner === ''
    ? `field ${cause.field}: ${cause.message}`
    : `field ${cause.field} is owned by manager ${owner}`;
}

/** For Secrets: fields and kinds of mistakes, because messages quote values. */
function withoutValues(status: ServerStatus): string {
  const fields = status.causes.map((cause) => `${cause.field} (${cause.reason})`);
  return `${status.reason === '' ? `the server answered ${status.code}` : status.reason}${
    fields.length === 0 ? '' : `: ${listed(fields)}`
  }`;
}

function withRetryAfter(status: ServerStatus, response: WireResponse): ServerStatus {
  const seconds = retryAfterSeconds(response.headers) ?? status.retryAfterSeconds;
  return seconds === undefined ? status : { ...status, retryAfterSeconds: seconds };
}

function listed(items: readonly string[]): string {
  const shown = items.slice(0, CAUSE_LIMIT);
  const rest = items.length - shown.length;
  return clipped(rest === 0 ? shown.join('; ') : `${shown.join('; ')} and ${rest} more`);
}

function clipped(message: string): string {
  return message.length <= MESSAGE_LIMIT ? message : `${message.slice(0, MESSAGE_LIMIT - 1)}…`;
}

function text(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === 'string' ? value : '';
}

function parseJson(body: string): Json | undefined {
  try {
    return JSON.parse(body) as Json;
  } catch {
    return undefined; // not the API server but something in front of it; the HTTP status is all there is
  }
}
