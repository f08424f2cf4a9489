-- Keeps the business clock's offset from the system's; never a smaller one than is kept already.
-- name: keep
INSERT INTO runtime.business_clock AS c (offset_us) VALUES ($1::bigint)
ON CONFLICT (single) DO UPDATE SET offset_us = greatest(c.offset_us, excluded.offset_us)
RETURNING offset_us;

-- name: kept
SELECT offset_us FROM runtime.business_clock;
