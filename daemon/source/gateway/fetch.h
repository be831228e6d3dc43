#pragma once
// One HTTP request on a connection of its own, within a limit to all of it: name, TLS, headers and body.

#include <filesystem>
#include <optional>
#include <string>

#include <crm/sdk/sources.h>

#include "source/patience.h"

namespace crm::source {

struct FetchOptions {
  std::optional<std::filesystem::path> ca_file = {};  // of https; by default the authorities of the system
  std::size_t most = 4U << 20U;                       // bytes of a body; a longer one is refused
};

// The answer, whatever its status. Redirects are not followed: a header with a token would go along. SourceUnavailable
// with the reason, and never with a header's value: it cannot be reached, says nothing in time, or speaks no HTTP.
// std::invalid_argument for a URL that is none.
HttpResponse fetch(const HttpRequest& request, const FetchOptions& options, const Patience& patience);

// "http://user@host:8080/path?query" → "http://host:8080": for messages. std::invalid_argument for a URL that is none.
std::string origin_of(const std::string& url);

}  // namespace crm::source
