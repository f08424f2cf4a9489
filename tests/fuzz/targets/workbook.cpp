// The parts of an .xlsx file, between record separators: sheet, shared texts, styles, workbook, relations. An archive
// is made of them, so that the fuzzer need not guess its checksums. What is empty is the smallest that there is.
#include <zlib.h>

#include "tests/fuzz/book_promises.h"
#include "tests/fuzz/fuzz.h"

namespace {

using holdfast::fuzz::parts_of;

struct Part {
  std::string name;
  std::string text;
  std::uint32_t offset = 0;
};

void number(std::string& out, std::uint64_t value, int bytes) {
  for (; bytes > 0; --bytes, value >>= 8) out += static_cast<char>(value & 0xFF);
}

// What a local header and the directory say alike of a part that is stored as it is.
void describe(std::string& out, const Part& part) {
  const auto checksum = crc32(0, reinterpret_cast<const Bytef*>(part.text.data()), static_cast<uInt>(part.text.size()));
  number(out, 20, 2);  // version
  number(out, 0, 8);   // flags, method, time, date
  number(out, checksum, 4);
  number(out, part.text.size(), 4);
  number(out, part.text.size(), 4);
  number(out, part.name.size(), 2);
  number(out, 0, 2);  // no extra field
}

std::string archive_of(std::vector<Part> parts) {
  std::string out;
  for (auto& part : parts) {
    part.offset = static_cast<std::uint32_t>(out.size());
    out += "PK\x03\x04";
    describe(out, part);
    out += part.name + part.text;
  }
  const auto directory = out.size();
  for (const auto& part : parts) {
    out += "PK\x01\x02";
    number(out, 20, 2);  // made by
    describe(out, part);
    number(out, 0, 10);  // comment, disk, attributes
    number(out, part.offset, 4);
    out += part.name;
  }
  const auto directory_bytes = out.size() - directory;
  out += "PK\x05\x06";
  number(out, 0, 4);
  number(out, parts.size(), 2);
  number(out, parts.size(), 2);
  number(out, directory_bytes, 4);
  number(out, directory, 4);
  number(out, 0, 2);
  return out;
}

constexpr auto* plain_workbook =
    R"(<workbook><sheets><sheet name="Customers" sheetId="1" r:id="rId1" xmlns:r="r"/></sheets></workbook>)";
constexpr auto* plain_relations =
    R"(<Relationships>)"
    R"(<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" )"
    R"(Target="worksheets/sheet1.xml"/>)"
    R"(<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" )"
    R"(Target="sharedStrings.xml"/>)"
    R"(<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" )"
    R"(Target="styles.xml"/></Relationships>)";

std::string or_else(const std::string& text, const char* otherwise) { return text.empty() ? otherwise : text; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, size_t size) {
  const auto given = parts_of(holdfast::fuzz::text_of(data, size), 5);
  const auto archive = archive_of({{"xl/worksheets/sheet1.xml", or_else(given[0], "<worksheet/>")},
                                   {"xl/sharedStrings.xml", or_else(given[1], "<sst/>")},
                                   {"xl/styles.xml", or_else(given[2], "<styleSheet/>")},
                                   {"xl/workbook.xml", or_else(given[3], plain_workbook)},
                                   {"xl/_rels/workbook.xml.rels", or_else(given[4], plain_relations)}});
  const holdfast::fuzz::MemoryFile file(archive);
  holdfast::fuzz::read_book(file.path(), "book.xlsx");
  return 0;
}
