import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpRefusal } from '../problems/http-refusal.js';
import { PROBLEM_CONTENT_TYPE, problemOf } from '../problems/problem.js';

/**
 * Answers what Node cannot read as a request (a path with characters that are not escaped, headers without end, a head that does not come): it never becomes
 * a request of Fastify's, so that neither hooks nor filters see it. A problem all the same; the connection ends, for nobody knows where the next request would begin.
 */
export function answerUnreadable({ code }: { readonly code?: string | undefined }, socket: Socket): void {
  if (code === 'ECONNRESET' || socket.destroyed) return;
  const { status, body } = problemOf(refusalOf(code), { instance: '' });
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    `content-type: ${PROBLEM_CONTENT_TYPE}`,
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ];
  if (socket.writable) socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
  else socket.destroy();
}

function refusalOf(code: string | undefined): HttpRefusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new HttpRefusal(408, 'REQUEST.TIMEOUT', 'the request did not come to its end in time');
  if (code === 'HPE_HEADER_OVERFLOW')
    return new HttpRefusal(431, 'REQUEST.HEADERS_TOO_LARGE', 'the headers are too large');
  return new HttpRefusal(
    400,
    'REQUEST.UNREADABLE',
    'this is no HTTP request; characters beyond ASCII in a path or query must be percent-encoded',
  );
}
