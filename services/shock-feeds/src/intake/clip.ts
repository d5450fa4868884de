/** At most so many characters of a foreign text, never half of a surrogate pair: PostgreSQL's jsonb refuses those. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text.toWellFormed() : text.slice(0, length).toWellFormed();
}
