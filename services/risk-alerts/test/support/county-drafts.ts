/** A record of policy as a county drafts it, to be tried in the shadow. */
export const countyDraft = (record: {
  readonly key: string;
  readonly subject?: string;
  readonly value: object;
  readonly reason: string;
}) => ({
  region: '00',
  from: '2020-01-01',
  source: { document: 'a county draft', grade: 'unsourced' },
  assumed: true,
  author: 'a county officer',
  ...record,
});
