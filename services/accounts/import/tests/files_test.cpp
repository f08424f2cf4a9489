#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "accounts/import/book_fields.h"
#include "accounts/import/encoding.h"
#include "accounts/import/read_file.h"
#include "accounts/import/rejects.h"
#include "accounts/import/tests/expected_book.h"
#include "accounts/import/tests/made_files.h"

namespace holdfast::accounts::import_book {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> lines_in(const std::string& bytes, const std::string& name = "made.csv") {
  const MadeFile file(bytes, name);
  const auto tables = read_file(file.path(), name);
  EXPECT_TRUE(tables) << (tables ? "" : describe(tables.error()));
  return tables ? lines_of(*tables->front()) : std::vector<std::string>{};
}

// What a file is refused for, whether at once or while its rows are read.
Reason refusal(const std::string& bytes, const Limits& limits = {}) {
  const MadeFile file(bytes);
  const auto tables = read_file(file.path(), "made", nullptr, limits);
  if (!tables) return tables.error().reason;
  const auto read = tables->front()->each_row([](const Row&) { return true; });
  EXPECT_FALSE(read) << "the file was read";
  return read ? Reason::internal : read.error().reason;
}

TEST(Delimited, QuotesHoldDelimitersLineBreaksAndQuotes) {
  EXPECT_THAT(lines_in("a,\"b\nb\",c\r\n\r\n\"say \"\"hi\"\"\",,\"x,y\"\r\nlast"),
              ElementsAre("1: a | b\nb | c |", "3: say \"hi\" |  | x,y |", "4: last |"));
}

TEST(Delimited, TellsTheDelimiterFromTheWholeBeginning) {
  EXPECT_THAT(lines_in("Title;;\nName;Price;Note\nA, Inc.;1,5;x\nB, Inc.;2,5;y\n")[2], "3: A, Inc. | 1,5 | x |");
  EXPECT_THAT(lines_in("a\tb\nc\td\n"), ElementsAre("1: a | b |", "2: c | d |"));
}

TEST(Delimited, TellsTheEncodingFromTheBytes) {
  EXPECT_THAT(lines_in("\xEF\xBB\xBF"
                       "Caf\xC3\xA9,1\n"),
              ElementsAre("1: Café | 1 |"));
  EXPECT_THAT(lines_in("Caf\xE9 \x96 x,1\n"), ElementsAre("1: Café – x | 1 |"));
}

TEST(Delimited, RefusesTextThatIsNearlyUtf8) {
  EXPECT_EQ(refusal("\xEF\xBB\xBF"
                    "a,b\xFF\n"),
            Reason::text_not_utf8);
  EXPECT_EQ(refusal("Caf\xC3\xA9,Pe\xC3\xB1"
                    "a,\xC3\n"),
            Reason::text_not_utf8);
  EXPECT_EQ(refusal("\xFF\xFE"
                    "a\0b\0"),
            Reason::text_not_utf8);
  EXPECT_EQ(refusal(std::string("a,b\0c\n", 6)), Reason::text_not_utf8);
  EXPECT_EQ(refusal("a,\xED\xA0\x80\xC0\xAF,\x81\n"), Reason::text_not_utf8);
}

TEST(Delimited, RefusesAQuoteThatIsNeverClosed) { EXPECT_EQ(refusal("a,b\n1,\"cut off"), Reason::file_damaged); }

TEST(Delimited, KeepsTheBeginningOfAnEndlessCell) {
  const std::string book =
      "Customer,Phone,Site,City\nAcme,1," + std::string(10 << 20, 'x') + ",Boston\nBolt,2,HQ,Salem\n";
  const auto read = book_of(book, "sites.csv");
  ASSERT_EQ(read.tables[0].rows_read, 2u);
  EXPECT_EQ(read.tables[0].created, 1u);
  ASSERT_FALSE(read.findings.empty());
  EXPECT_EQ(read.findings[0].reason, Reason::field_too_long);
  EXPECT_LE(read.findings[0].value.size(), 200u);
}

TEST(Delimited, BoundsRowsAndColumns) {
  Limits limits;
  limits.rows = 3;
  EXPECT_EQ(refusal("a\nb\nc\nd\n", limits), Reason::file_too_large);
  EXPECT_EQ(refusal("a" + std::string(2000, ',') + "b\n"), Reason::file_too_large);
  limits.file_bytes = 3;
  EXPECT_EQ(refusal("a,b\n", limits), Reason::file_too_large);
}

TEST(Spreadsheet, ReadsEveryKindOfCell) {
  const auto lines =
      lines_in(workbook("<row r=\"2\" hidden=\"1\"><c r=\"A2\" t=\"s\"><v>0</v></c><c r=\"C2\" "
                        "t=\"inlineStr\"><is><r><t>par</t></r><r><t>tly</t></r><rPh><t>no</t></rPh></is></c></row>"
                        "<row><c><v>9007199254</v></c><c><v>1.5</v></c><c t=\"b\"><v>1</v></c><c "
                        "t=\"e\"><v>#N/A</v></c><c t=\"str\"><f>A1&amp;\"x\"</f><v>shown</v></c></row>",
                        "<si><r><t>sha</t></r><r><t xml:space=\"preserve\">red_x000D_</t></r></si>"),
               "made.xlsx");
  EXPECT_THAT(lines, ElementsAre("2: shared\r |  | partly |", "3: 9007199254 | 1.5 | TRUE | #N/A | shown |"));
}

TEST(Spreadsheet, KnowsDatesByTheirFormat) {
  const MadeFile file(
      workbook("<row r=\"1\"><c r=\"A1\" s=\"1\"><v>1</v></c><c r=\"B1\" s=\"2\"><v>1</v></c><c r=\"C1\" "
               "s=\"3\"><v>1</v></c></row>",
               "",
               "<numFmts><numFmt numFmtId=\"164\" formatCode=\"[$-409]d\\-mmm;@\"/><numFmt numFmtId=\"165\" "
               "formatCode=\"&quot;day&quot; 0.00\"/></numFmts>"
               "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf "
               "numFmtId=\"14\"/><xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs>",
               "", "date1904=\"1\""));
  const auto tables = read_file(file.path(), "made");
  ASSERT_TRUE(tables) << describe(tables.error());
  EXPECT_EQ((*tables)[0]->serial_zero(), serial_zero_1904);
  std::vector<Cell::Kind> kinds;
  ASSERT_TRUE((*tables)[0]->each_row([&](const Row& row) {
    for (const auto& cell : row.cells) kinds.push_back(cell.kind);
    return true;
  }));
  EXPECT_THAT(kinds, ElementsAre(Cell::Kind::date, Cell::Kind::date, Cell::Kind::number));
}

TEST(Spreadsheet, CopiesVerticalMergesDownAndLeavesTheRowsBlank) {
  const MadeFile file(
      workbook("<row r=\"1\"><c r=\"A1\"><v>7</v></c><c r=\"B1\"><v>1</v></c></row><row r=\"2\"><c "
               "r=\"B2\"><v>2</v></c></row><row r=\"3\"><c r=\"C3\" t=\"inlineStr\"><is><t> </t></is></c></row>",
               "", "", "<mergeCells><mergeCell ref=\"A1:A3\"/><mergeCell ref=\"B1:C1\"/></mergeCells>"));
  const auto tables = read_file(file.path(), "made");
  ASSERT_TRUE(tables);
  EXPECT_THAT(lines_of(*(*tables)[0]), ElementsAre("1: 7 | 1 |", "2: 7 | 2 |", "3: 7 |  |   |"));
  std::vector<bool> blank;
  ASSERT_TRUE((*tables)[0]->each_row([&](const Row& row) {
    blank.push_back(row.blank());
    return true;
  }));
  EXPECT_THAT(blank, ElementsAre(false, false, true));
}

TEST(Spreadsheet, RefusesAZipBomb) {
  Limits limits;
  limits.ratio_from_bytes = 1 << 20;
  const auto bomb =
      workbook("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>" + std::string(8 << 20, ' ') + "</t></is></c></row>");
  EXPECT_LT(bomb.size(), 100'000u);
  EXPECT_EQ(refusal(bomb, limits), Reason::file_too_large);
  limits = Limits{};
  limits.inflated_bytes = 1 << 20;
  EXPECT_EQ(refusal(bomb, limits), Reason::file_too_large);
}

TEST(Spreadsheet, RefusesEveryTruncationOfTheBook) {
  const auto whole = contents_of(test_file("agency-book/book.xlsx"));
  for (const auto size :
       {std::size_t{4}, std::size_t{100}, whole.size() / 4, whole.size() / 2, whole.size() - 1000, whole.size() - 10}) {
    EXPECT_EQ(refusal(whole.substr(0, size)), Reason::file_damaged) << size;
  }
}

TEST(Spreadsheet, RefusesADocumentType) {
  const auto laughs =
      zipped({{"xl/workbook.xml", "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><workbook>&b;</workbook>"},
              {"xl/_rels/workbook.xml.rels", "<Relationships/>"}});
  EXPECT_EQ(refusal(laughs), Reason::file_damaged);
}

TEST(Spreadsheet, RefusesWhatIsNoWorkbook) {
  EXPECT_EQ(refusal(zipped({{"readme.txt", "hello"}})), Reason::file_damaged);
  EXPECT_EQ(refusal("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 old"), Reason::file_unknown);
  EXPECT_EQ(refusal("%PDF-1.7"), Reason::file_unknown);
  EXPECT_EQ(refusal(""), Reason::file_damaged);
  EXPECT_EQ(refusal(workbook("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>5</v></c></row>")), Reason::file_damaged);
  EXPECT_EQ(refusal(workbook("<row r=\"2\"><c r=\"A2\"><v>5</v></c></row><row r=\"2\"/>")), Reason::file_damaged);
  EXPECT_EQ(refusal(workbook("<row r=\"1\"><c r=\"ZZZ1\"><v>5</v></c></row>")), Reason::file_too_large);
  EXPECT_EQ(refusal(workbook(std::string("<row r=\"1\"><c r=\"A1\" t=\"str\"><v>\xFF</v></c></row>"))),
            Reason::file_damaged);
}

TEST(Spreadsheet, SurvivesEveryFlippedByte) {
  const auto whole = workbook("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row>", "<si><t>x</t></si>");
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto broken = whole;
    broken[at] = static_cast<char>(broken[at] ^ 0x55);
    const MadeFile file(broken);
    const auto tables = read_file(file.path(), "made");
    if (tables && !tables->empty()) (void)tables->front()->each_row([](const Row&) { return true; });
  }
}

TEST(RejectedRows, AreHarmlessInASpreadsheet) {
  EXPECT_EQ(delimited_cell("=1+1"), "'=1+1");
  EXPECT_EQ(delimited_cell("@SUM(1+1)*cmd|' /C calc'!A0"), "'@SUM(1+1)*cmd|' /C calc'!A0");
  EXPECT_EQ(delimited_cell("-2,5 \"x\""), "\"'-2,5 \"\"x\"\"\"");
  EXPECT_EQ(delimited_cell("\t=1"), "\"'\t=1\"");
  EXPECT_EQ(delimited_cell("plain"), "plain");
}

TEST(RejectedRows, NameSheetRowColumnValueAndReason) {
  const auto book = book_of("Customer,Site,City,Customer Since\nAcme,HQ,Boston,2/30/2025\n", "customers.csv");
  EXPECT_THAT(rejected_rows(book), HasSubstr("customers.csv,customers.csv,2,Customer Since,2/30/2025,invalidDate,"));
}

}  // namespace
}  // namespace holdfast::accounts::import_book
