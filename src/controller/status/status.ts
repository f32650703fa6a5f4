import type { InstallStatus, PlanStatus, StatusWord } from '../../api/index.ts';
import { ANNOTATIONS } from '../../api/index.ts';
import {
  type ComponentState,
  type HeldBack,
  type Inventory,
  type InventoryEntry,
  writeInventory,
} from '../../apply/index.ts';
import { type ComponentName, formatId, type Issue, type Notice } from '../../core/index.ts';
import type { RevisionUse } from '../passes/revision-use.ts';
import { componentStatuses, unreadyText } from './component-status.ts';
import { condition, conditionsFor, inUseCondition } from './conditions.ts';
import { formatIssues } from './format-issue.ts';
import { planReason, planText } from './plan-status.ts';

/** What a pass over a CR came to, as far as its status is concerned. */
export type Report =
  /** A new generation was seen and nothing done yet. */
  | { readonly kind: 'accepted' }
  /** The document is wrong; what is installed stays as it is, and is looked after where it is known what that should be. */
  | { readonly kind: 'rejected'; readonly issues: readonly Issue[]; readonly installed?: ConvergingReport }
  /** The pass could not get anywhere: the cluster is out of reach or refuses us something, or another CR is in the way. */
  | { readonly kind: 'blocked'; readonly issues: readonly Issue[]; readonly installed?: ConvergingReport }
  /** The CR is not worked on, and why. */
  | { readonly kind: 'skipped'; readonly reason: string; readonly message: string; readonly use?: RevisionUse }
  /** A dry run: what would be done, or why that cannot be said. */
  | { readonly kind: 'planned'; readonly issues: readonly Issue[]; readonly plan?: PlanStatus }
  /** The manifest is being applied, or is. */
  | ConvergingReport
  /** The CR is being deleted. */
  | {
      readonly kind: 'deleting';
      readonly remaining: number;
      readonly issues: readonly Issue[];
      readonly use?: RevisionUse;
      /** The CRDs go as well. */
      readonly isPurge?: boolean;
      /** Nothing goes: what was installed is left to another tool. */
      readonly isHandBack?: boolean;
    };

/** Where an installation stands. */
export interface ConvergingReport {
  readonly kind: 'converging';
  readonly components: readonly ComponentState[];
  readonly timedOut: ReadonlySet<ComponentName>;
  readonly leftOver: readonly InventoryEntry[];
  /** What an earlier operator left behind, and nobody has confirmed yet that it may go. */
  readonly held?: HeldBack;
  readonly pruneIssues: readonly Issue[];
  readonly notices: readonly Notice[];
  /** The version of each component once it is ready. */
  readonly versions: Readonly<Partial<Record<ComponentName, string>>>;
  /** Who uses its control plane, where that is known and matters. */
  readonly use?: RevisionUse;
}

/** What a status is made from. */
export interface StatusInput {
  readonly generation: number;
  readonly previous: InstallStatus;
  readonly report: Report;
  /** Undefined as long as not everything has been found that belongs in; see `Installation.mayHaveUnrecorded`. */
  readonly inventory: Inventory | undefined;
  readonly now: Date;
}

/** Upstream's status words and messages with the conditions of kstatus, from what a pass came to. Pure. */
export function statusFor(input: StatusInput): InstallStatus {
  const summary = summarise(input.report);
  const { previous, report } = input;
  if (report.kind === 'skipped' || report.kind === 'planned') return statusAside(input, report);
  const installed = report.kind === 'converging' ? report : 'installed' in report ? report.installed : undefined;
  return {
    status: summary.word,
    ...(summary.message === undefined ? {} : { message: summary.message }),
    componentStatus:
      installed === undefined ? (previous.componentStatus ?? {}) : componentStatuses(installed, previous),
    observedGeneration: input.generation,
    conditions: conditionsFor(input, summary),
    ...(input.inventory === undefined ? {} : { inventory: writeInventory(input.inventory) }),
  };
}

/** Conditions that say why nothing follows from the resource. */
const ASIDE: ReadonlySet<string> = new Set(['Paused', 'Planned']);

/**
 * Neither Argo CD nor kstatus has a word for a resource that is left alone, so what was said last stays, about the generation
 * that it was said about; only a condition of its own says why nothing follows.
 */
