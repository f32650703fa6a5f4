import { isGke } from '../../core/index.ts';
import type { MountedVolume } from '../shared/mounted-volume.ts';
import { isAmbient, type NodeAgent } from './node-agent.ts';

/** The directories of its node that the agent works in. */
export function nodeDirectories(agent: NodeAgent): readonly MountedVolume[] {
  const { values } = agent;
  return [
    directory('cni-bin-dir', pluginDirectory(agent), '/host/opt/cni/bin'),
    directory('cni-net-dir', values.cniConfDir ?? '', '/host/etc/cni/net.d'),
    directory('cni-socket-dir', '/var/run/istio-cni', '/var/run/istio-cni'),
    ...processes(agent),
    networkNamespaces(agent),
    ...ztunnelSocket(agent),
  ];
}

function directory(name: string, path: string, mountPath: string): MountedVolume {
  return { name, source: { hostPath: { path } }, mount: { mountPath } };
}

/** GKE keeps CNI plugins in a place of its own. */
function pluginDirectory({ values, facts }: NodeAgent): string {
  if (values.cniBinDir) return values.cniBinDir;
  return isGke(facts) ? '/home/kubernetes/bin' : '/opt/cni/bin';
}

/** The way into the network namespaces of running pods. */
function processes(agent: NodeAgent): MountedVolume[] {
  if (!isAmbient(agent) && !agent.values.repair.repairPods) return [];
  return [
    {
      name: 'cni-host-procfs',
      source: { hostPath: { path: '/proc', type: 'Directory' } },
      mount: { mountPath: '/host/proc', readOnly: true },
    },
  ];
}

/** Created where it is missing: a node has it only after its first pod with a network of its own. */
function networkNamespaces(agent: NodeAgent): MountedVolume {
  return {
    name: 'cni-netns-dir',
    source: { hostPath: { path: agent.values.cniNetnsDir ?? '', type: 'DirectoryOrCreate' } },
    mount: isAmbient(agent) ? { mountPath: '/host/var/run/netns', mountPropagation: 'HostToContainer' } : undefined,
  };
}

/** Where ztunnel asks for the pods of its node. */
function ztunnelSocket(agent: NodeAgent): MountedVolume[] {
  if (!isAmbient(agent)) return [];
  return [
    {
      name: 'cni-ztunnel-sock-dir',
      source: { hostPath: { path: '/var/run/ztunnel', type: 'DirectoryOrCreate' } },
      mount: { mountPath: '/var/run/ztunnel' },
    },
  ];
}
