import { fromField, variable } from './agent-environment.ts';
import { emptyVolume, mount } from './agent-volumes.ts';
import { formatted, quoted, setting } from './expressions.ts';
import { type Fields, forEach, type TemplateSource } from './template-text.ts';

const FOLDER = '/var/lib/grpc/data/';
const VOLUME = 'grpc-io-proxyless-bootstrap';
const BOOTSTRAP_FILE = `${FOLDER}bootstrap.json`;

/** Writes the bootstrap file with the names that only the running pod knows: the shell fills in what is in `${}`. */
const WRITE_BOOTSTRAP = [
  `NODE_ID="sidecar~\${INSTANCE_IP}~\${POD_NAME}.\${POD_NAMESPACE}~cluster.local"`,
  `SERVER_URI="dns:///istiod.\${ISTIO_NAMESPACE}.svc:15010"`,
  "echo '",
  '{',
  '  "xds_servers": [',
  '    {',
  `      "server_uri": "'\${SERVER_URI}'",`,
  '      "channel_creds": [{"type": "insecure"}],',
  '      "server_features" : ["xds_v3"]',
  '    }',
  '  ],',
  '  "node": {',
  `    "id": "'\${NODE_ID}'",`,
  '    "metadata": {',
  '      "GENERATOR": "grpc"',
  '    }',
  '  }',
  `}' > ${BOOTSTRAP_FILE}`,
].join('\n');

/** gRPC applications that talk to istiod without any agent: an init container tells them where it is. */
export function grpcSimpleTemplate(): TemplateSource {
  return {
    variables: [],
    documents: [
      {
        metadata: { annotations: { 'sidecar.istio.io/rewriteAppHTTPProbers': 'false' } },
        spec: {
          initContainers: [bootstrapContainer()],
          containers: [forEach('$container := $.Spec.Containers', applicationContainer())],
          volumes: [emptyVolume(VOLUME)],
        },
      },
    ],
  };
}

function bootstrapContainer(): Fields {
  return {
    name: 'grpc-bootstrap-init',
    image: 'busybox:1.28',
    command: ['sh', '-c', WRITE_BOOTSTRAP],
    env: [
      fromField('INSTANCE_IP', 'status.podIP'),
      fromField('POD_NAME', 'metadata.name'),
      fromField('POD_NAMESPACE', 'metadata.namespace'),
      variable('ISTIO_NAMESPACE', formatted('%v\n', setting('global.istioNamespace'))),
    ],
    volumeMounts: [mount(VOLUME, FOLDER)],
  };
}

function applicationContainer(): Fields {
  return {
    name: quoted('$container.Name'),
    env: [
      variable('GRPC_XDS_BOOTSTRAP', BOOTSTRAP_FILE),
      variable('GRPC_GO_LOG_VERBOSITY_LEVEL', '99'),
      variable('GRPC_GO_LOG_SEVERITY_LEVEL', 'info'),
    ],
    volumeMounts: [mount(VOLUME, FOLDER)],
  };
}
