/**
 * Breaks a text at blanks so that no line is longer than `columns`, unless one word is. Lines after the first are
 * indented by `indent` blanks.
 */
export function wrapText(text: string, columns: number, indent: number): string {
  const margin = ' '.repeat(indent);
  return text
    .split('\n')
    .map((line) => wrapLine(line, columns, margin))
    .join('\n');
}

function wrapLine(line: string, columns: number, margin: string): string {
  if (line.length <= columns) return line;
  const [, start = '', rest = ''] = /^( *)(.*)$/.exec(line) ?? [];
  const lines: string[] = [];
  let current = start;
  for (const word of rest.split(' ')) {
    const isFirst = current.trim() === '';
    if (!isFirst && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = margin + word;
    } else current += isFirst ? word : ` ${word}`;
  }
  return [...lines, current].join('\n');
}
