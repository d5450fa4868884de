import { Module, type DynamicModule } from '@nestjs/common';
import { APP_INTERCEPTOR, ModuleRef } from '@nestjs/core';
import { DeclareOnBoot } from './declare-on-boot.js';
import { feedIntakes } from './feed-bindings.js';
import { HeardInterceptor } from './heard.interceptor.js';
import { ListSources } from './list-sources.js';
import { FEED_INTAKES, FeedIntakes } from './polling/feed-intakes.js';
import { PollDue } from './polling/poll-due.js';
import { PollSource } from './polling/poll-source.js';
import { TakeDocument } from './polling/take-document.js';
import { TakeIndex } from './polling/take-index.js';
import { DeclaredSources } from './source-declaration.js';
import { SourceLog } from './source-log.js';
import { SourceStandings } from './source-standing.js';
import { SourcesController } from './sources.controller.js';
import type { SourceSettings } from './source-settings.js';
import { WatchSilence } from './watch-silence.js';

/** Who sends shocks: hears every intake, polls what the operator declared, reports silence. */
@Module({})
export class SourcesModule {
  static forRoot({ declared, lookEverySeconds }: SourceSettings): DynamicModule {
    return {
      module: SourcesModule,
      controllers: [SourcesController],
      providers: [
        { provide: DeclaredSources, useValue: new DeclaredSources(declared, lookEverySeconds) },
        {
          provide: FEED_INTAKES,
          useFactory: (modules: ModuleRef) => feedIntakes(modules),
          inject: [ModuleRef],
        },
        { provide: APP_INTERCEPTOR, useClass: HeardInterceptor },
        DeclareOnBoot,
        FeedIntakes,
        ListSources,
        PollDue,
        PollSource,
        SourceLog,
        SourceStandings,
        TakeDocument,
        TakeIndex,
        WatchSilence,
      ],
      exports: [SourceLog],
    };
  }
}
