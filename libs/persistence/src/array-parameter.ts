/**
 * Numbers as a parameter that is an array, as the server keeps it (`$1::bigint[]`): node-pg sends a Buffer in binary form, and
 * nobody writes or reads ten thousand numbers as text.
 */
import { CopyWriter } from './copy-writer.js';

const LENGTH_BYTES = 4;

/** For a parameter that is cast to `bigint[]`; refuses what is no safe integer. */
export function int8ArrayParameter(values: ArrayLike<number>): Buffer {
  return parameter(values.length, (writer) => writer.int8Array(values));
}

/** For a parameter that is cast to `smallint[]`; refuses what does not fit. */
export function int2ArrayParameter(values: ArrayLike<number>): Buffer {
  return parameter(values.length, (writer) => writer.int2Array(values));
}

/** A column of a binary COPY is its length and then what a parameter is. */
function parameter(elements: number, write: (writer: CopyWriter) => unknown): Buffer {
  const writer = CopyWriter.ofColumns(32 + elements * 12);
  write(writer);
  return writer.take().subarray(LENGTH_BYTES);
}
