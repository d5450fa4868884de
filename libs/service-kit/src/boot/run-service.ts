import type { Logger } from 'pino';
import { describeError } from '../context/logger.js';
import { LOGGER } from '../tokens.js';
import { createServiceApp, type ServiceAppOptions } from './create-service-app.js';

/** What an orchestrator usually waits before it kills, less a little. */
const SHUTDOWN_MS = 25_000;

/**
 * Runs a service until SIGTERM or SIGINT: then it is no longer ready, takes no new work, finishes what it has begun and
 * exits with 0; after 25 seconds it exits with 1. Options given by a function may throw (a bad environment) and count as boot. A boot that fails says why on standard error and exits with 1.
 */
export async function runService(source: ServiceAppOptions | (() => ServiceAppOptions)): Promise<void> {
  try {
    const options = typeof source === 'function' ? source() : source;
    const app = await createServiceApp(options);
    const log = app.get<Logger>(LOGGER);
    const stop = once((reason: string, code: number) => {
      log.info({ reason }, 'stopping');
      setTimeout(() => {
        log.error('did not stop in time');
        process.exit(1);
      }, SHUTDOWN_MS).unref();
      app.close().then(
        () => process.exit(code),
        (error: unknown) => {
          log.error({ err: error }, 'stopped badly');
          process.exit(1);
        },
      );
    });
    process.on('SIGTERM', () => stop('SIGTERM', 0));
    process.on('SIGINT', () => stop('SIGINT', 0));
    // State after an error that nobody caught is unknown: leave, and be started anew.
    const fatal = (error: unknown): void => {
      log.fatal({ err: error }, 'an error that nobody caught');
      stop('uncaught error', 1);
    };
    process.on('uncaughtException', fatal);
    process.on('unhandledRejection', fatal);
    await app.listen(options.env.port, options.env.host);
    log.info({ address: await app.getUrl() }, 'listening');
  } catch (error) {
    process.stderr.write(`${JSON.stringify({ msg: 'boot failed', err: describeError(error) })}\n`);
    process.exit(1);
  }
}

function once(work: (reason: string, code: number) => void): (reason: string, code: number) => void {
  let done = false;
  return (reason, code) => {
    if (done) return;
    done = true;
    work(reason, code);
  };
}
