/** Reads one place out of a text at a time: a chain of names from wide to fine, with the part that is named of it. */
import { COUNTRY, contains, levelOf, type RegionCode } from '@fangpin/domain-kit';
import { layerAt, matchAbove, matchHigher, matchLower, type PlaceMatch } from './match-place.js';
import { fullName, regionName } from './regions.js';

export interface PlaceNote {
  /** PLACE.PART_WIDENED, PLACE.WIDER_TAKEN, PLACE.NAME_DIFFERS, PLACE.CLAMPED or PLACE.REST_NOT_READ. */
  readonly code: string;
  /** For officers, in Chinese. */
  readonly text: string;
}

export interface ReadPlace {
  readonly region: RegionCode;
  readonly end: number;
  readonly notes: readonly PlaceNote[];
}

const OWN_AREA = /^[我全本该](?:自治[区州县旗]|地区|街道|[省市区州盟县旗镇乡])/;
const SIDE = '(?:[东西南北]部偏[东西南北]|(?:[东西南北中]|东北|西北|东南|西南|中[东西南北])部)';
const PART = new RegExp(
  `^(?:${SIDE}(?:(?:和|及|与|、|以及)${SIDE})*(?:的?(?:大部|部分|局部|边缘)?(?:地区|区域)?)?|的?(?:大部|部分|局部)(?:分?(?:地区|区域|乡镇|县市)?)?|局地|山区|坝区|沿江|主?城区|市区|县城)(?:一带)?`,
);
const WHOLE =
  /^(?:全[境省市州县区]|境内|地区|一带|(?:等(?:\d+|[一二三四五六七八九十]+)?个?(?:地区?|[省市州县区、（）()乡镇街道]+)?))+/;

export class PlaceReader {
  readonly #regions = new Set<RegionCode>();
  readonly #notes = new Map<string, PlaceNote>();
  /** The last place and what it lies in, finest first: a township that follows is looked for there. */
  #context: readonly RegionCode[] = [];

  constructor(
    private readonly text: string,
    private readonly within: RegionCode,
  ) {}

  take({ region, notes }: ReadPlace): void {
    this.#regions.add(region);
    for (const each of notes) this.#notes.set(each.text, each);
    this.#context = [9, 6, 4, 2].filter((n) => n <= region.length).map((n) => region.slice(0, n) as RegionCode);
  }

  found(): { regions: readonly RegionCode[]; notes: readonly PlaceNote[] } {
    return { regions: [...this.#regions], notes: [...this.#notes.values()] };
  }

  /** A chain of names (云南省德宏州梁河县…) with what follows it as a part; nothing where no name stands or it is ambiguous. */
  readAt(start: number): ReadPlace | undefined {
    const notes: PlaceNote[] = [];
    const own = this.within === COUNTRY ? null : OWN_AREA.exec(this.text.slice(start));
    let region: RegionCode | undefined = own === null ? undefined : this.within;
    let end = start + (own?.[0].length ?? 0);
    if (region === undefined) {
      const first = this.#first(start);
      if (first === undefined) return undefined;
      region = this.#settle(first.match, first.inside, start, notes);
      if (region === undefined) return undefined;
      end = start + first.match.length;
    }
    for (;;) {
      const step = this.#stepInto(region, end);
      if (step === undefined) break;
      const inner = this.#settle(step.match, region, step.at, notes);
      if (inner === undefined) return undefined;
      [region, end] = [inner, step.at + step.match.length];
    }
    if (contains(region, this.within) && region !== this.within) {
      notes.push(placeNote('CLAMPED', `“${this.text.slice(start, end)}”按${nameOf(this.within)}处理`));
      region = this.within;
    }
    const part = PART.exec(this.text.slice(end))?.[0] ?? '';
    if (part !== '')
      notes.push(
        placeNote('PART_WIDENED', `“${this.text.slice(start, end + part.length)}”按整个${nameOf(region)}处理`),
      );
    const whole = WHOLE.exec(this.text.slice(end + part.length))?.[0] ?? '';
    return { region, end: end + part.length + whole.length, notes };
  }

  #first(start: number): { match: PlaceMatch; inside: RegionCode } | undefined {
    const options = [
      { match: matchHigher(this.text, start, this.within), inside: this.within },
      { match: this.within === COUNTRY ? undefined : matchAbove(this.text, start, this.within), inside: COUNTRY },
      ...this.#context
        .filter((area) => area.length === 6 || area.length === 9)
        .map((area) => ({ match: matchLower(this.text, start, area, false), inside: area })),
      { match: matchLower(this.text, start, this.within, false), inside: this.within },
    ].flatMap(({ match, inside }) => (match === undefined ? [] : [{ match, inside }]));
    const length = Math.max(...options.map(({ match }) => match.length));
    return options.find(({ match }) => match.length === length);
  }

  /** The next name of a chain: inside the last one, and inside the bound as far as that is finer. */
  #stepInto(region: RegionCode, at: number): { match: PlaceMatch; at: number } | undefined {
    const scope = region !== this.within && contains(region, this.within) ? this.within : region;
    const matches = [
      matchHigher(this.text, at, scope),
      scope === region ? undefined : matchAbove(this.text, at, scope),
      matchLower(this.text, at, scope, true),
    ].flatMap((match) =>
      match === undefined || match.codes.every((code) => !contains(region, code) || code === region) ? [] : [match],
    );
    const match = matches.reduce<PlaceMatch | undefined>(
      (best, next) => (best === undefined || next.length > best.length ? next : best),
      undefined,
    );
    if (match !== undefined) return { match, at };
    const layer = layerAt(this.text, at, region);
    if (layer === undefined) return undefined;
    const after = matchHigher(this.text, at + layer.length, layer.code);
    return after === undefined ? undefined : { match: after, at: at + layer.length };
  }

  /** The one area that the words name: the only one, the only one near the last place, or the one that holds all others. */
  #settle(
    { codes, closeness, length }: PlaceMatch,
    inside: RegionCode,
    at: number,
    notes: PlaceNote[],
  ): RegionCode | undefined {
    const words = this.text.slice(at, at + length);
    const fitting = codes.filter((code) => contains(inside, code));
    const near =
      this.#context.map((area) => fitting.filter((code) => contains(area, code))).find((some) => some.length > 0) ?? [];
    const region = only(fitting) ?? widest(fitting) ?? only(near) ?? widest(near);
    if (region === undefined) return undefined;
    if (fitting.length > 1) notes.push(placeNote('WIDER_TAKEN', `“${words}”按${nameOf(region)}处理`));
    if (closeness === 'other-suffix')
      notes.push(placeNote('NAME_DIFFERS', `“${words}”按区划表中的${nameOf(region)}处理`));
    return region;
  }
}

function only(codes: readonly RegionCode[]): RegionCode | undefined {
  return codes.length === 1 ? codes[0] : undefined;
}

function widest(codes: readonly RegionCode[]): RegionCode | undefined {
  return codes.find((outer) => codes.every((inner) => contains(outer, inner)));
}

function nameOf(region: RegionCode): string {
  return (levelOf(region) === 'village' ? fullName(region) : regionName(region)) ?? region;
}

export function placeNote(code: string, text: string): PlaceNote {
  return { code: `PLACE.${code}`, text };
}
