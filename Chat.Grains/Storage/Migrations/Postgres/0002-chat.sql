-- Every table is reached by its first key column alone and never joined across the two keys (user, conversation):
-- each can be hash-partitioned by it, or spread over databases, without a query changing.

CREATE TABLE account (
    user_id       uuid PRIMARY KEY,
    username      text NOT NULL,
    username_key  text NOT NULL UNIQUE,     -- lower case, invariant
    display_name  text NOT NULL,
    password_hash text,                     -- null: a user of an outside issuer
    created_at    timestamptz NOT NULL
);

CREATE TABLE conversation (
    conversation_id    uuid PRIMARY KEY,
    kind               smallint NOT NULL,           -- 0 direct, 1 group
    epoch              bigint NOT NULL DEFAULT 0,   -- raised by each new writer; an older one appends nothing
    title              text,
    history_visibility text,
    only_admins_send   boolean,
    retention          text,                        -- JSON; null: permanent
    settings_version   bigint NOT NULL DEFAULT 0,
    created_at         timestamptz NOT NULL
);

-- The log. Its end is the highest seq of the key: see docs/decisions/0001.
CREATE TABLE message (
    conversation_id   uuid NOT NULL,
    seq               bigint NOT NULL,
    sender_id         uuid NOT NULL,
    client_message_id text COLLATE "C",             -- null: a system entry
    sent_at           timestamptz NOT NULL,
    kind              smallint NOT NULL,
    target_seq        bigint,
    content           text,                         -- JSON; null: the columns say it all, or it was deleted
    edited_at         timestamptz,
    reacted           boolean NOT NULL DEFAULT false,
    PRIMARY KEY (conversation_id, seq)
);

CREATE UNIQUE INDEX message_once ON message (conversation_id, sender_id, client_message_id);
CREATE INDEX message_about ON message (conversation_id, target_seq) WHERE target_seq IS NOT NULL;

CREATE TABLE membership (
    conversation_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    role            smallint NOT NULL,              -- 0 member, 1 admin, 2 owner
    joined_seq      bigint NOT NULL,
    left_seq        bigint,
    delivered_seq   bigint NOT NULL DEFAULT 0,
    read_seq        bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (conversation_id, user_id)
) WITH (fillfactor = 70);                           -- watermarks are rewritten in place

-- When a watermark passed what: the first step at or after a seq tells when that entry was passed.
CREATE TABLE receipt_step (
    conversation_id uuid NOT NULL,
    user_id         uuid NOT NULL,
    kind            smallint NOT NULL,              -- 0 delivered, 1 read
    seq             bigint NOT NULL,
    at              timestamptz NOT NULL,
    PRIMARY KEY (conversation_id, user_id, kind, seq)
);

-- What a user lists. Written when somebody joins or leaves, never per message.
CREATE TABLE user_conversation (
    user_id         uuid NOT NULL,
    conversation_id uuid NOT NULL,
    PRIMARY KEY (user_id, conversation_id)
);
