#include "accounts/domain/agency.h"

#include "accounts/domain/email.h"
#include "accounts/domain/text.h"
#include "accounts/domain/time_zone.h"

namespace holdfast::accounts {
namespace {

Result<std::string> required_email(const char* field, const std::string& text) {
  auto email = TRY(read_email(field, text));
  if (email.empty()) return fail(Reason::field_required, field, "is required: mail goes there");
  return email;
}

}  // namespace

Result<AgencyCreated> create(const CreateAgency& command, AgencyId id, Instant now) {
  auto name = TRY(read_name("name", command.name));
  auto time_zone = TRY(read_time_zone("time_zone", command.time_zone));
  auto staff_name = TRY(read_name("staff_name", command.staff_name));
  auto email = TRY(required_email("staff_email", command.staff_email));
  Staff staff{.id = new_id<StaffId>(now),
              .name = std::move(staff_name),
              .email = std::move(email),
              .time_zone = time_zone,
              .version = 1};
  Agency agency{.id = id, .name = std::move(name), .time_zone = std::move(time_zone), .version = 1};
  return AgencyCreated{std::move(agency), std::move(staff)};
}

Result<StaffChanged> add(const AddStaff& command, const Agency& agency, Instant now) {
  auto name = TRY(read_name("name", command.name));
  auto email = TRY(required_email("email", command.email));
  auto time_zone = TRY(read_time_zone("time_zone", command.time_zone.value_or(agency.time_zone)));
  return StaffChanged{{.id = command.id.value_or(new_id<StaffId>(now)),
                       .name = std::move(name),
                       .email = std::move(email),
                       .time_zone = std::move(time_zone),
                       .version = 1}};
}

}  // namespace holdfast::accounts
