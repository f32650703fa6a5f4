import { join } from 'node:path';

/** The processes of a cluster, in the order in which they start. */
export const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;
export type Component = (typeof COMPONENTS)[number];

/** What the command lines depend on. */
export interface ComponentSettings {
  readonly ports: { readonly etcd: number; readonly apiServer: number; readonly kubelet: number };
  /** Whether kwok reads its stages from Stage objects in the cluster instead of `stages.yaml`. */
  readonly stages: boolean;
  /** Whether kwok answers for the nodes when somebody asks for the log of a pod or for one of its ports. */
  readonly kubelet: boolean;
}

/** The files of a cluster that its processes read or write. */
export function clusterFiles(dir: string) {
  return {
    state: join(dir, 'state.json'),
    kubeconfig: join(dir, 'kubeconfig.yaml'),
    etcdData: join(dir, 'etcd'),
    certificates: join(dir, 'certificates'),
    /** The API server writes its own certificate here, followed by the authority that signed it. */
    authority: join(dir, 'certificates', 'apiserver.crt'),
    serverKey: join(dir, 'certificates', 'apiserver.key'),
    serviceAccountKey: join(dir, 'certificates', 'service-account.key'),
    serviceAccountPublicKey: join(dir, 'certificates', 'service-account.pub'),
    tokens: join(dir, 'certificates', 'tokens.csv'),
    kwokConfig: join(dir, 'kwok.yaml'),
    logs: join(dir, 'logs'),
  } as const;
}

/**
 * The argument that tells the process of one cluster from that of another.
 *
 * The process table is searched for it, so a process is found even when whoever started it died before writing its id down.
 */
export function markerArgument(component: Component, dir: string): string {
  const files = clusterFiles(dir);
  switch (component) {
    case 'etcd':
      return `--data-dir=${files.etcdData}`;
    case 'kube-apiserver':
      return `--cert-dir=${files.certificates}`;
    default:
      return `--kubeconfig=${files.kubeconfig}`;
  }
}

/** The arguments of one component, the marker first. */
export function componentArguments(component: Component, dir: string, settings: ComponentSettings): readonly string[] {
  return [markerArgument(component, dir), ...ARGUMENTS[component](dir, settings)];
}

const ARGUMENTS: Record<Component, (dir: string, settings: ComponentSettings) => readonly string[]> = {
  etcd: (_dir, { ports }) => [
    `--listen-client-urls=http://127.0.0.1:${ports.etcd}`,
    `--advertise-client-urls=http://127.0.0.1:${ports.etcd}`,
    '--listen-peer-urls=http://127.0.0.1:0', // nobody calls it: there is one member
    '--unsafe-no-fsync', // the data does not outlive the cluster, and fsync is most of the time of a write
    '--log-level=warn',
  ],
  'kube-apiserver': (dir, { ports }) => {
    const files = clusterFiles(dir);
    return [
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${ports.apiServer}`,
      '--kubelet-preferred-address-types=ExternalIP', // the only address of a node that leads somewhere
      '--endpoint-reconciler-type=none', // it would try to write an endpoint at 127.0.0.1, which the API refuses
      '--service-cluster-ip-range=10.96.0.0/16',
      '--allow-privileged=true', // Istio's CNI agent and ztunnel ask for it
      '--authorization-mode=Node,RBAC',
      `--token-auth-file=${files.tokens}`,
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--service-account-signing-key-file=${files.serviceAccountKey}`,
      `--service-account-key-file=${files.serviceAccountPublicKey}`,
    ];
  },
  'kube-controller-manager': (dir) => {
    const files = clusterFiles(dir);
    return [
      ...CLIENT_OF_API_SERVER,
      `--service-account-private-key-file=${files.serviceAccountKey}`,
      `--root-ca-file=${files.authority}`,
      '--node-monitor-period=1s', // a new node is usable sooner: the default is 5 s
      // Without a sign of life from kwok, which may take a while to find a restarted API server, pods would become
      // unready for good: kwok makes a pod ready once.
      '--node-monitor-grace-period=1h',
    ];
  },
  'kube-scheduler': () => CLIENT_OF_API_SERVER,
  kwok: (dir) => [`--config=${clusterFiles(dir).kwokConfig}`],
};

// There is one of each, so no leader is elected; port 0 serves nothing; the limits are for clusters with many clients.
const CLIENT_OF_API_SERVER = ['--leader-elect=false', '--secure-port=0', '--kube-api-qps=200', '--kube-api-burst=400'];
