-- A new ticket looks for any location of its account while it holds the account's row.
CREATE INDEX locations_of_account ON locations (agency_id, account_id);
