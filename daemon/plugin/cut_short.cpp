#include "plugin/cut_short.h"

#include <cstring>
#include <fstream>

#include <link.h>

namespace crm::plugin {
namespace {

template <class Part>
bool read_at(std::ifstream& stream, std::uint64_t offset, Part& part) {
  char bytes[sizeof(Part)];
  if (!stream.seekg(static_cast<std::streamoff>(offset)).read(bytes, sizeof bytes)) return false;
  std::memcpy(&part, bytes, sizeof bytes);
  return true;
}

}  // namespace

bool is_cut_short(const std::filesystem::path& file) {
  const std::uint64_t size = std::filesystem::file_size(file);
  std::ifstream stream(file, std::ios::binary);
  ElfW(Ehdr) header;
  if (!read_at(stream, 0, header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) return false;
  for (std::uint64_t i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment;
    if (!read_at(stream, header.e_phoff + i * sizeof segment, segment)) return true;
    if (segment.p_type != PT_LOAD) continue;
    if (segment.p_offset > size || segment.p_filesz > size - segment.p_offset) return true;
  }
  return false;
}

}  // namespace crm::plugin
