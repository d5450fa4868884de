-- Losses that alerted nobody one by one count in what all troubles of a household are together (docs/adr/0060-losses-held-back-add-up.md).
CREATE TABLE held_back_losses (
  household_id bigint NOT NULL,
  origin bigint NOT NULL,
  cause text NOT NULL,
  revision bigint NOT NULL,
  duty_code bigint NOT NULL,
  slice_no bigint NOT NULL,
  low_fen bigint NOT NULL,
  middle_fen bigint NOT NULL,
  high_fen bigint NOT NULL,
  per_capita_fen bigint,
  projected_fen bigint,
  persons integer NOT NULL,
  reasons smallint NOT NULL,
  inputs bigint[] NOT NULL,
  wage_fen_per_worker bigint,
  finding_id uuid,
  finding bytea,
  raised_at timestamptz NOT NULL,
  gone_why text CHECK (gone_why IN ('recalled', 'answered', 'checked')),
  CONSTRAINT held_back_losses_pk PRIMARY KEY (household_id, origin),
  CONSTRAINT held_back_losses_finding CHECK ((finding_id IS NULL) = (finding IS NULL))
);
CREATE INDEX held_back_losses_of_origin ON held_back_losses (origin);
CREATE INDEX held_back_losses_of_finding ON held_back_losses (finding_id) WHERE finding_id IS NOT NULL;
COMMENT ON TABLE held_back_losses IS 'Losses that are material and raise no alert alone, as they were judged last; parts of joint alerts like alerts are';
COMMENT ON COLUMN held_back_losses.revision IS 'As an alert would have it: of the shock or finding, and its look';
COMMENT ON COLUMN held_back_losses.slice_no IS 'The latest slice when it was stored: what is known of the household is of then';
COMMENT ON COLUMN held_back_losses.gone_why IS 'recalled: no danger any more; answered: by the ended case of a joint alert; checked: no risk was found. Null while it counts';

CREATE TABLE held_back_looks (
  look_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  household_id bigint NOT NULL,
  duty_code bigint NOT NULL,
  joint_origin bigint,
  answered_up_to smallint,
  CONSTRAINT held_back_looks_check CHECK ((joint_origin IS NULL) = (answered_up_to IS NULL))
);
COMMENT ON TABLE held_back_looks IS 'Households whose held back losses have changed, or whose joint alert was checked, since joint risks were last looked at; insert only';

SELECT protect_by_scope('held_back_losses'), protect_by_scope('held_back_looks');
GRANT SELECT, INSERT, UPDATE ON held_back_losses TO :app, :writer;
GRANT SELECT, INSERT, DELETE ON held_back_looks TO :app;
GRANT SELECT, INSERT ON held_back_looks TO :writer;

ALTER TABLE slices ADD COLUMN held_back_at timestamptz;
ALTER TABLE fan_outs ADD COLUMN held_back_at timestamptz;
COMMENT ON COLUMN slices.held_back_at IS 'When the losses that it held back were taken up; null where they are not yet, or it raises nothing';
COMMENT ON COLUMN fan_outs.held_back_at IS 'When held back losses of earlier revisions were let go; null where they are not yet';
-- Of shocks that are over the figures of then are not known any more: households may have another income by now.
UPDATE fan_outs SET held_back_at = now();
UPDATE slices s SET held_back_at = now() WHERE direction = 'raise' AND NOT EXISTS (
  SELECT FROM fan_outs f JOIN origins o USING (origin) JOIN shocks k ON k.shock_id = o.shock_id AND k.revision = f.shock_revision
  WHERE f.origin = s.origin AND f.shock_revision = s.shock_revision AND k.state = 1);
CREATE INDEX slices_to_hold_back ON slices (slice_no) WHERE held_back_at IS NULL AND direction = 'raise' AND stored_at IS NOT NULL;
CREATE INDEX fan_outs_to_let_go ON fan_outs (origin) WHERE held_back_at IS NULL AND state <> 'superseded';
-- down: DROP TABLE held_back_looks, held_back_losses; the two columns.
