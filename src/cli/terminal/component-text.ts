import type { ComponentState } from '../../apply/index.ts';
import { formatId } from '../../core/index.ts';

/** Where a component stands, in a line: what it waits for, or the objects that are not ready and why. */
export function stateText(state: ComponentState): string {
  if (state.phase === 'ready') return 'ready';
  if (state.phase === 'waiting') return `waits for ${state.waitingFor.join(', ')}`;
  if (state.phase === 'failed') return state.issues.map(({ message }) => message).join('; ');
  const unready = state.objects.filter(({ ready }) => !ready);
  const groups = Map.groupBy(unready, ({ id, message, reason }) => `${id.kind}: ${message ?? reason ?? 'not ready'}`);
  // many of a kind are one entry without a count: a line for each of fifteen CRDs tells nobody anything
  const texts = [...groups].map(([text, [first, ...others]]) => {
    if (first === undefined || others.length > 0) return text.replace(':', 's:');
    return `${formatId(first.id)}: ${first.message ?? first.reason ?? 'not ready'}`;
  });
  return texts.join(', ');
}
