/**
 * Reads JSON that strangers send. JSON.parse takes two things that mislead: of a member that is said twice it silently keeps the last word, so that
 * what one reader checks is not what another reads (RFC 8259 §4 leaves it open), and it nests without end, so that whatever walks the value runs out of stack.
 */
import { InvalidFields } from './domain-error.js';

/** As deep as XML may be here. Our own bodies need nine levels (a MultiPolygon of a feature collection). */
const MOST_LEVELS = 64;
/** A name may hold a person, or a character that no table takes, and be as long as the body. */
const MOST_OF_A_NAME = 40;
const LONG_NUMBER = /\d{12,}X?/gi;
const CONTROL = /\p{Cc}/gu;

/** JSON that is well-formed and refused all the same; tells where, never a value. */
export class UnusableJson extends InvalidFields {
  constructor(
    code: 'REQUEST.JSON_TOO_DEEP' | 'REQUEST.JSON_NAME_TWICE',
    readonly field: string,
    readonly rule: string,
  ) {
    super([{ field, value: null, rule }], code);
  }
}

/** The value of a JSON text. Throws SyntaxError of one that is not well-formed, and as {@link checkMembers} does. */
export function readJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  checkMembers(text);
  return value;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Refuses ({@link UnusableJson}) a well-formed text that nests more than 64 levels deep or says a member of an object twice. One pass without
 * recursion, which costs about as much as JSON.parse does.
 */
export function checkMembers(text: string): void {
  const outer: (Set<string> | undefined)[] = [];
  const path: (string | number)[] = [];
  /** The names of the object in hand; undefined within a list. */
  let names: Set<string> | undefined;
  let isName = false;
  for (let at = 0; at < text.length; at += 1)
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfText(text, at + 1);
        if (isName && names !== undefined) {
          const name = nameOf(text.slice(at + 1, end));
          path[path.length - 1] = name;
          if (names.has(name)) throw new UnusableJson('REQUEST.JSON_NAME_TWICE', told(path), 'must be given once');
          names.add(name);
          isName = false;
        }
        at = end;
        break;
      }
      case COMMA:
        isName = names !== undefined;
        if (names === undefined) path[path.length - 1] = Number(path.at(-1)) + 1;
        break;
      case OPEN_OBJECT:
      case OPEN_LIST: {
        if (path.length === MOST_LEVELS)
          throw new UnusableJson(
            'REQUEST.JSON_TOO_DEEP',
            told(path.slice(0, 1)),
            `must nest at most ${MOST_LEVELS} levels deep`,
          );
        outer.push(names);
        isName = text.charCodeAt(at) === OPEN_OBJECT;
        names = isName ? new Set() : undefined;
        path.push(isName ? '' : 0);
        break;
      }
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        names = outer.pop();
        isName = false;
        path.pop();
        break;
    }
}

function endOfText(text: string, from: number): number {
  let at = from;
  for (let unit = text.charCodeAt(at); unit !== QUOTE; unit = text.charCodeAt(at)) at += unit === BACKSLASH ? 2 : 1;
  return at;
}

/** Written with escapes or without, it is one name. */
const nameOf = (written: string): string => (written.includes('\\') ? (JSON.parse(`"${written}"`) as string) : written);

/** A path as problems write it: `rows[3].price`. */
function told(path: readonly (string | number)[]): string {
  return path.reduce<string>((all, step) => {
    if (typeof step === 'number') return `${all === '' ? 'body' : all}[${step}]`;
    const name = step.replace(LONG_NUMBER, '…').replace(CONTROL, '').slice(0, MOST_OF_A_NAME);
    return all === '' ? name : `${all}.${name}`;
  }, '');
}
