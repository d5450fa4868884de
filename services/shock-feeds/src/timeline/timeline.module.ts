import { Module } from '@nestjs/common';
import { ReadTimeline } from './read-timeline.js';
import { TimelineController } from './timeline.controller.js';

@Module({ controllers: [TimelineController], providers: [ReadTimeline] })
export class TimelineModule {}
