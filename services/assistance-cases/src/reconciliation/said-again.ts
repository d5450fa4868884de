/**
 * What is said again where risk-alerts holds something else: all answers, unless they are the same; all checks without risk; and of the items
 * that no check answers that none does, so that what was noted too much goes as well.
 */
import { regionOfDuty } from '@fangpin/domain-kit';
import type { OutgoingMessage } from '@fangpin/messaging';
import type { Tx } from '@fangpin/persistence';
import { checkMessages, type SaidCheck } from '../check-items/said-checks.js';
import { itemsWithoutCheck, standingChecks } from '../check-items/standing-checks.js';
import type { AnswersAsked } from '../triage/last-rows.js';
import { answersOfRows, standingRows, type StandingRow } from '../triage/standing-answers.js';
import type { TriagePolicy } from '../triage/triage-policy.js';
import type { Question } from './reply.js';

/** `key`: the township under which all is said. */
export async function saidAgain(
  tx: Tx,
  which: AnswersAsked,
  { sameAnswers }: Question,
  key: string,
  policy: TriagePolicy,
): Promise<OutgoingMessage[]> {
  const rows = sameAnswers ? [] : await standingRows(tx, which);
  return [...answersOfRows(rows, key), ...checkMessages(await checksOf(tx, which, policy), key)];
}

const checksOf = async (tx: Tx, which: AnswersAsked, policy: TriagePolicy): Promise<SaidCheck[]> => [
  ...(await standingChecks(tx, which, policy)),
  ...(await itemsWithoutCheck(tx, which)),
];

/** Rows that are held at once; a township that has more is read alone. */
const ROWS_AT_ONCE = 20_000;

interface Read {
  readonly rows: ReadonlyMap<string, StandingRow[]>;
  readonly checks: ReadonlyMap<string, SaidCheck[]>;
}

/** The same for the townships of one shock in their order, some of them read together: all of its rows are looked at for each reading. */
export class SaidAgainByTownship {
  #read: Read = { rows: new Map(), checks: new Map() };
  readonly #covered = new Set<Question>();

  constructor(
    private readonly tx: Tx,
    private readonly origin: number,
    private readonly questions: readonly Question[],
    private readonly policy: TriagePolicy,
  ) {}

  async of(question: Question): Promise<OutgoingMessage[]> {
    if (question.agreed) return [];
    if (!this.#covered.has(question)) await this.#readFrom(question);
    const { township } = question.asked;
    const rows = question.sameAnswers ? [] : (this.#read.rows.get(township) ?? []);
    return [...answersOfRows(rows, township), ...checkMessages(this.#read.checks.get(township) ?? [], township)];
  }

  async #readFrom(question: Question): Promise<void> {
    const next: Question[] = [];
    let households = 0;
    for (const one of this.questions.slice(this.questions.indexOf(question))) {
      if (one.agreed) continue;
      households += one.own.households;
      if (next.length > 0 && households > ROWS_AT_ONCE) break;
      next.push(one);
    }
    this.#covered.clear();
    for (const one of next) this.#covered.add(one);
    const townshipsOf = (ones: readonly Question[]): AnswersAsked => ({
      origins: [this.origin],
      townships: ones.map(({ asked }) => Number(asked.township)),
    });
    const lost = next.filter(({ sameAnswers }) => !sameAnswers);
    const rows = lost.length === 0 ? [] : await standingRows(this.tx, townshipsOf(lost));
    const checks = await checksOf(this.tx, townshipsOf(next), this.policy);
    this.#read = {
      rows: Map.groupBy(rows, ({ duty_code }) => regionOfDuty(duty_code, 'township')),
      checks: Map.groupBy(checks, ({ dutyCode }) => regionOfDuty(dutyCode, 'township')),
    };
  }
}
