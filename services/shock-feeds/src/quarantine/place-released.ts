/** Puts a message that waited to its shock, once it can stand: judged as of now, so what has run out meanwhile is recorded. */
import { CLOCK } from '@fangpin/service-kit';
import type { Clock } from '@fangpin/domain-kit';
import type { Tx } from '@fangpin/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { CapJudge } from '../cap/cap-judge.js';
import { capInHand } from '../cap/cap-statement.js';
import type { CapContext, CapVerdict } from '../cap/judge-cap.rule.js';
import { stands } from '../cap/take-cap.js';
import type { Received } from '../intake/received.js';
import { TakeStatements, type PlacedAnswer } from '../intake/take-statements.js';
import { ShockMessageEntity } from '../shocks/shock-message.entity.js';
import { storeStatement } from '../shocks/stored-statement.js';

/** How a message came out, for its row. */
export interface Settlement {
  readonly settledAt: Date;
  readonly settledBy: string;
  readonly settlement: object;
}

export type Placing =
  { readonly placed: PlacedAnswer } | { readonly placed?: never; readonly verdict: CapVerdict | undefined };

@Injectable()
export class PlaceReleased {
  constructor(
    private readonly judge: CapJudge,
    private readonly statements: TakeStatements,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Stores the shock and settles the row, which the caller holds locked. Does nothing where the message still cannot stand. */
  async place(
    tx: Tx,
    message: ShockMessageEntity,
    settled: Settlement,
    correction?: CapContext['correction'],
  ): Promise<Placing> {
    const { said, messageKey: key, digest } = message;
    if (said === null) return { verdict: undefined };
    const received: Received = {
      at: this.clock.now(),
      by: message.receivedBy,
      ...(message.asOf === null ? {} : { asOf: message.asOf }),
    };
    const verdict = await this.judge.judge(said, { received, tx, ...(correction === undefined ? {} : { correction }) });
    if (!stands(verdict) || said.identifier === '') return { verdict };
    const inHand = capInHand({ message: said, verdict, key, digest, received });
    const placed = await this.statements.placeOne(tx, inHand);
    const { shockId, outcome, problems } = placed;
    await tx.manager.getRepository(ShockMessageEntity).update(
      { messageId: message.messageId },
      {
        ...settled,
        shockId,
        outcome,
        problems: [...problems],
        statement: storeStatement(inHand.statement) as object,
        basis: inHand.basis ?? null,
      },
    );
    return { placed };
  }
}
