#include "config/mask.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace crm::config {
namespace {

constexpr std::string_view mask = "***";
constexpr std::string_view blanks = " \t\r\n";

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

// A keyword that could name a password, escaped ones included.
bool is_secret(std::string_view keyword) {
  return lower(keyword).find("passw") != std::string::npos || keyword.find('%') != std::string_view::npos;
}

std::string masked_query(std::string_view query) {
  std::string result;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    const std::size_t equals = pair.find('=');
    const bool hide = equals != std::string_view::npos && is_secret(pair.substr(0, equals));
    result += hide ? std::string(pair.substr(0, equals + 1)) + std::string(mask) : std::string(pair);
    query.remove_prefix(pair.size());
    if (!query.empty()) {
      result += '&';
      query.remove_prefix(1);
    }
  }
  return result;
}

std::string masked_uri(std::string_view uri, std::size_t authority) {
  std::string result(uri.substr(0, authority));
  std::string_view rest = uri.substr(authority);
  // The last @ of all, because a password with an unescaped / or ? would otherwise show its tail.
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = rest.substr(0, at);
    const std::size_t colon = user.find(':');
    result += colon == std::string_view::npos ? std::string(user)
                                              : std::string(user.substr(0, colon + 1)) + std::string(mask);
    result += '@';
    rest.remove_prefix(at + 1);
  }
  const std::size_t question = rest.find('?');
  if (question == std::string_view::npos) return result + std::string(rest);
  return result + std::string(rest.substr(0, question + 1)) + masked_query(rest.substr(question + 1));
}

// One value of "keyword = value": quoted with backslash escapes, or up to the next blank.
std::size_t value_length(std::string_view text) {
  if (!text.starts_with('\'')) {
    std::size_t end = 0;
    while (end < text.size() && blanks.find(text[end]) == std::string_view::npos) end += text[end] == '\\' ? 2 : 1;
    return std::min(end, text.size());
  }
  std::size_t end = 1;
  while (end < text.size() && text[end] != '\'') end += text[end] == '\\' ? 2 : 1;
  return std::min(end + 1, text.size());
}

std::string masked_keywords(std::string_view text) {
  std::string result;
  while (true) {
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) {
      const std::size_t rest = std::min(text.find_first_not_of(blanks), text.size());
      return result + std::string(text.substr(0, rest)) + (rest < text.size() ? std::string(mask) : "");
    }
    const std::size_t start = std::min(text.find_first_not_of(blanks, equals + 1), text.size());
    const std::string_view value = text.substr(start, value_length(text.substr(start)));
    const bool hide = is_secret(text.substr(0, equals)) || value.find("://") != std::string_view::npos;
    result += text.substr(0, start);
    result += hide ? mask : value;
    text.remove_prefix(start + value.size());
  }
}

}  // namespace

bool names_a_secret(std::string_view key) {
  static constexpr std::array<std::string_view, 5> words{"passw", "secret", "token", "api_key", "apikey"};
  const std::string name = lower(key);
  return std::any_of(words.begin(), words.end(), [&](auto word) { return name.find(word) != std::string::npos; });
}

std::string without_password(std::string_view connection) {
  if (connection.empty()) return "";
  // A :// inside a keyword's value does not make a URI of it.
  const std::size_t scheme = connection.find("://");
  if (scheme != std::string_view::npos && connection.substr(0, scheme).find_first_of("= ") == std::string_view::npos) {
    return masked_uri(connection, scheme + 3);
  }
  return connection.find('=') == std::string_view::npos ? std::string(mask) : masked_keywords(connection);
}

}  // namespace crm::config
