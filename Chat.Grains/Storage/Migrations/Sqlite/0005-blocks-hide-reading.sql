-- Blocks that were made before reading_hidden existed hide reading too. They stand in their users' settings: grain state,
-- which Orleans writes as JSON.
INSERT OR IGNORE INTO reading_hidden (user_id, from_id)
SELECT
    unhex(substr(s.grain_id, instr(s.grain_id, '/') + 1)),
    unhex(replace(json_extract(blocked.value, '$.Value'), '-', ''))
FROM grain_state s, json_each(CAST(s.payload AS TEXT), '$.Blocked."$values"') blocked
WHERE s.state_name = 'settings' AND s.payload IS NOT NULL;
