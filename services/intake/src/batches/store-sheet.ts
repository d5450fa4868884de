import type { Hmac } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '@fangpin/domain-kit';
import { cellScope, Database, type Scope } from '@fangpin/persistence';
import { ENV } from '@fangpin/service-kit';
import type { Department } from '../departments/department.js';
import type { IntakeEnv } from '../env.js';
import { readFinding } from '../findings/read-finding.js';
import { addFaults, addRows, type CheckedRow, type RowFault } from './batch-rows.js';
import { TooManyRows, UnreadableBatch } from './batch.errors.js';
import { readRows, type SheetFormat, type SheetRow } from './read-rows.js';

export interface BatchBody {
  readonly bytes: Readable;
  readonly format: SheetFormat;
  readonly charset: string;
}

export interface Counts {
  readonly rows: number;
  readonly rejected: number;
}

/** A county's whole register has fewer people with one kind of finding; a larger sheet is split by its sender. */
const MOST_ROWS = 100_000;
const ROWS_AT_ONCE = 1_000;

/** Stores the rows of a sheet while they stream in, each checked, its ID number hashed; the bytes go into a digest. */
@Injectable()
export class StoreSheet {
  readonly #scope: Scope;

  constructor(
    private readonly database: Database,
    @Inject(ENV) private readonly env: IntakeEnv,
  ) {
    this.#scope = cellScope('http:batches', env.cellRegion);
  }

  /** Answers how many rows there are, refused ones too. Refuses a sheet that cannot be read or has no row (400), or is too long (413). */
  async store(
    batchId: string,
    department: Department,
    { bytes, format, charset }: BatchBody,
    digest: Hmac,
  ): Promise<Counts> {
    const counts = { rows: 0, rejected: 0 };
    let checked: CheckedRow[] = [];
    let faults: RowFault[] = [];
    const flush = async (): Promise<void> => {
      const [rows, wrong] = [checked, faults];
      [checked, faults] = [[], []];
      await this.database.transaction(this.#scope, async (tx) => {
        if (rows.length > 0) await addRows(tx, batchId, rows);
        if (wrong.length > 0) await addFaults(tx, batchId, wrong);
      });
    };
    for await (const row of readRows(hashed(bytes, digest), format, charset)) {
      counts.rows += 1;
      if (counts.rows > MOST_ROWS) throw new TooManyRows(MOST_ROWS);
      const wrong = this.#check(row, department, checked);
      if (wrong.length > 0) counts.rejected += 1;
      faults.push(...wrong);
      if (checked.length + faults.length >= ROWS_AT_ONCE) await flush();
    }
    await flush();
    if (counts.rows === 0) throw new UnreadableBatch('must hold at least one row');
    return counts;
  }

  /** Adds the row to the checked ones or answers what is wrong with it; no value is told, for it may be a person. */
  #check({ row, fields, why }: SheetRow, department: Department, checked: CheckedRow[]): RowFault[] {
    if (why !== undefined) return [{ row, column: why.field, code: 'ROW.UNREADABLE', message: why.rule }];
    if (fields === undefined)
      return [
        {
          row,
          column: '',
          code: 'ROW.UNREADABLE',
          message: 'must be one JSON object a line, or as many cells as columns',
        },
      ];
    const read = readFinding(fields, department, this.env.identityKey);
    if ('sent' in read) {
      checked.push({ row, sent: read.sent });
      return [];
    }
    return read.problems.map(({ field, rule }) => ({ row, column: field, code: 'ROW.INVALID_VALUE', message: rule }));
  }
}

/**
 * The bytes as they come, each into the digest; a sender that goes away in the middle is a refusal, no fault of ours. The stream of
 * a sheet that is refused before its end is left whole, for service-kit to read out: destroyed it would hold its connection for good.
 */
async function* hashed(bytes: Readable, digest: Hmac): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of bytes.iterator({ destroyOnReturn: false })) {
      digest.update(chunk as Uint8Array);
      yield chunk as Uint8Array;
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw new DomainError('BATCH.BROKEN_OFF', 'invalid', 'the sheet broke off before its end; nothing of it is kept');
  }
}
