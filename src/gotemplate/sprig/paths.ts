import { type FunctionTable, fn } from '../values/go-function.ts';

/** sprig's functions on paths, which are those with slashes everywhere: a template gives the same on every system. */
export function pathFunctions(): FunctionTable {
  const base = fn(['string'], baseOf);
  const dir = fn(['string'], (path) => cleaned(path.slice(0, path.lastIndexOf('/') + 1)));
  const clean = fn(['string'], cleaned);
  const ext = fn(['string'], extensionOf);
  const isAbs = fn(['string'], (path) => path.startsWith('/'));
  return { base, dir, clean, ext, isAbs, osBase: base, osDir: dir, osClean: clean, osExt: ext, osIsAbs: isAbs };
}

function baseOf(path: string): string {
  if (path === '') return '.';
  let end = path.length;
  while (end > 0 && path[end - 1] === '/') end--;
  return end === 0 ? '/' : path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

function cleaned(path: string): string {
  const isRooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const last = parts.at(-1);
    if (part !== '..') parts.push(part);
    else if (last !== undefined && last !== '..') parts.pop();
    else if (!isRooted) parts.push(part);
  }
  const joined = parts.join('/');
  return isRooted ? `/${joined}` : joined === '' ? '.' : joined;
}
