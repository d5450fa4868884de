/** A judged CAP message as a statement about its shock. */
import type { RegionCode } from '@fangpin/domain-kit';
import { boundedKey, dueByClock, type Received } from '../intake/received.js';
import type { StatementInHand } from '../intake/statement-in-hand.js';
import type { Statement } from '../shocks/chain.rule.js';
import { cmaAlias, warningAlias } from '../shocks/warning-alias.js';
import type { CapMessage, Problem } from './cap-message.js';
import { readCapTime } from './cap-time.js';
import type { CapVerdict } from './judge-cap.rule.js';

/** A verdict that is not quarantine, with the message's own time. */
export type StandingVerdict = CapVerdict & { readonly verdict: 'taken' | 'recorded'; readonly sent: Date };

export interface JudgedCap {
  readonly message: CapMessage;
  readonly verdict: StandingVerdict;
  readonly key: string;
  readonly digest: Buffer;
  readonly received: Received;
}

const MAX_REFERENCES = 200;
/** `37061441600000_20260801133303`: what the national system calls a warning, in all its feeds. */
const NATIONAL_IDENTIFIER = /^\d{14}_\d{14}(?:_\d)?$/;

export function capInHand(judged: JudgedCap): StatementInHand {
  const { message, verdict, digest, received } = judged;
  const problems: Problem[] = [...verdict.problems];
  const self = message.references.some(
    (reference) => reference.sender === message.sender && reference.identifier === message.identifier,
  );
  if (self) problems.push({ code: 'CAP.SELF_REFERENCE', text: '消息引用了自身，已忽略' });
  if (verdict.type !== 'alert' && message.references.length === 0)
    problems.push({ code: 'CAP.NO_REFERENCE', text: '更新或解除没有引用任何消息，按首发消息处理' });
  return {
    origin: 'cap',
    digest,
    received,
    statement: statementOf(judged),
    ...(verdict.basis === undefined ? {} : { basis: verdict.basis }),
    recorded: verdict.verdict === 'recorded',
    problems,
    referredTimes: message.references.flatMap((reference) => {
      const sent = readCapTime(reference.sent)?.at;
      return sent === undefined ? [] : [{ identity: identityOf(reference, verdict), sent }];
    }),
  };
}

function statementOf({ message, verdict, key, received }: JudgedCap): Statement {
  const identity = identityOf(message, verdict);
  const references = message.references
    .slice(0, MAX_REFERENCES)
    .map((reference) => identityOf(reference, verdict))
    .filter((reference) => reference !== identity);
  return {
    key,
    identity,
    type: verdict.type,
    sent: verdict.sent,
    references: [...new Set(references)],
    aliases: verdict.apart ? [] : aliasesOf(message, verdict),
    ...(verdict.content === undefined ? {} : { content: verdict.content }),
    endsDueAt: dueByClock(received, verdict.content?.expires ?? null),
  };
}

/** Tests and acknowledgements never meet what is meant in earnest. */
function identityOf(named: Pick<CapMessage, 'sender' | 'identifier'>, { apart }: StandingVerdict): string {
  return boundedKey(`${apart ? 'cap-apart' : 'cap'}:${named.sender},${named.identifier}`);
}

function aliasesOf(message: CapMessage, { content, sent }: StandingVerdict): string[] {
  const national = NATIONAL_IDENTIFIER.test(message.identifier) ? [cmaAlias(message.identifier)] : [];
  if (content === undefined || content.regions.length !== 1 || content.level === 0) return national;
  const { kind, level } = content;
  return [...national, warningAlias({ region: content.regions[0] as RegionCode, kind, level, issued: sent })];
}
