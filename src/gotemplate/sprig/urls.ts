import { TemplateProblem } from '../template-error.ts';
import { quote } from '../text/quote.ts';
import { bytesOf, textOf } from '../text/utf8.ts';
import { type FunctionTable, fn } from '../values/go-function.ts';
import { kindOf } from '../values/types.ts';
import { type GoMap, mapOf } from '../values/values.ts';

/** sprig's functions on URLs. */
export function urlFunctions(): FunctionTable {
  return {
    urlParse: fn(['string'], parsed),
    urlJoin: fn(['map[string]interface {}'], joined),
  };
}

function parsed(text: string): GoMap {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a URL may not have
  if (/[\0-\x1f\x7f]/.test(text)) throw problem(text, 'net/url: invalid control character in URL');
  const [, beforeFragment = '', fragment = ''] = /^([^#]*)#?(.*)$/s.exec(text) ?? [];
  const [, scheme = '', afterScheme = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(.*)$/s.exec(beforeFragment) ?? [];
  if (scheme === '' && beforeFragment.startsWith(':')) throw problem(text, 'missing protocol scheme');
  const [, main = '', query = ''] = /^([^?]*)\??(.*)$/s.exec(afterScheme) ?? [];
  const isOpaque = scheme !== '' && !main.startsWith('/');
  const hasAuthority = !isOpaque && main.startsWith('//') && !main.startsWith('///');
  const [, authority = '', path = ''] = hasAuthority ? (/^\/\/([^/]*)(.*)$/s.exec(main) ?? []) : ['', '', main];
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  return mapOf([
    ['scheme', scheme.toLowerCase()],
    ['host', host],
    ['hostname', hostname(host)],
    ['path', isOpaque ? '' : unescaped(path, text)],
    ['query', query],
    ['opaque', isOpaque ? main : ''],
    ['fragment', unescaped(fragment, text)],
    ['userinfo', at < 0 ? '' : authority.slice(0, at)],
  ]);
}

function hostname(host: string): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  return bracketed?.[1] ?? host.replace(/:[^:]*$/, '');
}

function unescaped(part: string, url: string): string {
  const wrong = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(part);
  if (wrong !== null) throw problem(url, `invalid URL escape ${quote(wrong[0])}`);
  if (!part.includes('%')) return part;
  const bytes: number[] = [];
  for (const piece of part.split(/(%[0-9A-Fa-f]{2})/)) {
    if (/^%..$/.test(piece)) bytes.push(Number.parseInt(piece.slice(1), 16));
    else for (const byte of bytesOf(piece)) bytes.push(byte);
  }
  return textOf(Uint8Array.from(bytes));
}

function problem(url: string, reason: string): TemplateProblem {
  return new TemplateProblem(`unable to parse url: parse ${quote(url)}: ${reason}`);
}

function joined(parts: GoMap): string {
  const [scheme, host, path] = [textAt(parts, 'scheme'), textAt(parts, 'host'), textAt(parts, 'path')];
  const [query, opaque, fragment] = [textAt(parts, 'query'), textAt(parts, 'opaque'), textAt(parts, 'fragment')];
  const user = textAt(parts, 'userinfo');
  const tail = `${query === '' ? '' : `?${query}`}${fragment === '' ? '' : `#${escaped(fragment, FRAGMENT)}`}`;
  const lead = scheme === '' ? '' : `${scheme}:`;
  if (opaque !== '') return lead + opaque + tail;
  const authority = scheme !== '' || host !== '' || user !== '' ? authorityOf(host, user, path) : '';
  const slash = path !== '' && !path.startsWith('/') && host !== '' ? '/' : '';
  return `${lead}${authority}${slash}${escaped(path, PATH)}${tail}`;
}

function authorityOf(host: string, user: string, path: string): string {
  if (host === '' && path === '' && user === '') return '';
  return `//${user === '' ? '' : `${user}@`}${host}`;
}

function textAt({ entries }: GoMap, key: string): string {
  if (!entries.has(key)) return '';
  const value = entries.get(key);
  if (typeof value === 'string') return value;
  throw new TemplateProblem(`unable to parse ${key} key, must be of type string, but ${kindOf(value)} found`);
}

const PATH = /[A-Za-z0-9_.~$&+,/:;=@!'()*-]/;
const FRAGMENT = /[A-Za-z0-9_.~$&+,/:;=?@!'()*-]/;

function escaped(text: string, allowed: RegExp): string {
  return Array.from(bytesOf(text), (byte) => {
    const char = String.fromCharCode(byte);
    return allowed.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
