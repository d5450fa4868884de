import type { Clock } from '@fangpin/domain-kit';
import { cellScope, Database } from '@fangpin/persistence';
import { CLOCK } from '@fangpin/service-kit';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { declarePolls } from './polling/poll-rows.js';
import { DeclaredSources } from './source-declaration.js';
import { declareSources } from './source-rows.js';

/** Two instances that boot at once declare one after the other. */
const LOCK = 'shock-feeds:declare-sources';

/** Brings the rows of sources into line with the file before anything is heard or polled. */
@Injectable()
export class DeclareOnBoot implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly declared: DeclaredSources,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.database.transaction(cellScope('job:sources'), async (tx) => {
      await tx.execute('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [LOCK]);
      await declareSources(tx, this.declared.all, this.clock.now());
      await declarePolls(tx, this.declared.polled);
    });
  }
}
