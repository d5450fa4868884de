import { InvalidFields } from '@fangpin/domain-kit';

export class TooManyRows extends InvalidFields {
  constructor(most: number) {
    super([{ field: 'body', value: null, rule: `must hold at most ${most} rows` }], 'BATCH.TOO_MANY_ROWS');
  }
  override readonly kind = 'too-large';
}

/** The sheet cannot be read from some place on: nothing of it is kept. */
export class UnreadableBatch extends InvalidFields {
  constructor(rule: string) {
    super([{ field: 'body', value: null, rule }], 'BATCH.UNREADABLE');
  }
}
