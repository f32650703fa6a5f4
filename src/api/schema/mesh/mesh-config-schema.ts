import {
  flag,
  keptQuotable,
  listOf,
  mapOf,
  type ObjectCheck,
  object,
  text,
  integer as wholeNumber,
  withDescription,
} from '../schema.ts';
import { extensionProviderSchema } from './extension-provider-schema.ts';
import { localityCheck } from './locality-check.ts';
import { connectTimeoutCheck, hostCheck, millisecondsCheck } from './mesh-text-checks.ts';
import {
  duration,
  integer,
  labelSelector,
  message,
  port,
  tcpKeepalive,
  tlsSettings,
  trustDomain,
  word,
} from './mesh-types.ts';
import { proxyConfigSchema } from './proxy-config-schema.ts';

const failover = { from: text(), to: text() };

const weight = keptQuotable(wholeNumber(undefined, { min: 1, max: 100 }));

const localityLbSetting = message(
  {
    distribute: listOf(message({ from: text(), to: mapOf(weight) })),
    failover: listOf(message(failover)),
    failoverPriority: listOf(text()),
    enabled: flag(),
  },
  { check: localityCheck },
);

const serviceScopeConfig = message({
  namespaceSelector: labelSelector,
  servicesSelector: labelSelector,
  scope: word('LOCAL', 'GLOBAL'),
});

const retryPolicy = message({
  attempts: integer,
  perTryTimeout: duration,
  retryOn: text(),
  retryRemoteLocalities: flag(),
  retryIgnorePreviousHosts: flag(),
  backoff: duration,
});

const tlsFields = {
  minProtocolVersion: word('TLS_AUTO', 'TLSV1_2', 'TLSV1_3'),
  ecdhCurves: listOf(text()),
  cipherSuites: listOf(text()),
};

const meshTlsCheck: ObjectCheck = ({ ecdhCurves }) =>
  Array.isArray(ecdhCurves) && ecdhCurves.length > 0
    ? [
        {
          at: ['ecdhCurves'],
          message: 'Within the mesh the curves cannot be chosen.',
          hint: 'Use tlsDefaults.ecdhCurves.',
        },
      ]
    : [];

/**
 * The mesh configuration. istiod ignores a name that it does not know, so a typo would pass silently: all names are checked, at
 * every depth. Values are checked as far as they are of one kind only, and
 * as far as istiod would not start with them.
 */
export const meshConfigSchema = object(
  {
    proxyListenPort: port,
    proxyInboundListenPort: integer,
    proxyHttpPort: integer,
    connectTimeout: text(undefined, { check: connectTimeoutCheck }),
    hboneIdleTimeout: duration,
    protocolDetectionTimeout: text(undefined, { check: millisecondsCheck }),
    tcpKeepalive,
    ingressClass: text(),
    ingressService: text(),
    ingressControllerMode: word('UNSPECIFIED', 'OFF', 'DEFAULT', 'STRICT'),
    ingressSelector: text(),
    enableTracing: flag('Whether proxies send traces.'),
    accessLogFile: text('Where proxies write access logs, such as /dev/stdout.'),
    accessLogFormat: text('Format of access logs.'),
    accessLogEncoding: withDescription(word('TEXT', 'JSON'), 'TEXT or JSON.'),
    enableEnvoyAccessLogService: flag(),
    disableEnvoyListenerLog: flag(),
    defaultConfig: withDescription(proxyConfigSchema, 'Configuration of every proxy.'),
    outboundTrafficPolicy: withDescription(
      message({ mode: word('REGISTRY_ONLY', 'ALLOW_ANY', 'ALLOW_ANY_DYNAMIC_DNS'), tls: tlsSettings }),
      'What happens to traffic to unknown hosts.',
    ),
    inboundTrafficPolicy: message({ mode: word('PASSTHROUGH', 'LOCALHOST') }),
    configSources: listOf(
      message({ address: text(), tlsSettings, subscribedResources: listOf(word('SERVICE_REGISTRY')) }),
    ),
    enableAutoMtls: flag('Whether proxies use mutual TLS among themselves.'),
    trustDomain: withDescription(trustDomain, 'Trust domain of the mesh, cluster.local by default.'),
    trustDomainAliases: listOf(trustDomain),
    caCertificates: listOf(
      message({ pem: text(), spiffeBundleUrl: text(), certSigners: listOf(text()), trustDomains: listOf(text()) }),
    ),
    defaultServiceExportTo: listOf(text()),
    defaultVirtualServiceExportTo: listOf(text()),
    defaultDestinationRuleExportTo: listOf(text()),
    rootNamespace: text('Namespace of the configuration that holds for the whole mesh.'),
    localityLbSetting,
    dnsRefreshRate: duration,
    h2UpgradePolicy: word('DO_NOT_UPGRADE', 'UPGRADE'),
    inboundClusterStatName: text(),
    outboundClusterStatName: text(),
    certificates: listOf(message({ secretName: text(), dnsNames: listOf(text()) })),
    serviceSettings: listOf(
      message({ settings: message({ clusterLocal: flag() }), hosts: listOf(text(undefined, { check: hostCheck })) }),
    ),
    serviceScopeConfigs: listOf(serviceScopeConfig),
    enablePrometheusMerge: flag('Whether metrics of application and proxy are served together.'),
    verifyCertificateAtClient: flag(),
    ca: message({ address: text(), tlsSettings, requestTimeout: duration, istiodSide: flag() }),
    extensionProviders: listOf(extensionProviderSchema, 'Providers of authorization, tracing and access logs.'),
    defaultProviders: message({
      tracing: listOf(text()),
      metrics: listOf(text()),
      accessLogging: listOf(text()),
    }),
    discoverySelectors: listOf(labelSelector, 'Which namespaces istiod looks at.'),
    pathNormalization: message({
      normalization: word('DEFAULT', 'NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES'),
    }),
    defaultHttpRetryPolicy: retryPolicy,
    meshMTLS: message(tlsFields, { check: meshTlsCheck }),
    tlsDefaults: message(tlsFields),
  },
  'Mesh configuration.',
  { origin: 'meshConfig' },
);
