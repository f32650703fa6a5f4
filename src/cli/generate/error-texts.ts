import type { ErrorCode, NoticeCode } from '../../core/index.ts';

/** What the page about codes says of one: when it appears and what to do then. */
export interface CodeText {
  readonly when: string;
  readonly cure: string;
}

/** One entry for every error code; the compiler holds it complete. */
export const ERROR_TEXTS: Readonly<Record<ErrorCode, CodeText>> = {
  InvalidYaml: {
    when: 'A file is not YAML: a wrong indentation, a tab, a quote that is never closed, a key that appears twice.',
    cure: 'Look at the line and column in the message.',
  },
  InvalidResource: {
    when: 'A document is not an IstioOperator of `install.istio.io/v1alpha1`, or its name or namespace cannot be a label.',
    cure: 'Correct `apiVersion`, `kind` or `metadata`.',
  },
  MultipleResources: {
    when: 'One file holds several IstioOperators.',
    cure: 'Give each a file of its own. Files are merged in the order in which they are named.',
  },
  DocumentTooLarge: {
    when: 'A document is larger or nested deeper than any IstioOperator needs to be.',
    cure: 'Look for an alias that multiplies itself, or for content that does not belong into the file.',
  },
  UnknownField: {
    when: 'A field does not exist and never did. The message names a field that is spelled almost the same, if there is one.',
    cure: 'Correct the spelling or the level at which the field stands; the [reference](reference/istiooperator.md) has all fields.',
  },
  InvalidValue: {
    when: 'A field has the wrong type, or a value that cannot work.',
    cure: 'The message says what was expected. Mind the quotes: `"true"` is a string, `true` is not.',
  },
  ProfileNotFound: {
    when: '`spec.profile` names a profile that is not built in. Profiles are never read from files.',
    cure: 'Use one of the [profiles](profiles.md).',
  },
  InvalidSet: {
    when: 'A `--set` is not `path=value`, or its path does not fit what is there.',
    cure: 'Write the path below `spec`, such as `--set values.global.hub=my.registry`, and quote it for your shell.',
  },
  InvalidPath: {
    when: 'The path of an overlay patch cannot be read.',
    cure: 'The [cookbook](overlays.md) shows the path language.',
  },
  OverlayMismatch: {
    when: 'An overlay patch does not fit the rendered object: a list entry that it selects is not there, or the path goes through a value.',
    cure: 'The message says what is there instead. `iop manifest generate` prints the object that the patch is for.',
  },
  InvalidManifest: {
    when: 'What comes out cannot be installed: two gateways render the same object, or an overlay or values made an object that Kubernetes refuses.',
    cure: 'Give one of the two another name or namespace, or correct the overlay or the value that is named.',
  },
  TemplateInvalid: {
    when: 'A template of yours, such as one below `values.sidecarInjectorWebhook.templates`, cannot be read or run.',
    cure: 'Look at the line in the message.',
  },
  ApiUnavailable: {
    when: 'The API server cannot be reached, or refuses connections.',
    cure: 'Nothing, if it is restarting: the operator tries again. Otherwise check network policies and the address in the kubeconfig.',
  },
  ApiTimeout: {
    when: 'The API server did not answer in time.',
    cure: 'Nothing, if it is busy. If it stays, look at admission webhooks that do not answer.',
  },
  Unauthorized: {
    when: 'The API server does not accept the credentials.',
    cure: 'Renew the token or certificate in the kubeconfig; in a cluster, check that the ServiceAccount still exists.',
  },
  Forbidden: {
    when: 'The operator lacks a right. The message has verb, resource and namespace.',
    cure: 'Apply `deploy/` again, whose role has what the operator needs. An overlay that adds rules to a role needs these rules on the operator, too.',
  },
  NotFound: {
    when: 'Something that a request needs is not there, most often because somebody has just deleted it.',
    cure: 'Nothing, if it passes. Otherwise create what the message names.',
  },
  AlreadyExists: {
    when: 'An object was created by somebody else at the same moment.',
    cure: 'Nothing: the operator looks again.',
  },
  WriteConflict: {
    when: 'An object changed between reading and writing it.',
    cure: 'Nothing: the operator looks again. If it stays, two programs undo each other’s changes to the same object.',
  },
  TooManyRequests: {
    when: 'The API server asks to slow down.',
    cure: 'Nothing: the operator waits as long as it was asked to.',
  },
  Gone: {
    when: 'A watch fell behind what the API server remembers.',
    cure: 'Nothing: the operator lists again.',
  },
  LeaseLost: {
    when: 'A replica could not renew its lease, so it stopped writing and another one may have taken over.',
    cure: 'Nothing, if it is rare. Otherwise look at the load of the API server and the CPU limits of the operator.',
  },
  ApiError: {
    when: 'The API server answered with an error that has no code of its own here.',
    cure: 'Read the message, which is the API server’s.',
  },
  KindNotServed: {
    when: 'The cluster does not know a kind that is to be installed: a CRD is missing, or this Kubernetes is too old or too new for it.',
    cure: 'Install what brings the CRD, or switch off what needs it.',
  },
  ObjectRejected: {
    when: 'The API server or an admission webhook refuses an object, because of a wrong field, a quota or a policy.',
    cure: 'The message names the object and the field. It is most often an overlay or a `k8s` setting that is wrong.',
  },
  ImmutableField: {
    when: 'A change needs a field to have another value that Kubernetes never lets change, such as the selector of a Deployment. The object keeps running as it is.',
    cure: 'Take the change back, or have the object made anew. The message says how; for Deployments it is an annotation, with which no pod goes before its successor is ready: see [upgrades](upgrades.md#changes-that-kubernetes-refuses).',
  },
  NamespaceTerminating: {
    when: 'The namespace of an object is being deleted.',
    cure: 'Wait until it is gone; the operator creates it again. If it never goes, look at its conditions for what holds it.',
  },
  VersionHeld: {
    when: 'The annotation `install.istio.io/istio-version` keeps a mesh at a version of Istio that this version of the operator, or of `iop`, does not install. Nothing is changed.',
    cure: 'Set the annotation to the version that is to be installed, or remove it: see [upgrades](upgrades.md#meshes-that-stay-behind).',
  },
  VersionSkew: {
    when: 'ztunnel would be more than one minor version behind istiod, or ahead of it. Istio supports neither: pods could not start, or would lose their connections. It is looked at before anything is sent, in the document itself, or against the istiod that runs if another resource installs it.',
    cure: 'Upgrade istiod first, then ztunnel, one minor version at a time. Within one resource, leave `components.ztunnel.tag` to `spec.tag`.',
  },
  DependencyNotReady: {
    when: 'A component waits for another one that is not ready.',
    cure: 'Look at the component that it waits for.',
  },
  ReadinessTimeout: {
    when: 'A component was applied and did not become ready in time (`--readiness-timeout`, 300 s by default).',
    cure: 'Look at the pods of the workload that `status.componentStatus` names. The status becomes HEALTHY by itself when they are ready.',
  },
  FieldConflict: {
    when: 'Another field manager owns fields that are to be set, or sets a field back each time that the operator has set it. The object is then left alone, for longer each time.',
    cure: 'The message names the field and its manager. Stop the other writer, or ask with an overlay for what it wants. For objects that were never ours see [ActionRequired](#actionrequired).',
  },
  DeletionConflict: {
    when: 'Somebody deletes an object each time that the operator has put it back. It is then left away for a while, for longer each time.',
    cure: 'Who deletes it is in the audit log of the API server: a policy, a tool that cleans up, another installer. Stop that; the object comes back by itself.',
  },
  Conflict: {
    when: 'Two IstioOperators want the same object with different content. The one that was first keeps it; of the second, nothing new is written, and what it has installed is looked after as before.',
    cure: 'Let both ask for the same, give one of them another name, namespace or revision, or switch the component off in one of the two.',
  },
  ActionRequired: {
    when: 'The operator could go on, but only you can say whether it may: an object belongs to somebody else, or something that carries traffic would be removed.',
    cure: 'The message names the objects and the annotation with which to agree. See [migrating](migrating.md).',
  },
  DeletionBlocked: {
    when: 'What is to be removed cannot be: its control plane is still used, or a finalizer or a webhook of somebody else holds it.',
    cure: 'Move the users to another revision, or remove what holds it; the operator goes on by itself. The annotation `install.istio.io/force-delete: "true"` removes a control plane that is used. See [upgrades](upgrades.md#by-revision).',
  },
  Usage: {
    when: 'The command line is wrong. The exit code is 64, and the message shows no code.',
    cure: 'Add `--help` to the command.',
  },
  KubeconfigInvalid: {
    when: 'The kubeconfig cannot be used: not YAML, an unknown context, a missing user or cluster.',
    cure: 'Try `kubectl config view` with the same file.',
  },
  FileNotReadable: {
    when: 'A file is not there, or may not be read.',
    cure: 'Check the path and its permissions.',
  },
  FileNotWritable: {
    when: 'A file or folder that `-o` names, or standard output, cannot be written.',
    cure: 'Name another place, or make room on the disk.',
  },
};

