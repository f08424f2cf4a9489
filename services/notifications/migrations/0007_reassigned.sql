-- Nobody is told in the morning of a ticket that somebody else was given in the night.
ALTER TABLE ticket_news ADD COLUMN reassigned boolean NOT NULL DEFAULT false;
