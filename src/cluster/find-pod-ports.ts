import type { Clock } from '../core/index.ts';
import type { ConnectOptions } from './connect.ts';
import type { PodPorts } from './pod-ports.ts';

/**
 * Finds the cluster whose pods are to be connected to; the WebSocket client that this takes is loaded here.
 * @throws {OperatorError} `KubeconfigInvalid` or `FileNotReadable`.
 */
export async function findPodPorts(options: ConnectOptions, clock: Clock): Promise<PodPorts> {
  return await (await import('./pod-ports.ts')).PodPorts.find(options, clock);
}