/** One entry for every warning code; the compiler holds it complete. */
export const NOTICE_TEXTS: Readonly<Record<NoticeCode, CodeText>> = {
  RemovedField: {
    when: 'Istio has removed the field since. Everything else is installed.',
    cure: 'Use what the message names instead, or delete the field.',
  },
  DeprecatedField: {
    when: 'The field works, and will not for ever.',
    cure: 'Move to what the message names when it suits you.',
  },
  IgnoredField: {
    when: 'The field is known but has no effect here, or the annotation is not known.',
    cure: 'Delete it.',
  },
  ConvertedField: {
    when: 'An old form of a setting was translated to the one that Kubernetes has today.',
    cure: 'Write the new form.',
  },
  OverlayObjectMissing: {
    when: 'An overlay names an object that is not rendered, because of a typo or because its component is off.',
    cure: 'The message lists the objects that there are.',
  },
  OverlayMerged: {
    when: 'A patch replaces a map by one without fields that Kubernetes requires, so the two were merged.',
    cure: 'Patch the single fields instead; the [cookbook](overlays.md) shows how.',
  },
  OverlayNothingDeleted: { when: 'A patch deletes what is not there.', cure: 'Delete the patch, or correct its path.' },
  SchemaMismatch: {
    when: 'A field is not in the Kubernetes API that this operator was built with. In a cluster, the API server judges it.',
    cure: 'Check the spelling, unless your Kubernetes is newer.',
  },
  GatewayUnnamed: { when: 'A gateway without a name got the default name.', cure: 'Write the name.' },
  ListReplacesProfile: {
    when: 'A list of gateways replaces the profile’s list, so a gateway of the profile is not installed. Istio 1.23 and older would have kept it.',
    cure: 'List all the gateways that you want.',
  },
  ReplicasWithAutoscaling: {
    when: '`replicaCount` is left out because an autoscaler decides.',
    cure: 'Set `hpaSpec.minReplicas`, or switch the autoscaler off.',
  },
  RiskySetting: { when: 'A setting works and is known to cause trouble.', cure: 'The message says which.' },
  NotPruned: {
    when: 'Objects are no longer asked for and stay, because the annotation `install.istio.io/prune` is `off`.',
    cure: 'Nothing, or remove the annotation to have them removed. See [annotations](reference/annotations.md#pruning).',
  },
  PodNotInjected: {
    when: '`kube-inject` leaves a pod alone, as istiod would: it uses the network of its host, or is not to be injected.',
    cure: 'Nothing, or take away what the message names.',
  },
};
