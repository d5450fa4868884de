import { InvalidFields, parseRegionCode, shanghaiDay, type FieldProblem, type RegionCode } from '@fangpin/domain-kit';
import { PageQuery } from '@fangpin/service-kit';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';

const DAY_MS = 86_400_000;
const USUAL_DAYS = 31;
const MAX_DAYS = 366;

export class TimelineQuery extends PageQuery {
  @ApiProperty({ type: String, example: '532327101201', description: 'A village, or any wider area' })
  @IsString()
  region!: string;

  @ApiPropertyOptional({ type: String, format: 'date', example: '2026-07-01', description: 'First day; 31 days back' })
  @IsOptional()
  @IsString()
  from?: string;

  @ApiPropertyOptional({ type: String, format: 'date', example: '2026-07-31', description: 'Last day; today' })
  @IsOptional()
  @IsString()
  to?: string;
}

export interface TimelineWindow {
  readonly region: RegionCode;
  readonly from: Date;
  /** The first instant after the last day. */
  readonly until: Date;
}

/** Whole days of Beijing time, at most 366. Refuses anything else, every bad member named. */
export function readWindow({ region, from, to }: TimelineQuery, now: Date): TimelineWindow {
  const code = parseRegionCode(region);
  const problems: FieldProblem[] = [];
  const last = to ?? shanghaiDay(now);
  const until = startOf('to', last, problems) + DAY_MS;
  const first = from ?? shanghaiDay(new Date(until - USUAL_DAYS * DAY_MS));
  const since = startOf('from', first, problems);
  if (problems.length === 0 && since >= until)
    problems.push({ field: 'from', value: first, rule: 'must not lie after to' });
  if (problems.length === 0 && until - since > MAX_DAYS * DAY_MS)
    problems.push({ field: 'from', value: first, rule: `must lie at most ${MAX_DAYS} days before to` });
  if (problems.length > 0) throw new InvalidFields(problems);
  return { region: code, from: new Date(since), until: new Date(until) };
}

function startOf(field: string, day: string, problems: FieldProblem[]): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? new Date(`${day}T00:00:00+08:00`) : new Date(Number.NaN);
  if (!Number.isNaN(at.getTime()) && shanghaiDay(at) === day) return at.getTime();
  problems.push({ field, value: day, rule: 'must be a day as YYYY-MM-DD' });
  return 0;
}
