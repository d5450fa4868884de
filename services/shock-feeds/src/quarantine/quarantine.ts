/** The quarantine: what waits there, and how an officer lets it out or puts it aside. */
import { toBeijingTime } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { page, readPage, type Page, type PageQuery } from '@fangpin/service-kit';
import { Injectable } from '@nestjs/common';
import type { Problem } from '../cap/cap-message.js';
import { clip } from '../intake/clip.js';
import { ShockMessageEntity } from '../shocks/shock-message.entity.js';

export interface Quarantined {
  readonly id: string;
  readonly receivedAt: string;
  readonly identifier: string;
  readonly sender: string;
  readonly sent: string;
  readonly headline: string;
  readonly problems: readonly Problem[];
}

@Injectable()
export class Quarantine {
  constructor(private readonly database: Database) {}

  /** Oldest first: who waits longest is looked at first. */
  async page(query: PageQuery): Promise<Page<Quarantined>> {
    const { limit, after } = readPage(query);
    const rows = await this.database.transaction(cellScope('http:shocks'), (tx) =>
      tx.manager
        .getRepository(ShockMessageEntity)
        .createQueryBuilder('message')
        .where("message.outcome = 'quarantined' AND message.messageId > :after", { after: Number(after?.[0] ?? 0) })
        .orderBy('message.messageId')
        .take(limit + 1)
        .getMany(),
    );
    const { items, nextCursor } = page(rows, limit, (row) => [row.messageId]);
    return { items: items.map(view), nextCursor };
  }
}

function view({ messageId, receivedAt, said, problems }: ShockMessageEntity): Quarantined {
  return {
    id: String(messageId),
    receivedAt: toBeijingTime(receivedAt),
    identifier: clip(said?.identifier ?? '', 200),
    sender: clip(said?.sender ?? '', 200),
    sent: clip(said?.sent ?? '', 40),
    headline: clip(said?.infos[0]?.headline ?? '', 500),
    problems,
  };
}
