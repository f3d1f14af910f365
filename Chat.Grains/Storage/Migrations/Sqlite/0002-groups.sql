ALTER TABLE conversation ADD COLUMN description TEXT;
ALTER TABLE conversation ADD COLUMN picture_media_id TEXT;
ALTER TABLE conversation ADD COLUMN member_count INTEGER NOT NULL DEFAULT 0;    -- those who are members now

UPDATE conversation SET member_count = (
    SELECT count(*) FROM membership WHERE conversation_key = key AND left_seq IS NULL);

ALTER TABLE membership ADD COLUMN readable_from INTEGER;   -- set by leaving: what he may read stays as it was
ALTER TABLE membership ADD COLUMN muted_until INTEGER;

-- Earlier stays of those who left and came back; the latest one is in membership.
CREATE TABLE membership_period (
    conversation_key INTEGER NOT NULL,
    user_key INTEGER NOT NULL,
    joined_seq INTEGER NOT NULL,
    left_seq INTEGER NOT NULL,
    PRIMARY KEY (conversation_key, user_key, joined_seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE group_invite (
    code_hash BLOB NOT NULL PRIMARY KEY,      -- SHA-256; the code itself is not stored
    conversation_key INTEGER NOT NULL,
    created_by INTEGER NOT NULL,              -- a user's key
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER,
    uses_max INTEGER,
    uses INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
