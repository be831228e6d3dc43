#include "metrics/exposition.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include <zlib.h>

#include "metrics/block.h"

namespace crm::metrics {
namespace {

using namespace std::string_view_literals;

constexpr auto gzip_header = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"sv;  // deflate, no name, no time, unknown system
constexpr auto final_block = "\x03\x00"sv;                                  // empty, ends the deflate stream

void append_little_endian(std::string& out, std::uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>((value >> shift) & 0xffU);
}

}  // namespace

void Exposition::add(store::BlockPtr block) {
  if (block) parts_.push_back({std::move(block), {}});
}

void Exposition::add(std::string text) {
  if (text.empty()) return;
  if (text.back() != '\n') text += '\n';
  parts_.push_back({nullptr, std::move(text)});
}

std::string Exposition::plain() const {
  std::size_t size = 0;
  for (const Part& part : parts_) size += part.block ? part.block->text.size() : part.text.size();
  std::string out;
  out.reserve(size);
  for (const Part& part : parts_) out += part.block ? part.block->text : part.text;
  return out;
}

std::string Exposition::gzip() const {
  std::size_t reserved = 64;
  for (const Part& part : parts_) reserved += part.block ? part.block->deflated.size() : part.text.size() / 2;
  std::string out;
  out.reserve(reserved);
  out += gzip_header;

  std::uint32_t crc = 0;
  std::size_t size = 0;
  const auto append = [&](const std::string& deflated, std::uint32_t crc_of_part, std::size_t size_of_part) {
    out += deflated;
    crc = static_cast<std::uint32_t>(crc32_combine(crc, crc_of_part, static_cast<z_off_t>(size_of_part)));
    size += size_of_part;
  };
  for (const Part& part : parts_) {
    if (part.block) {
      append(part.block->deflated, part.block->crc, part.block->text.size());
    } else {
      append(deflate_part(part.text, Effort::fast), crc_of(part.text), part.text.size());
    }
  }

  out += final_block;
  append_little_endian(out, crc);
  append_little_endian(out, static_cast<std::uint32_t>(size & 0xffffffffU));
  return out;
}

}  // namespace crm::metrics
