import process from 'node:process';
import { nodeComplaint } from './node-version.ts';

/** What a bug looks like to the person who meets it: without the line of the bundle that Node would print, which is long. */
function fail(error: unknown): never {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: This is a bug in iop. Please report it with what follows.\n${stack}\n`);
  process.exit(1);
}

/**
 * npm runs a script in the folder of its project, but paths on the command line are meant from where it was typed. For
 * another script that npm runs and that runs iop in turn, its folder is the right one.
 */
function goWhereItWasTyped({ INIT_CWD, npm_lifecycle_event, npm_package_name }: NodeJS.ProcessEnv): void {
  const isOwnScript = npm_lifecycle_event === 'iop' && npm_package_name === 'istio-operator';
  if (isOwnScript && INIT_CWD !== undefined) process.chdir(INIT_CWD);
}

/** Loaded only now, because an older Node.js cannot even read all of it. */
async function run(): Promise<number> {
  goWhereItWasTyped(process.env);
  const { runCli } = await import('./program.ts');
  const { processIo } = await import('./terminal/io.ts');
  return await runCli(process.argv.slice(2), processIo(process));
}

const complaint = nodeComplaint(process.versions.node);
if (complaint !== undefined) {
  process.stderr.write(
    `error: ${complaint}\n       Install it, or put the folder of one that you have first on the PATH.\n`,
  );
  process.exit(1);
}
process.on('uncaughtException', fail);
process.exitCode = await run().catch(fail);
