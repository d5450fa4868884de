/** What the registry says about who belongs to a household: keyed hashes, on a topic of their own (docs/adr/0027). */
import { create } from '@bufbuild/protobuf';
import { HouseholdIdentitiesSchema, topics } from '@fangpin/contracts';
import { encodeEvent, type OutgoingMessage } from '@fangpin/messaging';
import { householdStates, type HouseholdState } from './codes.js';
import type { Household, Member } from './household.js';

export interface IdentitySource {
  readonly id: number;
  readonly revision: number;
  readonly dutyCode: number;
  readonly state: HouseholdState;
  /** Members whose ID number is known. Who is a main earner the register does not know. */
  readonly identities: readonly {
    readonly memberNo: number;
    readonly idHash: string;
    readonly since?: string | undefined;
  }[];
}

export function identitiesOf(members: readonly Member[]): IdentitySource['identities'] {
  return members.flatMap(({ idHash, since }, at) =>
    idHash === undefined ? [] : [{ memberNo: at + 1, idHash, since }],
  );
}

/** The identities as a message of the identity topic; its key is the household's id. */
export function identityMessage(household: IdentitySource, at?: Date): OutgoingMessage {
  const data = create(HouseholdIdentitiesSchema, {
    householdId: BigInt(household.id),
    revision: BigInt(household.revision),
    dutyCode: BigInt(household.dutyCode),
    state: householdStates.toCode(household.state),
    members: household.identities.map(({ memberNo, idHash, since }) => ({
      memberNo,
      idHash: Buffer.from(idHash, 'hex'),
      ...(since === undefined ? {} : { since }),
    })),
  });
  return encodeEvent(topics.identity, data, { key: String(household.id), ...(at === undefined ? {} : { at }) });
}

/** The same from a whole household. */
export function identityMessageOf(household: Household, at?: Date): OutgoingMessage {
  return identityMessage({ ...household, identities: identitiesOf(household.members) }, at);
}

/**
 * Members that replace others keep the identity of the one they stand for when the change names no ID number: the only one on
 * either side of the same birth year, sex and relation. Twins and strangers get none; their number has to be told again. Who stays has
 * belonged to the household as long as was known, where the change does not say it otherwise.
 */
export function keepIdentities(before: readonly Member[], after: readonly Member[]): Member[] {
  const likeness = ({ birthYear, sex, relation }: Member): string => `${birthYear} ${sex} ${relation}`;
  const known = Map.groupBy(before, likeness);
  const next = Map.groupBy(after, likeness);
  return after.map((member) => {
    const [same, ...others] = known.get(likeness(member)) ?? [];
    const isOnly = others.length === 0 && next.get(likeness(member))?.length === 1;
    const stays = member.idHash === undefined ? isOnly : undefined;
    const was = stays === undefined ? before.find(({ idHash }) => idHash === member.idHash) : stays ? same : undefined;
    return was === undefined ? member : { ...ofThose(was), ...member };
  });
}

function ofThose({ idHash, since }: Member): Pick<Member, 'idHash' | 'since'> {
  return { ...(idHash === undefined ? {} : { idHash }), ...(since === undefined ? {} : { since }) };
}
