/** The findings of a round as they are sent over HTTP: singly, and one sheet; some grow, some are taken back on the way. */
import { setTimeout as sleep } from 'node:timers/promises';
import { textBody, type HttpClient } from '../client/http-client.ts';
import { Failure } from '../failure.ts';
import type { Bills, FindingsPlan, SingleFinding } from './kills-findings-plan.ts';
import { sendUntilAnswered } from './kills-sending.ts';
import { waitFor } from './wait.ts';

const DEPARTMENT = '/v1/departments/health-insurance';
const GROWTH = 2;
const WORKED_OFF = { everyMs: 200, timeoutMs: 180_000 };
/** Member of no household, of right form. */
const NOBODY = Number.MAX_SAFE_INTEGER;
/** A row that is refused, in the middle of the sheet. */
const BAD_ROW = '{"householdId":';
const BACK = { reason: '误报，撤回' };

/** A finding as its last acknowledged statement has it. */
export interface Acknowledged {
  readonly householdId: number;
  readonly findingId: string;
  revision: number;
  withdrawn: boolean;
  /** Statements that say something new. */
  stated: number;
}

export interface Batch {
  readonly state: string;
  readonly rows: number;
  readonly matched: number;
  readonly unmatched: number;
  readonly rejected: number;
}

export interface SentFindings {
  readonly plan: FindingsPlan;
  readonly singles: readonly Acknowledged[];
  readonly sheet: { readonly batchId: string; batch: Batch; withdrawn: boolean };
  /** POSTs that had to be sent again. */
  sentAgain: number;
}

interface TakenFinding {
  readonly findingId: string;
  readonly revision: number;
}

/** Sends all of the plan, each at its moment; resolves when all is acknowledged and the sheet is worked off. */
export async function sendFindings(client: HttpClient, plan: FindingsPlan, usualMs: number): Promise<SentFindings> {
  const sender = new Sender(client, plan, usualMs);
  const [sheet, ...singles] = await Promise.all([sender.sheet(), ...plan.singles.map((one) => sender.single(one))]);
  return { plan, singles, sheet, sentAgain: sender.sentAgain };
}

/** Takes back what still stands, as departments do singly and by the sheet. */
export async function takeFindingsBack(client: HttpClient, sent: SentFindings): Promise<void> {
  const sender = new Sender(client, sent.plan, 0);
  const singles = sent.singles.filter(({ withdrawn }) => !withdrawn).map((one) => sender.withdraw(one));
  await Promise.all([...singles, ...(sent.sheet.withdrawn ? [] : [sender.withdrawSheet(sent.sheet)])]);
  sent.sentAgain += sender.sentAgain;
}

class Sender {
  sentAgain = 0;
  readonly #client: HttpClient;
  readonly #plan: FindingsPlan;
  readonly #usualMs: number;

  constructor(client: HttpClient, plan: FindingsPlan, usualMs: number) {
    this.#client = client;
    this.#plan = plan;
    this.#usualMs = usualMs;
  }

  async single(finding: SingleFinding): Promise<Acknowledged> {
    const { householdId, moment, then } = finding;
    await sleep(moment * this.#usualMs);
    const { findingId, revision } = await this.#push(finding);
    const known = { householdId, findingId, revision, withdrawn: false, stated: 1 };
    if (then === undefined) return known;
    await sleep(then.after * this.#usualMs);
    if (then.what === 'withdrawn') await this.withdraw(known);
    else {
      const grown = await this.#push({ householdId, paidFen: finding.paidFen * GROWTH });
      if (grown.findingId !== findingId) throw new Failure(`finding ${findingId} has grown into ${grown.findingId}`);
      known.revision = grown.revision;
      known.stated += 1;
    }
    return known;
  }

  async withdraw(known: Acknowledged): Promise<void> {
    const { revision } = await this.#send<TakenFinding>(`${DEPARTMENT}/findings/${known.findingId}/withdraw`, BACK);
    known.revision = revision;
    known.withdrawn = true;
    known.stated += 1;
  }

  async sheet(): Promise<SentFindings['sheet']> {
    const { rows, moment, withdrawnAfter } = this.#plan.sheet;
    await sleep(moment * this.#usualMs);
    const lines = rows.map((bills) => JSON.stringify(this.#finding(bills)));
    const stranger = JSON.stringify(this.#finding({ householdId: NOBODY, paidFen: 1 }));
    lines.splice(Math.floor(lines.length / 2), 0, BAD_ROW, stranger);
    const sheet = textBody('application/x-ndjson', lines.join('\n'));
    const { batchId } = await this.#send<{ batchId: string }>(`${DEPARTMENT}/batches`, sheet);
    if (withdrawnAfter === undefined) return { batchId, batch: await this.#settled(batchId, 'done'), withdrawn: false };
    await sleep(withdrawnAfter * this.#usualMs);
    const known = { batchId, batch: {} as Batch, withdrawn: false };
    await this.withdrawSheet(known);
    return known;
  }

  async withdrawSheet(sheet: SentFindings['sheet']): Promise<void> {
    await this.#send(`${DEPARTMENT}/batches/${sheet.batchId}/withdraw`, BACK);
    sheet.batch = await this.#settled(sheet.batchId, 'withdrawn');
    sheet.withdrawn = true;
  }

  #push(bills: Bills): Promise<TakenFinding> {
    return this.#send(`${DEPARTMENT}/findings`, this.#finding(bills));
  }

  #finding({ householdId, paidFen }: Bills): object {
    const { occurredOn, since } = this.#plan;
    return { householdId, kind: 'medical-spending', occurredOn, since, spentFen: paidFen, refundedFen: 0 };
  }

  #settled(batchId: string, state: string): Promise<Batch> {
    return waitFor({ what: `batch ${batchId} is ${state}`, ...WORKED_OFF }, async () => {
      const answer = await this.#client
        .request<Batch>('GET', `${DEPARTMENT}/batches/${batchId}`)
        .catch(() => undefined);
      return answer?.status === 200 && answer.body.state === state ? answer.body : undefined;
    });
  }

  async #send<T>(path: string, body: unknown): Promise<T> {
    const answer = await sendUntilAnswered<T>(this.#client, path, body);
    this.sentAgain += answer.tries - 1;
    return answer.body;
  }
}
