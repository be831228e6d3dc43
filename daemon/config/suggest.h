#pragma once
// The word that somebody probably meant.

#include <span>
#include <string>
#include <string_view>

namespace crm::config {

// "; did you mean 'every'?" when a candidate is near, else "; known here: a, b", else nothing.
std::string advice(std::string_view word, std::span<const std::string> candidates);

// The nearest candidate that is near enough to be meant, or empty.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace crm::config
