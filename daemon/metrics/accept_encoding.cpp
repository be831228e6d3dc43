#include "metrics/accept_encoding.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>

namespace crm::metrics {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t";
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// The text up to the separator, taken off the front of rest.
std::string_view take(std::string_view& rest, char separator) {
  const auto end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(taken);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// "0", "1", "0.5", "0.125" in thousandths; 0 of anything else.
int thousandths(std::string_view weight) {
  if (weight.empty() || weight.size() > 5 || (weight[0] != '0' && weight[0] != '1')) return 0;
  if (weight.size() > 1 && weight[1] != '.') return 0;
  int value = (weight[0] - '0') * 1'000;
  int unit = 100;
  for (const char digit : weight.substr(std::min<std::size_t>(2, weight.size()))) {
    if (digit < '0' || digit > '9') return 0;
    value += (digit - '0') * unit;
    unit /= 10;
  }
  return value <= 1'000 ? value : 0;
}

int weight_of(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view value = take(parameters, ';');
    const std::string name = lower(take(value, '='));
    if (name == "q") return thousandths(value);
  }
  return 1'000;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<int> gzip;
  std::optional<int> identity;
  std::optional<int> any;
  while (!accept_encoding.empty()) {
    std::string_view element = take(accept_encoding, ',');
    const std::string coding = lower(take(element, ';'));
    const int weight = weight_of(element);
    auto* place = coding == "gzip" || coding == "x-gzip" ? &gzip
                  : coding == "identity"                 ? &identity
                  : coding == "*"                        ? &any
                                                         : nullptr;
    if (place != nullptr) *place = std::max(place->value_or(0), weight);
  }
  const int wanted = gzip.value_or(any.value_or(0));
  return wanted > 0 && wanted >= identity.value_or(0);
}

}  // namespace crm::metrics
