/** The use case behind `POST /v1/shocks/cap`: bytes in, one answer for each alert in them. */
import { findRegion } from '@fangpin/regions';
import type { RegionCode } from '@fangpin/domain-kit';
import { PolicySet } from '@fangpin/policy';
import { cellScope, Database, type Tx } from '@fangpin/persistence';
import { Injectable } from '@nestjs/common';
import type { IntakeAnswer } from '../intake/answer.js';
import { MessageStore } from '../intake/message-store.js';
import { boundedKey, digestOf, judgedAt, type Received } from '../intake/received.js';
import { ShockStore } from '../shocks/shock-store.js';
import type { CapMessage, Problem } from './cap-message.js';
import { RequiredElementsMissing } from './cap.errors.js';
import { readCapTime } from './cap-time.js';
import { decodeXmlBytes } from './decode-xml-bytes.js';
import { judgeCap, type CapVerdict } from './judge-cap.rule.js';
import { findAlerts, readCap } from './read-cap.js';
import { readXml } from './read-xml.js';
import { TakeCapStatement, type StandingVerdict } from './take-cap-statement.js';

export interface CapAnswers {
  readonly bundle: boolean;
  readonly answers: readonly IntakeAnswer[];
}

interface CapInHand {
  readonly message: CapMessage;
  /** Elements that are missing, where the alert came in a bundle whose others are whole. */
  readonly incomplete?: Problem;
  readonly raw?: Buffer;
}

export const knownRegions = { has: (code: RegionCode) => findRegion(code) !== undefined };

@Injectable()
export class TakeCap {
  constructor(
    private readonly database: Database,
    private readonly policy: PolicySet,
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    private readonly statements: TakeCapStatement,
  ) {}

  /**
   * Refuses what cannot be read: not well-formed, a DTD, no alert, required elements missing (all named). In a file of
   * several alerts one that lacks elements is quarantined, so that it does not hold up its neighbours; a file of which no
   * alert is whole is refused. Each alert is one transaction; what was taken before a failure answers `duplicate` next time.
   */
  async take(bytes: Buffer, charset: string | undefined, received: Received): Promise<CapAnswers> {
    const { bundle, alerts } = findAlerts(readXml(decodeXmlBytes(bytes, charset)));
    const read = alerts.map(readCap);
    if (read.every(({ missing }) => missing.length > 0)) {
      const named = read.flatMap(({ missing }, i) =>
        missing.map((problem) => (bundle ? { ...problem, field: `alerts[${i}].${problem.field}` } : problem)),
      );
      throw new RequiredElementsMissing(named);
    }
    const answers: IntakeAnswer[] = [];
    for (const { message, missing } of read) {
      const incomplete = missing.length === 0 ? {} : { incomplete: incompleteness(missing.map(({ field }) => field)) };
      const inHand = { message, ...incomplete, ...(bundle ? {} : { raw: bytes }) };
      answers.push(
        await this.database.transaction(cellScope('http:shocks'), (tx) => this.#takeOne(tx, inHand, received)),
      );
    }
    return { bundle, answers };
  }

  async #takeOne(tx: Tx, { message, incomplete, raw }: CapInHand, received: Received): Promise<IntakeAnswer> {
    const digest = digestOf(JSON.stringify(message));
    const judged = judgeCap(message, {
      policy: this.policy,
      regions: knownRegions,
      judgedAt: judgedAt(received),
    });
    const verdict: CapVerdict =
      incomplete === undefined
        ? judged
        : { ...judged, verdict: 'quarantined', problems: [...judged.problems, incomplete] };
    const key = messageKey(message, verdict, digest);
    await this.shocks.lock(tx, [key]);
    const known = await this.messages.find(tx, key);
    if (known !== null) return this.messages.repeat(tx, known, digest);
    const common = { key, origin: 'cap', digest, received } as const;
    if (!stands(verdict)) {
      const { problems } = verdict;
      const bytes = raw === undefined ? {} : { raw };
      const row = await this.messages.add(tx, {
        ...common,
        ...bytes,
        outcome: 'quarantined',
        problems,
        shockId: null,
        said: message,
      });
      return { shockId: null, outcome: 'quarantined', lane: null, problems, quarantineId: String(row.messageId) };
    }
    const { answer, statement } = await this.statements.place(tx, { message, verdict, key, received });
    await this.messages.add(tx, { ...common, ...answer, statement });
    return answer;
  }
}

export function stands(verdict: CapVerdict): verdict is StandingVerdict {
  return verdict.verdict !== 'quarantined' && verdict.sent !== undefined;
}

function incompleteness(fields: readonly string[]): Problem {
  return { code: 'CAP.REQUIRED_ELEMENTS_MISSING', text: `缺少必需元素：${fields.slice(0, 20).join('、')}` };
}

/** Sender, identifier and time name a message; one that lacks a part is named by what it says. */
function messageKey(message: CapMessage, { apart }: CapVerdict, digest: Buffer): string {
  const sent = readCapTime(message.sent)?.at.toISOString();
  if (message.sender === '' || message.identifier === '' || sent === undefined || message.dialect === 'unknown')
    return `cap-digest:${digest.toString('hex')}`;
  return boundedKey(`${apart ? 'cap-apart' : 'cap'}:${message.sender},${message.identifier},${sent}`);
}
