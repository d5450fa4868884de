-- An episode changes several times in its life, all of a township's in one go: with room on its page a change stays there and no index hears of it.
-- Holds for pages that come; those that are full stay so.
ALTER TABLE risk_episodes SET (fillfactor = 50);
-- down: ALTER TABLE risk_episodes RESET (fillfactor);
