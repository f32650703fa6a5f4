import { join } from 'node:path';
import { TOOL_DIR } from './paths.ts';

/** The versions that `modules/` pins; a unit test holds the two together. */
export const VERSIONS = { kubernetes: 'v1.34.4', etcd: 'v3.6.4', kwok: 'v0.8.0' } as const;
export type ModuleName = keyof typeof VERSIONS;

/** The commands that a cluster needs. */
export const BINARIES = [
  'etcd',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kwok',
  'kubectl',
] as const;
export type Binary = (typeof BINARIES)[number];

/** How one command is built. */
export interface BinarySource {
  readonly module: ModuleName;
  readonly package: string;
  /** `-X` settings: what the command says its version is. */
  readonly variables: Readonly<Record<string, string>>;
  /** How long the build takes on two cores when Go has nothing cached, after those before it in the same module. */
  readonly expectedSeconds: number;
}

/** The folder of a Go module: its `go.mod` names the versions, its `go.sum` their checksums. */
export function moduleDir(module: ModuleName): string {
  return join(TOOL_DIR, 'modules', module);
}

export const SOURCES: Readonly<Record<Binary, BinarySource>> = {
  etcd: { module: 'etcd', package: 'go.etcd.io/etcd/server/v3', variables: {}, expectedSeconds: 45 },
  kwok: {
    module: 'kwok',
    package: 'sigs.k8s.io/kwok/cmd/kwok',
    variables: { 'sigs.k8s.io/kwok/pkg/consts.Version': VERSIONS.kwok },
    expectedSeconds: 150,
  },
  'kube-apiserver': kubernetes('kube-apiserver', 280),
  'kube-controller-manager': kubernetes('kube-controller-manager', 80),
  'kube-scheduler': kubernetes('kube-scheduler', 10),
  kubectl: kubernetes('kubectl', 20),
};

/** Without these settings a Kubernetes server says that it is v0.0.0-master, and clients decide by the version. */
function kubernetes(command: string, expectedSeconds: number): BinarySource {
  const [major = '', minor = ''] = VERSIONS.kubernetes.slice(1).split('.');
  const settings = { gitVersion: VERSIONS.kubernetes, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  const packages = ['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'];
  return {
    module: 'kubernetes',
    package: `k8s.io/kubernetes/cmd/${command}`,
    variables: Object.fromEntries(
      packages.flatMap((name) => Object.entries(settings).map(([key, value]) => [`${name}.${key}`, value])),
    ),
    expectedSeconds,
  };
}
