#include "rollup/fact_version.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "source/compiled.h"

namespace crm::rollup {
namespace {

std::string hash(const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &length, EVP_sha256(), nullptr);
  constexpr std::size_t kept = 8;  // 64 bits: versions of one fact are few
  std::string hex;
  for (std::size_t i = 0; i < kept; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace

std::string version_of(const FactDefinition& fact, const Settings& settings) {
  std::string text = fact.sql;
  for (const FactColumn& column : fact.columns) {
    text += fmt::format("\n{} {}", column.name, column.kind == FactColumn::Kind::count ? "count" : "sum");
  }
  for (const FactHistogram& histogram : fact.histograms) {
    text += fmt::format("\n{} {} {}", histogram.name, histogram.column, fmt::join(histogram.bounds, " "));
  }
  const source::Binding bound = source::bind_settings(settings);
  for (std::string name : fact.settings) {
    std::replace(name.begin(), name.end(), '.', '_');
    const auto value = bound.find(name);
    text += fmt::format("\n{}={}", name, value == bound.end() ? "" : value->second.text.value_or(""));
  }
  return hash(text);
}

}  // namespace crm::rollup
