import type { JsonObject } from '../core/index.ts';

/** Whether a component installs everything, or only its cluster-scoped or only its namespaced objects. */
export type ResourceScope = 'all' | 'cluster' | 'namespace';

/** The values that the builders of Base read. */
export interface BaseValues {
  readonly global: {
    readonly istioNamespace?: string;
    readonly resourceScope?: ResourceScope;
    readonly imagePullSecrets: readonly string[];
    /** Whether the account that other clusters' control planes read with is installed. */
    readonly enableReaderRBAC?: boolean;
  };
  readonly base: {
    /** Full names of CRDs that somebody else looks after. */
    readonly excludedCRDs: readonly string[];
    /** False leaves out the filter above and installs all CRDs. */
    readonly enableCRDTemplates?: boolean;
    readonly enableIstioConfigCRDs?: boolean;
    /** Where configuration is validated instead of at istiod's Service. */
    readonly validationURL?: string;
    readonly validationCABundle?: string;
    readonly validationFailurePolicy?: 'Fail' | 'Ignore';
  };
  /** The revision whose istiod validates configuration that names no revision; '' for none. */
  readonly defaultRevision?: string;
  readonly experimental: { readonly stableValidationPolicy?: boolean };
}

/** Istio's own defaults of these values. */
export const baseDefaults: JsonObject = {
  global: { imagePullSecrets: [], istioNamespace: 'istio-system', resourceScope: 'all', enableReaderRBAC: true },
  base: {
    excludedCRDs: [],
    enableCRDTemplates: true,
    validationURL: '',
    validationCABundle: '',
    enableIstioConfigCRDs: true,
  },
  defaultRevision: 'default',
  experimental: { stableValidationPolicy: false },
};
