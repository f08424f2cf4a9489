#include "accounts/import/xml.h"

#include <expat.h>

namespace holdfast::accounts::import_book {

struct XmlParser::Parts {
  std::string part;
  XmlHandler& handler;
  Limits limits;
  XML_Parser expat = nullptr;
  std::size_t depth = 0;
  bool declared_type = false;
};

namespace {

std::string_view local(const char* name) {
  const std::string_view whole(name);
  const auto colon = whole.rfind(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

void stop_on_error(XmlParser::Parts& parts) {
  if (parts.handler.error() != nullptr) XML_StopParser(parts.expat, XML_FALSE);
}

void on_start(void* data, const char* name, const char** attributes) {
  auto& parts = *static_cast<XmlParser::Parts*>(data);
  if (++parts.depth > parts.limits.xml_depth) {
    parts.handler.report(fail(Reason::file_damaged, "part " + parts.part + " is nested too deep"));
  } else {
    parts.handler.start(local(name), Attributes(attributes));
  }
  stop_on_error(parts);
}

void on_end(void* data, const char* name) {
  auto& parts = *static_cast<XmlParser::Parts*>(data);
  --parts.depth;
  parts.handler.end(local(name));
  stop_on_error(parts);
}

void on_text(void* data, const char* text, int length) {
  auto& parts = *static_cast<XmlParser::Parts*>(data);
  parts.handler.text(std::string_view(text, static_cast<std::size_t>(length)));
  stop_on_error(parts);
}

void on_type(void* data, const char*, const char*, const char*, int) {
  auto& parts = *static_cast<XmlParser::Parts*>(data);
  parts.handler.report(fail(Reason::file_damaged, "part " + parts.part + " declares a document type: refused"));
  XML_StopParser(parts.expat, XML_FALSE);
}

}  // namespace

std::string_view Attributes::get(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (local(*pair) == name) return pair[1];
  }
  return {};
}

XmlParser::XmlParser(std::string part, XmlHandler& handler, const Limits& limits)
    : parts_(new Parts{std::move(part), handler, limits}) {
  parts_->expat = XML_ParserCreate(nullptr);
  if (parts_->expat == nullptr) return;
  XML_SetUserData(parts_->expat, parts_.get());
  XML_SetElementHandler(parts_->expat, on_start, on_end);
  XML_SetCharacterDataHandler(parts_->expat, on_text);
  XML_SetStartDoctypeDeclHandler(parts_->expat, on_type);
}

XmlParser::~XmlParser() { XML_ParserFree(parts_->expat); }

Result<Unit> XmlParser::feed(std::string_view piece) { return parse(piece, false); }
Result<Unit> XmlParser::finish() { return parse({}, true); }

Result<Unit> XmlParser::parse(std::string_view piece, bool last) {
  if (parts_->expat == nullptr) return fail(Reason::overloaded, "no memory for an XML parser");
  const auto status = XML_Parse(parts_->expat, piece.data(), static_cast<int>(piece.size()), last ? 1 : 0);
  if (const auto* error = parts_->handler.error()) return *error;
  if (status == XML_STATUS_OK) return Unit{};
  return fail(Reason::file_damaged, "part " + parts_->part + ", line " +
                                        std::to_string(XML_GetCurrentLineNumber(parts_->expat)) + ": " +
                                        XML_ErrorString(XML_GetErrorCode(parts_->expat)));
}

}  // namespace holdfast::accounts::import_book
