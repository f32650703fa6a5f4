/** What a request does, as Kubernetes' audit log and RBAC name it; `discover` and `review` ask and change nothing. */
export type RequestVerb =
  | 'get'
  | 'list'
  | 'watch'
  | 'apply'
  | 'create'
  | 'update'
  | 'patch'
  | 'delete'
  | 'discover'
  | 'review';

/** One request on the wire; a call that is tried three times reports three. */
export interface RequestReport {
  readonly verb: RequestVerb;
  /** The plural name of the resource (`deployments`, `leases`), or `version` and `discovery`. */
  readonly resource: string;
  /** The HTTP status, or 0 when there was no answer. */
  readonly code: number;
  /** Time to the whole answer; for a watch, to its first byte. */
  readonly durationMs: number;
}

/** Called after every request, for metrics. Must not throw. */
export type OnRequest = (report: RequestReport) => void;

/**
 * Told of a request that is about to be sent, and again when there is a connection for it, right before the first byte;
 * throws when it must not be sent.
 */
export type BeforeRequest = (request: Pick<RequestReport, 'verb' | 'resource'>) => void;
