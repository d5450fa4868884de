/** The use case behind `POST /v1/shocks/cap`: bytes in, one answer for each alert in them. */
import { isTransient } from '@fangpin/messaging';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { GroupCommit } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import type { IntakeAnswer } from '../intake/answer.js';
import { MessageStore } from '../intake/message-store.js';
import { boundedKey, digestOf, type Received } from '../intake/received.js';
import { TakeStatements } from '../intake/take-statements.js';
import { CapJudge } from './cap-judge.js';
import type { CapMessage, Problem } from './cap-message.js';
import { capInHand, type StandingVerdict } from './cap-statement.js';
import { RequiredElementsMissing } from './cap.errors.js';
import { readCapTime } from './cap-time.js';
import { decodeXmlBytes } from './decode-xml-bytes.js';
import type { CapVerdict } from './judge-cap.rule.js';
import { findAlerts, readCap } from './read-cap.js';
import { readXml } from './read-xml.js';

export interface CapAnswers {
  readonly bundle: boolean;
  readonly answers: readonly IntakeAnswer[];
}

interface CapInHand {
  readonly message: CapMessage;
  /** Elements that are missing, where the alert came in a bundle whose others are whole. */
  readonly incomplete?: Problem;
  readonly raw?: Buffer;
  /** The text of the file, where the alert is all of it: its signature is checked on that. */
  readonly document?: string;
  readonly received: Received;
}

interface Judged extends CapInHand {
  readonly verdict: CapVerdict;
  readonly key: string;
  readonly digest: Buffer;
}

/**
 * Alerts of one transaction: enough to share its cost, few enough that a failure is cheap to take apart. What waits is bounded
 * by some seconds of work; a sender who is refused comes again.
 */
const GROUP = { groupSize: 64, atOnce: 2, mostWaiting: 2_000, longestWaitMs: 10_000, failsAll: isTransient } as const;
const CHUNK = 250;

@Injectable()
export class TakeCap {
  readonly #singles: GroupCommit<CapInHand, IntakeAnswer>;

  constructor(
    private readonly database: Database,
    private readonly judge: CapJudge,
    private readonly messages: MessageStore,
    private readonly statements: TakeStatements,
  ) {
    this.#singles = new GroupCommit((group) => this.#takeTogether(group), GROUP);
  }

