import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { platform } from 'node:process';
import type { Cluster, LiveObject } from '../../apply/index.ts';
import { OperatorError, type Scope, silentLogger } from '../../core/index.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';

/** Options of `iop dashboard`. */
export interface DashboardFlags extends ConnectionFlags {
  readonly istioNamespace: string;
  readonly namespace: string;
  readonly port: number;
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
  const pod = await withCluster(flags, io, (cluster, scope) => findPod({ name, ui, podName }, flags, cluster, scope));
  const { forwardPort } = await import('../live/port-forward.ts');
  const kubeconfig = flags.kubeconfig === undefined ? {} : { kubeconfig: resolve(io.cwd, flags.kubeconfig) };
  await forwardPort(
    {
      ...kubeconfig,
      ...(flags.context === undefined ? {} : { context: flags.context }),
      namespace: pod.metadata.namespace ?? '',
      pod: pod.metadata.name,
      podPort: ui.port,
      address: flags.address,
      localPort: flags.port,
      onError: (message) => void io.stderr.write(`warning: a connection failed: ${message}\n`),
    },
    async (port) => {
      const url = `http://${flags.address.includes(':') ? `[${flags.address}]` : flags.address}:${port}${ui.path}`;
      await io.stdout.write(`${url}\n`);
      await io.stderr.write('Press Ctrl-C to end it.\n');
      if (flags.browser && io.stdout.isTerminal) openBrowser(url);
    },
    { signal: io.signal, log: silentLogger },
  );
  return EXIT_OK;
}

async function findPod(
  { name, ui, podName }: { readonly name: string; readonly ui: Ui; readonly podName: string | undefined },
  { istioNamespace, namespace }: DashboardFlags,
  cluster: Cluster,
  scope: Scope,
): Promise<LiveObject> {
  const kind = { apiVersion: 'v1', kind: 'Pod' };
  if (ui.selector === undefined) {
    if (podName === undefined) {
      throw new OperatorError(`${name} needs a pod.`, {
        code: 'Usage',
        hint: `Like: iop dashboard ${name} productpage-v1-0.default`,
      });
    }
    const [pod = '', ...rest] = podName.split('.');
    const found = await cluster.get({ ...kind, namespace: rest.join('.') || namespace, name: pod }, scope);
    if (found !== undefined) return found;
    throw new OperatorError(`There is no pod ${pod} in the namespace ${rest.join('.') || namespace}.`, {
      code: 'NotFound',
    });
  }
  const selection = { namespace: istioNamespace, labelSelector: ui.selector, fieldSelector: 'status.phase=Running' };
  const [pod] = await cluster.list(kind, selection, scope);
  if (pod !== undefined) return pod;
  throw new OperatorError(`No pod of ${name} runs in the namespace ${istioNamespace}.`, {
    code: 'NotFound',
    hint: `Is it installed? Another namespace is given with --istioNamespace.`,
  });
}

/** A convenience: where there is no browser the URL that was printed is enough. */
function openBrowser(url: string): void {
  const opener = { darwin: 'open', win32: 'explorer' }[platform as string] ?? 'xdg-open';
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
