import { Failure } from '../failure.ts';

/** An answer as it came, whatever its status. */
export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  body: T;
}

/** An RFC 9457 answer, as far as scripts look at it. */
export interface Problem {
  status: number;
  code: string;
  detail?: string;
  errors?: { field: string; value?: unknown; rule: string }[];
}

export interface RequestBody {
  /** Sent as it is; everything else is sent as JSON. */
  content: string | Uint8Array<ArrayBuffer>;
  type: string;
}

export interface RequestOptions {
  headers?: Record<string, string>;
  timeoutMs?: number;
  /** Gives the call up. */
  signal?: AbortSignal;
}

const PATIENCE_MS = 60_000;

/** Calls of one token holder on one address. Paths begin with `/v1`. */
export class HttpClient {
  readonly #base: string;
  readonly #token: string;

  constructor(base: string, token: string) {
    this.#base = base;
    this.#token = token;
  }

  /** Any call; answers whatever status came. Throws only when nothing came. */
  async request<T>(method: string, path: string, body?: unknown, options: RequestOptions = {}): Promise<Answer<T>> {
    const sent = body === undefined ? undefined : asBody(body);
    const answer = await fetch(`${this.#base}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(sent && { 'content-type': sent.type }),
        ...options.headers,
      },
      signal: AbortSignal.any([
        AbortSignal.timeout(options.timeoutMs ?? PATIENCE_MS),
        ...(options.signal ? [options.signal] : []),
      ]),
      ...(sent && { body: sent.content }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: parsed(text) as T };
  }

  /** Refuses any status but 2xx, with what the answer says. */
  async get<T>(path: string): Promise<T> {
    return accepted(`GET ${path}`, await this.request<T>('GET', path));
  }

  /** Refuses any status but 2xx, with what the answer says. */
  async post<T>(path: string, body: unknown, options?: RequestOptions): Promise<T> {
    return accepted(`POST ${path}`, await this.request<T>('POST', path, body, options));
  }
}

/** Text of a media type of its own, for {@link HttpClient.post}. */
export function textBody(type: string, content: string | Uint8Array<ArrayBuffer>): RequestBody {
  return { type, content };
}

function asBody(body: unknown): RequestBody {
  if (typeof body === 'object' && body !== null && 'content' in body && 'type' in body) return body as RequestBody;
  return { type: 'application/json', content: JSON.stringify(body) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function accepted<T>(call: string, answer: Answer<T>): T {
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw new Failure(`${call} was answered by ${answer.status}: ${JSON.stringify(answer.body).slice(0, 1_500)}`);
}
