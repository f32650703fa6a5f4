import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { isObject, type JsonObject, type KubernetesObject, valueAt } from '../../src/core/index.ts';
import { startCluster, type TestCluster } from '../cluster/index.ts';
import { waitUntil } from '../cluster/wait-until.ts';
import { kubectl } from '../support/kubectl.ts';
import { prometheusTools } from './prometheus-tools.ts';
import { fileOf, objectsOf } from './rendered-addons.ts';
import { type RunningPrometheus, startPrometheus, type Target } from './running-prometheus.ts';
import { type StandIn, serveMetrics } from './stand-ins.ts';

// The first run on a machine builds the cluster and Prometheus.
const TIMEOUT_MS = 30 * 60_000;

const MESH: JsonObject = { profile: 'demo', components: { cni: { enabled: true }, ztunnel: { enabled: true } } };

const MERGED = {
  'prometheus.io/scrape': 'true',
  'prometheus.io/port': '15020',
  'prometheus.io/path': '/stats/prometheus',
};
const UNMERGED = { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '8080' };
const SIDECAR_PORTS = [
  { containerPort: 15020, name: 'status' },
  { containerPort: 15090, name: 'http-envoy-prom' },
];

/** A pod of the mesh: what it is like, where it seems to be, and what answers there. */
interface MeshPod {
  readonly name: string;
  readonly address: string;
  /** Taken from the template of this rendered workload. */
  readonly of?: string;
  readonly template?: JsonObject;
  readonly pages: Readonly<Record<number, Readonly<Record<string, string>>>>;
  readonly phase?: string;
}

const page = (text: string) => ({ '/metrics': text });
const merged = (text: string) => ({ '/stats/prometheus': text });

/** Pods cannot run here, but Prometheus asks their addresses: on Linux every address of 127.0.0.0/8 is this machine. */
const PODS: readonly MeshPod[] = [
  {
    name: 'istiod-1',
    of: 'istiod',
    address: '127.0.8.1',
    pages: { 15014: page('pilot_xds{version="1.30.3"} 7\npilot_info{version="1.30.3"} 1\n') },
  },
  {
    name: 'istio-ingressgateway-1',
    of: 'istio-ingressgateway',
    address: '127.0.8.2',
    pages: { 15020: merged('istio_requests_total{reporter="source"} 5\n') },
  },
  {
    name: 'istio-cni-node-1',
    of: 'istio-cni-node',
    address: '127.0.8.3',
    pages: { 15014: page('istio_cni_install_ready 1\n') },
  },
  {
    name: 'ztunnel-1',
    of: 'ztunnel',
    address: '127.0.8.4',
    pages: { 15020: page('workload_manager_active_proxy_count 3\n') },
  },
  {
    name: 'with-sidecar',
    template: pod({ app: 'shop', version: 'v2' }, MERGED, [
      [{ containerPort: 8080 }, { containerPort: 8081 }],
      SIDECAR_PORTS,
    ]),
    address: '127.0.8.5',
    pages: { 15020: merged('istio_requests_total{reporter="destination"} 9\norders 2\n') },
  },
  {
    name: 'not-merged',
    template: pod({ app: 'bank' }, UNMERGED, [[{ containerPort: 8080 }], SIDECAR_PORTS]),
    address: '127.0.8.6',
    pages: { 8080: page('accounts 4\n'), 15090: merged('istio_requests_total{reporter="destination"} 1\n') },
  },
  {
    name: 'not-asked-for',
    template: pod({ app: 'quiet' }, {}, [[{ containerPort: 8080 }]]),
    address: '127.0.8.7',
    pages: {},
  },
  {
    name: 'over',
    template: pod({ app: 'job' }, UNMERGED, [[{ containerPort: 8080 }]]),
    address: '127.0.8.8',
    phase: 'Succeeded',
    pages: {},
  },
];

function pod(
  labels: Record<string, string>,
  annotations: Record<string, string>,
  ports: readonly (readonly JsonObject[])[],
): JsonObject {
  const containers = ports.map((each, index) => ({ name: index === 1 ? 'istio-proxy' : 'app', ports: each }));
  return { metadata: { labels, annotations }, spec: { containers } };
}

