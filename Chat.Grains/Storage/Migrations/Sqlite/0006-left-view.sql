-- The conversation as it was when a member left, for him: JSON, written with left_seq.
ALTER TABLE membership ADD COLUMN left_view TEXT;

-- Who left before this column was there is shown what holds now, and nothing later.
UPDATE membership SET left_view = (
    SELECT json_object(
        'title', c.title,
        'description', c.description,
        'pictureMediaId', c.picture_media_id,
        'historyVisibility', c.history_visibility,
        'onlyAdminsSend', json(iif(c.only_admins_send, 'true', 'false')),
        'retention', c.retention,
        'settingsVersion', c.settings_version,
        'memberCount', c.member_count)
    FROM conversation c WHERE c.key = conversation_key)
WHERE left_seq IS NOT NULL;
