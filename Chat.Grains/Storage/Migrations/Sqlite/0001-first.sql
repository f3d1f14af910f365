-- Inside, rows are tied by small integer keys: random 16-byte keys make an append four times as dear.
-- Times are Unix milliseconds; those of receipts whole seconds.

CREATE TABLE account (
    user_id BLOB NOT NULL PRIMARY KEY,
    username TEXT NOT NULL,
    username_folded TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    password_hash TEXT,                       -- null: of an outside issuer
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE user_key (
    key INTEGER PRIMARY KEY,
    user_id BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE conversation (
    key INTEGER PRIMARY KEY,
    conversation_id BLOB NOT NULL UNIQUE,
    kind INTEGER NOT NULL,
    epoch INTEGER NOT NULL DEFAULT 0,
    title TEXT,
    history_visibility TEXT,
    only_admins_send INTEGER,
    retention TEXT,                           -- JSON; null: permanent
    settings_version INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

-- No last_seq anywhere: the end of a log is the end of its primary key, and an append writes one row less.
CREATE TABLE message (
    conversation_key INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    sender_key INTEGER NOT NULL,
    client_message_id TEXT,                   -- null: system entry
    sent_at INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    target_seq INTEGER,
    content TEXT,                             -- JSON; null: deleted, or nothing beside the columns
    edited_at INTEGER,
    reacted INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_key, seq)
) STRICT, WITHOUT ROWID;

-- The client's id first: those that begin with the time (UUIDv7) all go to the index's end, so that a commit of many
-- conversations' messages changes one page of it and not one for each.
CREATE UNIQUE INDEX message_client_id ON message (client_message_id, conversation_key, sender_key)
    WHERE client_message_id IS NOT NULL;

CREATE INDEX message_target ON message (conversation_key, target_seq) WHERE target_seq IS NOT NULL;

CREATE TABLE membership (
    conversation_key INTEGER NOT NULL,
    user_key INTEGER NOT NULL,
    role INTEGER NOT NULL,
    joined_seq INTEGER NOT NULL,
    left_seq INTEGER,
    delivered_seq INTEGER NOT NULL DEFAULT 0,
    read_seq INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_key, user_key)
) STRICT, WITHOUT ROWID;

-- Each pass of a watermark, kept: the one that first passed an entry is the lowest at or above it.
CREATE TABLE receipt_step (
    conversation_key INTEGER NOT NULL,
    user_key INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    delivered_at INTEGER,                     -- null: that watermark did not stop here
    read_at INTEGER,
    PRIMARY KEY (conversation_key, user_key, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE user_conversation (
    user_key INTEGER NOT NULL,
    conversation_key INTEGER NOT NULL,
    PRIMARY KEY (user_key, conversation_key)
) STRICT, WITHOUT ROWID;

CREATE TABLE grain_state (
    state_name TEXT NOT NULL,
    grain_id TEXT NOT NULL,
    etag INTEGER NOT NULL,
    payload BLOB,                             -- null: cleared
    PRIMARY KEY (state_name, grain_id)
) STRICT, WITHOUT ROWID;
