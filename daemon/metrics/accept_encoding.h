#pragma once

#include <string_view>

namespace crm::metrics {

// Is the answer gzip? By the value of Accept-Encoding (RFC 9110, 12.5.3; several header lines joined by commas, "" if
// there is none): gzip or x-gzip accepted by name or by *, not with q=0, and not liked less than identity. An element
// with a malformed weight counts as q=0.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace crm::metrics
