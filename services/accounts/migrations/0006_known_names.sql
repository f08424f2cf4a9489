-- An import asks for what its book mentions: accounts of nearly the same name (domain/text.h: form_key), and contacts by
-- their name alone.
ALTER TABLE accounts ADD COLUMN form_key text NOT NULL DEFAULT '';

-- What form_key makes of the names that are there, but for brackets in brackets.
UPDATE accounts SET form_key = coalesce(
  (SELECT string_agg(CASE said.word[1] WHEN 'saint' THEN 'st' ELSE said.word[1] END, '' ORDER BY said.place)
   FROM regexp_matches(regexp_replace(translate(name_key, '.''', ''), '\([^)]*\)?', '', 'g'),
                       '(?:[a-z0-9]|[^\u0001-\u007f])+|#', 'g') WITH ORDINALITY AS said (word, place)
   WHERE said.word[1] NOT IN ('inc', 'incorporated', 'llc', 'llp', 'lp', 'ltd', 'limited', 'co', 'corp', 'corporation',
                              'company', 'pc', 'pllc', 'plc', 'intl', 'international', 'the', 'and')), '');
CREATE INDEX accounts_by_form ON accounts (agency_id, form_key, id) WHERE form_key <> '';

CREATE INDEX contacts_by_name_and_account ON contacts (agency_id, name_key, account_id);
DROP INDEX contacts_by_name;
ALTER INDEX contacts_by_name_and_account RENAME TO contacts_by_name;

-- Those that were imported are found by their source.
DROP INDEX imported_contracts;
