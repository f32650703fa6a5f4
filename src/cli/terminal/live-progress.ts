import { Writable } from 'node:stream';
import { DefaultRenderer, Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { ComponentState } from '../../apply/index.ts';
import type { ComponentName, Issue } from '../../core/index.ts';
import { stateText } from './component-text.ts';
import type { Io, Output } from './io.ts';
import type { Progress } from './progress.ts';

/** One line of the display. */
interface Line {
  title: string;
  output: string;
}

/** Live lines on a terminal, one a component, with what it waits for below. */
export class LiveProgress implements Progress {
  readonly #lines = new Map<ComponentName, Line>();
  /** What was last said of each, also before its line is there. */
  readonly #texts = new Map<ComponentName, string>();
  readonly #ends = new Map<ComponentName, PromiseWithResolvers<boolean>>();
  readonly #stream: TerminalStream;
  readonly #shown: Promise<unknown>;

  constructor(components: readonly ComponentName[], io: Io) {
    this.#stream = new TerminalStream(io.stderr);
    for (const component of components) this.#ends.set(component, Promise.withResolvers());
    const tasks = components.map((component) => ({
      title: component,
      task: async (_context: unknown, task: Line) => {
        this.#lines.set(component, task);
        const isDone = await this.#ends.get(component)?.promise;
        this.#lines.delete(component); // a line that has ended takes no more output
        if (isDone === true) return;
        task.title = `${component}: ${this.#texts.get(component) ?? 'not installed'}`;
        throw new Error(task.title);
      },
    }));
    const terminal = this.#stream as unknown as NodeJS.WriteStream;
    const logger = new ListrLogger({ useIcons: true, processOutput: new ProcessOutput(terminal, terminal) });
    const list = new Listr(tasks, {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false, // signals are the command's
      renderer: TerminalRenderer,
      fallbackRendererCondition: false,
      rendererOptions: { logger, collapseErrors: false, showErrorMessage: false, formatOutput: 'wrap' },
    });
    this.#shown = list.run();
  }

  update(state: ComponentState): void {
    const line = this.#lines.get(state.component);
    this.#texts.set(state.component, stateText(state));
    if (line !== undefined && state.phase !== 'ready') line.output = stateText(state);
    if (state.phase === 'ready') this.#ends.get(state.component)?.resolve(true);
  }

  retrying(issues: readonly Issue[]): void {
    for (const line of this.#lines.values()) {
      if (line.output !== '') line.output = `trying again: ${issues.map(({ message }) => message).join('; ')}`;
    }
  }

  async end(isDone: boolean): Promise<void> {
    for (const { resolve } of this.#ends.values()) resolve(isDone);
    await this.#shown;
    // the library does not wait for its writes: what is said next must not overtake them
    await new Promise<void>((resolve) => this.#stream.end(resolve));
  }
}

/**
 * The library's renderer for terminals. By itself it asks whether standard output is one, and writes there where it is not,
 * into what `-o json` is to be; but the lines go to standard error, and that is a terminal.
 */
class TerminalRenderer extends DefaultRenderer {
  static override nonTTY = true;
}

/** An output as the stream that a terminal library writes to. */
class TerminalStream extends Writable {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows = 24;
  readonly #output: Output;

  constructor(output: Output) {
    super({ decodeStrings: false });
    this.#output = output;
    this.columns = output.columns;
  }

  override _write(chunk: Buffer | string, _encoding: string, done: (error?: Error | null) => void): void {
    this.#output.write(chunk.toString()).then(() => done(), done);
  }
}
