import { type Condition, type InstallStatus, readStatus } from '../../api/index.ts';
import type { Applied, Outcome } from '../../apply/index.ts';
import { formatId, idKey, type ObjectId } from '../../core/index.ts';
import type { PassSummary } from '../passes/pass.ts';
import type { StuckRollout } from '../passes/stuck-rollouts.ts';
import { formatIssues } from '../status/format-issue.ts';
import type { Report } from '../status/status.ts';
import type { Trigger } from '../watches/triggers.ts';
import type { EventNote } from './event-recorder.ts';

/** So many names say enough. */
const NAMED = 5;

/**
 * The Events of a pass: what is different from the status before it, and what was done. What stays as it was is no Event,
 * so that neither a restart nor the hundredth attempt tells anything twice. Pure.
 */
export function eventsOf(pass: PassSummary): readonly EventNote[] {
  const from = readStatus(pass.before.status);
  const to = readStatus(pass.after.status);
  return [
    ...started(pass, from),
    ...versions(from, to),
    ...done(pass.outcome, pass.triggers),
    ...components(from, to, pass.report),
    ...stuck(from, pass.stuck),
    ...overall(from, to, pass.report),
  ];
}

function started({ before, report }: PassSummary, from: InstallStatus): readonly EventNote[] {
  const { generation } = before.metadata;
  if (report.kind !== 'converging' || from.observedGeneration === generation) return [];
  return [normal('Reconciling', `generation ${generation} is being installed`)];
}

/** From which version to which, all components with the same step in one line. */
function versions(from: InstallStatus, to: InstallStatus): readonly EventNote[] {
  const steps = Object.entries(to.componentStatus ?? {}).flatMap(([component, { version }]) => {
    const before = versionIn(from, component);
    return before === undefined || version === undefined || before === version
      ? []
      : [{ component, step: `${before} → ${version}` }];
  });
  return [...Map.groupBy(steps, ({ step }) => step)].map(([step, group]) =>
    normal('VersionChanged', `${group.map(({ component }) => component).join(', ')}: ${step}`),
  );
}

function versionIn({ componentStatus = {} }: InstallStatus, component: string): string | undefined {
  return Object.hasOwn(componentStatus, component) ? componentStatus[component]?.version : undefined;
}

/** Repairs and removals. */
function done(outcome: Outcome | undefined, triggers: readonly Trigger[]): readonly EventNote[] {
  if (outcome === undefined) return [];
  const repaired = outcome.applied.filter(isRepair).map((applied) => repairText(applied, triggers));
  const deleted = outcome.deleted.map(formatId);
  const recreated = outcome.applied
    .filter(({ action }) => action === 'deleted')
    .map(({ planned }) => formatId(planned.id));
  return [
    ...(recreated.length === 0
      ? []
      : [normal('Recreating', `made anew, with the old pods running until then: ${listed(recreated)}`)]),
    ...(repaired.length === 0 ? [] : [normal('Repaired', `put back what was changed: ${listed(repaired)}`)]),
    ...(deleted.length === 0 ? [] : [normal('Pruned', `removed what is no longer asked for: ${listed(deleted)}`)]),
  ];
}

function isRepair({ planned: { cause }, action }: Applied): boolean {
  return (cause === 'missing' || cause === 'drifted') && (action === 'created' || action === 'configured');
}

function repairText({ planned: { id, cause } }: Applied, triggers: readonly Trigger[]): string {
  if (cause === 'missing') return `${formatId(id)} (gone)`;
  const by = triggers.find((trigger) => isSame(trigger.id, id) && trigger.by !== undefined)?.by;
  return by === undefined ? formatId(id) : `${formatId(id)} (changed by ${by})`;
}

function isSame(a: ObjectId, b: ObjectId): boolean {
  return idKey(a) === idKey(b);
}

function components(from: InstallStatus, to: InstallStatus, report: Report): readonly EventNote[] {
  if (report.kind !== 'converging') return [];
  return report.components.flatMap(({ component, issues }): readonly EventNote[] => {
    const before = Object.hasOwn(from.componentStatus ?? {}, component) ? from.componentStatus?.[component] : undefined;
    const after = to.componentStatus?.[component];
    if (after === undefined || (after.status === before?.status && after.error === before?.error)) return [];
    if (after.status === 'HEALTHY') return [normal('ComponentReady', `${component} is ready`)];
    if (after.status === 'ERROR') {
      const reason = report.timedOut.has(component) && issues.length === 0 ? 'ReadinessTimeout' : failureReason(issues);
      return [warning(reason, `${component}: ${after.error ?? 'failed'}`)];
    }
    const hasBroken = before?.status === 'HEALTHY' && from.observedGeneration === to.observedGeneration;
    return hasBroken ? [warning('ComponentNotReady', `${component} is no longer ready`)] : [];
  });
}

