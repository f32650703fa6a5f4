import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Listr } from 'listr2';
import { connect } from '../../src/cluster/index.ts';
import {
  type ComponentName,
  isObject,
  type Json,
  OFFLINE_FACTS,
  silentLogger,
  systemClock,
  valueAt,
} from '../../src/core/index.ts';
import { readOperators, renderManifest } from '../../src/render/index.ts';
import { ROOT } from '../support/kubectl.ts';

/** The resource whose installation is followed. */
export interface Target {
  readonly namespace: string;
  readonly name: string;
  readonly file: string;
}

const KIND = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' };

/** Longer than any healthy installation takes here, shorter than anybody waits without a word. */
const TIMEOUT_MS = 180_000;

/**
 * Shows each component's progress until the resource is HEALTHY: a live list on a terminal, plain lines elsewhere.
 * @throws when the status is ERROR, with its message, or when it takes too long.
 */
export async function followInstallation(kubeconfigPath: string, target: Target, signal: AbortSignal): Promise<void> {
  const components = await componentsOf(target.file);
  const watching = new AbortController();
  const scope = { signal: AbortSignal.any([signal, watching.signal]), log: silentLogger };
  using cluster = await connect({ kubeconfigPath }, { clock: systemClock }, scope);
  const status = new StatusBoard(scope.signal);
  using _timer = systemClock.after(TIMEOUT_MS, () =>
    status.fail(new Error(`not HEALTHY after ${TIMEOUT_MS / 1_000} s`)),
  );
  const watch = cluster.watch(
    KIND,
    { namespace: target.namespace, fieldSelector: `metadata.name=${target.name}` },
    {
      onSync: (objects) => objects.forEach((object) => void status.update(object.status)),
      onEvent: (_type, object) => status.update(object.status),
    },
    scope,
  );
  try {
    await taskList(components, status).run();
    await status.healthy;
  } finally {
    watching.abort();
    await watch;
  }
}

async function componentsOf(file: string): Promise<readonly ComponentName[]> {
  const { operators } = readOperators([{ name: file, text: await readFile(join(ROOT, file), 'utf8') }]);
  const manifest = renderManifest({ specs: operators.map(({ spec }) => spec), facts: OFFLINE_FACTS });
  return manifest.components.map(({ component }) => component);
}

function taskList(components: readonly ComponentName[], status: StatusBoard) {
  const tasks = components.map((component) => ({
    title: component,
    task: async (_context: unknown, task: { output: string; title: string }) => {
      await status.ready(component, (message) => {
        if (message !== task.output) task.output = message;
      });
      task.title = `${component} ${status.counts(component)}`;
    },
  }));
  return new Listr(tasks, {
    concurrent: true,
    exitOnError: true,
    fallbackRenderer: 'simple',
    registerSignalListeners: false,
  });
}

/** The status as it comes in, and promises that it settles. */
class StatusBoard {
  readonly #waiting = new Map<string, { resolve: () => void; show: (message: string) => void }>();
  readonly #done = Promise.withResolvers<void>();
  readonly #failed = Promise.withResolvers<never>();
  #status: Json = null;

  constructor(signal: AbortSignal) {
    this.#failed.promise.catch(() => undefined); // raced against below; unhandled only when nobody waits any more
    signal.addEventListener('abort', () => this.#failed.reject(signal.reason), { once: true });
  }

  /** Resolves when the overall status is HEALTHY. */
  get healthy(): Promise<void> {
    return Promise.race([this.#done.promise, this.#failed.promise]);
  }

  /** Resolves when the component is; `show` is given what it waits for. */
  async ready(component: string, show: (message: string) => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.set(component, { resolve, show });
    this.update(this.#status);
    await Promise.race([promise, this.#failed.promise]);
  }

  /** Ready and desired replicas of the component's workloads, for the finished line. */
  counts(component: string): string {
    const objects = valueAt(this.#status, 'componentStatus', component, 'objects');
    if (!Array.isArray(objects)) return '';
    const texts = objects
      .filter(isObject)
      .map(({ kind, name, ready, desired }) => `${kind} ${name} ${ready}/${desired}`);
    return texts.length === 0 ? '' : `· ${texts.join(', ')}`;
  }

  fail(error: Error): void {
    this.#failed.reject(error);
  }

  update(status: Json | undefined): void {
    this.#status = status ?? null;
    const word = valueAt(this.#status, 'status');
    const message = valueAt(this.#status, 'message');
    for (const [component, { resolve, show }] of this.#waiting) {
      const own = valueAt(this.#status, 'componentStatus', component, 'status');
      if (own === 'HEALTHY') resolve();
      else if (typeof message === 'string' && message.includes(component)) show(partFor(component, message));
    }
    if (word === 'HEALTHY') this.#done.resolve();
    if (word === 'ERROR') this.fail(new Error(`the operator reports an error: ${String(message)}`));
  }
}

/** The message is one text for all components, parted by semicolons. */
function partFor(component: string, message: string): string {
  return message.split('; ').find((part) => part.startsWith(component)) ?? '';
}
