/** Sends as a sender does whose connection was cut: the same again, until it is taken. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, HttpClient } from '../client/http-client.ts';
import { Failure } from '../failure.ts';

const GIVE_UP_MS = 120_000;
const ONE_TRY_MS = 20_000;
const PAUSE_MS = 100;

export interface Answered<T> {
  readonly body: T;
  readonly tries: number;
}

/** Answers what was said to the POST that was taken. Refuses an answer that no kill explains. */
export async function sendUntilAnswered<T>(client: HttpClient, path: string, body: unknown): Promise<Answered<T>> {
  const deadline = Date.now() + GIVE_UP_MS;
  for (let tries = 1; ; tries += 1) {
    const answer = await client
      .request('POST', path, body, { timeoutMs: ONE_TRY_MS })
      .catch((error: unknown): Omit<Answer, 'headers'> => ({ status: 0, body: String(error) }));
    if (answer.status === 202 || answer.status === 200) return { body: answer.body as T, tries };
    const passes = answer.status === 0 || answer.status >= 500;
    if (!passes || Date.now() > deadline)
      throw new Failure(
        `POST ${path} was answered by ${answer.status}: ${JSON.stringify(answer.body).slice(0, 1_000)}`,
      );
    await sleep(PAUSE_MS);
  }
}
