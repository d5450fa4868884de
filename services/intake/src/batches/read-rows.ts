/** The rows of a batch as they stream in, NDJSON or CSV; memory stays at a few rows, whatever the size of the sheet. */
import { Readable } from 'node:stream';
import { readJson, UnusableJson } from '@fangpin/domain-kit';
import { CsvError, parse } from 'csv-parse';
import { findingFields, type FindingField } from '../findings/finding-fields.js';
import { UnreadableBatch } from './batch.errors.js';

/** A row with its number, from 1 (the header of a sheet does not count); `fields` undefined where it cannot be read, `why` where that can be said. */
export interface SheetRow {
  readonly row: number;
  readonly fields: unknown;
  readonly why?: UnusableJson;
}

export type SheetFormat = 'ndjson' | 'csv';

const LONGEST_ROW = 65_536;
const INTEGERS: ReadonlySet<string> = new Set<FindingField>(['householdId', 'spentFen', 'refundedFen', 'days']);
const FLAGS: Readonly<Record<string, boolean>> = {
  true: true,
  false: false,
  是: true,
  否: false,
  '1': true,
  '0': false,
};

/** Refuses what is not in the stated character set, has a broken header, or holds a row of more than 64 KiB. */
export async function* readRows(
  bytes: AsyncIterable<Uint8Array>,
  format: SheetFormat,
  charset: string,
): AsyncGenerator<SheetRow> {
  const text = decoded(bytes, charset);
  yield* format === 'csv' ? csvRows(text) : jsonRows(text);
}

async function* decoded(bytes: AsyncIterable<Uint8Array>, charset: string): AsyncGenerator<string> {
  const decoder = decoderOf(charset);
  try {
    for await (const chunk of bytes) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError)
      throw new UnreadableBatch(`must be in ${decoder.encoding}, as its content type says`);
    throw error;
  }
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset, { fatal: true });
  } catch {
    throw new UnreadableBatch('must be in a known character set, such as utf-8 or gb18030');
  }
}

async function* jsonRows(text: AsyncIterable<string>): AsyncGenerator<SheetRow> {
  let rest = '';
  let row = 0;
  const read = (line: string): SheetRow[] => {
    if (line.length > LONGEST_ROW)
      throw new UnreadableBatch(`must have lines of at most ${LONGEST_ROW} characters; line ${row + 1} is longer`);
    row += 1;
    if (line.trim() === '') return [];
    try {
      return [{ row, fields: readJson(line) }];
    } catch (error) {
      return [{ row, fields: undefined, ...(error instanceof UnusableJson ? { why: error } : {}) }];
    }
  };
  for await (const chunk of text) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* read(line);
    if (rest.length > LONGEST_ROW) read(rest);
  }
  yield* read(rest);
}

async function* csvRows(text: AsyncIterable<string>): AsyncGenerator<SheetRow> {
  const parser = parse({
    bom: true,
    trim: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LONGEST_ROW,
  });
  const source = Readable.from(text);
  source.once('error', (error) => parser.destroy(error));
  let header: readonly string[] | undefined;
  let row = 0;
  try {
    for await (const record of source.pipe(parser) as AsyncIterable<string[]>) {
      if (header === undefined) {
        header = readHeader(record);
        continue;
      }
      row += 1;
      yield { row, fields: record.length === header.length ? fieldsOf(header, record) : undefined };
    }
  } catch (error) {
    if (error instanceof CsvError) throw new UnreadableBatch(`must be CSV; it is not from row ${row + 1} on`);
    throw error;
  } finally {
    // Also when the reader stops early: the text behind it goes no further by itself.
    source.destroy();
  }
  if (header === undefined) throw new UnreadableBatch('must begin with a row of column names');
}

function readHeader(names: readonly string[]): readonly string[] {
  const known = findingFields as readonly string[];
  const isUsable = names.every((name) => known.includes(name)) && new Set(names).size === names.length;
  if (!isUsable || !names.includes('kind'))
    throw new UnreadableBatch(`must begin with a row of column names, each once, out of ${known.join(', ')}`);
  return names;
}

/** A sheet has only texts: numbers and flags are read where the column is one, and anything else is left for the rules. */
function fieldsOf(header: readonly string[], record: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(header.map((name, i) => [name, cell(name, record[i] ?? '')]));
}

function cell(name: string, text: string): unknown {
  if (INTEGERS.has(name) && /^\d{1,15}$/.test(text)) return Number(text);
  if (name === 'ofEarner') return FLAGS[text.toLowerCase()] ?? text;
  return text;
}
