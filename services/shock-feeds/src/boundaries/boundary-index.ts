/** Boundaries and positions by their boxes, and by kinship: which of them lie within which. Pure; made anew on change. */
import { contains, COUNTRY, type RegionCode } from '@fangpin/domain-kit';
import type { BoundingBox, RegionPosition } from './region-position.js';
import { boxesMeet } from './shape-measures.js';

export class BoundaryIndex {
  /** In the order of their codes. */
  readonly positions: readonly RegionPosition[];
  readonly #bounded: readonly RegionPosition[];

  constructor(positions: readonly RegionPosition[]) {
    this.positions = [...positions].sort((a, b) => (a.code < b.code ? -1 : 1));
    // The property is asked for, not read: reading would unpack every outline.
    this.#bounded = this.positions.filter((position) => 'geometry' in position);
  }

  /** No boundary at all is loaded; positions may be. */
  get isEmpty(): boolean {
    return this.#bounded.length === 0;
  }

  /** Regions with a boundary whose box meets the box, and that lie in no other of them. */
  outermostMeeting(box: BoundingBox): RegionPosition[] {
    return outermostOf(this.#meeting(box, this.#bounded));
  }

  /** Regions with a boundary that lie next below a region, whose box meets the box. */
  nextBelow(code: RegionCode, box: BoundingBox): RegionPosition[] {
    const below = this.#within(code).filter((position) => position.code !== code);
    return this.#meeting(box, outermostOf(below));
  }

  /** Codes within another stand together in their order. */
  #within(code: RegionCode): readonly RegionPosition[] {
    if (code === COUNTRY) return this.#bounded;
    const from = firstAtLeast(this.#bounded, code);
    let to = from;
    while (this.#bounded[to]?.code.startsWith(code) === true) to += 1;
    return this.#bounded.slice(from, to);
  }

  #meeting(box: BoundingBox, positions: readonly RegionPosition[]): RegionPosition[] {
    return positions.filter((position) => boxesMeet(position.bbox, box));
  }
}

/** Those that lie in no other; the positions come in the order of their codes, a wider area before those within it. */
function outermostOf(positions: readonly RegionPosition[]): RegionPosition[] {
  const kept: RegionPosition[] = [];
  for (const position of positions) {
    const last = kept.at(-1);
    if (last === undefined || !contains(last.code, position.code)) kept.push(position);
  }
  return kept;
}

function firstAtLeast(positions: readonly RegionPosition[], code: string): number {
  let [low, high] = [0, positions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle]?.code ?? '') < code) low = middle + 1;
    else high = middle;
  }
  return low;
}
