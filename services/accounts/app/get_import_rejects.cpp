#include "accounts/app/imports.h"
#include "accounts/import/rejects.h"
#include "accounts/store/imports.sql.h"
#include "runtime/sql/keyset.h"

namespace holdfast::accounts {

struct RejectionPlace {
  std::int32_t sheet = -1;
  std::int32_t row = 0;
  std::int32_t place = 0;
};

struct Rejection {
  RejectionPlace at;
  std::string file;
  std::string sheet;
  std::string column;
  std::string value;
  std::string reason;
  std::string message;
  std::int32_t first_row = 0;
};

}  // namespace holdfast::accounts

namespace holdfast {

template <>
struct Fields<accounts::RejectionPlace> {
  using T = accounts::RejectionPlace;
  static constexpr auto list = FieldList{Field{"sheet", &T::sheet}, Field{"row", &T::row}, Field{"place", &T::place}};
};

template <>
struct Fields<accounts::Rejection> {
  using T = accounts::Rejection;
  static constexpr auto list =
      FieldList{Field{"at", &T::at},           Field{"file", &T::file},          Field{"sheet", &T::sheet},
                Field{"column", &T::column},   Field{"value", &T::value},        Field{"reason", &T::reason},
                Field{"message", &T::message}, Field{"first_row", &T::first_row}};
};

}  // namespace holdfast

namespace holdfast::accounts {
namespace {

// A line may have some 10 KB at worst: far less than a message may have.
constexpr std::int64_t piece_lines = 200;

}  // namespace

Result<ImportRejects> get_import_rejects(sql::Transaction& transaction, const GetImportRejects& query) {
  RejectionPlace after;
  if (!query.page_token.empty()) after = TRY(sql::place_of<RejectionPlace>(query.page_token));
  CHECK_OK(get_import(transaction, {query.id}));
  const auto rejections = TRY(transaction.many<Rejection>(statements::list_rejections, query.id, after, piece_lines));
  ImportRejects piece;
  if (query.page_token.empty()) piece.csv = import_book::rejects_header();
  for (const auto& rejection : rejections) {
    import_book::add_rejected(
        piece.csv, {rejection.file, rejection.sheet, static_cast<std::uint32_t>(rejection.at.row), rejection.column,
                    rejection.value, import_book::reason_in_files(rejection.reason).value_or(Reason::internal),
                    rejection.message, static_cast<std::uint32_t>(rejection.first_row)});
  }
  if (std::ssize(rejections) == piece_lines) piece.next_page_token = sql::token_of(rejections.back().at);
  return piece;
}

}  // namespace holdfast::accounts
