/** One conditional GET, bounded in time, size and redirects. */
import { refusalOfUrl } from '../read-declarations.js';

export interface Validators {
  readonly etag?: string | undefined;
  readonly lastModified?: string | undefined;
}

export interface FetchRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly validators?: Validators;
  readonly signal: AbortSignal;
}

export interface FetchedDocument extends Validators {
  readonly bytes: Buffer;
  readonly contentType: string | undefined;
}

/** What the intakes take at most; the body limit of the POST endpoints. */
export const MAX_DOCUMENT_BYTES = 16 * 1_048_576;
const TIMEOUT_MS = 30_000;
const MAX_REDIRECTS = 3;
/** A longer wish of the other side is not believed: it may be an accident. */
const MAX_RETRY_AFTER_SECONDS = 6 * 3_600;

/** A document that could not be had: the other side's doing, or the way's. */
export class FetchFailed extends Error {
  constructor(
    readonly code: string,
    /** For officers. */
    readonly text: string,
    readonly retryAfterSeconds = 0,
  ) {
    super(text);
    this.name = 'FetchFailed';
  }
}

/** The document, or undefined where it is as it was (304). Throws {@link FetchFailed}; an aborted signal throws its reason. */
export async function fetchDocument(request: FetchRequest): Promise<FetchedDocument | undefined> {
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    return await read(await follow(request, signal));
  } catch (error) {
    if (error instanceof FetchFailed) throw error;
    request.signal.throwIfAborted();
    if (signal.aborted) throw new FetchFailed('SOURCE.TIMEOUT', `${TIMEOUT_MS / 1_000} 秒内未取得内容`);
    throw new FetchFailed('SOURCE.UNREACHABLE', `无法连接：${causeOf(error)}`);
  }
}

async function follow({ url: start, headers, validators = {} }: FetchRequest, signal: AbortSignal): Promise<Response> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      signal,
      headers: {
        'user-agent': 'fangpin shock-feeds',
        accept:
          'application/cap+xml, application/atom+xml, application/geo+json, application/json, text/csv, */*;q=0.5',
        ...headers,
        ...(validators.etag === undefined ? {} : { 'if-none-match': validators.etag }),
        ...(validators.lastModified === undefined ? {} : { 'if-modified-since': validators.lastModified }),
      },
    });
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    url = redirected(url, location);
  }
  throw new FetchFailed('SOURCE.REDIRECT_REFUSED', `重定向超过 ${MAX_REDIRECTS} 次`);
}

/** Only within the host that the operator named, and never from https to http: the headers may be secret. */
function redirected(from: URL, location: string): URL {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  const upgraded = from.protocol === 'http:' && to?.protocol === 'https:' && to.port === '';
  if (to === undefined || to.hostname !== from.hostname || (to.origin !== from.origin && !upgraded))
    throw new FetchFailed('SOURCE.REDIRECT_REFUSED', '重定向到其他主机，已拒绝');
  if (refusalOfUrl(to) !== undefined) throw new FetchFailed('SOURCE.REDIRECT_REFUSED', '重定向地址不可用，已拒绝');
  return to;
}

async function read(response: Response): Promise<FetchedDocument | undefined> {
  if (response.status === 304) {
    await response.body?.cancel();
    return undefined;
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    throw new FetchFailed('SOURCE.HTTP_STATUS', `对方返回 HTTP ${response.status}`, retryAfterOf(response));
  }
  return {
    bytes: await bounded(response),
    contentType: response.headers.get('content-type') ?? undefined,
    etag: response.headers.get('etag') ?? undefined,
    lastModified: response.headers.get('last-modified') ?? undefined,
  };
}

/** Counted as it is unpacked: a small compressed body can be large. */
async function bounded(response: Response): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    // Leaving the loop cancels the stream, and with it the connection.
    if (size > MAX_DOCUMENT_BYTES)
      throw new FetchFailed('SOURCE.TOO_LARGE', `内容超过 ${MAX_DOCUMENT_BYTES / 1_048_576} MiB，已中断`);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function retryAfterOf(response: Response): number {
  const stated = response.headers.get('retry-after') ?? '';
  const seconds = /^\d{1,9}$/.test(stated) ? Number(stated) : (Date.parse(stated) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, Math.ceil(seconds)), MAX_RETRY_AFTER_SECONDS) : 0;
}

/** Code of a socket's error; its text may hold the address, which is the operator's. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return String((cause as { code?: unknown }).code ?? (cause instanceof Error ? cause.name : 'unknown'));
}
