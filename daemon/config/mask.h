#pragma once
// Connection strings that may be shown.

#include <string>
#include <string_view>

namespace crm::config {

// "postgresql://user:secret@host/db" → "postgresql://user:***@host/db"; "host=h password=secret" → "host=h
// password=***". Doubtful parts are masked too, and what is neither form is "***" altogether. Empty stays empty.
std::string without_password(std::string_view connection);

// Does the name of an option say that its value is a secret ("password", "api_token", "secret")?
bool names_a_secret(std::string_view key);

}  // namespace crm::config
