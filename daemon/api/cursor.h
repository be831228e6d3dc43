#pragma once
// Where a page of a long list begins, as an opaque word for clients. It says which rows were seen, never whose: the
// caller's scope is applied to every page anew.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/instant.h>

namespace crm::api {

struct Cursor {
  Instant window_end;              // all pages are of one window
  std::vector<std::string> after;  // Report::next of the page before
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

// base64url, without padding.
std::string encode(const Cursor& cursor);

// Nothing for a word that no page gave.
std::optional<Cursor> decode_cursor(std::string_view word);

}  // namespace crm::api
