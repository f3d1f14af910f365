-- The client's id first: ids that begin with the time (UUIDv7) all go to the index's end, so that a commit of many
-- conversations' messages changes one page of it and not one for each. Measured: docs/decisions/0001.
DROP INDEX message_once;
CREATE UNIQUE INDEX message_once ON message (client_message_id, conversation_id, sender_id);
