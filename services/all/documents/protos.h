#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>

#include <set>
#include <string>
#include <vector>

namespace holdfast::options::v1 {
class EventRule;
}

// The product's .proto files as documents need them: with their comments, which a process's own descriptors do not
// have.
namespace holdfast::documents {

class Protos {
 public:
  // `path`: a FileDescriptorSet with source info (holdfast_descriptor_set). Throws when it is none.
  explicit Protos(const std::string& path);

  // Messages that are declared as events, by topic and then as they are declared.
  std::vector<const google::protobuf::Descriptor*> events() const;
  // By their full names.
  std::vector<const google::protobuf::ServiceDescriptor*> services() const;

 private:
  std::vector<const google::protobuf::FileDescriptor*> files() const;

  google::protobuf::SimpleDescriptorDatabase database_;
  google::protobuf::DescriptorPool pool_{&database_};
  std::vector<std::string> names_;
};

// What is declared of an event: its topic, its name, its source.
const options::v1::EventRule& rule_of(const google::protobuf::Descriptor& event);

// What a comment says, its lines joined; paragraphs stay apart by an empty line.
std::string tidied(const std::string& comment);

// The comment above a declaration, or behind it.
template <class Declared>
std::string comment_of(const Declared& declared) {
  google::protobuf::SourceLocation location;
  if (!declared.GetSourceLocation(&location)) return "";
  return tidied(location.leading_comments.empty() ? location.trailing_comments : location.leading_comments);
}

// Every message and enumeration of ours that fields of these messages lead to, by full name; not the messages
// themselves, unless they are led to.
struct Types {
  std::set<std::string> names;
  std::vector<const google::protobuf::Descriptor*> messages;
  std::vector<const google::protobuf::EnumDescriptor*> enums;

  void add_of(const google::protobuf::Descriptor& message);
};

}  // namespace holdfast::documents
