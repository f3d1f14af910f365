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

CREATE UNIQUE INDEX message_client_id ON message (conversation_key, sender_key, client_message_id)
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

-- Each pass of a watermark, kept: which one first passed an entry is the lowest at or above it.
CREATE TABLE receipt_step (
    conversation_key INTEGER NOT NULL,
    user_key INTEGER NOT NULL,
    kind INTEGER NOT NULL,                    -- 0 delivered, 1 read
    seq INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (conversation_key, user_key, kind, seq)
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
