import { spawn } from 'node:child_process';
import { platform } from 'node:process';
import type { Duplex } from 'node:stream';
import { findPodPorts } from '../../cluster/index.ts';
import { OperatorError, type Scope, systemClock } from '../../core/index.ts';
import { withCluster } from '../live/cluster-session.ts';
import { type ConnectionFlags, connectionOptions } from '../live/connection.ts';
import { forwardPort } from '../live/port-forward.ts';
import { findUiPod, type PodWish } from '../live/ui-pods.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { say, warn } from '../terminal/messages.ts';

/** Options of `iop dashboard`. */
export interface DashboardFlags extends ConnectionFlags {
  readonly istioNamespace: string;
  readonly namespace: string;
  /** Labels of the pods, instead of those that the web UI has usually. */
  readonly selector?: string;
  /** The pod's port, instead of the usual one. */
  readonly uiPort?: number;
  /** The local port; without one that of the pod, or a free one. */
  readonly port?: number;
  readonly address: string;
  readonly browser: boolean;
}

/** Where a web UI is. */
interface Ui {
  /** Which pods serve it; absent where the user names the pod. */
  readonly selector?: string;
  readonly port: number;
  readonly path: string;
}

const UIS: Readonly<Record<string, Ui>> = {
  grafana: { selector: 'app.kubernetes.io/name=grafana', port: 3000, path: '/' },
  kiali: { selector: 'app=kiali', port: 20001, path: '/kiali' },
  prometheus: { selector: 'app.kubernetes.io/name=prometheus', port: 9090, path: '/' },
  jaeger: { selector: 'app=jaeger', port: 16686, path: '/' },
  zipkin: { selector: 'app=zipkin', port: 9411, path: '/' },
  skywalking: { selector: 'app=skywalking-ui', port: 8080, path: '/' },
  proxy: { port: 15000, path: '/' },
  envoy: { port: 15000, path: '/' },
  controlz: { selector: 'app=istiod', port: 9876, path: '/' },
  'istiod-debug': { selector: 'app=istiod', port: 15014, path: '/debug' },
};

/** `iop dashboard`: forwards a local port to a web UI, prints its URL and opens it, until it is interrupted. */
export async function dashboard(
  name: string,
  podName: string | undefined,
  flags: DashboardFlags,
  io: Io,
): Promise<number> {
  const ui = Object.hasOwn(UIS, name) ? UIS[name] : undefined;
  if (ui === undefined) throw new OperatorError(`There is no dashboard "${name}".`, { code: 'Usage' });
  const wish = wishFor({ name, ui, podName }, flags);
  const port = flags.uiPort ?? ui.port;
  await withCluster(flags, io, async (cluster, scope) => {
    let pod = await findUiPod(wish, cluster, scope);
    using ports = await findPodPorts(connectionOptions(flags, io), systemClock);
    const open = () => ports.open({ namespace: pod.metadata.namespace ?? '', pod: pod.metadata.name, port }, scope);
    /** A pod that is gone has a successor. */
    const dial = async (): Promise<Duplex> => {
      try {
        return await open();
      } catch (error) {
        if (!(error instanceof OperatorError) || error.detail.code !== 'NotFound') throw error;
        pod = await findUiPod(wish, cluster, scope);
        return await open();
      }
    };
    await serve({ flags, port, path: ui.path, dial }, io, scope);
  });
  return EXIT_OK;
}

async function serve(
  job: { flags: DashboardFlags; port: number; path: string; dial: () => Promise<Duplex> },
  io: Io,
  scope: Scope,
): Promise<void> {
  const { address, port: wanted, browser } = job.flags;
  const onError = (error: unknown) => void warn([failureOf(error)], io);
  const localPorts = wanted === undefined ? ([job.port, 0] as const) : ([wanted] as const);
  await forwardPort(
    { address, localPorts: [...localPorts], dial: job.dial, onError },
    async (port) => {
      const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}${job.path}`;
      await io.stdout.write(`${url}\n`);
      await say('Press Ctrl-C to end it.', io);
      if (browser && io.stdout.isTerminal) openBrowser(url);
    },
    scope,
  );
}

function failureOf(error: unknown): { readonly message: string; readonly hint?: string } {
  const message = `A connection failed. ${error instanceof Error ? error.message : String(error)}`;
  const hint = error instanceof OperatorError ? error.detail.hint : undefined;
  return hint === undefined ? { message } : { message, hint };
}

function wishFor(
  { name, ui, podName }: { readonly name: string; readonly ui: Ui; readonly podName: string | undefined },
  { istioNamespace, namespace, selector = ui.selector }: DashboardFlags,
): PodWish {
  if (podName !== undefined) {
    const [pod = '', ...rest] = podName.split('.');
    const usual = ui.selector === undefined ? namespace : istioNamespace;
    return { name: pod, namespace: rest.join('.') || usual };
  }
  if (selector !== undefined) {
    return { selector, namespace: ui.selector === undefined ? namespace : istioNamespace, what: name };
  }
  throw new OperatorError(`${name} needs a pod.`, {
    code: 'Usage',
    hint: `Like: iop dashboard ${name} productpage-v1-0.default, or with -l app=productpage -n default.`,
  });
}

/** A convenience: where there is no browser the URL that was printed is enough. */
function openBrowser(url: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[platform as string] ?? 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
