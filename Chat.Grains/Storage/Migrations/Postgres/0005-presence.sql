-- When a user last gave any input; written behind, in batches, and never back.
CREATE TABLE last_seen (
    user_id uuid PRIMARY KEY,
    at      timestamptz NOT NULL
) WITH (fillfactor = 70);

-- Whose reading is hidden from whom: what user settings say, in a form that views can ask. All zero: from everybody.
CREATE TABLE reading_hidden (
    user_id uuid NOT NULL,
    from_id uuid NOT NULL,
    PRIMARY KEY (user_id, from_id)
);
