#pragma once
// The query string of a section: window parameters and those that the section declares. Nothing else: a misspelt
// parameter that was ignored would answer another question than the one asked.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <crm/sdk/collector.h>
#include <crm/sdk/errors.h>

#include "calendar/window_query.h"

namespace crm::api {

struct Query {
  calendar::WindowQuery window;
  Params params;
  Page page;                          // of a section that declares paging
  std::optional<Instant> window_end;  // given by a cursor
  std::string params_key;             // params and page as one text: equal keys, equal values
};

// BadParameter: unknown (with the name that differs in case only, or all names), given twice, no number, out of range,
// a cursor that no page gave.
Query parse_query(const std::vector<std::pair<std::string, std::string>>& query, const Description& description);

}  // namespace crm::api
