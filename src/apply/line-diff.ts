/** Texts with more lines than this in all are shown as changed, without saying where. */
const MAX_LINES = 4_000;

/** How many unchanged lines around a changed one are shown. */
const CONTEXT = 2;

/** The lines of two texts, `+`, `-` or unchanged, with what is far from any change left out. */
export function lineDiff(before: string, after: string): readonly string[] {
  const [olds, news] = [before.split('\n'), after.split('\n')];
  if (olds.length + news.length > MAX_LINES) return [`- (${olds.length} lines)`, `+ (${news.length} lines)`];
  const start = commonLength(olds, news);
  const end = Math.min(
    commonLength(olds.slice(start).reverse(), news.slice(start).reverse()),
    Math.min(olds.length, news.length) - start,
  );
  const middle = alignedLines(olds.slice(start, olds.length - end), news.slice(start, news.length - end));
  const lines = [
    ...olds.slice(0, start).map((line) => `  ${line}`),
    ...middle,
    ...olds.slice(olds.length - end).map((line) => `  ${line}`),
  ];
  return nearChanges(lines);
}

function commonLength(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

/** Longest common subsequence, by the table of lengths from the end. */
function alignedLines(olds: readonly string[], news: readonly string[]): readonly string[] {
  const width = news.length + 1;
  const lengths = new Uint16Array((olds.length + 1) * width);
  for (let i = olds.length - 1; i >= 0; i--) {
    for (let j = news.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        olds[i] === news[j]
          ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const lines: string[] = [];
  for (let i = 0, j = 0; i < olds.length || j < news.length; ) {
    if (i < olds.length && j < news.length && olds[i] === news[j]) {
      lines.push(`  ${olds[i++]}`);
      j++;
    } else if (j >= news.length) lines.push(`- ${olds[i++]}`);
    else if (i >= olds.length) lines.push(`+ ${news[j++]}`);
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) lines.push(`- ${olds[i++]}`);
    else lines.push(`+ ${news[j++]}`);
  }
  return lines;
}

function nearChanges(lines: readonly string[]): readonly string[] {
  const near = new Set<number>();
  lines.forEach((line, index) => {
    if (line.startsWith('  ')) return;
    for (let other = index - CONTEXT; other <= index + CONTEXT; other++) near.add(other);
  });
  return lines.flatMap((line, index) => {
    if (near.has(index)) return [line];
    return index > 0 && near.has(index - 1) && index < lines.length - 1 ? ['  …'] : [];
  });
}
