import { expect, test } from '@jest/globals';
import { runCli } from '../../src/cli/program.ts';
import type { Io, Output } from '../../src/cli/terminal/io.ts';
import { type Block, blocksOf, PAGES, ROOT } from './markdown.ts';

const blocks = PAGES.flatMap(blocksOf).filter(({ info: [language = 'sh'] }) => language === 'sh');

/** The `iop` commands of a block, up to a pipe, a redirection or a comment. */
function commandsIn({ text }: Block): readonly string[] {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  return lines
    .map((line) => line.replace(/^npm run -s iop -- /, 'iop ').replace(/\s+[#|>].*$/, ''))
    .filter((line) => line.startsWith('iop '));
}

/** Each once, with where it stands first. Blocks that need a cluster are marked `sh cluster`. */
const commands = new Map(
  blocks
    .filter(({ info }) => !info.includes('cluster'))
    .flatMap((block) => commandsIn(block).map((command) => [command, block.at] as const))
    .reverse(),
);

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string): Promise<Result> {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written): Output => ({
    isTerminal: false,
    columns: 80,
    write: async (text) => {
      written[name] += text;
    },
  });
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: (async function* () {})(),
    env: {},
    cwd: ROOT,
    signal: new AbortController().signal,
  };
  return { code: await runCli(command.split(/\s+/).slice(1), io), ...written };
}

test.each([...commands])('%s runs as written (%s)', async (command) => {
  const { code, stdout, stderr } = await run(command);
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toBe('');
});

test('there are commands to try', () => {
  expect(commands.size).toBeGreaterThan(2);
});

test('in docs/, blocks that need a cluster are marked', () => {
  const needsCluster = /^(kubectl|helm|docker) /m;
  const unmarked = blocks.filter(({ file, info, text }) => {
    return file !== 'README.md' && needsCluster.test(text) && !info.includes('cluster');
  });
  expect(unmarked.map(({ at }) => at)).toEqual([]);
});
