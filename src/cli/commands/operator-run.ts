import type { Cluster } from '../../apply/index.ts';
import { type ConnectDeps, connect } from '../../cluster/index.ts';
import {
  fencedCluster,
  type LeaderElectionOptions,
  Metrics,
  type OperatorDeps,
  type OperatorOptions,
  runAsLeader,
  runOperator,
  serveMonitoring,
  WriteFence,
} from '../../controller/index.ts';
import { type Scope, systemClock } from '../../core/index.ts';
import { parseDurationMs } from '../input/duration.ts';
import { renderResource } from '../input/render-resource.ts';
import { watchedNamespaces } from '../input/watched-namespaces.ts';
import { connectionOptions } from '../live/connection.ts';
import { type LeaderLockFlags, leaderLock } from '../live/leader-lock.ts';
import type { Io } from '../terminal/io.ts';
import { createLogger, type LogLevel } from '../terminal/logger.ts';

/** Options of `iop operator run`. */
export interface OperatorRunOptions extends LeaderLockFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly watchNamespace: string;
  /** False with `--no-finalizer`. */
  readonly finalizer: boolean;
  readonly maxConcurrentReconciles: number;
  readonly readinessTimeout: string;
  readonly monitoringHost: string;
  readonly monitoringPort: number;
  readonly logLevel: LogLevel;
}

/** `iop operator run`: the controller, until a signal ends it. */
export async function operatorRun(options: OperatorRunOptions, io: Io): Promise<void> {
  const scope: Scope = { signal: io.signal, log: createLogger(options.logLevel) };
  const metrics = new Metrics();
  let ready = false;
  const fence = new WriteFence();
  using cluster = await connect(connectionOptions(options, io), connectDeps(metrics, fence), scope);
  const lock = leaderLock(options, cluster, io);
  const tuning = operatorOptions(options, lock);
  await using monitoring = await serveMonitoring(
    { host: options.monitoringHost, port: options.monitoringPort },
    { metrics, isReady: () => ready },
    scope,
  );
  scope.log.info({ host: options.monitoringHost, port: monitoring.port }, 'monitoring listens');
  const onReady = () => {
    if (!ready) scope.log.info({}, 'operator ready');
    ready = true;
  };
  const operate = (onto: Cluster, inner: Scope) => runOperator(tuning, operatorDeps(onto, metrics, onReady), inner);
  if (lock === undefined) {
    scope.log.warn({}, 'no leader election: no other operator may look after the same resources');
    await operate(fencedCluster(cluster, { clock: systemClock, isHeld: () => true }), scope);
  } else {
    const onChange = (role: 'leader' | 'follower') => {
      metrics.recordLeader(lock.name, role === 'leader');
      if (role === 'follower') onReady(); // it has nothing to do but to take over, and for that it is ready
    };
    await runAsLeader(lock, { cluster, clock: systemClock, fence, onChange }, operate, scope);
  }
  scope.log.info({}, 'operator stopped');
}

function connectDeps(metrics: Metrics, fence: WriteFence): ConnectDeps {
  return {
    clock: systemClock,
    onRequest: (sample) => metrics.recordRequest(sample),
    beforeRequest: (request) => fence.check(request),
  };
}

function operatorOptions(options: OperatorRunOptions, lock: LeaderElectionOptions | undefined): OperatorOptions {
  return {
    lock: lock === undefined ? undefined : `${lock.namespace}/${lock.name}`,
    watchNamespaces: watchedNamespaces(options.watchNamespace),
    revision: options.revision,
    usesFinalizer: options.finalizer,
    maxConcurrentReconciles: options.maxConcurrentReconciles,
    readinessTimeoutMs: parseDurationMs(options.readinessTimeout, '--readiness-timeout'),
    emitsEvents: true,
  };
}

function operatorDeps(cluster: Cluster, metrics: Metrics, onReady: () => void): OperatorDeps {
  return {
    cluster,
    clock: systemClock,
    render: renderResource,
    onReady,
    onPass: (pass) => metrics.recordPass(pass),
    onForget: (key) => metrics.forget(key),
    onQueue: (event) => metrics.recordQueue(event),
  };
}
