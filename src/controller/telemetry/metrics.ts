import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { OPERATOR_VERSION } from '../../core/index.ts';
import type { PassSummary } from '../passes/pass.ts';
import { splitKey } from '../watches/resources.ts';
import type { QueueEvent } from '../work-queue.ts';

/** A finished API request, as the client reports it. */
export interface RequestSample {
  readonly verb: string;
  readonly resource: string;
  readonly code: string | number;
  readonly durationMs: number;
}

/** The operator's Prometheus metrics. Upstream's names where it had them. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #passes: Counter;
  readonly #owned: Gauge;
  readonly #deleted: Counter;
  readonly #applied: Counter;
  readonly #rejected: Counter;
  readonly #depth: Gauge;
  readonly #workSeconds: Histogram;
  readonly #requests: Counter;
  readonly #requestSeconds: Histogram;
  readonly #leader: Gauge;

  constructor() {
    const registers = [this.#registry];
    const counter = (name: string, help: string, labelNames: string[] = []) =>
      new Counter({ name, help, labelNames, registers });
    new Gauge({
      name: `${PREFIX}version`,
      help: 'Always 1; the label is the version.',
      labelNames: ['version'],
      registers,
    }).set({ version: OPERATOR_VERSION }, 1);
    this.#passes = counter(`${PREFIX}reconcile_request_total`, 'Finished reconcile passes by result.', ['result']);
    this.#rejected = counter(`${PREFIX}cr_validation_error_total`, 'CRs that could not be rendered, by error code.', [
      'code',
    ]);
    this.#applied = counter(`${PREFIX}resource_apply_total`, 'Objects sent, by action.', ['kind', 'action']);
    this.#deleted = counter(
      `${PREFIX}resource_prune_total`,
      'Objects removed because the manifest no longer holds them.',
      ['kind'],
    );
    this.#owned = new Gauge({
      name: `${PREFIX}owned_resource_total`,
      help: 'Objects that a CR owns.',
      labelNames: ['namespace', 'name'],
      registers,
    });
    this.#depth = new Gauge({ name: 'workqueue_depth', help: 'CRs that wait to be worked on.', registers });
    this.#workSeconds = new Histogram({
      name: 'workqueue_work_duration_seconds',
      help: 'How long passes take.',
      buckets: SECONDS,
      registers,
    });
    this.#requests = counter('rest_client_requests_total', 'API requests by verb and status code.', ['verb', 'code']);
    this.#requestSeconds = new Histogram({
      name: 'rest_client_request_duration_seconds',
      help: 'How long API requests take.',
      labelNames: ['verb'],
      buckets: SECONDS,
      registers,
    });
    this.#leader = new Gauge({
      name: 'leader_election_master_status',
      help: '1 while this process holds the lease.',
      labelNames: ['name'],
      registers,
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All metrics in Prometheus' text format. */
  collect(): Promise<string> {
    return this.#registry.metrics();
  }

  /** Counts a pass over a CR. */
  recordPass({ key, report, outcome }: PassSummary): void {
    this.#passes.inc({ result: report.kind });
    if (report.kind === 'rejected') for (const issue of report.issues) this.#rejected.inc({ code: issue.code });
    if (report.kind === 'deleting' && report.remaining === 0) this.forget(key);
    if (outcome === undefined) return;
    this.#owned.set(splitKey(key), outcome.inventory.size);
    for (const { planned, action } of outcome.applied) this.#applied.inc({ kind: planned.id.kind, action });
    for (const { kind } of outcome.deleted) this.#deleted.inc({ kind });
  }

  /** A CR is gone, or left to somebody else: it owns nothing that is ours to count. */
  forget(key: string): void {
    this.#owned.remove(splitKey(key));
  }

  /** Counts what happens in the work queue. */
  recordQueue(event: QueueEvent): void {
    if (event.type === 'depth') this.#depth.set(event.depth);
    else this.#workSeconds.observe(event.durationMs / 1_000);
  }

  /** Notes whether this process holds the lease of that name. Without it, what it knew and had to do is no longer the case. */
  recordLeader(name: string, isLeader: boolean): void {
    this.#leader.set({ name }, isLeader ? 1 : 0);
    if (isLeader) return;
    this.#owned.reset();
    this.#depth.set(0);
  }

  /** Counts an API request. */
  recordRequest({ verb, code, durationMs }: RequestSample): void {
    this.#requests.inc({ verb, code: String(code) });
    this.#requestSeconds.observe({ verb }, durationMs / 1_000);
  }
}

const PREFIX = 'istio_install_operator_';
const SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];
