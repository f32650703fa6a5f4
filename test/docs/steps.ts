import { dirname, join } from 'node:path';
import { blocksOf, sectionOf } from './markdown.ts';

/** What a reader of a page does, in this order: commands to run, and files to write before them. */
export type Step = RunStep | FileStep;

/** A block of commands. */
export interface RunStep {
  readonly kind: 'run';
  readonly at: string;
  readonly text: string;
  /** Whether it may use the cluster: `sh cluster`. */
  readonly usesCluster: boolean;
  /** `until=TEXT`: it goes on until somebody stops it, which is done when it has printed this. */
  readonly until: string | undefined;
  /** `exit=2`: the exit code of its one command. */
  readonly exitCode: number;
  /** The block below it that shows what is printed: `text output`. */
  readonly expected: string;
}

/** A block that is to be saved: `yaml file=mesh.yaml`. */
export interface FileStep {
  readonly kind: 'file';
  readonly at: string;
  readonly text: string;
  readonly name: string;
}

/** What there is to do on a page, in its order. `<!-- run: getting-started.md#1-the-operator -->` stands for that section. */
export function stepsOf(page: string): readonly Step[] {
  const blocks = blocksOf(page);
  return blocks.flatMap((block, index): readonly Step[] => {
    const [language = '', ...marks] = block.info;
    const { at, text } = block;
    const marked = (name: string) => marks.find((mark) => mark.startsWith(`${name}=`))?.slice(name.length + 1);
    const name = marked('file');
    if (language === 'run:') return stepsOfSection(join(dirname(page), marks[0] ?? ''));
    if (name !== undefined) return [{ kind: 'file', at, text, name }];
    if (language !== 'sh') return [];
    const below = blocks[index + 1];
    const expected = below?.info.join(' ') === 'text output' ? below.text : '';
    const usesCluster = marks.includes('cluster');
    return [
      { kind: 'run', at, text, usesCluster, until: marked('until'), exitCode: Number(marked('exit') ?? 0), expected },
    ];
  });
}

function stepsOfSection(link: string): readonly Step[] {
  const [page = '', anchor = ''] = link.split('#');
  const { from, to } = sectionOf(page, anchor);
  const isInside = ({ at }: Step) => {
    const line = Number(at.split(':')[1]);
    return line >= from && line < to;
  };
  return stepsOf(page).filter(isInside);
}

/**
 * The lines of an expected output that are not printed, in order. What differs each time does not count: ages, random
 * endings of names, and the width of columns.
 */
export function missingLines(expected: string, printed: string): readonly string[] {
  const lines = printed.split('\n').map(comparable);
  let from = 0;
  const wanted = expected.split('\n').filter((line) => line.trim() !== '');
  return wanted.filter((line) => {
    const found = lines.indexOf(comparable(line), from);
    if (found >= 0) from = found + 1;
    return found < 0;
  });
}

function comparable(line: string): string {
  return line
    .replaceAll(/\b(\d+(ms|[smhd]))+\b/g, 'AGE')
    .replaceAll(/-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g, '-POD')
    .replaceAll(/\b(?=[a-f0-9]*\d)[a-f0-9]{12}\b/g, 'HASH')
    .replaceAll(/\b(127|10|192|172)(\.\d+){3}\b/g, 'ADDRESS')
    .replaceAll(/\s+/g, ' ')
    .trim();
}
