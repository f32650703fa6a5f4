/**
 * Codes of warnings: what was accepted but the user should know. They appear on stderr and in the condition `Warnings`.
 * Permanent like error codes.
 */
export const NOTICE_CODES = [
  'RemovedField', // Istio removed the field; the message names the replacement
  'DeprecatedField', // still works, will not for ever
  'IgnoredField', // known, but without effect here
  'ConvertedField', // an old form that was translated
  'OverlayObjectMissing', // an overlay names an object that is not rendered
  'OverlayMerged', // an overlay's map was merged because replacing would drop required fields
  'OverlayNothingDeleted', // an overlay deletes what is not there
  'SchemaMismatch', // a rendered object that the Kubernetes schema does not accept
  'GatewayUnnamed', // a gateway without a name got the default one
  'ListReplacesProfile', // a gateway list drops the profile's gateway, which Istio 1.23 would have kept
  'ReplicasWithAutoscaling', // replicaCount is left out because an autoscaler owns it
  'RiskySetting', // works, but known to cause trouble
  'NotPruned', // what is no longer asked for stays, because the resource asks for that
  'PodNotInjected', // kube-inject leaves a pod alone, as istiod would
] as const;

/** The code of a warning. */
export type NoticeCode = (typeof NOTICE_CODES)[number];

/** One warning about the user's document; `path` is where in it, `hint` what to do about it. */
export interface Notice {
  readonly code: NoticeCode;
  readonly message: string;
  readonly path?: string;
  readonly hint?: string;
}
