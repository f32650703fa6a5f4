import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { type Duty, NO_DUTY } from './duty.ts';
import { TOOL_DIR } from './paths.ts';

/** A watchdog of this process. */
export interface Watchdog {
  /** Replaces what it does when this process ends. */
  setDuty(duty: Duty): void;
  /** Lets it go: nothing is ended any more. */
  release(): void;
}

/**
 * Starts a watchdog: see `watchdog.ts`.
 *
 * It has a session of its own, so that Ctrl-C in the terminal and a kill of the process group leave it alone, and it does
 * not keep this process from ending.
 */
export function startWatchdog(): Watchdog {
  const { NODE_OPTIONS: _options, ...env } = process.env; // those of a test runner are not meant for it
  const child = spawn(process.execPath, [join(TOOL_DIR, 'watchdog.ts')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: TOOL_DIR,
    env,
  });
  child.unref();
  child.stdin.on('error', () => {}); // somebody killed it: there is nobody to tell
  // Only a socket has `unref`, which a pipe to a child is; an idle one would keep the event loop alive.
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  return {
    setDuty: (duty) => void child.stdin.write(`${JSON.stringify(duty)}\n`),
    release: () => void child.stdin.end(`${JSON.stringify(NO_DUTY)}\n`),
  };
}
