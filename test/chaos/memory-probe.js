// Loaded into an operator whose memory is measured: answers each message with the bytes that are alive on the heap.
import process from 'node:process';
import v8 from 'node:v8';

process.on('message', ({ snapshotPath }) => {
  globalThis.gc(); // of `--expose-gc`; twice, because finalizers of the first time let go of more
  globalThis.gc();
  process.send({ heapBytes: process.memoryUsage().heapUsed });
  if (snapshotPath !== undefined) v8.writeHeapSnapshot(snapshotPath);
});
process.channel.unref(); // it must end when its work ends
