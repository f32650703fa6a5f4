/** Bytes in hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The Adler-32 checksum. @see {@link https://www.rfc-editor.org/rfc/rfc1950#section-8} */
export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return b * 65536 + a;
}

/** The message with its padding and length, in blocks of 64 or 128 bytes. */
function padded(bytes: Uint8Array, block: 64 | 128): DataView {
  const size = Math.ceil((bytes.length + 1 + block / 8) / block) * block;
  const message = new Uint8Array(size);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setBigUint64(size - 8, BigInt(bytes.length) * 8n);
  return view;
}

function bytesOfWords(words: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(words.length * 4));
  words.forEach((word, index) => {
    view.setUint32(index * 4, word);
  });
  return new Uint8Array(view.buffer);
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}

/** SHA-1. @see {@link https://www.rfc-editor.org/rfc/rfc3174} */
export function sha1(bytes: Uint8Array): Uint8Array {
  const message = padded(bytes, 64);
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Uint32Array(80);
  for (let offset = 0; offset < message.byteLength; offset += 64) {
    for (let i = 0; i < 80; i++) {
      words[i] = i < 16 ? message.getUint32(offset + i * 4) : rotateLeft(sha1Mixed(words, i), 1);
    }
    sha1Block(state, words);
  }
  return bytesOfWords(state);
}

function sha1Mixed(words: Uint32Array, i: number): number {
  return (words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0);
}

function sha1Block(state: Uint32Array, words: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  for (let i = 0; i < 80; i++) {
    const mixed = i < 20 ? (b & c) | (~b & d) : i >= 40 && i < 60 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
    const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][Math.floor(i / 20)] ?? 0;
    const next = (rotateLeft(a, 5) + mixed + e + constant + (words[i] ?? 0)) | 0;
    [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, next];
  }
  [a, b, c, d, e].forEach((value, i) => {
    state[i] = ((state[i] ?? 0) + value) | 0;
  });
}

/** The first bits of the fractions of roots of the first primes: where SHA-2 has its constants from. */
function rootFraction(prime: number, root: 2 | 3, bits: bigint): bigint {
  // the integer root of prime × 2^(root × bits), by Newton's method
  const target = BigInt(prime) << (BigInt(root) * bits);
  let guess = 1n << (bits + 5n);
  for (;;) {
    const power = root === 2 ? guess : guess * guess;
    const next = ((BigInt(root) - 1n) * guess + target / power) / BigInt(root);
    if (next >= guess) return guess & ((1n << bits) - 1n);
    guess = next;
  }
}

function primes(count: number): readonly number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

/** SHA-256. @see {@link https://www.rfc-editor.org/rfc/rfc6234} */
export function sha256(bytes: Uint8Array): Uint8Array {
  const message = padded(bytes, 64);
  const constants = Uint32Array.from(primes(64), (prime) => Number(rootFraction(prime, 3, 32n)));
  const state = Uint32Array.from(primes(8), (prime) => Number(rootFraction(prime, 2, 32n)));
  const words = new Uint32Array(64);
  for (let offset = 0; offset < message.byteLength; offset += 64) {
    for (let i = 0; i < 64; i++) words[i] = i < 16 ? message.getUint32(offset + i * 4) : sha256Mixed(words, i);
    sha256Block(state, words, constants);
  }
  return bytesOfWords(state);
}

function rotateRight(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

function sha256Mixed(words: Uint32Array, i: number): number {
  const [near, far] = [words[i - 2] ?? 0, words[i - 15] ?? 0];
  const s0 = rotateRight(far, 7) ^ rotateRight(far, 18) ^ (far >>> 3);
  const s1 = rotateRight(near, 17) ^ rotateRight(near, 19) ^ (near >>> 10);
  return ((words[i - 16] ?? 0) + s0 + (words[i - 7] ?? 0) + s1) | 0;
}

function sha256Block(state: Uint32Array, words: Uint32Array, constants: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let i = 0; i < 64; i++) {
    const s1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] ?? 0) + (words[i] ?? 0)) | 0;
    const s0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    state[i] = ((state[i] ?? 0) + value) | 0;
  });
}

const WORD = (1n << 64n) - 1n;

function rotate64(word: bigint, by: bigint): bigint {
  return ((word >> by) | (word << (64n - by))) & WORD;
}

/** SHA-512, on bigints: it is rare in charts and need not be fast. */
export function sha512(bytes: Uint8Array): Uint8Array {
  const message = padded(bytes, 128);
  const constants = primes(80).map((prime) => rootFraction(prime, 3, 64n));
  const state = primes(8).map((prime) => rootFraction(prime, 2, 64n));
  for (let offset = 0; offset < message.byteLength; offset += 128) {
    const words: bigint[] = [];
    for (let i = 0; i < 80; i++) words.push(i < 16 ? message.getBigUint64(offset + i * 8) : sha512Mixed(words, i));
    sha512Block(state, words, constants);
  }
  const view = new DataView(new ArrayBuffer(64));
  state.forEach((word, index) => {
    view.setBigUint64(index * 8, word);
  });
  return new Uint8Array(view.buffer);
}

function sha512Mixed(words: readonly bigint[], i: number): bigint {
  const [near, far] = [words[i - 2] ?? 0n, words[i - 15] ?? 0n];
  const s0 = rotate64(far, 1n) ^ rotate64(far, 8n) ^ (far >> 7n);
  const s1 = rotate64(near, 19n) ^ rotate64(near, 61n) ^ (near >> 6n);
  return ((words[i - 16] ?? 0n) + s0 + (words[i - 7] ?? 0n) + s1) & WORD;
}

function sha512Block(state: bigint[], words: readonly bigint[], constants: readonly bigint[]): void {
  let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
  for (let i = 0; i < 80; i++) {
    const s1 = rotate64(e, 14n) ^ rotate64(e, 18n) ^ rotate64(e, 41n);
    const first = (h + s1 + ((e & f) ^ (~e & WORD & g)) + (constants[i] ?? 0n) + (words[i] ?? 0n)) & WORD;
    const s0 = rotate64(a, 28n) ^ rotate64(a, 34n) ^ rotate64(a, 39n);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) & WORD;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) & WORD, c, b, a, (first + second) & WORD];
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    state[i] = ((state[i] ?? 0n) + value) & WORD;
  });
}
