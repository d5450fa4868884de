/** One step of an explanation: what was reckoned, in words, with the figures that it was reckoned with. */
export interface ExplanationStep {
  readonly step: 'reported' | 'loss' | 'projection' | 'spending' | 'line' | 'need' | 'severity';
  readonly text: string;
  readonly values: Readonly<Record<string, number | string | null>>;
}