const isLinux = process.platform === 'linux';
const whereAddressesAreFree = isLinux ? describe : describe.skip;

whereAddressesAreFree('Prometheus with the rendered configuration and the rendered rights (needs Linux)', () => {
  const cleanup = new AsyncDisposableStack();
  const standIns = new Map<string, StandIn>();
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const tools = await prometheusTools(signal);
    const cluster = cleanup.use(await startCluster({}, signal));
    const dir = await mkdtemp(join(tmpdir(), 'addons-'));
    cleanup.defer(() => rm(dir, { recursive: true, force: true }));
    const objects = objectsOf(MESH);
    await kubectl(cluster, ['create', 'namespace', 'istio-system']);
    const rights = objects.filter(
      ({ kind, metadata: { name } }) =>
        (kind === 'ServiceAccount' && name === 'prometheus') ||
        (kind.startsWith('ClusterRole') && name.startsWith('prometheus')),
    );
    await apply(cluster, dir, rights);
    await startPods(cluster, dir, objects);
    for (const { address, pages } of PODS) {
      for (const [port, texts] of Object.entries(pages)) {
        standIns.set(`${address}:${port}`, cleanup.use(await serveMetrics(address, Number(port), texts)));
      }
    }
    const config = adapted(fileOf(MESH, 'prometheus', 'prometheus.yml'), await kubeconfigOfPrometheus(cluster, dir));
    prometheus = cleanup.use(await startPrometheus(tools.prometheus, config, join(dir, 'prometheus'), signal));
    await waitUntil(
      'The targets were not all scraped',
      async () => settled(await prometheus.targets()),
      60_000,
      signal,
    );
  }, TIMEOUT_MS);

  afterAll(() => cleanup.disposeAsync());

  test('finds every pod of the mesh, each with one job and one address', async () => {
    const found = (await prometheus.targets()).map(
      ({ labels, scrapeUrl, health }) => `${labels.job} ${labels.pod} ${scrapeUrl} ${health}`,
    );
    expect(found.sort()).toEqual([
      'istio-cni istio-cni-node-1 http://127.0.8.3:15014/metrics up',
      'istio-proxies istio-ingressgateway-1 http://127.0.8.2:15020/stats/prometheus up',
      'istio-proxies with-sidecar http://127.0.8.5:15020/stats/prometheus up',
      'istio-proxies-unmerged not-merged http://127.0.8.6:15090/stats/prometheus up',
      'istiod istiod-1 http://127.0.8.1:15014/metrics up',
      'pods not-merged http://127.0.8.6:8080/metrics up',
      'ztunnel ztunnel-1 http://127.0.8.4:15020/metrics up',
    ]);
  });

  test('records what istiod says, under the labels that the dashboards ask for', async () => {
    const [series, ...others] = await prometheus.query(
      'sum by (job, namespace, app) (pilot_xds{job="istiod", pod=~".*"})',
    );
    expect(others).toEqual([]);
    expect(series?.metric).toEqual({ job: 'istiod', namespace: 'istio-system', app: 'istiod' });
    expect(series?.value[1]).toBe('7');
  });

  test('keeps the version that istiod reports apart from the version of an application', async () => {
    expect((await prometheus.query('pilot_info{version="1.30.3"}')).length).toBe(1);
    expect((await prometheus.query('orders{app="shop", version="v2"}')).length).toBe(1);
  });

  test('has no series twice', async () => {
    const ours =
      'istio_requests_total|orders|accounts|pilot_xds|istio_cni_install_ready|workload_manager_active_proxy_count';
    const counted = await prometheus.query(`count by (__name__, pod) ({__name__=~"${ours}"})`);
    expect(counted.map(({ metric, value }) => `${metric.__name__} ${metric.pod} ${value[1]}`).sort()).toEqual([
      'accounts not-merged 1',
      'istio_cni_install_ready istio-cni-node-1 1',
      'istio_requests_total istio-ingressgateway-1 1',
      'istio_requests_total not-merged 1',
      'istio_requests_total with-sidecar 1',
      'orders with-sidecar 1',
      'pilot_xds istiod-1 1',
      'workload_manager_active_proxy_count ztunnel-1 1',
    ]);
  });

  test('asks nobody who has not asked for it', () => {
    const paths = [...standIns].flatMap(([address, { scrapes }]) =>
      [...scrapes.keys()].map((path) => `${address}${path}`),
    );
    expect(paths.sort()).toEqual([
      '127.0.8.1:15014/metrics',
      '127.0.8.2:15020/stats/prometheus',
      '127.0.8.3:15014/metrics',
      '127.0.8.4:15020/metrics',
      '127.0.8.5:15020/stats/prometheus',
      '127.0.8.6:15090/stats/prometheus',
      '127.0.8.6:8080/metrics',
    ]);
  });
});

