ALTER TABLE conversation
    ADD COLUMN description      text,
    ADD COLUMN picture_media_id text,
    ADD COLUMN member_count     integer NOT NULL DEFAULT 0;     -- those who are members now

UPDATE conversation c SET member_count = (
    SELECT count(*) FROM membership m WHERE m.conversation_id = c.conversation_id AND m.left_seq IS NULL);

ALTER TABLE membership
    ADD COLUMN readable_from bigint,                            -- set by leaving: what he may read stays as it was
    ADD COLUMN muted_until   timestamptz;

-- Earlier stays of those who left and came back; the latest one is in membership.
CREATE TABLE membership_period (
    conversation_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    joined_seq      bigint NOT NULL,
    left_seq        bigint NOT NULL,
    PRIMARY KEY (conversation_id, user_id, joined_seq)
);

CREATE TABLE group_invite (
    code_hash       bytea PRIMARY KEY,                          -- SHA-256; the code itself is not stored
    conversation_id uuid NOT NULL,
    created_by      uuid NOT NULL,
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz,
    revoked_at      timestamptz,
    uses_max        integer,
    uses            integer NOT NULL DEFAULT 0
);
