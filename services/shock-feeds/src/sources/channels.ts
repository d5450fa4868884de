/** What comes in by which door. A habit is learned, and policy set, for a channel; a poller reads a format. */

/** The intakes of shocks. */
export const channels = [
  'cap',
  'warning-snapshot',
  'warning-list',
  'warning-text',
  'market-prices',
  'earthquakes',
  'report',
] as const;
export type Channel = (typeof channels)[number];

/** What a poller can read, and the intake that takes it. */
export const channelOfFormat = {
  cap: 'cap',
  'cap-feed': 'cap',
  'warning-snapshot': 'warning-snapshot',
  'warning-list': 'warning-list',
  'market-prices-csv': 'market-prices',
  'earthquakes-geojson': 'earthquakes',
} as const satisfies Record<string, Channel>;

export type PolledFormat = keyof typeof channelOfFormat;
export const polledFormats = Object.keys(channelOfFormat) as PolledFormat[];

/** The intake behind each path; what is posted there is a word of its account. */
export const channelOfPath: ReadonlyMap<string, Channel> = new Map([
  ['/v1/shocks/cap', 'cap'],
  ['/v1/shocks/warning-snapshots', 'warning-snapshot'],
  ['/v1/shocks/warning-lists', 'warning-list'],
  ['/v1/shocks/warning-texts', 'warning-text'],
  ['/v1/shocks/market-prices', 'market-prices'],
  ['/v1/shocks/earthquakes', 'earthquakes'],
  ['/v1/shocks', 'report'],
]);
