/** New households into their four tables by COPY, inside the caller's transaction on the writer role. */
import { copyInto, type Tx } from '@fangpin/persistence';
import { householdRow, livelihoodRow, memberRow } from '../households/entities/rows.js';
import type { Household } from '../households/household.js';

export async function copyHouseholds(tx: Tx, households: readonly Household[], actor: string): Promise<void> {
  await copyHeads(tx, households);
  await copyMembers(tx, households);
  await copyLivelihoods(tx, households);
  await copyHistory(tx, households, actor);
}

async function copyHeads(tx: Tx, households: readonly Household[]): Promise<void> {
  await copyInto(
    tx.client,
    `households (household_id, revision, duty_code, state, household_group, monitoring, monitoring_since, dwelling,
       only_dwelling, water_scheme, origin_code, source_key, created_at, updated_at)`,
    async (writer, flush) => {
      for (const household of households) {
        const row = householdRow(household);
        writer.row(14).int8(row.id).int8(row.revision).int8(row.dutyCode).int2(row.state).int2(row.group);
        writer.int2(row.monitoring);
        if (row.monitoringSince === null) writer.nothing();
        else writer.date(row.monitoringSince);
        writer.int2(row.dwelling).bool(row.onlyDwelling).text(row.waterScheme);
        if (row.originCode === null) writer.nothing();
        else writer.int8(row.originCode);
        if (row.sourceKey === null) writer.nothing();
        else writer.text(row.sourceKey);
        writer.timestamptz(row.createdAt.getTime()).timestamptz(row.updatedAt.getTime());
        await flush();
      }
    },
  );
}

async function copyMembers(tx: Tx, households: readonly Household[]): Promise<void> {
  await copyInto(
    tx.client,
    `household_members (household_id, member_no, duty_code, birth_year, sex, relation, labour, schooling, chronic,
       major_illness, disability_grade, work_months, work_branch, since, id_hash)`,
    async (writer, flush) => {
      for (const household of households) {
        household.members.forEach((member, at) => {
          const row = memberRow(household, member, at);
          writer.row(15).int8(row.householdId).int2(row.memberNo).int8(row.dutyCode).int2(row.birthYear).int2(row.sex);
          writer.int2(row.relation).int2(row.labour).int2(row.schooling).bool(row.chronic).bool(row.majorIllness);
          writer.int2(row.disabilityGrade).int2(row.workMonths).int2(row.workBranch);
          if (row.since === null) writer.nothing();
          else writer.date(row.since);
          if (row.idHash === null) writer.nothing();
          else writer.bytes(row.idHash);
        });
        await flush();
      }
    },
  );
}

async function copyLivelihoods(tx: Tx, households: readonly Household[]): Promise<void> {
  await copyInto(
    tx.client,
    'livelihoods (household_id, livelihood_no, duty_code, kind, product, place_code, quantity, employer)',
    async (writer, flush) => {
      for (const household of households) {
        household.livelihoods.forEach((livelihood, at) => {
          const row = livelihoodRow(household, livelihood, at);
          writer.row(8).int8(row.householdId).int2(row.livelihoodNo).int8(row.dutyCode).int2(row.kind);
          writer.int2(row.product).int8(row.placeCode).int4(row.quantity);
          if (row.employer === null) writer.nothing();
          else writer.text(row.employer);
        });
        await flush();
      }
    },
  );
}

async function copyHistory(tx: Tx, households: readonly Household[], actor: string): Promise<void> {
  await copyInto(
    tx.client,
    'household_history (household_id, revision, duty_code, change, actor, at)',
    async (writer, flush) => {
      for (const household of households) {
        writer
          .row(6)
          .int8(household.id)
          .int8(household.revision)
          .int8(household.dutyCode)
          .text('registered')
          .text(actor);
        writer.timestamptz(household.updatedAt.getTime());
        await flush();
      }
    },
  );
}
