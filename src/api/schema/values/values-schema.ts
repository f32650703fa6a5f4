import { labelSelector } from '../kubernetes.gen.ts';
import { meshConfigSchema } from '../mesh/mesh-config-schema.ts';
import { flag, free, listOf, mapOf, object, text, textFromInteger, textFromNumber } from '../schema.ts';
import { revisionCheck } from '../text-checks.ts';
import { gatewaysValues } from './gateway-values.ts';
import { globalValues } from './global-values.ts';
import { cniValues, ztunnelValues } from './node-values.ts';
import { cniUsageValues, istiodRemoteValues, pilotValues } from './pilot-values.ts';
import { scalarMap } from './shared-values.ts';

const base = object({
  enableCRDTemplates: flag(),
  enableIstioConfigCRDs: flag('Whether the CRDs are installed.'),
  excludedCRDs: listOf(text()),
  validateGateway: flag(),
  validationCABundle: text(),
  validationFailurePolicy: text(),
  validationURL: text(),
});

const sidecarInjectorWebhook = object({
  alwaysInjectSelector: listOf(labelSelector),
  defaultTemplates: listOf(text()),
  enableNamespacesByDefault: flag('Whether pods get a proxy in namespaces that do not ask for it.'),
  injectedAnnotations: scalarMap,
  injectionURL: text(),
  neverInjectSelector: listOf(labelSelector),
  reinvocationPolicy: text(),
  rewriteAppHTTPProbe: flag(),
  templates: mapOf(text()),
});

const telemetry = object({
  enabled: flag(),
  v2: object({
    enabled: flag(),
    prometheus: object({ enabled: flag() }),
    stackdriver: object({ enabled: flag() }),
  }),
});

/** Istio's values. */
export const valuesSchema = object(
  {
    base,
    cni: cniValues,
    compatibilityVersion: textFromNumber(),
    defaultRevision: textFromInteger(),
    experimental: object({ stableValidationPolicy: flag() }),
    gatewayClasses: free(),
    gateways: gatewaysValues,
    global: globalValues,
    istio_cni: cniUsageValues,
    istiodRemote: istiodRemoteValues,
    meshConfig: meshConfigSchema,
    ownerName: text(),
    pilot: pilotValues,
    platform: text(),
    profile: text(),
    revision: textFromInteger(undefined, { check: revisionCheck }),
    revisionTags: listOf(text()),
    sidecarInjectorWebhook,
    telemetry,
    ztunnel: ztunnelValues,
  },
  'Istio’s own values, for what has no field above; they win over it.',
);
