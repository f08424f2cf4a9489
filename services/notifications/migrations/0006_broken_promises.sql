-- Late is what was heard to be late: a due date says what was true when a warning was written, and a pause moves it.
-- The column due_at is not read any more, and goes in a later release.
ALTER TABLE ticket_news ADD COLUMN broken boolean NOT NULL DEFAULT false;
