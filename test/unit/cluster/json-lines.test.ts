import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from '../../../src/cluster/json-lines.ts';

async function* chunksOf(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (const size of sizes) {
    yield bytes.subarray(start, start + size);
    start += size;
  }
  yield bytes.subarray(start);
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(chunks)) lines.push(line);
  return lines;
}

test('lines come out as they went in, however they are cut', async () => {
  const line = fc.string({ unit: 'binary', minLength: 1 }).map((text) => JSON.stringify(text));
  await fc.assert(
    fc.asyncProperty(fc.array(line), fc.array(fc.nat(20)), async (lines, sizes) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      expect(await collect(chunksOf(bytes, sizes))).toEqual(lines.map((text) => Buffer.from(text).toString()));
    }),
  );
});

test('what follows the last newline is half an object and left out; empty lines are none', async () => {
  expect(await collect(chunksOf(Buffer.from('{"a":1}\r\n\n{"b'), [3]))).toEqual(['{"a":1}\r']);
});

test('a line without end is refused before it fills the memory', async () => {
  async function* endless(): AsyncGenerator<Buffer> {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    while (true) yield chunk;
  }
  await expect(collect(endless())).rejects.toThrow('too long');
});
