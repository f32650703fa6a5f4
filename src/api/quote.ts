/** Cut to at most `limit` characters: what comes from a document can be of any length, messages cannot. */
export function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** A text in quotes on one line, cut where it is long. */
export function quote(text: string): string {
  return JSON.stringify(shorten(text, 60));
}
