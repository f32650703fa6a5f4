import { formatId, type ObjectId } from '../../core/index.ts';

/** Why a CR is worked on: something that changed. */
export interface Trigger {
  readonly id: ObjectId;
  /**
   * Of the CR: `created`, `spec`, `annotations`, `deletion`, `use` (of its revision). Of what it owns: `gone`, `fields` (created, or a field that we
   * set was changed), `health`.
   */
  readonly change: string;
  /** The field manager of who changed it, where that can be seen. */
  readonly by?: string;
  /** Which fields were changed, where that can be seen: paths, never values. */
  readonly fields?: readonly string[];
}

/** So many fields of one change are named. */
const NAMED_FIELDS = 5;

/** More than this says no more, and may not grow for ever while a CR waits. */
const MOST = 20;

/** What has changed for each CR since its last pass. */
export class Triggers {
  readonly #waiting = new Map<string, Map<string, Trigger>>();

  /** Notes a change for the next pass of the CR. */
  add(key: string, trigger: Trigger): void {
    const known = this.#waiting.get(key) ?? new Map<string, Trigger>();
    this.#waiting.set(key, known);
    if (known.size < MOST) known.set(triggerText(trigger), trigger);
  }

  /** Gives out what was noted for a CR, once. */
  take(key: string): readonly Trigger[] {
    const known = this.#waiting.get(key);
    this.#waiting.delete(key);
    return known === undefined ? [] : [...known.values()];
  }
}

/** A trigger in a line of the log: `fields of Service istio-system/istiod by kubectl-label: metadata.labels.app`. */
export function triggerText({ id, change, by, fields = [] }: Trigger): string {
  const who = by === undefined ? '' : ` by ${by}`;
  const more = fields.length > NAMED_FIELDS ? ` and ${fields.length - NAMED_FIELDS} more` : '';
  const which = fields.length === 0 ? '' : `: ${fields.slice(0, NAMED_FIELDS).join(', ')}${more}`;
  return `${change} of ${formatId(id)}${who}${which}`;
}
