#pragma once

namespace holdfast::sql {

// One named statement of a .sql file, embedded at build time (tools/embed_sql.py). Prepared once per connection.
struct Statement {
  const char* name;  // "tickets.insert_ticket": unique within a service
  const char* text;
};

}  // namespace holdfast::sql
