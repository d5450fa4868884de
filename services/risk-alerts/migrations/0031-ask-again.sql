-- A household that changed while a slice ran is looked at once more behind it.
GRANT INSERT ON relooks TO :writer;
-- down: REVOKE INSERT ON relooks FROM :writer;
