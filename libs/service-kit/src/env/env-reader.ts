/** Reads variables one by one and keeps every complaint, so that a wrong set-up is told at once and whole. */
export class EnvironmentInvalid extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`the environment is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'EnvironmentInvalid';
  }
}

export interface IntegerRule {
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

/**
 * One pass over an environment. Every getter answers a usable value or, where the variable is bad, a stand-in and a
 * complaint that {@link done} throws. Complaints name the variable and the rule, never the value: it may be a secret.
 * An empty string counts as not set.
 */
export class EnvReader {
  readonly #problems: string[] = [];

  constructor(private readonly source: NodeJS.ProcessEnv) {}

  optional(name: string): string | undefined {
    const value = this.source[name]?.trim();
    return value === '' ? undefined : value;
  }

  text(name: string, fallback?: string): string {
    const value = this.optional(name) ?? fallback;
    if (value === undefined) this.complain(name, 'must be set');
    return value ?? '';
  }

  integer(name: string, { default: fallback, min = 0, max = Number.MAX_SAFE_INTEGER }: IntegerRule = {}): number {
    const text = this.optional(name);
    if (text === undefined) {
      if (fallback === undefined) this.complain(name, 'must be set');
      return fallback ?? min;
    }
    const value = Number(text);
    if (/^-?\d+$/.test(text) && value >= min && value <= max) return value;
    this.complain(name, `must be an integer from ${min} to ${max}`);
    return fallback ?? min;
  }

  oneOf<const T extends string>(name: string, values: readonly T[], fallback: T): T {
    const text = this.optional(name) ?? fallback;
    const found = values.find((value) => value === text);
    if (found === undefined) this.complain(name, `must be one of ${values.join(', ')}`);
    return found ?? fallback;
  }

  /** A URL of one of the protocols, written as it was given. */
  url(name: string, protocols: readonly string[], fallback?: string): string {
    const text = this.text(name, fallback);
    if (text !== '') this.#checkUrl(name, text, protocols);
    return text;
  }

  optionalUrl(name: string, protocols: readonly string[]): string | undefined {
    const text = this.optional(name);
    if (text !== undefined) this.#checkUrl(name, text, protocols);
    return text;
  }

  /** Comma-separated, at least one. */
  list(name: string, fallback?: string): string[] {
    const items = this.text(name, fallback)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
    return items;
  }

  /** Reads by a parser that throws on a bad value; the parser's message is not told on. */
  parsed<T>(name: string, fallback: string, rule: string, parse: (text: string) => T): T {
    try {
      return parse(this.optional(name) ?? fallback);
    } catch {
      this.complain(name, rule);
      return parse(fallback);
    }
  }

  complain(name: string, rule: string): void {
    this.#problems.push(`${name} ${rule}`);
  }

  /** Throws {@link EnvironmentInvalid} naming every bad variable. */
  done(): void {
    if (this.#problems.length > 0) throw new EnvironmentInvalid(this.#problems);
  }

  #checkUrl(name: string, text: string, protocols: readonly string[]): void {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !protocols.includes(url.protocol.slice(0, -1)))
      this.complain(name, `must be a URL that starts with ${protocols.map((p) => `${p}://`).join(' or ')}`);
  }
}
