// Builds the operator's image with the container engine that is there. ENGINE names another one, IMAGE another name; what
// follows `npm run image --` goes to the engine.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';

const ENGINES = ['docker', 'podman', 'nerdctl', 'buildah'];

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const { ENGINE, IMAGE = `istio-operator:${version}` } = process.env;
const head = spawnSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' });
const revision = head.status === 0 ? head.stdout.trim() : 'unknown'; // sources without their history can be built, too
const labels = ['--build-arg', `VERSION=${version}`, '--build-arg', `REVISION=${revision}`];
const args = ['build', ...labels, '--tag', IMAGE, ...process.argv.slice(2), '.'];

const sought = ENGINE === undefined ? ENGINES : [ENGINE];
const engine = sought.find((name) => stateOf(name) === 'ready');
if (engine === undefined) {
  process.stderr.write(
    `error: No container engine can be used: ${sought.map((name) => `${name} ${stateOf(name)}`).join(', ')}.\n` +
      '       Start or install one, or name it: ENGINE=/path/to/podman npm run image\n',
  );
  process.exitCode = 1;
} else {
  process.exitCode = spawnSync(engine, args, { stdio: 'inherit' }).status ?? 1;
}

/** A client may be there whose daemon is not. */
function stateOf(name: string): 'ready' | 'is not installed' | 'does not answer' {
  const { error, status } = spawnSync(name, ['info'], { stdio: 'ignore' });
  if (error !== undefined) return 'is not installed';
  return status === 0 ? 'ready' : 'does not answer';
}
