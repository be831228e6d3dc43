#include "rollup/session_label.h"

#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <crm/sdk/phone.h>

namespace crm::rollup {

std::string session_label(std::string_view id, std::string_view key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int length = 0;
  const auto* bytes = reinterpret_cast<const unsigned char*>(id.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes, id.size(), hash.data(), &length) == nullptr) {
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256");
  }
  return fmt::format("{}-{:02x}{:02x}{:02x}{:02x}", mask_phone_numbers(id), hash[0], hash[1], hash[2], hash[3]);
}

}  // namespace crm::rollup
