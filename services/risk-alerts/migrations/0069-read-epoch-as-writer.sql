-- A slice names its alerts by this service's own epoch too, so that what a restored database says overtakes what was said from it before.
GRANT SELECT ON service_epoch TO :writer;
-- down: REVOKE SELECT ON service_epoch FROM :writer;
