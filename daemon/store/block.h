#pragma once
// One collector's part of /metrics, ready to be sent.

#include <cstdint>
#include <memory>
#include <string>

namespace crm::store {

struct Block {
  std::string text;  // Prometheus text format 0.0.4, whole lines
  std::string
      deflated;  // raw deflate of text, ended by Z_FULL_FLUSH and without a final block: such parts can be joined
  std::uint32_t crc = 0;  // CRC-32 of text
};

using BlockPtr = std::shared_ptr<const Block>;

}  // namespace crm::store
