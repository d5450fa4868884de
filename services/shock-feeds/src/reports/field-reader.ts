/**
 * Reads a JSON object member by member and collects every problem, so that one answer names them all: shape, unknown
 * members, unknown codes and contradictions alike.
 */
import { FREE_TEXT_RULE, holdsPersonalNumber, InvalidFields, tellable, type FieldProblem } from '@fangpin/domain-kit';

type JsonObject = Readonly<Record<string, unknown>>;
// jsonb and text take neither NUL nor half a surrogate pair; control characters have no business in a headline.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

export class FieldReader {
  constructor(
    private readonly value: JsonObject,
    private readonly path: string,
    private readonly problems: FieldProblem[],
  ) {}

  /** A reader of a whole body; what is no object is refused at once. */
  static ofBody(body: unknown, problems: FieldProblem[]): FieldReader {
    if (!isObject(body))
      throw new InvalidFields([{ field: 'body', value: typeOf(body), rule: 'must be a JSON object' }]);
    return new FieldReader(body, '', problems);
  }

  /** Members beside these are named as unknown. */
  only(known: readonly string[]): void {
    for (const name of Object.keys(this.value))
      if (!known.includes(name)) this.problem(name, 'is not a known member', this.value[name]);
  }

  has(name: string): boolean {
    return this.value[name] !== undefined && this.value[name] !== null;
  }

  raw(name: string): unknown {
    return this.value[name];
  }

  problem(name: string, rule: string, value: unknown = this.value[name]): undefined {
    const field = this.path === '' ? name : `${this.path}.${name}`;
    this.problems.push({ field, value: tellable(value) ?? null, rule });
    return undefined;
  }

  text(name: string, maxLength: number): string | undefined {
    const text = this.value[name];
    if (typeof text !== 'string' || text.trim() === '') return this.problem(name, 'must be a text that is not empty');
    if (text.length > maxLength) return this.problem(name, `must be at most ${maxLength} characters`, text.length);
    if (CONTROL.test(text) || !text.isWellFormed()) return this.problem(name, 'must hold no control characters', null);
    if (holdsPersonalNumber(text)) return this.problem(name, FREE_TEXT_RULE, null);
    return text.trim();
  }

  boolean(name: string): boolean | undefined {
    const value = this.value[name];
    return typeof value === 'boolean' ? value : this.problem(name, 'must be true or false');
  }

  /** Zero where the member is absent. */
  amount(name: string, { max, integer }: { readonly max: number; readonly integer: boolean }): number {
    if (!this.has(name)) return 0;
    const value = this.value[name];
    if (typeof value === 'number' && value >= 0 && value <= max && (!integer || Number.isInteger(value))) return value;
    this.problem(name, `must be ${integer ? 'an integer' : 'a number'} from 0 to ${max}`);
    return 0;
  }

  /** Empty where the member is absent. */
  list(name: string, max: number): readonly unknown[] {
    if (!this.has(name)) return [];
    const value = this.value[name];
    if (Array.isArray(value) && value.length <= max) return value;
    this.problem(name, `must be a list of at most ${max}`, typeOf(value));
    return [];
  }

  /** A reader of a member that must be an object. */
  object(name: string): FieldReader | undefined {
    const value = this.value[name];
    if (isObject(value)) return new FieldReader(value, this.path === '' ? name : `${this.path}.${name}`, this.problems);
    return this.problem(name, 'must be a JSON object', value === undefined ? null : typeOf(value));
  }

  /** Readers of a list of objects; an element that is none is named. */
  objects(name: string, max: number): FieldReader[] {
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return this.list(name, max).flatMap((element, i) => {
      if (isObject(element)) return [new FieldReader(element, `${path}[${i}]`, this.problems)];
      this.problems.push({ field: `${path}[${i}]`, value: typeOf(element), rule: 'must be a JSON object' });
      return [];
    });
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}
