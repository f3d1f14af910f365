-- Blocks that were made before reading_hidden existed hide reading too. They stand in their users' settings: grain state,
-- which Orleans writes as JSON, under the user's id as two numbers, each little-endian.
INSERT INTO reading_hidden (user_id, from_id)
SELECT
    (lpad(to_hex(s.GrainIdN0 & 4294967295), 8, '0')
        || lpad(to_hex((s.GrainIdN0 >> 32) & 65535), 4, '0')
        || lpad(to_hex((s.GrainIdN0 >> 48) & 65535), 4, '0')
        || (SELECT string_agg(lpad(to_hex(get_byte(int8send(s.GrainIdN1), n)), 2, '0'), '' ORDER BY n DESC)
            FROM generate_series(0, 7) n))::uuid,
    (blocked.id ->> 'Value')::uuid
FROM OrleansStorage s
CROSS JOIN LATERAL jsonb_array_elements(
    convert_from(s.PayloadBinary, 'UTF8')::jsonb -> 'Blocked' -> '$values') AS blocked (id)
WHERE s.GrainTypeString = 'settings'
ON CONFLICT DO NOTHING;
