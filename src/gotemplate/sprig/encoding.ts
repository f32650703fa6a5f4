import { decodeBase32, decodeBase64, encodeBase32, encodeBase64 } from '../text/base64.ts';
import { bytesOf } from '../text/utf8.ts';
import { type FunctionTable, fn, framed } from '../values/go-function.ts';
import { adler32, hexOf, sha1, sha256, sha512 } from './hash.ts';

/** Units of work for a character: it is computed on bigints. */
const SHA512_COST = 32;

/** sprig's encodings and checksums. */
export function encodingFunctions(): FunctionTable {
  return {
    b64enc: fn(['string'], encodeBase64),
    b64dec: fn(['string'], (text) => decoded(decodeBase64(text), 'base64')),
    b32enc: fn(['string'], encodeBase32),
    b32dec: fn(['string'], (text) => decoded(decodeBase32(text), 'base32')),
    sha1sum: fn(['string'], (text) => hexOf(sha1(bytesOf(text)))),
    sha256sum: fn(['string'], (text) => hexOf(sha256(bytesOf(text)))),
    sha512sum: framed(['string'], (frame, text) => {
      frame.run.spend(text.length * SHA512_COST);
      return hexOf(sha512(bytesOf(text)));
    }),
    adler32sum: fn(['string'], (text) => String(adler32(bytesOf(text)))),
  };
}

/** sprig gives the message for an error here, it does not fail. */
function decoded(result: string | number, encoding: string): string {
  return typeof result === 'string' ? result : `illegal ${encoding} data at input byte ${result}`;
}
