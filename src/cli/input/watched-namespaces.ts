/** `a,b` names two namespaces; an empty text means all, which is an empty list, as does a `*`. */
export function watchedNamespaces(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  return names.includes('*') ? [] : names.filter((name) => name !== '');
}
