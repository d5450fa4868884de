import type { Channel, PolledFormat } from './channels.js';

interface CommonDeclaration {
  readonly name: string;
  /** False: neither polled nor missed. */
  readonly enabled: boolean;
  /** When it counts as silent, as long as its habit is not known. */
  readonly silentAfterMinutes?: number;
}

/** A document that this system fetches. */
export interface PolledDeclaration extends CommonDeclaration {
  readonly mode: 'polled';
  readonly format: PolledFormat;
  readonly channel: Channel;
  readonly url: URL;
  readonly everySeconds: number;
  /** Sent with each request; secret, so never told again. */
  readonly headers: Readonly<Record<string, string>>;
  /** Hosts, beside that of `url`, to which the entries of a `cap-feed` may point. */
  readonly linkHosts: readonly string[];
}

/** An account that posts, and is missed when it no longer does. */
export interface PushedDeclaration extends CommonDeclaration {
  readonly mode: 'pushed';
  readonly channel: Channel;
  /** Role and subject, as in `department-client/weather-relay`. */
  readonly account: string;
}

export type SourceDeclaration = PolledDeclaration | PushedDeclaration;

/** What the operator declared; none where there is no file. */
export class DeclaredSources {
  constructor(
    readonly all: readonly SourceDeclaration[],
    /** How often a process looks for what is due; 0: it polls only what an operator asks for. */
    readonly lookEverySeconds: number,
  ) {}

  find(name: string): SourceDeclaration | undefined {
    return this.all.find((source) => source.name === name);
  }

  findAccount(account: string, channel: Channel): PushedDeclaration | undefined {
    return this.all.find(
      (source): source is PushedDeclaration =>
        source.mode === 'pushed' && source.account === account && source.channel === channel,
    );
  }

  /** What is to be fetched: polled and not switched off. */
  get polled(): readonly PolledDeclaration[] {
    return this.all.filter((source): source is PolledDeclaration => source.mode === 'polled' && source.enabled);
  }
}
