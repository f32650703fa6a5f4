import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Case, Outcome } from './corpus.ts';

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), 'oracle');
const CACHE = join(SOURCE, '..', '..', '..', '.cache', 'gotemplate');

/** What the Go program gives for the cases; undefined where there is no Go to build it with. */
export function goOutcomes(cases: readonly Case[]): readonly Outcome[] | undefined {
  const binary = builtBinary();
  if (binary === undefined) return undefined;
  const input = JSON.stringify(cases);
  const text = execFileSync(binary, { input, maxBuffer: 256 * 1024 * 1024, env: { TZ: 'UTC' } });
  return JSON.parse(text.toString()) as Outcome[];
}

/** The Go release that `expected.json` is from: another one may word an error differently. */
export const GO_RELEASE = 'go1.26';

/** Whether Go is there in the release of `expected.json`. */
export function hasGo(): boolean {
  return goVersion()?.startsWith(`${GO_RELEASE}.`) === true;
}

function goVersion(): string | undefined {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { cwd: SOURCE, encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

/** Named by its source, so that a change is built anew and everything else is used again. */
function binaryPath(): string {
  const hash = createHash('sha256');
  hash.update(goVersion() ?? '');
  for (const file of readdirSync(SOURCE).sort()) hash.update(file).update(readFileSync(join(SOURCE, file)));
  return join(CACHE, `oracle-${hash.digest('hex').slice(0, 16)}`);
}

function builtBinary(): string | undefined {
  const binary = binaryPath();
  if (existsSync(binary)) return binary;
  if (goVersion() === undefined) return undefined;
  mkdirSync(CACHE, { recursive: true });
  const draft = `${binary}-${process.pid}`;
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' };
  execFileSync('go', ['build', '-trimpath', '-buildvcs=false', '-o', draft, '.'], { cwd: SOURCE, env });
  renameSync(draft, binary);
  return binary;
}
