-- The key of direct conversations' ids: see docs/decisions/0006. A store that has some keeps their ids, which had none.
CREATE TABLE secret (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);

INSERT INTO secret (name, value)
SELECT 'direct-ids', CASE
    WHEN EXISTS (SELECT 1 FROM conversation WHERE kind = 0) THEN ''::bytea
    ELSE uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
END;
