import { LABELS } from '../../api/index.ts';
import type { Cluster, LiveObject } from '../../apply/index.ts';
import {
  asJson,
  isObject,
  type Json,
  type JsonObject,
  type KubernetesObject,
  OperatorError,
  type Scope,
  valueAt,
  writeYaml,
} from '../../core/index.ts';
import { manifestObjects, renderManifest } from '../../render/index.ts';
import { withCluster } from '../live/cluster-session.ts';
import type { ConnectionFlags } from '../live/connection.ts';
import { expectRevision, findControlPlanes } from '../live/control-planes.ts';
import { findTags, TAG_KIND } from '../live/tags.ts';
import { findUse } from '../live/usage.ts';
import { confirm } from '../terminal/confirm.ts';
import { EXIT_FAILED, EXIT_OK } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { formatTable } from '../terminal/table.ts';

/** Options of `iop tag set`. */
export interface SetTagFlags extends ConnectionFlags {
  readonly revision: string;
  readonly istioNamespace: string;
  readonly overwrite?: boolean;
  /** Pods of all namespaces get a sidecar unless a label says otherwise. */
  readonly autoInjectNamespaces?: boolean;
  /** Instead of the name that istioctl gives it. */
  readonly webhookName?: string;
}

/** `iop tag set`: points a tag to a revision, so that namespaces that carry the tag follow it. */
export async function setTag(tag: string, flags: SetTagFlags, io: Io): Promise<number> {
  return await withCluster(flags, io, async (cluster, scope) => {
    expectRevision(flags.revision, await findControlPlanes(cluster, scope));
    const existing = (await findTags(cluster, scope)).find((each) => each.tag === tag);
    if (existing !== undefined && existing.revision !== flags.revision && flags.overwrite !== true) {
      throw new OperatorError(`The tag "${tag}" points to the revision "${existing.revision}".`, {
        code: 'AlreadyExists',
        hint: 'Add --overwrite to move it.',
      });
    }
    const webhook = await tagWebhook(tag, flags, { cluster, facts: await cluster.facts(scope) }, scope);
    await cluster.apply(webhook, { fieldManager: 'iop', force: true }, scope);
    await io.stderr.write(
      `The tag "${tag}" points to "${flags.revision}". Put a namespace on it with:\n  kubectl label namespace NAME istio.io/rev=${tag} --overwrite\n`,
    );
    return EXIT_OK;
  });
}

/** `iop tag generate`: what `tag set` would apply, on stdout. */
export async function generateTag(tag: string, flags: SetTagFlags, io: Io): Promise<number> {
  return await withCluster(flags, io, async (cluster, scope) => {
    expectRevision(flags.revision, await findControlPlanes(cluster, scope));
    const webhook = await tagWebhook(tag, flags, { cluster, facts: await cluster.facts(scope) }, scope);
    await io.stdout.write(writeYaml([asJson(webhook)]));
    return EXIT_OK;
  });
}

/** The webhook of a tag as the control plane's own manifest has it, with the certificate that the cluster has already. */
async function tagWebhook(
  tag: string,
  { revision, istioNamespace, autoInjectNamespaces, webhookName }: SetTagFlags,
  { cluster, facts }: { readonly cluster: Cluster; readonly facts: Awaited<ReturnType<Cluster['facts']>> },
  scope: Scope,
): Promise<KubernetesObject> {
  const spec = {
    ...(revision === 'default' ? {} : { revision }),
    values: {
      revisionTags: [tag],
      global: { istioNamespace },
      ...(autoInjectNamespaces === true ? { sidecarInjectorWebhook: { enableNamespacesByDefault: true } } : {}),
    },
  };
  const rendered = manifestObjects(renderManifest({ specs: [spec], facts })).find(
    ({ kind, metadata }) => kind === TAG_KIND.kind && metadata.labels?.[LABELS.tag] === tag,
  );
  if (rendered === undefined) {
    throw new OperatorError(`"${tag}" cannot be a tag.`, {
      code: 'Usage',
      hint: 'Use lower-case letters, digits and dashes.',
    });
  }
  const injectors = await cluster.list(
    TAG_KIND,
    { labelSelector: `app=sidecar-injector,${LABELS.revision}=${revision}` },
    scope,
  );
  const caBundle = injectors.map(caBundleOf).find((found) => found !== undefined);
  const labels = { ...rendered.metadata.labels, [LABELS.revision]: revision, [LABELS.notPruned]: 'true' };
  const name = webhookName ?? rendered.metadata.name;
  const object = { ...rendered, metadata: { ...rendered.metadata, name, labels } };
  return caBundle === undefined ? object : withCaBundle(object, caBundle);
}

