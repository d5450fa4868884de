/** What an officer is told of a list as a whole: the odd members by name, as many as can be read. */
import { toBeijingTime } from '@fangpin/domain-kit';
import type { Problem } from '../cap/cap-message.js';
import type { JudgedWarning } from './judge-warning.rule.js';
import { namedProblem } from './named-problem.js';
import { identityOf, type ListedWarning } from './snapshot.js';

export interface JudgedMember {
  readonly warning: ListedWarning;
  readonly judged: JudgedWarning;
}

/** `receivedAt`: the moment of receipt, or the replay time. */
export function listProblems(
  listed: readonly ListedWarning[],
  members: readonly JudgedMember[],
  updated: Date,
  receivedAt: Date,
): Problem[] {
  const nameOf = ({ name, code, type }: ListedWarning): string => `${name === '' ? code : name}${type}`;
  const named = (where: (member: JudgedMember) => boolean): string[] =>
    members.filter(where).map(({ warning }) => nameOf(warning));
  const past = listed.filter(({ expires }) => expires !== undefined && expires <= updated);
  const over = members.filter(({ judged }) => judged.expires > updated && judged.expires <= receivedAt);
  return [
    ...namedProblem(
      'SNAPSHOT.UNKNOWN_CODE',
      '未知的区划代码，仅作记录',
      members.filter(({ judged }) => judged.region === undefined).map(({ warning }) => warning.code),
    ),
    ...namedProblem(
      'SNAPSHOT.UNKNOWN_TYPE',
      '未识别的预警类型，按“其他”记录',
      members.filter(({ judged }) => !judged.kindKnown).map(({ warning }) => warning.type),
    ),
    ...namedProblem('SNAPSHOT.PAST_EXPIRY', '清单中已过失效时间', past.map(nameOf)),
    ...namedProblem(
      'SNAPSHOT.COLOUR_UNKNOWN',
      '没有可识别的颜色或级别',
      named(({ warning }) => warning.level === 0),
    ),
    ...namedProblem(
      'SNAPSHOT.ISSUED_ASSUMED',
      '没有可识别的发布时间，按清单的更新时间推定',
      named(({ warning }) => warning.issued === undefined),
    ),
    ...namedProblem(
      'SNAPSHOT.EXPIRY_ASSUMED',
      '没有可识别的失效时间，按政策推定',
      named(({ judged }) => judged.expiryAssumed),
    ),
    ...namedProblem('SNAPSHOT.DUPLICATE', '同一县区同一类型有多条，以最重的一条为准', duplicates(listed).map(nameOf)),
    ...(over.length === 0
      ? []
      : [
          {
            code: 'SNAPSHOT.HISTORY',
            text: `${over.length}条在收到时（${toBeijingTime(receivedAt)}）已失效，仅作记录`,
          },
        ]),
  ];
}

function duplicates(listed: readonly ListedWarning[]): ListedWarning[] {
  const seen = new Set<string>();
  return listed.filter((warning) => {
    const identity = identityOf(warning);
    const again = seen.has(identity);
    seen.add(identity);
    return again && warning.readable;
  });
}
