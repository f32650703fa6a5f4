import type { ObjectId } from './object-id.ts';

/**
 * When an attempt that failed with this code is tried again:
 * - `on-change`: not before the custom resource changes; trying again would fail the same way.
 * - `backoff`: with growing delays, because the cause may pass by itself.
 * - `after`: at a slow, steady pace and whenever the objects involved change.
 */
export type RetryRule = 'on-change' | 'backoff' | 'after';

/**
 * Every code an expected failure can carry, with its retry rule. Codes are condition reasons and a metric label, so they
 * are permanent: deprecate, never rename. `docs/errors.md` has an entry for each.
 */
export const ERROR_CODES = {
  // the document
  InvalidYaml: 'on-change',
  InvalidResource: 'on-change',
  MultipleResources: 'on-change',
  DocumentTooLarge: 'on-change',
  UnknownField: 'on-change',
  InvalidValue: 'on-change',
  ProfileNotFound: 'on-change',
  InvalidSet: 'on-change',
  InvalidPath: 'on-change',
  OverlayMismatch: 'on-change',
  InvalidManifest: 'on-change',
  TemplateInvalid: 'on-change',
  // the cluster
  ApiUnavailable: 'backoff',
  ApiTimeout: 'backoff',
  Unauthorized: 'backoff',
  Forbidden: 'backoff',
  NotFound: 'backoff',
  AlreadyExists: 'backoff',
  WriteConflict: 'backoff',
  TooManyRequests: 'backoff',
  Gone: 'backoff',
  ApiError: 'backoff',
  KindNotServed: 'after',
  ObjectRejected: 'after',
  ImmutableField: 'after',
  NamespaceTerminating: 'after',
  // the installation
  VersionHeld: 'on-change',
  VersionSkew: 'after',
  DependencyNotReady: 'after',
  ReadinessTimeout: 'after',
  FieldConflict: 'after',
  DeletionConflict: 'after',
  Conflict: 'after',
  ActionRequired: 'after',
  DeletionBlocked: 'after',
  LeaseLost: 'backoff',
  // the program
  Usage: 'on-change',
  KubeconfigInvalid: 'on-change',
  FileNotReadable: 'on-change',
  FileNotWritable: 'on-change',
} as const satisfies Record<string, RetryRule>;

/** The code of an expected failure. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** One thing that is wrong: `path` is where in the user's document (`spec.profile`), `hint` what to do next. */
export interface Issue {
  readonly code: ErrorCode;
  readonly message: string;
  readonly path?: string;
  readonly hint?: string;
}

/** What an `OperatorError` knows beyond its message. `issues` holds all findings where there is more than one. */
export interface ErrorDetail {
  readonly code: ErrorCode;
  readonly path?: string;
  readonly hint?: string;
  readonly objects?: readonly ObjectId[];
  readonly issues?: readonly Issue[];
  /** Seconds that the server asked us to wait (Retry-After). */
  readonly retryAfterSeconds?: number;
}

/** An expected failure: bad input, a cluster that refuses, an installation that does not become ready. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly detail: ErrorDetail;

  constructor(message: string, detail: ErrorDetail, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.detail = detail;
  }
}

/** Throws one error for all of `issues`; returns when there are none. The first one gives code, path and hint. */
export function throwIssues(issues: readonly Issue[]): void {
  const [first] = issues;
  if (first === undefined) return;
  const { message, ...detail } = first;
  throw new OperatorError(issues.length === 1 ? message : `${message} (and ${issues.length - 1} more)`, {
    ...detail,
    issues,
  });
}

/** The findings behind an error: its `issues`, or itself as the only one. */
export function issuesOf(error: OperatorError): readonly Issue[] {
  if (error.detail.issues !== undefined) return error.detail.issues;
  const { code, path, hint } = error.detail;
  return [
    {
      code,
      message: error.message,
      ...(path === undefined ? {} : { path }),
      ...(hint === undefined ? {} : { hint }),
    },
  ];
}

/** For the end of a switch over a union: the compiler refuses a case that was forgotten. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