/** Whether every target has been scraped, and there are some. */
function settled(targets: readonly Target[]): boolean {
  return targets.length >= 7 && targets.every(({ health }) => health !== 'unknown');
}

/** Creates the pods unscheduled and then says for the kubelet that they run, and where. */
async function startPods(cluster: TestCluster, dir: string, objects: readonly KubernetesObject[]): Promise<void> {
  const pods = PODS.map(({ name, of, template }) => podOf(name, template ?? templateOf(objects, of ?? '')));
  await apply(cluster, dir, pods);
  await Promise.all(
    PODS.map(({ name, address, phase = 'Running' }) => {
      const status = { phase, podIP: address, podIPs: [{ ip: address }] };
      const patch = JSON.stringify({ status });
      return kubectl(cluster, [
        'patch',
        'pod',
        name,
        '-n',
        'istio-system',
        '--subresource=status',
        '--type=merge',
        '-p',
        patch,
      ]);
    }),
  );
}

function templateOf(objects: readonly KubernetesObject[], workload: string): JsonObject {
  const found = objects.find(
    ({ kind, metadata }) => /^(Deployment|DaemonSet)$/.test(kind) && metadata.name === workload,
  );
  const template = valueAt(found as unknown as JsonObject, 'spec', 'template');
  if (!isObject(template)) throw new Error(`${workload} is not rendered`);
  return template;
}

/** A pod with the labels, annotations and ports of a template; nothing else of it matters to Prometheus. */
function podOf(name: string, template: JsonObject): KubernetesObject {
  const { labels, annotations } = valueAt(template, 'metadata') as JsonObject;
  const containers = valueAt(template, 'spec', 'containers') as readonly JsonObject[];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'istio-system', labels, annotations },
    spec: {
      schedulerName: 'nobody',
      automountServiceAccountToken: false,
      containers: containers.map((container) => ({ name: container.name, image: 'none', ports: container.ports })),
    },
  } as unknown as KubernetesObject;
}

async function apply(cluster: TestCluster, dir: string, objects: readonly KubernetesObject[]): Promise<void> {
  const file = join(dir, 'objects.json');
  await writeFile(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  await kubectl(cluster, ['apply', '--server-side', '-f', file]);
}

/** How Prometheus' own account reaches the API server; in a pod it needs no file for that. */
async function kubeconfigOfPrometheus(cluster: TestCluster, dir: string): Promise<string> {
  const token = (await kubectl(cluster, ['create', 'token', 'prometheus', '-n', 'istio-system'])).trim();
  const admin = JSON.parse(await kubectl(cluster, ['config', 'view', '--raw', '-o', 'json']));
  const users = admin.users.map(({ name }: { readonly name: string }) => ({ name, user: { token } }));
  const file = join(dir, 'kubeconfig.json');
  await writeFile(file, JSON.stringify({ ...admin, users }));
  return file;
}

/** The rendered configuration, but outside a pod and without the waiting. */
function adapted(config: string, kubeconfig: string): string {
  const rendered = parse(config);
  const jobs = rendered.scrape_configs.map((job: { readonly kubernetes_sd_configs: readonly JsonObject[] }) => ({
    ...job,
    kubernetes_sd_configs: job.kubernetes_sd_configs.map((sd) => ({ ...sd, kubeconfig_file: kubeconfig })),
  }));
  return stringify({
    ...rendered,
    global: { ...rendered.global, scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: jobs,
  });
}
