import { once } from '../once.ts';
import { object, string, uint32 } from '../schema.ts';

/** A port of a service, by number. */
export const portSelector = once(() => object({ number: uint32() }));

/** A service, or a subset that a DestinationRule defines, to which traffic goes. */
export const destination = once(() =>
  object({ host: string(), subset: string(), port: portSelector() }, { required: ['host'] }),
);
