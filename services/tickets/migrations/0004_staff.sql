-- Copies of what accounts owns: whom a ticket may be assigned to.
CREATE TABLE staff (
  agency_id uuid NOT NULL,
  id uuid NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (agency_id, id)
);
SELECT runtime.guard_by_agency('staff');