  /**
   * Refuses what cannot be read: not well-formed, a DTD, no alert, required elements missing (all named). In a file of
   * several alerts one that lacks elements is quarantined, so that it does not hold up its neighbours; a file of which no
   * alert is whole is refused. Some hundred alerts are one transaction; what was taken before a failure answers
   * `duplicate` next time.
   */
  async take(bytes: Buffer, charset: string | undefined, received: Received): Promise<CapAnswers> {
    const document = decodeXmlBytes(bytes, charset);
    const { bundle, alerts } = findAlerts(readXml(document));
    const read = alerts.map(readCap);
    if (read.every(({ missing }) => missing.length > 0)) {
      const named = read.flatMap(({ missing }, i) =>
        missing.map((problem) => (bundle ? { ...problem, field: `alerts[${i}].${problem.field}` } : problem)),
      );
      throw new RequiredElementsMissing(named);
    }
    const inHand = read.map(({ message, missing }): CapInHand => {
      const incomplete = missing.length === 0 ? {} : { incomplete: incompleteness(missing.map(({ field }) => field)) };
      return { message, ...incomplete, ...(bundle ? {} : { raw: bytes, document }), received };
    });
    if (!bundle) return { bundle, answers: await Promise.all(inHand.map((item) => this.#singles.submit(item))) };
    return { bundle, answers: await this.#takeChunks(inHand) };
  }

  /** The next chunk is judged while the database stores the one before. */
  async #takeChunks(items: readonly CapInHand[]): Promise<IntakeAnswer[]> {
    const answers: IntakeAnswer[] = [];
    let stored = Promise.resolve<IntakeAnswer[]>([]);
    for (let i = 0; i < items.length; i += CHUNK) {
      const judged = await this.#judgeAll(items.slice(i, i + CHUNK));
      answers.push(...(await stored));
      stored = this.#store(judged);
      // Its failure is met where it is awaited; until then it must not count as one that nobody looks at.
      stored.catch(() => undefined);
    }
    answers.push(...(await stored));
    return answers;
  }

  async #takeTogether(items: readonly CapInHand[]): Promise<IntakeAnswer[]> {
    return this.#store(await this.#judgeAll(items));
  }

  #store(judged: readonly Judged[]): Promise<IntakeAnswer[]> {
    return this.database.transaction(cellScope('http:shocks'), (tx) => this.#takeAll(tx, judged));
  }

  #judgeAll(items: readonly CapInHand[]): Promise<Judged[]> {
    return Promise.all(items.map((item) => this.#judge(item)));
  }

  async #judge(item: CapInHand): Promise<Judged> {
    const { message, incomplete, received, document } = item;
    const digest = digestOf(JSON.stringify(message));
    const judged = await this.judge.judge(message, { received, ...(document === undefined ? {} : { document }) });
    const verdict: CapVerdict =
      incomplete === undefined
        ? judged
        : { ...judged, verdict: 'quarantined', problems: [...judged.problems, incomplete] };
    return { ...item, verdict, digest, key: messageKey(message, verdict, digest) };
  }

  async #takeAll(tx: Tx, judged: readonly Judged[]): Promise<IntakeAnswer[]> {
    const standing = judged.flatMap((item, i) => (stands(item.verdict) ? [{ i, item, verdict: item.verdict }] : []));
    const inHand = standing.map(({ item, verdict }) => capInHand({ ...item, verdict }));
    const waiting = judged.flatMap((item, i) => (stands(item.verdict) ? [] : [{ i, item }]));
    // All locks in one step: the keys of the quarantine after those of the shocks could wait for each other in a ring.
    const taken = await this.statements.takeAll(
      tx,
      inHand,
      waiting.map(({ item }) => item.key),
    );
    const answers = new Map(standing.map(({ i }, n) => [i, taken[n] as IntakeAnswer]));
    for (const { i, item } of waiting) answers.set(i, await this.#quarantine(tx, item));
    return judged.map((_, i) => answers.get(i) as IntakeAnswer);
  }

  async #quarantine(tx: Tx, { message, verdict, key, digest, received, raw }: Judged): Promise<IntakeAnswer> {
    const known = await this.messages.find(tx, key);
    if (known !== null) return this.messages.repeat(tx, known, digest);
    const { problems } = verdict;
    const row = await this.messages.add(tx, {
      key,
      origin: 'cap',
      digest,
      received,
      ...(raw === undefined ? {} : { raw }),
      outcome: 'quarantined',
      problems,
      shockId: null,
      said: message,
    });
    return { shockId: null, outcome: 'quarantined', lane: null, problems, quarantineId: String(row.messageId) };
  }
}

export function stands(verdict: CapVerdict): verdict is StandingVerdict {
  return verdict.verdict !== 'quarantined' && verdict.sent !== undefined;
}

function incompleteness(fields: readonly string[]): Problem {
  return { code: 'CAP.REQUIRED_ELEMENTS_MISSING', text: `缺少必需元素：${fields.slice(0, 20).join('、')}` };
}

/** Sender, identifier and time name a message; one that lacks a part, or is forged, is named by what it says. */
function messageKey(message: CapMessage, { apart, forged }: CapVerdict, digest: Buffer): string {
  const sent = readCapTime(message.sent)?.at.toISOString();
  if (
    message.sender === '' ||
    message.identifier === '' ||
    sent === undefined ||
    message.dialect === 'unknown' ||
    forged
  )
    return `cap-digest:${digest.toString('hex')}`;
  return boundedKey(`${apart ? 'cap-apart' : 'cap'}:${message.sender},${message.identifier},${sent}`);
}
