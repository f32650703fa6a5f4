import { once } from '../once.ts';
import { enumOf, int32, list, nullable, object, uint32 } from '../schema.ts';

/** Which traffic an extension sees, and in which order extensions of one phase run. */
export const extensionFields = once(() => ({ match: list(trafficSelector()), priority: nullable(int32()) }));

function trafficSelector() {
  const portNumber = object({ number: uint32({ minimum: 1, maximum: 65_535 }) }, { required: ['number'] });
  return object({
    mode: enumOf('UNDEFINED', 'CLIENT', 'SERVER', 'CLIENT_AND_SERVER'),
    ports: list(portNumber, { keys: ['number'] }),
  });
}
