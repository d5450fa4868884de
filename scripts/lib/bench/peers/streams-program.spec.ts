import { describe, expect, it } from '@jest/globals';
import { jdbcUrl, propertiesOf } from './streams-program.ts';

describe('settings of the Streams peer', () => {
  it('escape what properties files give a meaning', () => {
    expect(propertiesOf({ url: 'jdbc:x?a=b#c', threads: 2 })).toBe(String.raw`url=jdbc\:x?a\=b\#c` + '\nthreads=2\n');
  });

  it('name the database with the rewriting of batches', () => {
    expect(jdbcUrl('postgresql://postgres:p%40ss@127.0.0.1:5432/fangpin_risk_alerts')).toBe(
      'jdbc:postgresql://127.0.0.1:5432/fangpin_risk_alerts?user=postgres&password=p%40ss&reWriteBatchedInserts=true',
    );
  });
});
