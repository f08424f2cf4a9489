#pragma once

namespace holdfast::sql {

// One named statement of a .sql file, embedded at build time (tools/embed_sql.py). Prepared once per connection.
struct Statement {
  const char* name;  // "tickets.book.keep_account" (service or module, file, statement): unique within a process
  const char* text;
};

}  // namespace holdfast::sql
