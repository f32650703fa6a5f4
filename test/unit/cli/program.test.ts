import { describe, expect, test } from '@jest/globals';
import { iop } from './fake-io.ts';

/** The words of every command, with those of the commands below it: its help lists them. */
async function commandsBelow(words: readonly string[]): Promise<readonly (readonly string[])[]> {
  const { stdout } = await iop([...words, '--help']);
  const [, list = ''] = stdout.split('\nCommands:\n');
  const [names = ''] = list.split('\n\n');
  const below = [...names.matchAll(/^ {2}(\S+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  return [words, ...(await Promise.all(below.map((name) => commandsBelow([...words, name])))).flat()];
}

const COMMANDS = await commandsBelow([]);
const SCREEN_LINES = 40;

describe('help', () => {
  test.each(
    COMMANDS.map((words) => [words.join(' ') || 'iop', words] as const),
  )('of %s fits a screen and has an example', async (_name, words) => {
    const { exitCode, stdout, stderr } = await iop([...words, '--help']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/Example:\n {2}\$ .*iop /);
    const lines = stdout.split('\n');
    expect(lines.length).toBeLessThanOrEqual(SCREEN_LINES);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    if (stdout.includes('\nCluster:')) expect(stdout.indexOf('\nOptions:')).toBeLessThan(stdout.indexOf('\nCluster:'));
  });

  test('of a subcommand can be asked for in front, too', async () => {
    const { exitCode, stdout } = await iop(['help', 'manifest', 'generate']);
    expect([exitCode, stdout]).toEqual([0, (await iop(['manifest', 'generate', '--help'])).stdout]);
    expect((await iop(['help'])).stdout).toBe((await iop(['--help'])).stdout);
  });

  test('lists the commands, each in a line', async () => {
    expect(COMMANDS.length).toBeGreaterThan(25);
    expect(COMMANDS).toContainEqual(['operator', 'run']);
    const { stdout } = await iop(['--help']);
    expect(stdout).toMatch(/\n {2}install +Install Istio once, and wait until it is ready\.\n {2}upgrade /);
  });

  test('is as wide as the terminal', async () => {
    const { stdout } = await iop(['install', '--help'], { columns: 60 });
    const prose = stdout.split('\n').filter((line) => !line.includes('iop '));
    expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(60);
  });
});

describe('a wrong command line', () => {
  const cases: Record<string, { args: readonly string[]; says: string }> = {
    'a mistyped command gets the near one': { args: ['instal'], says: 'Did you mean install?' },
    'a mistyped subcommand gets the near one': { args: ['manifest', 'generat'], says: 'Did you mean generate?' },
    'a mistyped flag gets the near one': { args: ['install', '--dry-rnu'], says: 'Did you mean --dry-run?' },
    'a wrong choice gets all of them': {
      args: ['plan', '-o', 'yaml'],
      says: '--output: "yaml" is none of text, json.',
    },
    'a mistyped choice gets the near one': { args: ['dashboard', 'kialy'], says: 'Did you mean kiali?' },
    'a number out of range names its flag': {
      args: ['operator', 'run', '--max-concurrent-reconciles', '0'],
      says: '--max-concurrent-reconciles: "0" is not a whole number from 1 to 1000.',
    },
    'groups without a user to act as are refused': { args: ['plan', '--as-group', 'a'], says: 'Add --as USER' },
    'a user id without a user to act as is refused': { args: ['status', '--as-uid', '1'], says: 'Add --as USER' },
    'a timeout of nothing is refused': {
      args: ['status', '--kubeclient-timeout', '0s'],
      says: '--kubeclient-timeout: no request',
    },
    'a namespace that cannot be one is refused before anything is sent': {
      args: ['plan', '-i', 'BAD_'],
      says: '--istioNamespace: "BAD_" is not the name of a namespace.',
    },
    'a revision that cannot be one, too': {
      args: ['plan', '-r', 'Bad_'],
      says: '--revision: "Bad_" is not a revision.',
    },
    'a --set without a value': { args: ['manifest', 'generate', '--set', 'profile'], says: '--set profile:' },
    'what only istioctl can do is left to it': { args: ['analyze'], says: 'Use istioctl analyze' },
    'too many arguments are refused': { args: ['version', 'x'], says: 'too many arguments' },
    'a wrong duration names its flag': {
      args: ['install', '--readiness-timeout', 'soon'],
      says: '--readiness-timeout: "soon" is not a duration',
    },
    'help of a command that does not exist': { args: ['help', 'nosuch'], says: "unknown command 'nosuch'" },
    'a mistyped command gets the near one also when it asks for help': {
      args: ['manifest', 'genrate', '--help'],
      says: 'Did you mean generate?',
    },
    'a file without -f is told how it is named': {
      args: ['manifest', 'generate', 'mesh.yaml'],
      says: 'Name the file with -f: iop manifest generate -f mesh.yaml',
    },
    'a profile as a flag is told how it is set': {
      args: ['install', '--profile', 'demo'],
      says: '--set profile=demo\n',
    },
    'a profile behind an equals sign, too': { args: ['plan', '--profile=demo'], says: '--set profile=demo\n' },
    'one profile to compare with nothing': {
      args: ['profile', 'diff', 'demo'],
      says: "missing required argument 'after'",
    },
    'an uninstall of nothing in particular is refused': { args: ['uninstall'], says: 'Say what is to be removed' },
    'an uninstall of everything and yet of one revision only is refused': {
      args: ['uninstall', '--purge', '-r', 'canary', '-y'],
      says: '--purge removes every revision',
    },
    'an uninstall of everything and yet of one file only is refused': {
      args: ['uninstall', '--purge', '-f', 'mesh.yaml', '-y'],
      says: 'leave out --purge',
    },
    'a tag without a revision is refused': { args: ['tag', 'set', 'prod'], says: '--revision' },
    'no file to validate is refused': { args: ['validate'], says: 'There is no file to check' },
    'two standard inputs are refused': { args: ['manifest', 'diff', '-', '-'], says: 'Only one of the two' },
  };
  test.each(Object.entries(cases))('%s', async (_name, { args, says }) => {
    const { exitCode, stdout, stderr } = await iop(args);
    expect(stderr).toContain(says);
    expect(stdout).toBe('');
    expect(exitCode).toBe(64);
  });

  test('without any command the help goes to stderr', async () => {
    const { exitCode, stdout, stderr } = await iop([]);
    expect([exitCode, stdout]).toEqual([64, '']);
    expect(stderr).toContain('Usage: iop');
  });
});

describe('failures', () => {
  test('a mistyped profile gets the near one', async () => {
    const { exitCode, stderr } = await iop(['profile', 'dump', 'dmeo']);
    expect(stderr).toContain('Did you mean demo?');
    expect(exitCode).toBe(1);
  });

  test('a kubeconfig that is not there is named', async () => {
    const { exitCode, stdout, stderr } = await iop(['status', '-c', '/nowhere/config']);
    expect(stderr).toContain('/nowhere/config');
    expect([exitCode, stdout]).toEqual([1, '']);
  });
});

test('profiles are listed with what they are for', async () => {
  const { stdout } = await iop(['profile', 'list']);
  expect(stdout).toMatch(/^ambient +A mesh without sidecars\.\ndefault +/);
});

describe('flags that are the same everywhere', () => {
  test('an empty --kubeconfig, as scripts come to it, is the same as none', async () => {
    const { stderr } = await iop(['status', '--kubeconfig', ''], { env: { KUBECONFIG: '/nowhere/config' } });
    expect(stderr).toContain('The kubeconfig /nowhere/config does not exist.');
  });

  test('may stand before the command and before the subcommand', async () => {
    for (const args of [
      ['-c', '/nowhere/config', 'status'],
      ['operator', '-c', '/nowhere/config', 'status'],
    ]) {
      expect((await iop(args)).stderr).toContain('The kubeconfig /nowhere/config does not exist.');
    }
  });

  test('the one behind the command counts', async () => {
    const { stderr } = await iop(['-c', '/nowhere/a', 'operator', '-c', '/nowhere/b', 'status', '-c', '/nowhere/c']);
    expect(stderr).toContain('/nowhere/c');
    expect((await iop(['-c', '/nowhere/a', 'operator', '-c', '/nowhere/b', 'status'])).stderr).toContain('/nowhere/b');
  });

  test('a command that has no use for them does not mind', async () => {
    expect(await iop(['--context', 'a', 'profile', 'list'])).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('version and completion', () => {
  test('version --client asks no cluster', async () => {
    const { exitCode, stdout } = await iop(['version', '--client', '-o', 'json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ client: { istio: '1.30.3' }, controlPlanes: [] });
  });

  test('version without any cluster is no failure, and one that was named is', async () => {
    expect(await iop(['version'], { env: { HOME: '/nowhere' } })).toEqual({
      exitCode: 0,
      stdout: 'iop 0.1.0, installs Istio 1.30.3\n',
      stderr:
        'No cluster was asked for its control planes. There is no kubeconfig, so it is not known which cluster is meant.\n',
    });
    const named = [
      await iop(['version', '-c', '/nowhere/config']),
      await iop(['version'], { env: { KUBECONFIG: '/nowhere/config' } }),
    ];
    for (const { exitCode, stderr } of named) {
      expect(stderr).toContain('/nowhere/config does not exist');
      expect(exitCode).toBe(1);
    }
  });

  test.each(['bash', 'zsh', 'fish'])('completion for %s knows commands, flags and profiles', async (shell) => {
    const { exitCode, stdout } = await iop(['completion', shell]);
    expect(exitCode).toBe(0);
    for (const word of ['uninstall', 'readiness-timeout', 'openshift-ambient']) expect(stdout).toContain(word);
  });
});
