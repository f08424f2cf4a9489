#include <fcntl.h>
#include <google/protobuf/descriptor.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ostream>

#include "command_line/answer.h"
#include "command_line/request.h"
#include "command_line/session.h"
#include "command_line/special_verbs.h"
#include "holdfast/accounts/v1/agencies.pb.h"

namespace holdfast::command_line {
namespace {

using accounts::v1::CreateAgencyRequest;
using accounts::v1::CreateAgencyResponse;

constexpr auto method = "holdfast.accounts.v1.AgencyService/CreateAgency";
constexpr auto key_file_flag = "key-file";

// A file of its own, that nobody else may read: an existing one is somebody's key.
class KeyFile {
 public:
  static Result<KeyFile> create(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) return KeyFile(path, descriptor);
    if (errno == EEXIST) {
      return fail(Reason::already_exists, path + " holds another agency's key: name another file with --key-file");
    }
    return fail(Reason::setting_invalid, "cannot write " + path + ": " + std::strerror(errno));
  }
  KeyFile(KeyFile&& other) noexcept
      : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
  ~KeyFile() {
    if (descriptor_ < 0) return;
    ::close(descriptor_);
    if (!kept_) ::unlink(path_.c_str());
  }

  Result<> keep(const std::string& key) {
    const auto text = key + "\n";
    kept_ = ::write(descriptor_, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
            ::fsync(descriptor_) == 0;
    if (!kept_) return fail(Reason::setting_invalid, "cannot write " + path_ + ": " + std::strerror(errno));
    return {};
  }
  const std::string& path() const { return path_; }

 private:
  KeyFile(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

  std::string path_;
  int descriptor_;
  bool kept_ = false;
};

// The file is made first: a key that could not be kept would be lost, since it is shown only once.
Result<> create(Session& session, const CreateAgencyRequest& request, const std::string& key_file) {
  auto file = TRY(KeyFile::create(key_file));
  const auto address = TRY(session.installation().address_of("accounts"));
  const auto client = TRY(session.installation().connect(address, Identity::installation));
  CreateAgencyResponse answer;
  CHECK_OK(client.exchange(method, new_call(), request, answer));
  const auto kept = file.keep(answer.key());
  if (session.json()) {
    session.out() << json_of(answer) << '\n';
    return kept;
  }
  const auto key = answer.key();
  answer.clear_key();
  print_resource(session.out(), answer, session.colors());
  if (kept) {
    session.out() << "\nIts key is in " << file.path() << ", and nowhere else; verbs use it from now on.\n";
  } else {
    session.out() << "\nIts key, which is shown only once: " << key << '\n';
  }
  return kept;
}

}  // namespace

Verb create_agency_verb() {
  auto flags = flags_of(*find_method(method), "name");
  flags.push_back(
      {.name = key_file_flag, .help = "where its key is kept, instead of keys/agency.key", .value = "FILE"});
  return {.path = "agencies create",
          .summary = "Makes an agency with its first staff member and key",
          .flags = std::move(flags),
          .run = [](Session& session, const Values& values) {
            CreateAgencyRequest request;
            if (const auto filled = fill(request, values); !filled) return session.misused(filled.error());
            const auto named = values.find(key_file_flag);
            const auto file =
                named == values.end() ? session.installation().key_file("agency.key").string() : named->second.front();
            const auto created = create(session, request, file);
            return created ? Exit::done : session.refuse(created.error());
          }};
}

}  // namespace holdfast::command_line
