#pragma once

#include <string>

#include "all/documents/protos.h"

// The pages of docs/ that are generated, each as it stands in its file.
namespace holdfast::documents {

std::string events_page(const Protos& protos);
std::string api_page(const Protos& protos);
std::string types_page(const Protos& protos);
std::string reasons_page();
std::string async_api(const Protos& protos);

}  // namespace holdfast::documents
