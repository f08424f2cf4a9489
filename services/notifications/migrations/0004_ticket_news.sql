-- What a mail about a ticket says while it waits for the morning, and how the ticket stands since.
CREATE TABLE ticket_news (
  agency_id uuid NOT NULL,
  message_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  event text NOT NULL,
  promise text,
  due_at timestamptz,
  status text NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, message_id)
);
CREATE INDEX ticket_news_of_ticket ON ticket_news (agency_id, ticket_id);

SELECT runtime.guard_by_agency('ticket_news');
