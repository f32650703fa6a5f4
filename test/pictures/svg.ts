import type { Cell } from './screen.ts';

const CELL = { width: 7.8, height: 18 } as const;
const MARGIN = { side: 20, top: 44, bottom: 18 } as const;

const COLOURS: Readonly<Record<string, string>> = {
  plain: '#d8dee9',
  dim: '#8b95a7',
  grey: '#8b95a7',
  red: '#f2777a',
  green: '#8fce7a',
  yellow: '#f0c674',
  blue: '#7aa6da',
  magenta: '#c397d8',
  cyan: '#70c0ba',
};

/**
 * A terminal's screen as a picture. Each run of characters is as wide as its columns, whatever font there is.
 * @param title - what it shows, for those who do not see it.
 */
export function screenSvg(rows: readonly (readonly Cell[])[], columns: number, title: string): string {
  const width = Math.round(columns * CELL.width + 2 * MARGIN.side);
  const height = rows.length * CELL.height + MARGIN.top + MARGIN.bottom;
  const buttons = ['#f2777a', '#f0c674', '#8fce7a'].map(
    (colour, index) => `<circle cx="${MARGIN.side + index * 18}" cy="20" r="5.5" fill="${colour}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="#1d2330"/>
${buttons.join('')}
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13">
${rows.map(rowSvg).filter(Boolean).join('\n')}
</g>
</svg>
`;
}

function rowSvg(row: readonly Cell[], index: number): string {
  const y = MARGIN.top + index * CELL.height + 13;
  return runsIn(row)
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, start, looks }) => {
      const x = round(MARGIN.side + start * CELL.width);
      const colour = COLOURS[looks.findLast((look) => look !== 'bold') ?? 'plain'];
      const bold = looks.includes('bold') ? ' font-weight="bold"' : '';
      const length = round([...text].length * CELL.width);
      return `<text x="${x}" y="${y}" fill="${colour}" textLength="${length}" lengthAdjust="spacingAndGlyphs"${bold}>${escaped(text)}</text>`;
    })
    .join('');
}

interface Run {
  readonly text: string;
  readonly start: number;
  readonly looks: readonly string[];
}

/** Neighbours that look the same, without the blanks around them, which readers of SVG drop. */
function runsIn(row: readonly Cell[]): readonly Run[] {
  const runs: Run[] = [];
  row.forEach(({ char, looks }, start) => {
    const last = runs.at(-1);
    if (last !== undefined && last.looks.join() === looks.join())
      runs[runs.length - 1] = { ...last, text: last.text + char };
    else runs.push({ text: char, start, looks });
  });
  return runs.map(({ text, start, looks }) => ({ text: text.trim(), start: start + text.search(/\S|$/), looks }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