function failureReason(issues: readonly { readonly code: string }[]): string {
  return issues.some(({ code }) => code === 'ActionRequired') ? 'ActionRequired' : 'ComponentFailed';
}

function stuck(from: InstallStatus, rollouts: readonly StuckRollout[]): readonly EventNote[] {
  return rollouts.flatMap(({ component, id, why }) => {
    const known = Object.values(from.componentStatus ?? {}).flatMap(({ objects = [] }) => objects);
    const isKnown = known.some(({ kind, name, message }) => {
      return kind === id.kind && name === id.name && message?.includes(why) === true;
    });
    return isKnown ? [] : [warning('RolloutStuck', `${component}: ${formatId(id)}: ${why}`)];
  });
}

/** What is true of the CR as a whole, when it was not before. */
function overall(from: InstallStatus, to: InstallStatus, report: Report): readonly EventNote[] {
  switch (report.kind) {
    case 'rejected':
    case 'blocked': {
      const message = formatIssues(report.issues);
      const isNews = from.message !== message;
      return isNews ? [warning(report.issues[0]?.code ?? 'Failed', message)] : [];
    }
    case 'skipped':
      return hasReason(from, report.reason) ? [] : [normal(report.reason, report.message)];
    case 'planned':
      return plan(from, to);
    case 'deleting':
      return deletion(from, report);
    case 'converging': {
      const isHealthy = to.status === 'HEALTHY' && from.status !== 'HEALTHY';
      const isHeld = hasReason(to, 'ActionRequired') && to.message !== from.message && report.held !== undefined;
      return [
        ...(isHealthy ? [normal('Healthy', `generation ${to.observedGeneration} is installed and healthy`)] : []),
        ...(isHeld ? [warning('ActionRequired', to.message ?? '')] : []),
        ...notPruned(from, report),
        ...(report.pruneIssues.length > 0 && to.message !== from.message
          ? [warning('PruneFailed', formatIssues(report.pruneIssues))]
          : []),
      ];
    }
    default:
      return [];
  }
}

/** What is left over and stays, when it is another list than before. */
function notPruned(from: InstallStatus, { notices }: Extract<Report, { kind: 'converging' }>): readonly EventNote[] {
  const said = from.conditions?.find(({ type }) => type === 'Warnings')?.message ?? '';
  const left = notices.filter(({ code, message }) => code === 'NotPruned' && !said.includes(message));
  return left.map(({ code, message }) => normal(code, message));
}

/** What a dry run would do, when it is another thing than before. */
function plan(from: InstallStatus, to: InstallStatus): readonly EventNote[] {
  const [before, now] = [from, to].map(({ conditions = [] }) => conditions.find(({ type }) => type === 'Planned'));
  if (now === undefined || now.message === before?.message) return [];
  return [now.status === 'True' ? normal(now.reason, now.message) : warning(now.reason, now.message)];
}

function deletion(from: InstallStatus, report: Extract<Report, { kind: 'deleting' }>): readonly EventNote[] {
  if (report.isHandBack === true && report.remaining === 0) {
    return [normal('HandedBack', 'what it installed stays and belongs to nobody; another tool can take it over')];
  }
  const begun = hasReason(from, 'Deleting') ? [] : [beginning(report)];
  if (report.remaining === 0) return [...begun, normal('Deleted', 'what it installed is removed')];
  if (report.issues.length > 0) {
    const message = formatIssues(report.issues);
    const reason = report.issues.some(({ code }) => code === 'DeletionBlocked') ? 'DeletionBlocked' : 'DeletionFailed';
    return from.message === message || hasReason(from, reason) ? [] : [warning(reason, message)];
  }
  return begun;
}

function beginning({ isHandBack = false, isPurge = false }: Extract<Report, { kind: 'deleting' }>): EventNote {
  if (isHandBack) return normal('HandingBack', 'handing back what it installed');
  if (!isPurge) return normal('Deleting', 'removing what it installed');
  return warning('Purging', 'removing what it installed, and the CRDs of Istio with all that there is of their kinds');
}

function hasReason({ conditions = [] }: InstallStatus, reason: string): boolean {
  return conditions.some((condition: Condition) => condition.reason === reason);
}

function listed(texts: readonly string[]): string {
  const more = texts.length - NAMED;
  return more > 0 ? `${texts.slice(0, NAMED).join(', ')} and ${more} more` : texts.join(', ');
}

function normal(reason: string, message: string): EventNote {
  return { type: 'Normal', reason, message };
}

function warning(reason: string, message: string): EventNote {
  return { type: 'Warning', reason, message };
}
