import process from 'node:process';
import { runCli } from './program.ts';
import { processIo } from './terminal/io.ts';

const io = processIo(process);
process.exitCode = await runCli(process.argv.slice(2), io);
