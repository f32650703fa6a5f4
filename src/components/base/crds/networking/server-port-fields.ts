import { string, uint32 } from '../schema.ts';

/** The fields of a port on which a proxy listens; a Gateway requires some of them, a Sidecar none. */
export function serverPortFields() {
  return { number: uint32(), protocol: string(), name: string(), targetPort: uint32() };
}
