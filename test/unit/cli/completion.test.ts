import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { iop } from './fake-io.ts';

/** Asks a shell that has read the script for what may stand at the end of a line, one word a line. */
const ASKING: Readonly<Record<string, (script: string, words: readonly string[]) => readonly string[]>> = {
  bash: (script, words) => [
    '--norc',
    '-c',
    // bash parts words at `=` before it asks
    `source ${script}; COMP_WORDS=(${words.map((word) => `'${word.replace('=', "' = '")}'`).join(' ')})
     COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _iop 2> /dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ],
  zsh: (script, words) => [
    '-f',
    '-c',
    `compdef() {}; source ${script}; _iop_candidates ${words.map((word) => `'${word}'`).join(' ')}
     for word in \${=_iop_words}; do [[ "$word" == ${`'${words.at(-1)}'`}* ]] && print -r -- "\${word#profile=}"; done; true`,
  ],
  fish: (script, words) => [
    '--no-config',
    '-c',
    `source ${script}; complete -C '${words.join(' ')}' | string replace -r '\\t.*' '' | string replace profile= ''; true`,
  ],
};

const CASES: Readonly<Record<string, { words: readonly string[]; want: readonly string[] }>> = {
  'a command': { words: ['iop', 'inst'], want: ['install'] },
  'a subcommand': { words: ['iop', 'manifest', 'gen'], want: ['generate'] },
  'a subcommand behind a flag of the cluster': { words: ['iop', '--context', 'x', 'operator', 'du'], want: ['dump'] },
  'a flag': { words: ['iop', 'install', '--readi'], want: ['--readiness-timeout'] },
  'the value of a flag': { words: ['iop', 'plan', '-o', 'j'], want: ['json'] },
  'a flag that means another thing elsewhere': { words: ['iop', 'profile', 'dump', '-o', 'y'], want: ['yaml'] },
  'a component': { words: ['iop', 'manifest', 'generate', '--component', 'P'], want: ['Pilot'] },
  'a profile': { words: ['iop', 'profile', 'diff', 'de'], want: ['default', 'demo'] },
  'a profile behind --set': { words: ['iop', 'install', '--set', 'profile=amb'], want: ['ambient'] },
  'what nobody can guess': { words: ['iop', 'install', '--revision', ''], want: [] },
};

const isInstalled = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'iop-completion-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(Object.entries(ASKING))('%s', (shell, ask) => {
  let script = '';
  beforeAll(async () => {
    script = join(folder, `iop.${shell}`);
    await writeFile(script, (await iop(['completion', shell])).stdout);
  });

  // `.ci/run` installs what is missing; elsewhere the skipped tests are listed with the name of the shell
  const whereInstalled = isInstalled(shell) ? test : test.skip;
  whereInstalled.each(Object.entries(CASES))(`${shell} completes %s`, (_name, { words, want }) => {
    const said = execFileSync(shell, [...ask(script, words)], { encoding: 'utf8', cwd: folder });
    const found = said.split('\n').filter((word) => word !== '');
    expect(found.sort()).toEqual([...want].sort());
  });
});

test('zsh keeps some names for itself; where completion runs, none of them is assigned', async () => {
  const { stdout } = await iop(['completion', 'zsh']);
  expect(stdout).not.toMatch(/\b(words|path|PREFIX|CURRENT|status|argv)=/);
});

test('flags that only people from elsewhere know, and aliases, are not offered', async () => {
  const { stdout } = await iop(['completion', 'bash']);
  for (const word of ['--skip-confirmation', '--charts', 'dash ']) expect(stdout).not.toContain(` ${word}`);
});
