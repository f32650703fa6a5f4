import type { IService, IServicePort } from 'kubernetes-models/v1';
import type { KubernetesObject } from '../../../core/index.ts';
import { built, type Draft } from '../../shared/typed.ts';
import type { Addon } from './addon.ts';

/** Where the user interface of an add-on is. */
export interface Dashboard {
  readonly service: string;
  readonly port: number;
  /** The first page. */
  readonly path: string;
}

/** A Service for the pods of an add-on. */
export function service(
  { namespace, labels, selector }: Addon,
  name: string,
  ports: readonly Draft<IServicePort>[],
  annotations?: Readonly<Record<string, string>>,
): KubernetesObject {
  return built<IService>({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels, annotations },
    spec: { selector, ports },
  });
}

/** Annotations by which `iop dashboard` and people find the user interface behind a Service. */
export function dashboardAnnotations(addon: Addon, { port, path }: Dashboard): Record<string, string> {
  const externalUrl = addon.places[addon.addon]?.externalUrl;
  return {
    'install.istio.io/dashboard': addon.addon,
    'install.istio.io/dashboard-port': String(port),
    'install.istio.io/dashboard-path': path,
    ...(externalUrl === undefined ? {} : { 'install.istio.io/dashboard-url': `${externalUrl}${path}` }),
  };
}
