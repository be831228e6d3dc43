#include "metrics/block.h"

#include <limits>
#include <stdexcept>

#include <zlib.h>

namespace crm::metrics {
namespace {

// z_stream counts in unsigned int; a block near that is a defect, not a report.
uInt checked_size(std::string_view text) {
  if (text.size() > std::numeric_limits<uInt>::max() / 2) {
    throw std::length_error("a block of " + std::to_string(text.size()) + " bytes is too large to deflate");
  }
  return static_cast<uInt>(text.size());
}

const Bytef* bytes_of(std::string_view text) {
  return reinterpret_cast<const Bytef*>(text.data());
}

struct Deflation {
  z_stream stream{};
  explicit Deflation(Effort effort) {
    constexpr int raw = -MAX_WBITS;  // no zlib or gzip wrapping
    constexpr int memory_level = 8;
    const int level = effort == Effort::fast ? Z_BEST_SPEED : Z_DEFAULT_COMPRESSION;
    if (deflateInit2(&stream, level, Z_DEFLATED, raw, memory_level, Z_DEFAULT_STRATEGY) != Z_OK) {
      throw std::runtime_error("zlib cannot start to deflate: out of memory?");
    }
  }
  Deflation(const Deflation&) = delete;
  Deflation& operator=(const Deflation&) = delete;
  ~Deflation() { deflateEnd(&stream); }
};

}  // namespace

std::string deflate_part(std::string_view text, Effort effort) {
  if (text.empty()) return {};
  Deflation deflation(effort);
  z_stream& stream = deflation.stream;
  stream.next_in = const_cast<Bytef*>(bytes_of(text));  // zlib does not write there
  stream.avail_in = checked_size(text);

  constexpr std::size_t flush_marker = 16;
  std::string out(deflateBound(&stream, stream.avail_in) + flush_marker, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FULL_FLUSH) != Z_OK || stream.avail_in != 0 || stream.avail_out == 0) {
    throw std::runtime_error("zlib could not deflate a block of " + std::to_string(text.size()) + " bytes");
  }
  out.resize(stream.total_out);
  out.shrink_to_fit();
  return out;
}

std::uint32_t crc_of(std::string_view text) {
  return static_cast<std::uint32_t>(crc32_z(0, bytes_of(text), text.size()));
}

store::BlockPtr make_block(std::string text) {
  if (!text.empty() && text.back() != '\n') text += '\n';
  std::string deflated = deflate_part(text, Effort::small);
  const std::uint32_t crc = crc_of(text);
  return std::make_shared<const store::Block>(store::Block{std::move(text), std::move(deflated), crc});
}

}  // namespace crm::metrics