function statusAside(input: StatusInput, report: Extract<Report, { kind: 'skipped' | 'planned' }>): InstallStatus {
  const { plan: _plan, ...last } = input.previous;
  const summary = summarise(report);
  const inUse = inUseCondition(input);
  const all = last.conditions ?? conditionsFor(input, summary);
  const kept = all.filter(({ type }) => !ASIDE.has(type) && type !== inUse?.type);
  const own =
    report.kind === 'skipped'
      ? { type: 'Paused', on: true, reason: report.reason, message: report.message }
      : { type: 'Planned', on: report.plan !== undefined, reason: summary.reason, message: summary.message ?? '' };
  return {
    status: summary.word,
    ...last,
    conditions: [...kept, ...(inUse === undefined ? [] : [inUse]), condition(input, own)],
    ...(report.kind === 'planned' && report.plan !== undefined ? { plan: report.plan } : {}),
  };
}

/** The overall state in upstream's word, and as kstatus sees it. */
export interface Summary {
  readonly word: StatusWord;
  readonly reason: string;
  readonly message?: string;
  readonly ready: boolean;
  /** Work goes on, by itself. */
  readonly reconciling: boolean;
  /** Nothing more happens until somebody does something. */
  readonly stalled: boolean;
}

function summarise(report: Report): Summary {
  switch (report.kind) {
    case 'accepted':
      return {
        word: 'RECONCILING',
        reason: 'Accepted',
        message: 'rendering the manifest',
        ready: false,
        reconciling: true,
        stalled: false,
      };
    case 'rejected':
      return { ...failed(report.issues), reconciling: false, stalled: true };
    case 'blocked':
      return failed(report.issues);
    case 'skipped':
      return {
        word: 'NONE',
        reason: report.reason,
        message: report.message,
        ready: false,
        reconciling: false,
        stalled: false,
      };
    case 'planned':
      return { ...planned(report), word: 'NONE', ready: false, reconciling: false, stalled: false };
    case 'deleting':
      return report.issues.length > 0
        ? failed(report.issues)
        : {
            word: 'RECONCILING',
            reason: 'Deleting',
            message: removing(report.remaining),
            ready: false,
            reconciling: true,
            stalled: false,
          };
    case 'converging':
      return summariseComponents(report);
  }
}

function planned({ issues, plan }: Extract<Report, { kind: 'planned' }>): Pick<Summary, 'reason' | 'message'> {
  if (plan === undefined) return { reason: issues[0]?.code ?? 'ApiError', message: formatIssues(issues) };
  return { reason: planReason(plan), message: planText(plan) };
}

function failed(issues: readonly Issue[]): Summary {
  return {
    word: 'ERROR',
    reason: issues[0]?.code ?? 'ApiError',
    message: formatIssues(issues),
    ready: false,
    reconciling: true,
    stalled: false,
  };
}

function summariseComponents(report: ConvergingReport): Summary {
  const issues = [...report.components.flatMap((state) => state.issues), ...report.pruneIssues];
  if (issues.length > 0) return failed(issues);
  const late = report.components.filter((state) => report.timedOut.has(state.component));
  if (late.length > 0) {
    const message = late.map((state) => `${state.component} is not ready: ${unreadyText(state)}`).join('; ');
    return { word: 'ERROR', reason: 'ReadinessTimeout', message, ready: false, reconciling: false, stalled: true };
  }
  const open = report.components.filter((state) => state.phase !== 'ready');
  if (open.length === 0 && report.held !== undefined) return actionRequired(report.held);
  if (open.length > 0 || report.leftOver.length > 0) {
    const steps = [
      ...open.map(progressText),
      ...(report.leftOver.length > 0 ? [removing(report.leftOver.length)] : []),
    ];
    return {
      word: 'RECONCILING',
      reason: 'Progressing',
      message: steps.join('; '),
      ready: false,
      reconciling: true,
      stalled: false,
    };
  }
  return { word: 'HEALTHY', reason: 'Healthy', ready: true, reconciling: false, stalled: false };
}

function removing(count: number): string {
  return `removing ${count} ${count === 1 ? 'object' : 'objects'}`;
}

/** Argo CD shows ACTION_REQUIRED as progressing for ever, so the word is ERROR and the reason says what it is. */
function actionRequired({ entries, hash }: HeldBack): Summary {
  const message =
    `What was installed before is no longer asked for: ${entries.map(formatId).join(', ')}. ` +
    `To remove it, set the annotation ${ANNOTATIONS.confirmPrune}: "${hash}".`;
  return { word: 'ERROR', reason: 'ActionRequired', message, ready: false, reconciling: false, stalled: true };
}

function progressText(state: ComponentState): string {
  if (state.phase === 'waiting') return `${state.component} waits for ${state.waitingFor.join(', ')}`;
  return `${state.component}: ${unreadyText(state)}`;
}
