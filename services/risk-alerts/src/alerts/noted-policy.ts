/** Which policy records a verdict rests on: noted while the model reads them, so that the list cannot drift from the model. */
import type { LineAnswer, PolicyAnswer, PolicySet } from '@fangpin/policy';

/** A policy record that went into a verdict, with where it comes from. */
export interface PolicyRecordUsed {
  readonly key: string;
  readonly recordId: string;
  readonly document: string;
  readonly grade: string;
  readonly assumed: boolean;
  /** As the record has it: each member names its unit (fen, mu, days, share); `fen` of a line. */
  readonly value: unknown;
}

type Answer = Pick<PolicyAnswer<unknown>, 'recordId' | 'source' | 'assumed'>;

/** The same policy, and a list that grows with each record it answers by, each once. */
export function notedPolicy(policy: PolicySet): { readonly policy: PolicySet; readonly records: PolicyRecordUsed[] } {
  const records: PolicyRecordUsed[] = [];
  const note = (key: string, { recordId, source, assumed }: Answer, value: unknown): void => {
    if (records.some((record) => record.recordId === recordId)) return;
    records.push({ key, recordId, document: source.document, grade: source.grade, assumed, value });
  };
  const noting = new Proxy(policy, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(member, target, args);
        if (name === 'get') note(String(args[0]), answer as Answer, (answer as PolicyAnswer<unknown>).value);
        if (name === 'line') note('monitoring-line', answer as Answer, { fen: (answer as LineAnswer).fen });
        return answer;
      };
    },
  });
  return { policy: noting, records };
}
