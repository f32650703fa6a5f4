export { type ConnectDeps, type ConnectOptions, connect, type KubernetesCluster } from './connect.ts';
export { findPodPorts } from './find-pod-ports.ts';
export type { Impersonation } from './impersonation.ts';
export type { PodPort, PodPorts } from './pod-ports.ts';
export type { BeforeRequest, OnRequest, RequestReport, RequestVerb } from './request-metrics.ts';
export type { ClusterEnvironment } from './target.ts';
export type { ProxyEnvironment } from './transport.ts';
export { WATCH_TIMES, type WatchTimes } from './watch-loop.ts';
