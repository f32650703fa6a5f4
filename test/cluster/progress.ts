import type { Binary } from './versions.ts';

/** What happens while a cluster starts, for people. */
export type Progress =
  | { readonly kind: 'step'; readonly text: string }
  | {
      readonly kind: 'build';
      readonly binary: Binary;
      readonly state: 'waiting' | 'building' | 'built';
      readonly elapsedMs: number;
      readonly expectedMs: number;
    };

export type OnProgress = (progress: Progress) => void;

type BuildProgress = Extract<Progress, { kind: 'build' }>;

/** On a terminal a line is redrawn every second; elsewhere a sign of life once in a while is enough. */
const PLAIN_INTERVAL_MS = 30_000;

/** One line on a build, such as `kube-apiserver          building   1:05 of about 5:00`. */
export function formatBuild({ binary, state, elapsedMs, expectedMs }: BuildProgress): string {
  const name = binary.padEnd(24);
  const times = {
    waiting: `waiting        about ${formatDuration(expectedMs)}`,
    building: `building ${formatDuration(elapsedMs)} of about ${formatDuration(expectedMs)}`,
    built: `built in ${formatDuration(elapsedMs)}`,
  };
  return `${name}${times[state]}`;
}

/** Minutes and seconds, such as `4:07`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * Shows progress on a stream: on a terminal the builds are a block of lines that is redrawn, elsewhere plain lines.
 */
export function showProgress(stream: NodeJS.WriteStream): OnProgress {
  return stream.isTTY ? showOnTerminal(stream) : showPlain(stream);
}

function showOnTerminal(stream: NodeJS.WriteStream): OnProgress {
  const builds = new Map<Binary, BuildProgress>();
  let drawnLines = 0;
  return (progress) => {
    if (progress.kind === 'step') {
      stream.write(`${progress.text}\n`);
      builds.clear();
      drawnLines = 0; // the block above stays as it is
      return;
    }
    builds.set(progress.binary, progress);
    const up = drawnLines === 0 ? '' : `\x1b[${drawnLines}A`;
    // A line that wraps would take two rows and the cursor would go up too little.
    const lines = [...builds.values()].map((build) => formatBuild(build).slice(0, Math.max(1, stream.columns - 1)));
    stream.write(`${up}${lines.map((line) => `\x1b[2K${line}\n`).join('')}`);
    drawnLines = lines.length;
  };
}

function showPlain(stream: NodeJS.WriteStream): OnProgress {
  const shown = new Map<Binary, BuildProgress>();
  return (progress) => {
    if (progress.kind === 'step') {
      stream.write(`${progress.text}\n`);
      return;
    }
    const last = shown.get(progress.binary);
    const isNews = last?.state !== progress.state || progress.elapsedMs - last.elapsedMs >= PLAIN_INTERVAL_MS;
    if (!isNews) return;
    shown.set(progress.binary, progress);
    if (progress.state !== 'waiting') stream.write(`${formatBuild(progress)}\n`);
  };
}
