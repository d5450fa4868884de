import { HeldVillages } from '@fangpin/service-kit';

const LINE = `concat_ws(':', h.household_id, h.revision, h.duty_code, (h.state = 1 AND m.persons > 0)::int, m.persons, m.labourers,
  m.disabled, h.household_group, h.monitoring, h.dwelling, h.only_dwelling::int, h.water_scheme,
  CASE WHEN h.state = 1 AND m.persons > 0 THEN coalesce(l.livelihoods, '') ELSE '' END,
  to_char(h.monitoring_since, 'YYYY-MM-DD'))`;

// Counts as compositionOf in household-profile.ts; a spec holds the two together.
const PARTS = `
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS persons, count(*) FILTER (WHERE labour IN (1, 2, 3))::int AS labourers,
           count(*) FILTER (WHERE disability_grade IN (1, 2))::int AS disabled
      FROM household_members WHERE household_id = h.household_id) m
  CROSS JOIN LATERAL (
    SELECT string_agg(concat_ws(',', product, quantity, place_code, coalesce(employer, '')), ';' ORDER BY livelihood_no) AS livelihoods
      FROM livelihoods WHERE household_id = h.household_id) l`;

/** What the register holds, in the lines that risk-alerts compares. */
export const heldHouseholds = new HeldVillages({ line: LINE, parts: PARTS, changedAt: 'h.updated_at' });
