/**
 * The households that one call brings alerts of one origin for. Messages bring them in order, so that sorting a few runs
 * nearly always sorts all of them; a map of some ten thousand households would cost more than storing their cases.
 */
export class AlertsOfOrigin {
  private readonly runs: { readonly from: number; readonly to: number }[] = [];
  private sortedOnce: Float64Array | undefined;
  private positions: Map<number, number> | undefined;

  /** `household`: of every alert of the call, by position. */
  constructor(private readonly household: readonly number[]) {}

  /** The alerts at these positions. */
  static at(household: readonly number[], positions: readonly number[]): AlertsOfOrigin {
    const alerts = new AlertsOfOrigin(household);
    for (const position of positions) alerts.addRun(position, position + 1);
    return alerts;
  }

  /** Positions `from` up to `to`, `to` not among them. */
  addRun(from: number, to: number): void {
    if (to > from) this.runs.push({ from, to });
  }

  /** No household twice. */
  get areDistinct(): boolean {
    const { sorted } = this;
    for (let i = 1; i < sorted.length; i += 1) if (sorted[i - 1] === sorted[i]) return false;
    return true;
  }

  get sorted(): Float64Array {
    return (this.sortedOnce ??= this.sort());
  }

  /** Position of the household's alert; built at the first question, for most calls ask none. */
  positionOf(household: number): number | undefined {
    this.positions ??= new Map(
      this.runs.flatMap(({ from, to }) => {
        const ofRun: [number, number][] = [];
        for (let position = from; position < to; position += 1)
          ofRun.push([this.household[position] as number, position]);
        return ofRun;
      }),
    );
    return this.positions.get(household);
  }

  private sort(): Float64Array {
    const first = ({ from }: { from: number }): number => this.household[from] as number;
    const runs = [...this.runs].sort((a, b) => first(a) - first(b));
    const sorted = new Float64Array(runs.reduce((size, { from, to }) => size + to - from, 0));
    let size = 0;
    let inOrder = true;
    for (const { from, to } of runs)
      for (let position = from; position < to; position += 1) {
        const household = this.household[position] as number;
        inOrder &&= size === 0 || (sorted[size - 1] as number) <= household;
        sorted[size++] = household;
      }
    return inOrder ? sorted : sorted.sort();
  }
}
