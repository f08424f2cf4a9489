-- Those whose bodies are still kept, by the age of their end.
CREATE INDEX messages_with_bodies ON messages (agency_id, ended_at) WHERE ended_at IS NOT NULL AND html <> '';
