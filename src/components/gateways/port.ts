import type { IServicePort } from 'kubernetes-models/v1';
import type { GatewayPort } from '../../values/index.ts';
import { intOrString } from '../shared/int-or-string.ts';
import type { Draft } from '../shared/typed.ts';

/** What a gateway listens on for one port of its Service: the target, or the port itself where none is given (or 0). */
export function listenerOf({ port, targetPort, protocol }: GatewayPort) {
  return { protocol: protocol || ('TCP' as const), port: intOrString(targetPort || port) };
}

/** A container port for one port of the Service; a target with a name becomes the name of the container port. */
export function containerPortOf(servicePort: GatewayPort) {
  const { protocol, port } = listenerOf(servicePort);
  return typeof port === 'string'
    ? { name: port, containerPort: numberOf(servicePort.port), protocol }
    : { containerPort: port, protocol };
}

/** A port of the Service: every field that the user gave. */
export function servicePortOf(port: GatewayPort): Draft<IServicePort> {
  return {
    ...port,
    port: numberOf(port.port),
    targetPort: intOrString(port.targetPort),
    nodePort: numberOf(port.nodePort),
  };
}

function numberOf(port: number | string | undefined): number | undefined {
  return port === undefined ? undefined : Number(port);
}
