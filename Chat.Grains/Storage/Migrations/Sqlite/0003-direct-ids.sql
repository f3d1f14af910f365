-- The key of direct conversations' ids: see docs/decisions/0006. A store that has some keeps their ids, which had none.
CREATE TABLE secret (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO secret (name, value)
SELECT 'direct-ids', CASE
    WHEN EXISTS (SELECT 1 FROM conversation WHERE kind = 0) THEN x''
    ELSE randomblob(32)
END;