function caBundleOf(webhook: LiveObject): string | undefined {
  const webhooks = valueAt(webhook as unknown as JsonObject, 'webhooks');
  const first = Array.isArray(webhooks) ? webhooks[0] : undefined;
  const bundle = valueAt(first, 'clientConfig', 'caBundle');
  return typeof bundle === 'string' && bundle !== '' ? bundle : undefined;
}

function withCaBundle(object: KubernetesObject, caBundle: string): KubernetesObject {
  const webhooks = (valueAt(asJson(object), 'webhooks') ?? []) as readonly Json[];
  const filled = webhooks.map((webhook) =>
    isObject(webhook)
      ? { ...webhook, clientConfig: { ...(webhook.clientConfig as JsonObject | undefined), caBundle } }
      : webhook,
  );
  return { ...object, webhooks: filled } as KubernetesObject;
}

/** `iop tag list`. */
export async function listTags(
  flags: ConnectionFlags & { readonly output: 'text' | 'json' | 'yaml' },
  io: Io,
): Promise<number> {
  return await withCluster(flags, io, async (cluster, scope) => {
    const use = await findUse(cluster, scope);
    const tags = (await findTags(cluster, scope)).map(({ tag, revision }) => ({
      tag,
      revision,
      namespaces: use.find((each) => each.revision === tag)?.namespaces ?? [],
    }));
    if (flags.output === 'json') await io.stdout.write(`${JSON.stringify({ tags }, null, 2)}\n`);
    else if (flags.output === 'yaml') await io.stdout.write(writeYaml([{ tags }]));
    else if (tags.length === 0) await io.stderr.write('There are no tags.\n');
    else {
      const rows = tags.map(({ tag, revision, namespaces }) => [tag, revision, namespaces.join(', ')]);
      await io.stdout.write(formatTable([['TAG', 'REVISION', 'NAMESPACES'], ...rows], io.stdout));
    }
    return EXIT_OK;
  });
}

/** `iop tag remove`: asks when namespaces follow the tag. */
export async function removeTag(
  tag: string,
  flags: ConnectionFlags & { readonly yes?: boolean },
  io: Io,
): Promise<number> {
  return await withCluster(flags, io, async (cluster, scope) => {
    const tags = await findTags(cluster, scope);
    const existing = tags.find((each) => each.tag === tag);
    if (existing === undefined) {
      throw new OperatorError(`There is no tag "${tag}".`, {
        code: 'NotFound',
        hint:
          tags.length === 0 ? 'The cluster has none.' : `The cluster has: ${tags.map((each) => each.tag).join(', ')}.`,
      });
    }
    const users = (await findUse(cluster, scope)).find(({ revision }) => revision === tag)?.namespaces ?? [];
    if (users.length > 0) {
      const question = `New pods in ${users.join(', ')} will get no sidecar any more. Remove the tag?`;
      if (!(await confirm(question, flags.yes === true, io))) return EXIT_FAILED;
    }
    const { name, uid } = existing.webhook.metadata;
    await cluster.delete({ ...TAG_KIND, namespace: '', name }, { uid }, scope);
    await io.stderr.write(`The tag "${tag}" is removed.\n`);
    return EXIT_OK;
  });
}
