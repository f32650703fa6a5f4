import type { ProfileName } from './builtin-profiles.ts';

/** What each profile is for, in a line. */
export const PROFILE_PURPOSES: Readonly<Record<ProfileName, string>> = {
  default: 'A mesh with sidecars and an ingress gateway, for production.',
  demo: 'Everything small, with traces, access logs and add-ons, for trying Istio out.',
  minimal: 'The control plane and nothing else.',
  empty: 'Nothing: for CRs that hold only gateways or other single components.',
  remote: 'A cluster whose proxies are served by the control plane of another one.',
  preview: 'default plus features that are planned to become the default.',
  stable: 'default with a policy that refuses Istio’s experimental fields.',
  ambient: 'A mesh without sidecars.',
  openshift: 'default, for OpenShift.',
  'openshift-ambient': 'ambient, for OpenShift.',
};
