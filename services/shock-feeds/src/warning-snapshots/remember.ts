/**
 * The answers of a pure function by a short text, for as many texts as come again in every list: a dozen types and colours
 * stand for thousands of members. Texts of foreign making are bounded by starting anew when there are too many.
 */
const MOST = 1_000;

export function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    if (known.has(text)) return known.get(text) as T;
    if (known.size >= MOST) known.clear();
    const answer = read(text);
    known.set(text, answer);
    return answer;
  };
}
