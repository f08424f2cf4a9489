-- name: find_identified
SELECT kind, text, account_id, location_id, product_id, carrier_account_id, product_status
FROM find_identified($1::text[], $2::text, $3::bigint);

-- name: find_named
SELECT kind, text, account_id, location_id, product_id, carrier_account_id, product_status
FROM find_named($1::text, $2::bigint);

-- Parts of circuit IDs, names and streets; empty ones are not looked for.
-- name: search_parts
SELECT kind, text, account_id, location_id, product_id, carrier_account_id, product_status
FROM (SELECT 1 AS rank, kind, text, account_id, location_id, product_id, carrier_account_id, product_status
      FROM search_circuits($1::text, $4::bigint) WHERE $1::text <> ''
      UNION ALL
      SELECT 2, kind, text, account_id, location_id, product_id, carrier_account_id, product_status
      FROM search_accounts($2::text, $4::bigint) WHERE $2::text <> ''
      UNION ALL
      SELECT 3, kind, text, account_id, location_id, product_id, carrier_account_id, product_status
      FROM search_locations($2::text, $4::bigint) WHERE $2::text <> ''
      UNION ALL
      SELECT 4, kind, text, account_id, location_id, product_id, carrier_account_id, product_status
      FROM search_streets($3::text, $4::bigint) WHERE $3::text <> '') AS found
ORDER BY rank
LIMIT $4::bigint;

-- name: names_of_places
SELECT a.id AS account_id, a.name AS account_name, l.id AS location_id, coalesce(l.name, '') AS location_name
FROM unnest($1::uuid[], $2::uuid[]) AS wanted (account_id, location_id)
JOIN accounts a ON a.id = wanted.account_id
LEFT JOIN locations l ON l.agency_id = a.agency_id AND l.id = wanted.location_id;

-- Where a product's card is: its site's, or else its account's.
-- name: place_of_product
SELECT coalesce(location_id, account_id) AS place FROM products WHERE id = $1::uuid;
