import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';
import { requestContexts } from './request-context.js';

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown> {
  let line = '';
  write(createLogger({ service: 'test', level: 'info', destination: { write: (text) => void (line += text) } }));
  return JSON.parse(line) as Record<string, unknown>;
}

describe('a log line', () => {
  it('carries service and the correlation id of the request it belongs to', () => {
    const context = { correlationId: 'c-1', traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` };
    const line = requestContexts.run(context, () => logged((log) => log.info({ householdId: 7 }, 'seen')));
    expect(line).toMatchObject({
      service: 'test',
      correlationId: 'c-1',
      traceId: 'a'.repeat(32),
      householdId: 7,
      msg: 'seen',
    });
  });

  it('shows no name, number or phone of a person, however deep it was put', () => {
    const person = { name: '张三', idNumber: '53232719700101001X', phone: '13800000000' };
    const text = JSON.stringify(logged((log) => log.info({ ...person, head: person, deep: { head: person } }, 'seen')));
    for (const value of Object.values(person)) expect(text).not.toContain(value);
  });

  it('shows no row values of a database error', () => {
    const driverError = Object.assign(new Error('invalid input syntax for type bigint: "张三"'), {
      code: '22P02',
      detail: 'Key (name)=(张三) already exists.',
    });
    const error = Object.assign(new Error(driverError.message), {
      query: 'INSERT …',
      parameters: ['张三'],
      driverError,
    });
    const line = logged((log) => log.error({ err: error }, 'failed'));
    expect(JSON.stringify(line)).not.toContain('张三');
    expect(line['err']).toMatchObject({ code: '22P02', message: 'data exception 22P02' });
  });
});
