/** The Kafka Streams peer while it runs, and what it reports. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Failure } from '../../failure.ts';
import { tailOf } from '../../servers/launch.ts';

/** So many households of a run were stored, or their cases' events acknowledged, at that time (ms since the epoch). */
export interface StreamsReport {
  what: 'stored' | 'acknowledged';
  run: string;
  households: number;
  atMs: number;
}

export function readReport(line: string): StreamsReport | undefined {
  const [what, run, households, atMs] = line.split(' ');
  if ((what !== 'stored' && what !== 'acknowledged') || run === undefined) return undefined;
  const report = { what, run, households: Number(households), atMs: Number(atMs) } as const;
  return Number.isFinite(report.households) && Number.isFinite(report.atMs) ? report : undefined;
}

/** Adds reports of a run up. */
export class RunTally {
  readonly #households = { stored: 0, acknowledged: 0 };
  readonly #lastMs = { stored: 0, acknowledged: 0 };

  readonly run: string;

  constructor(run: string) {
    this.run = run;
  }

  add(report: StreamsReport): void {
    if (report.run !== this.run) return;
    this.#households[report.what] += report.households;
    this.#lastMs[report.what] = Math.max(this.#lastMs[report.what], report.atMs);
  }

  /** When the last of so many households was stored and acknowledged; nothing before. Refuses more than there are. */
  ends(households: number): { storedMs: number; acknowledgedMs: number } | undefined {
    if (this.#households.stored > households)
      throw new Failure(`the Streams peer stored ${this.#households.stored} of ${households} households`);
    if (this.#households.acknowledged < households) return undefined;
    return { storedMs: this.#lastMs.stored, acknowledgedMs: this.#lastMs.acknowledged };
  }
}

export interface StreamsProcess {
  readonly pid: number;
  /** Resolves when the program runs and its sinks have their partitions. */
  ready(): Promise<void>;
  /** Follows reports until the function it gives is called. */
  follow(onReport: (report: StreamsReport) => void): () => void;
  /** Rejects when the program ends by itself. */
  readonly failed: Promise<never>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

/** Memory as large as the state and the batches in flight need, and the collector that costs least work. */
const JAVA_OPTIONS = ['-Xms768m', '-Xmx768m', '-XX:+UseParallelGC', '-Djava.awt.headless=true'];
const LOGGING = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];

export function startStreams(classPath: string, settingsFile: string, logFile: string): StreamsProcess {
  const args = [...JAVA_OPTIONS, ...LOGGING, '-cp', classPath, 'Peer', settingsFile];
  const child = spawn('java', args, { stdio: 'pipe' });
  child.stderr.pipe(createWriteStream(logFile, { flags: 'a' }));
  const followers = new Set<(report: StreamsReport) => void>();
  const ready = Promise.withResolvers<void>();
  const over = Promise.withResolvers<never>();
  let stopping = false;
  const ended = new Promise<void>((resolve) => {
    child.once('close', (code) => {
      if (!stopping) over.reject(new Failure(`the Streams peer ended with status ${code}\n${tailOf(logFile)}`));
      resolve();
    });
    child.once('error', (error) => over.reject(new Failure(`java could not be started: ${error.message}`)));
  });
  // Raced with by whoever waits for something of it.
  over.promise.catch(() => undefined);
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'ready') ready.resolve();
    const report = readReport(line);
    if (report !== undefined) for (const tell of followers) tell(report);
  });
  return {
    pid: child.pid ?? 0,
    ready: () => Promise.race([ready.promise, over.promise]),
    follow(onReport) {
      followers.add(onReport);
      return () => void followers.delete(onReport);
    },
    failed: over.promise,
    async stop() {
      stopping = true;
      child.stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
      await ended;
      clearTimeout(timer);
    },
  };
}
