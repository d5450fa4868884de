/** Notices in, one answer for each warning in them: read, judged, put to their shocks, and what is unclear to an officer. */
import { Database, cellScope, type Tx } from '@fangpin/persistence';
import { PolicySet } from '@fangpin/policy';
import { Injectable } from '@nestjs/common';
import type { Problem } from '../cap/cap-message.js';
import type { IntakeAnswer } from '../intake/answer.js';
import { MessageStore } from '../intake/message-store.js';
import { boundedKey, digestOf, judgedAt, type Received } from '../intake/received.js';
import { TakeStatements } from '../intake/take-statements.js';
import { ShockStore } from '../shocks/shock-store.js';
import { levelsByName, standingWarnings } from './earlier-warnings.js';
import { judgeReadWarning } from './judge-read-warning.rule.js';
import type { NoticeInHand } from './notice-in-hand.js';
import type { ReadWarning } from './notice.js';
import { namesOf, placeWarnings, type WarningInHand } from './place-warnings.rule.js';
import { asMessage } from './quarantined-warning.js';
import { readNotice } from './read-notice.js';

interface Unclear {
  readonly inHand: NoticeInHand;
  readonly key: string;
  readonly warning: ReadWarning | undefined;
  readonly problems: readonly Problem[];
}

const NOTHING_SAID: Problem = { code: 'WARNING.NOT_FOUND', text: '文字中没有发布或解除预警的内容，需人工判断' };

@Injectable()
export class TakeWarnings {
  constructor(
    private readonly database: Database,
    private readonly policy: PolicySet,
    private readonly shocks: ShockStore,
    private readonly messages: MessageStore,
    private readonly statements: TakeStatements,
  ) {}

  /** For each notice the answers of its warnings, in the order of its words; all in one transaction. */
  async take(notices: readonly NoticeInHand[], received: Received): Promise<(readonly IntakeAnswer[])[]> {
    const clear: WarningInHand[] = [];
    const unclear: Unclear[] = [];
    const keys = notices.map((inHand) => {
      const read = readNotice(inHand.notice, judgedAt(received));
      if (read.length === 0) {
        unclear.push({ inHand, key: inHand.key, warning: undefined, problems: [...inHand.problems, NOTHING_SAID] });
        return [inHand.key];
      }
      return read.map((warning, i) => {
        const key = i === 0 ? inHand.key : boundedKey(`${inHand.key}#${i + 1}`);
        const judged = judgeReadWarning(warning, this.policy, judgedAt(received));
        if (judged.verdict === 'quarantined')
          unclear.push({ inHand, key, warning, problems: [...inHand.problems, ...judged.problems] });
        else clear.push({ inHand, key, parts: read.length, judged });
        return key;
      });
    });
    const answers = await this.database.transaction(cellScope('http:shocks'), (tx) =>
      this.#takeAll(tx, clear, unclear, received),
    );
    return keys.map((of) => of.map((key) => answers.get(key) as IntakeAnswer));
  }

  async #takeAll(tx: Tx, clear: readonly WarningInHand[], unclear: readonly Unclear[], received: Received) {
    const kinds = clear.map(({ judged }) => judged.warning.kind);
    const origin = clear[0]?.inHand.origin ?? 'list';
    const items = placeWarnings(
      clear,
      {
        standing: await standingWarnings(tx, kinds),
        levelByName: await levelsByName(tx, clear.flatMap(namesOf), origin),
      },
      received,
    );
    const names = items.flatMap(({ statement }) => [
      statement.key,
      ...statement.references,
      ...(statement.aliases ?? []),
    ]);
    // All at once: to take more locks later would let two posts wait for each other.
    await this.shocks.lock(tx, [...names, ...unclear.map(({ key }) => key)]);
    const taken = await this.statements.takeAll(tx, items);
    const answers = new Map(items.map(({ statement }, i) => [statement.key, taken[i] as IntakeAnswer]));
    for (const [key, answer] of await this.#quarantine(tx, unclear, received)) answers.set(key, answer);
    return answers;
  }

  async #quarantine(tx: Tx, unclear: readonly Unclear[], received: Received): Promise<Map<string, IntakeAnswer>> {
    const known = await this.messages.findAll(
      tx,
      unclear.map(({ key }) => key),
    );
    const answers = new Map<string, IntakeAnswer>();
    for (const { inHand, key, warning, problems } of unclear) {
      if (answers.has(key)) continue;
      const digest = digestOf(JSON.stringify(inHand.notice));
      const before = known.get(key);
      if (before !== undefined) {
        answers.set(key, await this.messages.repeat(tx, before, digest));
        continue;
      }
      const row = await this.messages.add(tx, {
        key,
        origin: inHand.origin,
        digest,
        received,
        outcome: 'quarantined',
        problems,
        shockId: null,
        said: asMessage(inHand, warning, judgedAt(received)),
        raw: Buffer.from(JSON.stringify(inHand.notice)),
      });
      const quarantineId = String(row.messageId);
      answers.set(key, { shockId: null, outcome: 'quarantined', lane: null, problems, quarantineId });
    }
    return answers;
  }
}
