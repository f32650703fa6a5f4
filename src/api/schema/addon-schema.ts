import { componentFields, rareK8sSchema } from './component-schema.ts';
import {
  anything,
  flag,
  listOf,
  mapOf,
  object,
  oneOf,
  quantity,
  type TextCheck,
  text,
  withDescription,
} from './schema.ts';
import { namespaceCheck } from './text-checks.ts';

const HOST = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;
const OBJECT_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
const DURATION = /^([0-9]{1,3}y)?([0-9]{1,4}w)?([0-9]{1,5}d)?([0-9]{1,6}h)?([0-9]{1,8}m)?([0-9]{1,9}s)?$/;

const hostCheck: TextCheck = (text) =>
  text.length <= 253 && HOST.test(text) && !/^[0-9.]+$/.test(text)
    ? undefined
    : {
        problem: 'is not a host name',
        hint: 'Write a full name in lower case without scheme, port and path, such as "grafana.example.com".',
      };

const nameCheck: TextCheck = (text) =>
  text === '' || (text.length <= 253 && OBJECT_NAME.test(text))
    ? undefined
    : { problem: 'is not a valid name', hint: 'Use lower-case letters, digits, "-" and "."' };

const retentionCheck: TextCheck = (text) =>
  text === '' || (DURATION.test(text) && /[1-9]/.test(text))
    ? undefined
    : {
        problem: 'is not a duration',
        hint: 'Write a number with y, w, d, h, m or s, the larger unit first, such as "15d" or "1d12h".',
      };

const secret = (holds: string) => text(`Secret in the add-on’s namespace: ${holds}.`, { check: nameCheck });

/** Where an add-on keeps its data. */
export const persistenceSchema = object(
  {
    enabled: flag('Whether data outlives the pod; true where the block is there.'),
    size: quantity('Size of the volume, such as 10Gi.'),
    storageClassName: text('Storage class; the cluster’s default where it is empty.', { check: nameCheck }),
    keep: flag('Whether the volume stays when the add-on is turned off; true by default.'),
  },
  'A PersistentVolumeClaim instead of an emptyDir.',
);

/** How a dashboard is reached from outside. */
export const exposeSchema = object(
  {
    kind: oneOf(
      ['Ingress', 'HTTPRoute', 'Gateway'],
      'What exposes it: Ingress (the default), HTTPRoute of the Gateway API, or Gateway and VirtualService of Istio.',
    ),
    host: text('Host name.', { check: hostCheck }),
    tlsSecret: text('Secret with certificate and key; plain HTTP where it is empty.', { check: nameCheck }),
    ingressClassName: text('Class of the Ingress.', { check: nameCheck }),
    annotations: mapOf(text(), 'Annotations of the Ingress, HTTPRoute or Gateway.'),
    gateway: object(
      {
        name: text('Name of the Gateway.', { check: nameCheck }),
        namespace: text('Namespace of the Gateway.', { check: namespaceCheck }),
        sectionName: text('Listener of the Gateway.', { check: nameCheck }),
      },
      'The Gateway that an HTTPRoute attaches to; one of class istio is made where it is absent.',
      { required: ['name'] },
    ),
    selector: mapOf(text(), 'Pods of an Istio Gateway; istio: ingressgateway by default.'),
  },
  'Makes the dashboard reachable from outside the cluster.',
  { required: ['host'] },
);

const fields = {
  ...componentFields,
  enabled: flag('Whether the add-on is installed; true where it is listed.'),
  namespace: text('Namespace of the add-on, where it is not the control plane’s.', { check: namespaceCheck }),
  image: text('Name of the image; with a slash the whole reference.'),
  k8s: rareK8sSchema,
  expose: exposeSchema,
  schema: anything('Without effect.'),
  chartPath: text('Without effect.'),
};

const retention = text('How long data is kept, such as 15d.', { check: retentionCheck });

const grafanaAuth = object(
  {
    anonymous: flag('Whether anybody may look at the dashboards; true unless they are exposed.'),
    secretName: secret('username and password of the administrator'),
  },
  'Who may use Grafana.',
);

const kialiAuth = object(
  {
    strategy: oneOf(
      ['anonymous', 'token', 'header', 'openid', 'openshift'],
      'How users log in: anonymous (read only, the default unless it is exposed), token (the default then), header, openid or openshift.',
    ),
    secretName: secret('signing-key of 16, 24 or 32 characters, and for openid oidc-secret'),
    openid: object({
      clientId: text('Client at the identity provider.'),
      issuerUri: text('Address of the identity provider.'),
      usernameClaim: text('Claim with the user’s name; sub by default.'),
      scopes: listOf(text()),
      disableRbac: flag('Whether users have Kiali’s rights instead of their own.'),
    }),
  },
  'Who may use Kiali.',
);

/** Metrics of the mesh. */
export const prometheusSchema = object({ ...fields, retention, persistence: persistenceSchema });

/** Dashboards. */
export const grafanaSchema = object({ ...fields, persistence: persistenceSchema, auth: grafanaAuth });

/** The console of the mesh. */
export const kialiSchema = object({ ...fields, auth: kialiAuth });

/** Traces, kept by Jaeger. */
export const tracingSchema = object({ ...fields, retention, persistence: persistenceSchema });

/** Traces, kept by Zipkin. */
export const zipkinSchema = object(fields);

/** The add-ons that can be installed. */
export const addonsSchema = object(
  {
    prometheus: withDescription(prometheusSchema, 'Prometheus: metrics.'),
    grafana: withDescription(grafanaSchema, 'Grafana: dashboards.'),
    kiali: withDescription(kialiSchema, 'Kiali: the console of the mesh.'),
    tracing: withDescription(tracingSchema, 'Jaeger: traces. Its workload is called istio-tracing.'),
    zipkin: withDescription(zipkinSchema, 'Zipkin: traces, instead of tracing.'),
  },
  'What is installed beside Istio to look at the mesh.',
);
