import type { ComponentStatus, InstallStatus, StatusWord } from '../../api/index.ts';
import type { ComponentState, ObjectHealth } from '../../apply/index.ts';
import { type ComponentName, formatId } from '../../core/index.ts';
import { formatIssues } from './format-issue.ts';
import type { ConvergingReport } from './status.ts';

/** The entry of each component in the status. */
export function componentStatuses(report: ConvergingReport, previous: InstallStatus): Record<string, ComponentStatus> {
  const before = new Map(Object.entries(previous.componentStatus ?? {}));
  return Object.fromEntries(
    report.components.map((state) => [
      state.component,
      { ...componentStatus(state, report), ...versionsOf(state, report, before.get(state.component)?.version) },
    ]),
  );
}

/** What runs, and while that changes also what will. */
function versionsOf(
  { component, phase }: ComponentState,
  { versions }: ConvergingReport,
  from: string | undefined,
): Pick<ComponentStatus, 'version' | 'targetVersion'> {
  const to = versions[component];
  if (to === undefined) return {};
  const isOnTheWay = from !== undefined && from !== to && phase !== 'ready';
  return isOnTheWay ? { version: from, targetVersion: to } : { version: to };
}

function componentStatus(state: ComponentState, report: ConvergingReport): ComponentStatus {
  const timedOut = report.timedOut.has(state.component);
  const error =
    state.issues.length > 0 ? formatIssues(state.issues) : timedOut ? unreadyText(state) : blockedBy(state, report);
  const workloads = state.objects.filter((object) => object.desired !== undefined);
  const word: StatusWord = error !== undefined ? 'ERROR' : state.phase === 'ready' ? 'HEALTHY' : 'RECONCILING';
  return {
    status: word,
    ...(error === undefined ? {} : { error }),
    ...(workloads.length === 0 ? {} : { objects: workloads.map(objectStatus) }),
  };
}

/** Why a component that waits will go on waiting: what it depends on has failed, or waits for something that has. */
function blockedBy(state: ComponentState, report: ConvergingReport): string | undefined {
  const hasFailed = ({ component, issues, waitingFor }: ComponentState): boolean =>
    issues.length > 0 || report.timedOut.has(component) || parentsOf(waitingFor, report).some(hasFailed);
  const failed = parentsOf(state.waitingFor, report).filter(hasFailed);
  if (failed.length === 0) return undefined;
  return `DependencyNotReady: waits for ${failed.map(({ component }) => component).join(', ')}`;
}

function parentsOf(names: readonly ComponentName[], report: ConvergingReport): readonly ComponentState[] {
  return report.components.filter(({ component }) => names.includes(component));
}

function objectStatus({ id, ...health }: ObjectHealth) {
  return {
    kind: id.kind,
    name: id.name,
    ...(id.namespace === '' ? {} : { namespace: id.namespace }),
    ...(health.desired === undefined ? {} : { desired: health.desired }),
    ...(health.readyCount === undefined ? {} : { ready: health.readyCount }),
    ...(health.reason === undefined ? {} : { reason: health.reason }),
    ...(health.message === undefined ? {} : { message: health.message }),
  };
}

function unready(state: ComponentState): readonly ObjectHealth[] {
  return state.objects.filter((object) => !object.ready);
}

/**
 * The objects that are not ready and why. Many of one kind with the same reason are one entry without names or counts: a
 * text that changes with each of fifteen CRDs would be fifteen status writes that tell nobody anything.
 */
export function unreadyText(state: ComponentState): string {
  const groups = Map.groupBy(
    unready(state),
    ({ id, message, reason }) => `${id.kind}: ${message ?? reason ?? 'not ready'}`,
  );
  const texts = [...groups].map(([text, [first, ...others]]) => {
    if (first === undefined || others.length > 0) return text.replace(':', 's:');
    return `${formatId(first.id)}: ${first.message ?? first.reason ?? 'not ready'}`;
  });
  return texts.join(', ');
}
