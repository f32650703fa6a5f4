import type { Clock } from '../core/index.ts';

/** What TLS needs to know; the same object as long as nothing changed, so that connections can be reused. */
export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
}

/** How one request proves who sends it. */
export interface Authentication {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly tls: TlsMaterial;
}

/** Where tokens, certificates and the CA come from. They rotate, so every request asks. */
export interface Credentials {
  /** What goes with the next request; cheap, because it is cached for a while. */
  authenticate(): Promise<Authentication>;
  /** The server refused what `authenticate` gave: unless there is something newer by now, the next call loads it anew. */
  expire(refused: Authentication): void;
}

/** What the loading of credentials may build on. */
export interface LoadContext {
  readonly previous: Authentication | undefined;
  /** The server refused the previous ones, so caches are not to be trusted. */
  readonly wasRefused: boolean;
}

/** Credentials that are loaded again after `maxAgeMs` milliseconds, by one caller for all that wait for them. */
export function cachedCredentials(
  load: (context: LoadContext) => Promise<Authentication>,
  maxAgeMs: number,
  clock: Clock,
): Credentials {
  let current: Authentication | undefined;
  let loading: Promise<Authentication> | undefined;
  let loadedAtMs = 0;
  let wasRefused = false;

  async function reload(): Promise<Authentication> {
    const context = { previous: current, wasRefused };
    wasRefused = false;
    loadedAtMs = clock.monotonicMs();
    const next = await load(context);
    current = { ...next, tls: reuseTls(context.previous?.tls, next.tls) };
    return current;
  }

  return {
    async authenticate() {
      const isFresh = !wasRefused && clock.monotonicMs() - loadedAtMs < maxAgeMs;
      if (current !== undefined && loading === undefined && isFresh) return current;
      loading ??= reload().finally(() => {
        loading = undefined;
      });
      return await loading;
    },
    expire(refused) {
      if (refused === current) wasRefused = true;
    },
  };
}

function reuseTls(previous: TlsMaterial | undefined, next: TlsMaterial): TlsMaterial {
  if (previous === undefined) return next;
  const same =
    String(previous.ca) === String(next.ca) &&
    String(previous.cert) === String(next.cert) &&
    String(previous.key) === String(next.key) &&
    previous.rejectUnauthorized === next.rejectUnauthorized &&
    previous.servername === next.servername;
  return same ? previous : next;
}
