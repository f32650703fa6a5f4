import { connect, type RequestReport } from '../cluster/index.ts';
import { Metrics, runOperator, serveMonitoring } from '../controller/index.ts';
import { type Scope, systemClock } from '../core/index.ts';
import { connectionOptions } from './connection.ts';
import { parseDurationMs } from './duration.ts';
import type { Io } from './io.ts';
import { createLogger, type LogLevel } from './logger.ts';
import { renderResource } from './render-resource.ts';

/** Options of `iop operator run`. */
export interface OperatorRunOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly watchNamespace: string;
  readonly revision?: string;
  readonly maxConcurrentReconciles: number;
  readonly readinessTimeout: string;
  readonly monitoringHost: string;
  readonly monitoringPort: number;
  readonly logLevel: LogLevel;
}

/** `iop operator run`: the controller, until a signal ends it. */
export async function operatorRun(options: OperatorRunOptions, io: Io): Promise<void> {
  const readinessTimeoutMs = parseDurationMs(options.readinessTimeout, '--readiness-timeout');
  const scope: Scope = { signal: io.signal, log: createLogger(options.logLevel) };
  const metrics = new Metrics();
  let ready = false;
  const onRequest = (sample: RequestReport) => metrics.recordRequest(sample);
  using cluster = await connect(connectionOptions(options, io), { clock: systemClock, onRequest }, scope);
  await using monitoring = await serveMonitoring(
    { host: options.monitoringHost, port: options.monitoringPort },
    { metrics, isReady: () => ready },
    scope,
  );
  scope.log.info({ host: options.monitoringHost, port: monitoring.port }, 'monitoring listens');
  await runOperator(
    {
      watchNamespaces: namespacesOf(options.watchNamespace),
      revision: options.revision,
      maxConcurrentReconciles: options.maxConcurrentReconciles,
      readinessTimeoutMs,
    },
    {
      cluster,
      clock: systemClock,
      render: renderResource,
      onReady: () => {
        ready = true;
        scope.log.info({}, 'operator ready');
      },
      onPass: (pass) => metrics.recordPass(pass),
      onQueue: (event) => metrics.recordQueue(event),
    },
    scope,
  );
  scope.log.info({}, 'operator stopped');
}

/** `a,b` names two; an empty text means all, as does a `*`. */
function namespacesOf(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  return names.includes('*') ? [] : names.filter((name) => name !== '');
}
