-- When a user last gave any input (Unix milliseconds); written behind, in batches, and never back.
CREATE TABLE last_seen (
    user_id BLOB NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Whose reading is hidden from whom: what user settings say, in a form that views can ask. All zero: from everybody.
CREATE TABLE reading_hidden (
    user_id BLOB NOT NULL,
    from_id BLOB NOT NULL,
    PRIMARY KEY (user_id, from_id)
) STRICT, WITHOUT ROWID;
