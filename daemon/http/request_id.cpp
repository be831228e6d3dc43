#include "http/request_id.h"

#include <algorithm>
#include <cstdint>
#include <random>

#include <fmt/format.h>

namespace crm::http {
namespace {

bool usable(std::string_view id) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), allowed);
}

}  // namespace

std::string make_request_id() {
  thread_local std::mt19937_64 numbers = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  const std::uint64_t number = numbers();
  return fmt::format("{:016x}", number);
}

std::string request_id_for(const Headers& headers) {
  const auto given = headers.find("X-Request-Id");
  if (given && headers.count("X-Request-Id") == 1 && usable(*given)) return std::string(*given);
  return make_request_id();
}

}  // namespace crm::http
