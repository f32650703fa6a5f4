/** A line longer than this is no Kubernetes object: etcd takes 1.5 MB, and JSON text grows to a few times of that. */
const LINE_LIMIT_BYTES = 32 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Splits a stream of bytes into lines. Chunks may end anywhere, also within a UTF-8 character: a line becomes text only
 * when it is complete. What follows the last newline is left out, for a stream that breaks off leaves half an object.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      parts.push(chunk.subarray(start, end));
      const line = Buffer.concat(parts).toString('utf8');
      parts = [];
      sizeBytes = 0;
      start = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (start === chunk.length) continue;
    parts.push(chunk.subarray(start));
    sizeBytes += chunk.length - start;
    if (sizeBytes > LINE_LIMIT_BYTES) throw new RangeError('a line of the watch is too long');
  }
}
