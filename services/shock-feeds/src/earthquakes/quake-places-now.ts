/** The places that earthquakes are measured at, by the positions that are loaded now; put together anew only when those change. */
import type { Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import type { RegionPosition } from '../boundaries/region-position.js';
import { RegionPositions } from '../boundaries/region-positions.js';
import { QuakePlaces } from './quake-places.js';

@Injectable()
export class QuakePlacesNow {
  #of: readonly RegionPosition[] | undefined;
  #places: QuakePlaces | undefined;

  constructor(private readonly positions: RegionPositions) {}

  async get(tx: Tx): Promise<QuakePlaces> {
    return this.of(await this.positions.all(tx));
  }

  /** `loaded`: what {@link RegionPositions} has just given. */
  of(loaded: readonly RegionPosition[]): QuakePlaces {
    if (this.#places === undefined || loaded !== this.#of) this.#places = new QuakePlaces(loaded);
    this.#of = loaded;
    return this.#places;
  }
}
