#include "accounts/import/tests/made_files.h"

#include <gtest/gtest.h>
#include <minizip/zip.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "accounts/import/propose.h"
#include "accounts/import/read_file.h"

namespace holdfast::accounts::import_book {

MadeFile::MadeFile(const std::string& bytes, const std::string& name) {
  std::string pattern = (std::filesystem::temp_directory_path() / "holdfast-import-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  path_ = folder_ + "/" + name;
  std::ofstream(path_, std::ios::binary) << bytes;
}

MadeFile::~MadeFile() { std::filesystem::remove_all(folder_); }

std::string zipped(const std::vector<std::pair<std::string, std::string>>& parts) {
  const MadeFile file("", "made.zip");
  auto* zip = zipOpen64(file.path().c_str(), APPEND_STATUS_CREATE);
  for (const auto& [name, text] : parts) {
    zip_fileinfo facts{};
    zipOpenNewFileInZip64(zip, name.c_str(), &facts, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, Z_BEST_SPEED, 1);
    zipWriteInFileInZip(zip, text.data(), static_cast<unsigned>(text.size()));
    zipCloseFileInZip(zip);
  }
  zipClose(zip, nullptr);
  std::ostringstream bytes;
  bytes << std::ifstream(file.path(), std::ios::binary).rdbuf();
  return bytes.str();
}

std::string workbook(const std::string& sheet_data, const std::string& shared_strings, const std::string& cell_formats,
                     const std::string& after_rows, const std::string& properties) {
  const std::string type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  std::vector<std::pair<std::string, std::string>> parts{
      {"xl/workbook.xml",
       "<workbook><workbookPr " + properties +
           "/><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\" xmlns:r=\"r\"/></sheets></workbook>"},
      {"xl/_rels/workbook.xml.rels",
       "<Relationships><Relationship Id=\"rId1\" Type=\"" + type +
           "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" + type +
           "sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"" + type +
           "styles\" Target=\"styles.xml\"/></Relationships>"},
      {"xl/worksheets/sheet1.xml",
       "<worksheet><sheetData>" + sheet_data + "</sheetData>" + after_rows + "</worksheet>"},
      {"xl/sharedStrings.xml", "<sst>" + shared_strings + "</sst>"},
      {"xl/styles.xml", "<styleSheet>" + cell_formats + "</styleSheet>"}};
  return zipped(parts);
}

std::vector<std::string> lines_of(const Table& table) {
  std::vector<std::string> lines;
  const auto read = table.each_row([&](const Row& row) {
    std::string line = std::to_string(row.number) + ":";
    for (const auto& cell : row.cells) line += " " + cell.text + " |";
    lines.push_back(line);
    return true;
  });
  EXPECT_TRUE(read) << (read ? "" : describe(read.error()));
  return lines;
}

Book book_of(const std::string& delimited, const std::string& name) {
  const MadeFile file(delimited, name);
  const auto tables = read_file(file.path(), name);
  EXPECT_TRUE(tables) << (tables ? "" : describe(tables.error()));
  if (!tables) return {};
  const auto mapping = propose(*tables);
  EXPECT_TRUE(mapping) << (mapping ? "" : describe(mapping.error()));
  if (!mapping) return {};
  auto book = interpret(*tables, *mapping);
  EXPECT_TRUE(book) << (book ? "" : describe(book.error()));
  return book ? *std::move(book) : Book{};
}

}  // namespace holdfast::accounts::import_book
