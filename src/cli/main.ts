import process from 'node:process';
import { runCli } from './program.ts';
import { processIo } from './terminal/io.ts';

/** What a bug looks like to the person who meets it: without the line of the bundle that Node would print, which is long. */
function fail(error: unknown): never {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`error: This is a bug in iop. Please report it with what follows.\n${stack}\n`);
  process.exit(1);
}
process.on('uncaughtException', fail);

const io = processIo(process);
process.exitCode = await runCli(process.argv.slice(2), io).catch(fail);
