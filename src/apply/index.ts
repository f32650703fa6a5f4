export type {
  ApplyOptions,
  Cluster,
  DeleteOptions,
  LiveMeta,
  LiveObject,
  ManagedFields,
  ObjectRef,
  PatchOptions,
  ResourceKind,
  Selection,
  WatchHandler,
} from './cluster.ts';
