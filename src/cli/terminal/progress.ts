import type { ComponentState } from '../../apply/index.ts';
import type { ComponentName, Issue } from '../../core/index.ts';
import { stateText } from './component-text.ts';
import type { Io } from './io.ts';

/** Shows people how an installation gets on. */
export interface Progress {
  update(state: ComponentState): void;
  retrying(issues: readonly Issue[]): void;
  /** Everything has been shown when it resolves; `isDone` is false where it ended early. */
  end(isDone: boolean): Promise<void>;
}

/** Progress as the terminal can show it: live lines, or one line for each change where output goes to a file or log. */
export async function startProgress(
  components: readonly ComponentName[],
  flags: { readonly quiet?: boolean },
  io: Io,
): Promise<Progress> {
  if (flags.quiet === true) return { update: () => {}, retrying: () => {}, end: async () => {} };
  if (!io.stderr.isTerminal || io.env.TERM === 'dumb' || (io.env.CI ?? '') !== '') return new PlainProgress(io);
  const { LiveProgress } = await import('./live-progress.ts');
  return new LiveProgress(components, io);
}

/** One line for each change. */
class PlainProgress implements Progress {
  readonly #io: Io;
  readonly #shown = new Map<string, string>();
  #written: Promise<void> = Promise.resolve();

  constructor(io: Io) {
    this.#io = io;
  }

  update(state: ComponentState): void {
    this.#show(state.component, stateText(state));
  }

  retrying(issues: readonly Issue[]): void {
    this.#show('trying again', issues.map(({ message }) => message).join('; '));
  }

  end(): Promise<void> {
    return this.#written;
  }

  #show(subject: string, text: string): void {
    if (this.#shown.get(subject) === text) return;
    this.#shown.set(subject, text);
    this.#written = this.#written.then(() => this.#io.stderr.write(`${subject}: ${text}\n`));
  }
}
