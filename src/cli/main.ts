import process from 'node:process';
import { processIo } from './io.ts';
import { runCli } from './program.ts';

const io = processIo(process);
process.exitCode = await runCli(process.argv.slice(2), io);
