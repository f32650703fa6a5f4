import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of a page. */
export interface Block {
  /** Page and line, for messages. */
  readonly at: string;
  readonly file: string;
  readonly line: number;
  /** What stands behind the fence: the language and marks such as `cluster`. */
  readonly info: readonly string[];
  readonly text: string;
}

/** README and everything in docs/, named from the root. */
export const PAGES: readonly string[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`)
    .sort(),
];

/** The text of a page. */
export function pageText(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

const FENCED = /^```(?<info>.*)\n(?<text>[\s\S]*?)^```$/.source;
const GIVEN = /^<!-- given\n(?<given>[\s\S]*?)^-->$/.source;
const RUN = /^<!-- (?<run>run: \S+) -->$/.source;
const BLOCK = new RegExp(`${FENCED}|${GIVEN}|${RUN}`, 'gm');

/**
 * The fenced blocks of a page, and the comments that stand for what readers have or do without being told here:
 * `<!-- given`, with commands, and `<!-- run: page#section -->`.
 */
export function blocksOf(file: string): readonly Block[] {
  const text = pageText(file);
  return [...text.matchAll(BLOCK)].map(({ groups = {}, index }) => {
    const line = text.slice(0, index).split('\n').length;
    const info = groups.info ?? groups.run ?? 'sh cluster';
    const content = groups.text ?? groups.given ?? '';
    return { at: `${file}:${line}`, file, line, info: info.trim().split(/\s+/).filter(Boolean), text: content };
  });
}

/** The lines of a section, from its heading to before the next one of its level. @throws when there is none. */
export function sectionOf(file: string, anchor: string): { readonly from: number; readonly to: number } {
  const lines = withoutBlocks(file).split('\n');
  const levelOf = (line: string) => /^#+(?= )/.exec(line)?.[0].length ?? Number.POSITIVE_INFINITY;
  const start = lines.findIndex((line) => anchorOf(line.replace(/^#+ /, '')) === anchor && line.startsWith('#'));
  const heading = lines[start];
  if (heading === undefined) throw new Error(`${file} has no section #${anchor}`);
  const end = lines.findIndex((line, index) => index > start && levelOf(line) <= levelOf(heading));
  return { from: start + 1, to: end < 0 ? lines.length + 1 : end + 1 };
}

/** The targets of the links of a page, without those that lead out of the project. */
export function linksOf(file: string): readonly string[] {
  const found = withoutBlocks(file).matchAll(/\]\(([^)\s]+)\)/g);
  return [...found].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(file: string): ReadonlySet<string> {
  const headings = [...withoutBlocks(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return new Set(headings.map(anchorOf));
}

function anchorOf(heading: string): string {
  const plain = heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, '');
  return plain.replaceAll(' ', '-');
}

/** The text with every line of a fenced block empty. */
function withoutBlocks(file: string): string {
  return pageText(file).replaceAll(/^```.*\n[\s\S]*?^```$/gm, (block) => block.replaceAll(/.+/g, ''));
}
