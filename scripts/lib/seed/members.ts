/** The people of a made-up household: ages, kinship, school, health, work. */
import type { Member } from '../../../services/household-registry/src/households/household.ts';
import {
  branches,
  CHRONIC_SHARE,
  DISABLED_SHARE,
  MAJOR_ILLNESS_SHARE,
  NON_FARM_SHARE,
  SEVERE_AMONG_DISABLED,
} from './calibration.ts';
import type { Random } from './prng.ts';

/** Ages are those of this year; fixed, so that a seed is the same in every year. */
export const REFERENCE_YEAR = 2026;

type Relation = Member['relation'];

interface Person {
  readonly age: number;
  readonly relation: Relation;
  readonly sex: Member['sex'];
}

/** A household of `size` persons with one head; what they do follows their age. */
export function makeMembers(size: number, random: Random): Member[] {
  return peopleOf(size, random).map((person) => describe(person, random));
}

function peopleOf(size: number, random: Random): Person[] {
  const headSex = random.chance(0.85) ? 'male' : 'female';
  const spouseSex = headSex === 'male' ? 'female' : 'male';
  if (size === 1) {
    const age = random.pick([
      [random.between(62, 84), 0.35],
      [random.between(40, 61), 0.55],
      [random.between(22, 39), 0.1],
    ]);
    return [{ age, relation: 'head', sex: headSex }];
  }
  const elders =
    size >= 5 ? (random.chance(0.25) ? 2 : 1) : size >= 3 && random.chance(size === 3 ? 0.12 : 0.3) ? 1 : 0;
  const married = random.chance(size === 2 ? 0.75 : 0.93);
  const young = size - 1 - (married ? 1 : 0) - elders;
  const headAge = young > 0 ? random.between(elders > 0 ? 33 : 36, elders > 0 ? 56 : 65) : random.between(32, 70);
  const people: Person[] = [{ age: headAge, relation: 'head', sex: headSex }];
  if (married) people.push({ age: Math.max(20, headAge + random.between(-5, 3)), relation: 'spouse', sex: spouseSex });
  for (let i = 0; i < elders; i += 1) {
    const age = Math.min(94, headAge + random.between(20, 29));
    people.push({ age, relation: 'parent', sex: i === 0 ? 'female' : 'male' });
  }
  people.push(...offspring(young, headAge, random));
  return people;
}

/** Children, and from the fourth young person on grandchildren where a child is old enough to have one. */
function offspring(count: number, headAge: number, random: Random): Person[] {
  const people: Person[] = [];
  for (let i = 0; i < count; i += 1) {
    const sex = random.chance(0.52) ? 'male' : 'female';
    const eldest = people[0]?.age ?? 0;
    if (i >= 2 && eldest >= 24) people.push({ age: random.between(0, eldest - 21), relation: 'grandchild', sex });
    else {
      const age = Math.max(0, headAge - random.between(22, 34) - i * 2);
      people.push({ age, relation: sex === 'male' ? 'son' : 'daughter', sex });
    }
  }
  return people;
}

function describe({ age, relation, sex }: Person, random: Random): Member {
  const disabled = random.chance(age >= 60 ? DISABLED_SHARE * 2.2 : DISABLED_SHARE * 0.8);
  const severe = disabled && random.chance(SEVERE_AMONG_DISABLED);
  const disabilityGrade = !disabled ? 0 : severe ? random.between(1, 2) : random.between(3, 4);
  const schooling = schoolingAt(age, random);
  const labour = labourOf(age, severe, schooling !== 'none', random);
  const away =
    relation !== 'parent' && age < 60 && (labour === 'ordinary' || labour === 'skilled')
      ? random.chance(NON_FARM_SHARE)
      : false;
  return {
    birthYear: REFERENCE_YEAR - age,
    sex,
    relation,
    labour,
    schooling,
    chronic: random.chance(age >= 55 ? CHRONIC_SHARE * 2.5 : CHRONIC_SHARE * 0.4),
    majorIllness: random.chance(MAJOR_ILLNESS_SHARE),
    disabilityGrade,
    workMonths: away ? random.between(5, 11) : 0,
    workBranch: away ? random.pick(branches) : 0,
  };
}

/** Compulsory school is universal (义务教育 is the plan's binding figure); the rest are assumptions. */
function schoolingAt(age: number, random: Random): Member['schooling'] {
  if (age < 3 || age > 22) return 'none';
  if (age < 6) return random.chance(0.85) ? 'kindergarten' : 'none';
  if (age < 12) return 'primary';
  if (age < 15) return 'junior-high';
  if (age < 18)
    return random.pick([
      ['senior-high', 0.5],
      ['vocational', 0.4],
      ['none', 0.1],
    ] as const);
  return random.pick([
    ['junior-college', 0.2],
    ['bachelor', 0.15],
    ['none', 0.65],
  ] as const);
}

function labourOf(age: number, severe: boolean, atSchool: boolean, random: Random): Member['labour'] {
  if (age < 16 || atSchool) return 'none';
  if (severe) return random.chance(0.8) ? 'lost' : 'weak';
  if (age < 60)
    return random.pick([
      ['ordinary', 0.83],
      ['skilled', 0.08],
      ['weak', 0.065],
      ['lost', 0.025],
    ] as const);
  if (age < 65)
    return random.pick([
      ['ordinary', 0.35],
      ['weak', 0.5],
      ['none', 0.15],
    ] as const);
  if (age < 70)
    return random.pick([
      ['weak', 0.5],
      ['none', 0.5],
    ] as const);
  return random.chance(0.1) ? 'weak' : 'none';
}
