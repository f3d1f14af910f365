-- The conversation as it was when a member left, for him: JSON, written with left_seq.
ALTER TABLE membership ADD COLUMN left_view text;

-- Who left before this column was there is shown what holds now, and nothing later.
UPDATE membership m SET left_view = json_build_object(
    'title', c.title,
    'description', c.description,
    'pictureMediaId', c.picture_media_id,
    'historyVisibility', c.history_visibility,
    'onlyAdminsSend', c.only_admins_send,
    'retention', c.retention,
    'settingsVersion', c.settings_version,
    'memberCount', c.member_count)::text
FROM conversation c
WHERE c.conversation_id = m.conversation_id AND m.left_seq IS NOT NULL;
