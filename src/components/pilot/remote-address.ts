import { withRevision } from '../shared/revision.ts';
import type { PilotContext } from './pilot-context.ts';

/** The family of an IP address, or undefined for a host name. It is told by the look only, as Istio does. */
export function addressFamily(address: string): 'IPv4' | 'IPv6' | undefined {
  if (/^\d*\.\d*\.\d*\.\d*$/.test(address)) return 'IPv4';
  return address.includes(':') && /^[0-9a-fA-F:]*$/.test(address) ? 'IPv6' : undefined;
}

/** The name of the Service of the remote istiod: that of istiod, unless one of this cluster has it. */
export function remoteName({ revision, values }: PilotContext): string {
  const name = withRevision('istiod', revision);
  return values.istiodRemote.enabledLocalInjectorIstiod ? `${name}-remote` : name;
}
