#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "accounts/import/book.h"

namespace holdfast::accounts::import_book {

// A book's records in the form of truth.json, for comparing.
nlohmann::json accounts_json(const Book& book);
nlohmann::json locations_json(const Book& book);
nlohmann::json contacts_json(const Book& book);
nlohmann::json carrier_accounts_json(const Book& book);
nlohmann::json carrier_contacts_json(const Book& book);
nlohmann::json products_json(const Book& book);
nlohmann::json contracts_json(const Book& book, const std::string& as_of);
nlohmann::json ports_json(const Book& book);
nlohmann::json disconnects_json(const Book& book);

}  // namespace holdfast::accounts::import_book
