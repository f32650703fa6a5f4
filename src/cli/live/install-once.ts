import {
  type ApplySettings,
  type ClaimedBy,
  type Cluster,
  type ComponentState,
  type ConvergeDeps,
  converge,
  type DigestedManifest,
  FightDetector,
  findRolloutReason,
  type Inventory,
  isLabelledFor,
  type Outcome,
  withManifest,
} from '../../apply/index.ts';
import {
  type Clock,
  type ComponentName,
  ERROR_CODES,
  type Issue,
  OperatorError,
  pause,
  type Scope,
  throwIssues,
} from '../../core/index.ts';
import type { Owner } from '../../render/index.ts';
import { stateText } from '../terminal/component-text.ts';
import { LiveView } from './live-view.ts';

/** What is to be installed, for whom, and what is there of it. */
export interface InstallJob {
  readonly manifest: DigestedManifest;
  readonly owner: Owner;
  /** What an earlier installation left; what the manifest no longer holds of it is removed at the end. */
  readonly inventory: Inventory;
  readonly settings: ApplySettings;
  readonly claimedBy: ClaimedBy;
  /** How long a component may take to become ready, in milliseconds. */
  readonly readinessTimeoutMs: number;
}

/** What installing works with. */
export interface InstallDeps {
  readonly cluster: Cluster;
  readonly clock: Clock;
  /** Told of each component in each pass. */
  readonly onState: (state: ComponentState) => void;
  /** Told of failures that are tried again. */
  readonly onRetry: (issues: readonly Issue[]) => void;
}

/** A pass at least this often, should a watch be late. */
const POLL_MS = 2_000;

/** How long failures that may pass by themselves are tried again. */
const RETRY_MS = 30_000;

/** Failures that a second attempt would only repeat, whatever the controller, which has time, does about them. */
const FINAL: ReadonlySet<string> = new Set([
  'Forbidden',
  'Unauthorized',
  'AlreadyExists',
  'ObjectRejected',
  'ImmutableField',
]);
const PASSING: ReadonlySet<string> = new Set(['KindNotServed', 'NamespaceTerminating']);

/**
 * Applies a manifest without an operator: passes like those of the controller, until everything is ready and what is
 * left over is gone. Stopping it halfway is harmless; the next run finds by their labels the objects of this one.
 * @throws {OperatorError} what cannot be applied, or `ReadinessTimeout`.
 */
export async function installOnce(job: InstallJob, deps: InstallDeps, scope: Scope): Promise<readonly Outcome[]> {
  await using view = new LiveView(deps, scope);
  const kinds = [...job.manifest.components.flatMap(({ objects }) => objects.map(({ object }) => object))];
  await view.watch([...kinds, ...job.inventory.values()], scope);
  const patience = new Patience(job.readinessTimeoutMs, deps.clock);
  const outcomes: Outcome[] = [];
  let inventory = withManifest(job.inventory, job.manifest);
  for (;;) {
    const seen = view.version;
    const input = { manifest: job.manifest, inventory, settings: job.settings };
    const outcome = await converge(input, convergeDeps(job, deps, view), scope);
    outcomes.push(outcome);
    inventory = outcome.inventory;
    if (isDone(outcome)) return outcomes;
    const issues = issuesIn(outcome);
    throwIssues(issues.filter((issue) => !patience.mayPass(issue)));
    const late = patience.tired(outcome.components, issues);
    if (late.length > 0) throw await notReady(late, deps.cluster, scope);
    if (issues.length > 0) deps.onRetry(issues);
    await (issues.length > 0 ? pause(POLL_MS, deps.clock, scope) : view.changedSince(seen, POLL_MS, scope));
  }
}

function convergeDeps(job: InstallJob, deps: InstallDeps, view: LiveView): ConvergeDeps {
  return {
    cluster: deps.cluster,
    clock: deps.clock,
    fights: new FightDetector(deps.clock),
    live: view.store,
    namespaces: new Set(),
    onApplied: (object) => void view.store.observe(object),
    onProgress: deps.onState,
    recordInventory: async () => {}, // asked for before something is made anew, which only the controller does
    keepInventory: () => {}, // a pass that is aborted is the last one, and the labels find what it has applied
    claimedBy: job.claimedBy,
    isOurs: ({ metadata }) => isLabelledFor({ labels: metadata.labels ?? {} }, job.owner),
  };
}

/** What has just gone may have been an autoscaler, and what it has left is to be put right. */
function isDone({ components, deleted, deleting, pruneIssues }: Outcome): boolean {
  const isReady = components.every(({ phase }) => phase === 'ready');
  return isReady && deleted.length === 0 && deleting.length === 0 && pruneIssues.length === 0;
}

function issuesIn(outcome: Outcome): readonly Issue[] {
  return [...outcome.components.flatMap(({ issues }) => issues), ...outcome.pruneIssues];
}

/** How long to go on. */
class Patience {
  readonly #readinessTimeoutMs: number;
  readonly #clock: Clock;
  readonly #unreadySince = new Map<ComponentName, number>();
  #failingSince: number | undefined;

  constructor(readinessTimeoutMs: number, clock: Clock) {
    this.#readinessTimeoutMs = readinessTimeoutMs;
    this.#clock = clock;
  }

  /** Whether trying again is worth while. */
  mayPass({ code }: Issue): boolean {
    if (FINAL.has(code)) return false;
    if (ERROR_CODES[code] !== 'backoff' && !PASSING.has(code)) return false;
    return this.#failingSince === undefined || this.#clock.monotonicMs() - this.#failingSince < RETRY_MS;
  }

  /** The components that have been applied and unready for too long. */
  tired(components: readonly ComponentState[], issues: readonly Issue[]): readonly ComponentState[] {
    const nowMs = this.#clock.monotonicMs();
    this.#failingSince = issues.length === 0 ? undefined : (this.#failingSince ?? nowMs);
    return components.filter(({ component, phase }) => {
      if (phase !== 'progressing') this.#unreadySince.delete(component);
      else if (!this.#unreadySince.has(component)) this.#unreadySince.set(component, nowMs);
      return nowMs - (this.#unreadySince.get(component) ?? nowMs) >= this.#readinessTimeoutMs;
    });
  }
}

/** What has not become ready, with what its pods say about it. */
async function notReady(late: readonly ComponentState[], cluster: Cluster, scope: Scope): Promise<OperatorError> {
  const objects = late.flatMap((state) => state.objects.filter(({ ready }) => !ready).map(({ id }) => id));
  const workloads = objects.filter(({ group }) => group === 'apps');
  const reasons = await Promise.all(
    workloads.map((id) => findRolloutReason({ ...id, apiVersion: 'apps/v1' }, cluster, scope)),
  );
  const known = reasons.filter((reason) => reason !== undefined);
  const text = late.map((state) => `${state.component} is not ready: ${stateText(state)}`).join('; ');
  return new OperatorError(`${text}.${known.map((reason) => ` ${reason}`).join('')}`, {
    code: 'ReadinessTimeout',
    objects,
    hint: `See kubectl -n ${workloads[0]?.namespace ?? 'istio-system'} get pods,events; then run the same command again.`,
  });
}
