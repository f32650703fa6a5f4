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

/** The fenced blocks of a page. */
export function blocksOf(file: string): readonly Block[] {
  const found = pageText(file).matchAll(/^```(.*)\n([\s\S]*?)^```$/gm);
  return [...found].map(({ 1: info = '', 2: text = '', index, input }) => ({
    at: `${file}:${input.slice(0, index).split('\n').length}`,
    file,
    info: info.trim().split(/\s+/).filter(Boolean),
    text,
  }));
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

function withoutBlocks(file: string): string {
  return pageText(file).replaceAll(/^```.*\n[\s\S]*?^```$/gm, '');
}
