import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { HostValue, MissingKey } from '../../src/gotemplate/index.ts';

const DIR = join(dirname(fileURLToPath(import.meta.url)), 'corpus');

/** One run of a template, for us and for Go. */
export interface Case {
  /** `area: template`, which is also its key in `expected.json`. */
  readonly name: string;
  /** Parsed in order; the last one runs. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly data: HostValue;
  readonly missingKey: MissingKey;
  /** Whether sprig's and Helm's functions are there, or only Go's own. */
  readonly functions: 'helm' | 'go';
}

/** What a case gives: text, or the message of its error. */
export interface Outcome {
  readonly output?: string;
  readonly error?: string;
}

/** The expressions of `corpus/*.txt`, one a line; a line `#: missingkey=…` or `#: functions=…` is for those after it. */
export function expressionCases(): readonly Case[] {
  const data = parse(readFileSync(join(DIR, 'data.yaml'), 'utf8')) as HostValue;
  return filesOf(DIR, '.txt').flatMap((file) => {
    let missingKey: MissingKey = 'default';
    let functions: Case['functions'] = 'helm';
    const area = file.replace('.txt', '');
    return readFileSync(join(DIR, file), 'utf8')
      .split('\n')
      .flatMap((line): Case[] => {
        const setting = /^#: missingkey=(default|zero|error)$/.exec(line);
        if (setting !== null) missingKey = setting[1] as MissingKey;
        if (/^#: functions=(?:helm|go)$/.test(line)) functions = line.endsWith('go') ? 'go' : 'helm';
        if (line === '' || line.startsWith('#')) return [];
        const mode = missingKey === 'default' ? '' : ` (missingkey=${missingKey})`;
        const name = `${area}${functions === 'go' ? ' (go)' : ''}${mode}: ${line}`;
        return [{ name, files: [{ name: 'line', text: line }], data, missingKey, functions }];
      });
  });
}

/** The whole templates of `corpus/templates`: files in sections `-- name --`, the first of which is `values`. */
export function templateCases(): readonly Case[] {
  const dir = join(DIR, 'templates');
  return filesOf(dir, '.txt').map((file) => {
    const sections = readFileSync(join(dir, file), 'utf8').split(/^-- (\S+) --\n/m);
    const files: { name: string; text: string }[] = [];
    for (let i = 1; i < sections.length; i += 2) files.push({ name: sections[i] ?? '', text: sections[i + 1] ?? '' });
    const values = parse(files.shift()?.text ?? '') as HostValue;
    const data = { ...RELEASE, Values: values };
    return { name: `template: ${file.replace('.txt', '')}`, files, data, missingKey: 'zero', functions: 'helm' };
  });
}

const RELEASE = {
  Release: { Name: 'rel', Namespace: 'istio-system', Service: 'Helm', Revision: 1, IsInstall: true },
  Chart: { Name: 'chart', Version: '1.2.3+build.4', AppVersion: '1.30.3' },
} as const;

function filesOf(dir: string, ending: string): readonly string[] {
  return readdirSync(dir)
    .filter((file) => file.endsWith(ending))
    .sort();
}
