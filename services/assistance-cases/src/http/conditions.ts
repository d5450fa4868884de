/** Conditions of a query with their parameters, joined by AND. */
export class Conditions {
  readonly values: unknown[] = [];
  private readonly parts: string[] = [];

  /** Each `?` stands for the next value. */
  add(condition: string, ...values: unknown[]): this {
    let next = 0;
    this.parts.push(condition.replaceAll('?', () => this.bind(values[next++])));
    return this;
  }

  /** The number of a parameter of its own, for use outside the conditions. */
  bind(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }

  toString(): string {
    return this.parts.length === 0 ? 'true' : this.parts.join(' AND ');
  }
}
