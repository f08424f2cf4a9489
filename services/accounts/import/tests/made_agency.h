#pragma once

#include "accounts/import/known_book.h"

namespace holdfast::accounts::import_book {

// An agency that has what this book says, in memory.
class MadeAgency : public KnownBook {
 public:
  enum class Tells { what_is_mentioned, all };

  explicit MadeAgency(const Book& book, Tells tells = Tells::what_is_mentioned) : book_(book), tells_(tells) {}

  Result<std::vector<std::string>> carriers() override;
  Result<std::vector<Order>> ports() override;
  Result<> find(const Mentions& mentions, Catalog& catalog) override;

  // What it was asked for so far.
  const Mentions& asked() const { return asked_; }
  int times_asked() const { return times_asked_; }

 private:
  std::set<std::string> mentioned_accounts(const Mentions& mentions) const;

  const Book& book_;
  const Tells tells_;
  Mentions asked_;
  int times_asked_ = 0;
};

}  // namespace holdfast::accounts::import_book
