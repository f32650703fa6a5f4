import { LABELS } from '../../api/index.ts';
import type { Cluster, LiveObject } from '../../apply/index.ts';
import type { Scope } from '../../core/index.ts';

/** A tag and the revision that it stands for. */
export interface Tag {
  readonly tag: string;
  readonly revision: string;
  readonly webhook: LiveObject;
}

/** The kind that a tag is made of. */
export const TAG_KIND = {
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
} as const;

/** All tags of the cluster, by name. */
export async function findTags(cluster: Cluster, scope: Scope): Promise<readonly Tag[]> {
  const found = await cluster.list(TAG_KIND, { labelSelector: LABELS.tag, metadataOnly: true }, scope);
  return found
    .map((webhook) => {
      const labels = webhook.metadata.labels ?? {};
      return { tag: labels[LABELS.tag] ?? '', revision: labels[LABELS.revision] ?? 'default', webhook };
    })
    .sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
