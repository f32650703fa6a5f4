import type {
  IMutatingWebhook,
  IMutatingWebhookConfiguration,
} from 'kubernetes-models/admissionregistration.k8s.io/v1';
import type { KubernetesObject } from '../../core/index.ts';
import { withRevision } from '../shared/revision.ts';
import { asGiven } from '../shared/text.ts';
import { built, type Draft } from '../shared/typed.ts';
import { FOR_DEFAULT, FOR_EVERYTHING, forRevision, type PodSelection } from './injection-selectors.ts';
import type { PilotContext } from './pilot-context.ts';

/** The webhooks that send new pods to istiod: those of the revision, and those of each tag that points to it. */
export function injectionWebhooks(pilot: PilotContext): readonly KubernetesObject[] {
  const { revision, revisionLabel, values } = pilot;
  const ofRevision = webhookConfiguration(
    pilot,
    withRevision('istio-sidecar-injector', revision),
    selections(pilot, revisionLabel, revision === ''),
    {},
  );
  const ofTags = values.revisionTags.map((tag) =>
    webhookConfiguration(pilot, `istio-revision-tag-${tag}`, selections(pilot, tag, tag === 'default'), {
      'istio.io/tag': tag,
    }),
  );
  return [ofRevision, ...ofTags];
}

/** Which pods a revision or a tag gets. The default one also gets those that only ask for injection as such. */
function selections({ values }: PilotContext, label: string, isDefault: boolean): readonly PodSelection[] {
  const everything = values.sidecarInjectorWebhook.enableNamespacesByDefault ? [FOR_EVERYTHING] : [];
  return [...forRevision(label), ...(isDefault ? [...FOR_DEFAULT, ...everything] : [])];
}

function webhookConfiguration(
  pilot: PilotContext,
  name: string,
  chosen: readonly PodSelection[],
  tagLabel: Readonly<Record<string, string>>,
): KubernetesObject {
  const { namespace, values } = pilot;
  return built<IMutatingWebhookConfiguration>({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: {
      // Meshes in other namespaces of the same cluster have webhooks of their own.
      name: namespace === 'istio-system' ? name : `${name}-${namespace}`,
      labels: { ...pilot.revisionLabels, ...tagLabel, app: 'sidecar-injector' },
      annotations: asGiven(values.sidecarInjectorWebhookAnnotations),
    },
    webhooks: chosen.map((selection) => webhook(pilot, selection)),
  });
}

function webhook({ values, name, namespace }: PilotContext, selection: PodSelection): Draft<IMutatingWebhook> {
  const { injectionURL, injectionPath, injectionCABundle } = values.istiodRemote;
  return {
    name: `${selection.prefix}.sidecar-injector.istio.io`,
    clientConfig: {
      ...(injectionURL
        ? { url: injectionURL }
        : { service: { name, namespace, path: injectionPath ?? '', port: 443 } }),
      caBundle: injectionCABundle || undefined,
    },
    sideEffects: 'None',
    rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
    // A pod without its sidecar would break its traffic unseen; better that it is not created until istiod answers.
    failurePolicy: 'Fail',
    reinvocationPolicy: values.sidecarInjectorWebhook.reinvocationPolicy,
    admissionReviewVersions: ['v1'],
    namespaceSelector: { matchExpressions: selection.namespaces },
    objectSelector: { matchExpressions: selection.pods },
  };
}
