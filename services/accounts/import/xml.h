#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "accounts/import/limits.h"
#include "runtime/core/result.h"

namespace holdfast::accounts::import_book {

// The attributes of one element; names without their namespace prefix.
class Attributes {
 public:
  explicit Attributes(const char** pairs) : pairs_(pairs) {}
  std::string_view get(std::string_view name) const;  // empty when it is not there

 private:
  const char** pairs_;
};

// Receives one document as it is read. Names come without prefix: x:row is row. Handlers run inside the parser, so they
// must not throw; they remember what they found, and report() ends the reading with an error.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const Attributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  virtual void text(std::string_view) {}

  void report(Error error) { error_ = std::make_unique<Error>(std::move(error)); }
  const Error* error() const { return error_.get(); }

 private:
  std::unique_ptr<Error> error_;
};

// A SAX parser fed in pieces, over expat: a sheet of 100,000 rows is 60 MB of XML, too much for a tree. A document type
// declaration is refused, and with it every entity trick. One thread at a time.
class XmlParser {
 public:
  XmlParser(std::string part, XmlHandler& handler, const Limits& limits);
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  Result<Unit> feed(std::string_view piece);
  Result<Unit> finish();

  struct Parts;

 private:
  Result<Unit> parse(std::string_view piece, bool last);

  std::unique_ptr<Parts> parts_;
};

}  // namespace holdfast::accounts::import_book
