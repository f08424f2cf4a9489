#include "described.h"

#include <map>

namespace holdfast::simulation {
namespace {

// PostgreSQL's own numbers of types (pg_type.dat).
constexpr unsigned bytea = 17, int8 = 20, text = 25, float8 = 701, timestamptz = 1184, uuid = 2950;
constexpr unsigned bytea_array = 1001, int4_array = 1007, text_array = 1009, int8_array = 1016;
constexpr unsigned timestamptz_array = 1185, uuid_array = 2951;

}  // namespace

const Described& described(const std::string& statement) {
  static const Described append_one{{uuid, uuid, text, text, text, timestamptz, bytea, text}, {}};
  static const Described setting{{}, {{"set_config", text}}};
  static const std::map<std::string, Described> all{
      {"database.set_context", {{text, text}, {{"set_config", text}, {"set_config", text}}}},
      {"database.prepare_one_read", {{text, text}, {{"set_config", text}, {"set_config", text}, {"set_config", text}}}},
      {"database.do_not_flush", setting},
      {"simulation.insert_fact", {{uuid}, {}}},
      {"events.mutants.append_one_unlocked", append_one},
      {"events.mutants.remove_up_to", {{int8_array}, {}}},
      {"events.outbox.append_one", append_one},
      {"events.outbox.append",
       {{uuid_array, uuid_array, text_array, text_array, text_array, timestamptz_array, bytea_array, text_array,
         uuid_array, text_array, text_array, int8_array, int4_array, int8_array},
        {}}},
      {"events.outbox.oldest",
       {{int8, int8, text_array, int8, int8_array, int8_array},
        {{"seq", int8},
         {"event_id", uuid},
         {"agency_id", uuid},
         {"topic", text},
         {"key", text},
         {"type", text},
         {"sequence", int8},
         {"occurred_at", timestamptz},
         {"payload", bytea},
         {"headers", text}}}},
      {"events.outbox.look_alone", setting},
      {"events.outbox.horizon", {{}, {{"last_seq", int8}, {"oldest_transaction", int8}, {"next_transaction", int8}}}},
      {"events.outbox.do_not_flush", setting},
      {"events.outbox.remove", {{int8_array, int8_array}, {}}},
      {"events.outbox.backlog", {{int8}, {{"events", int8}, {"oldest_age_seconds", float8}}}},
      {"events.lease.take", {{text, uuid, int8}, {{"term", int8}}}},
      {"events.lease.release", {{text, uuid}, {}}},
  };
  static const Described nothing;
  const auto found = all.find(statement);
  return found == all.end() ? nothing : found->second;
}

}  // namespace holdfast::simulation
