#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include <crm/sdk/testing/golden.h>

namespace crm::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t lines_shown = 5;
constexpr std::string_view hint = "If the new text is right, run once with CRM_UPDATE_GOLDEN=1 and read the diff.";

bool updating() {
  const char* value = std::getenv("CRM_UPDATE_GOLDEN");  // NOLINT(concurrency-mt-unsafe): tests set no environment
  return value != nullptr && std::string_view(value) == "1";
}

void write(std::string_view text, const fs::path& file) {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out) throw std::runtime_error("the golden file " + file.string() + " cannot be written");
}

// Lines with their ends, so that a missing last newline is a difference too.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto length = end == std::string_view::npos ? text.size() : end + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

std::string shown(const std::vector<std::string_view>& lines, std::size_t index) {
  if (index >= lines.size()) return "(end of text)\n";
  const std::string line(lines[index]);
  return line.ends_with('\n') ? line : line + " (no newline at the end)\n";
}

std::string difference(std::string_view wanted, std::string_view got) {
  const auto old_lines = lines_of(wanted);
  const auto new_lines = lines_of(got);
  std::string text;
  std::size_t found = 0;
  for (std::size_t i = 0; i < std::max(old_lines.size(), new_lines.size()); ++i) {
    if (i < old_lines.size() && i < new_lines.size() && old_lines[i] == new_lines[i]) continue;
    if (++found > lines_shown) break;
    text += "line " + std::to_string(i + 1) + "\n  golden: " + shown(old_lines, i) + "  now:    " + shown(new_lines, i);
  }
  if (found > lines_shown) text += "…\n";
  return text;
}

}  // namespace

std::optional<std::string> differs_from_golden(std::string_view text, const fs::path& file) {
  if (updating()) {
    write(text, file);
    return std::nullopt;
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) return "there is no golden file " + file.string() + "\n" + std::string(hint);
  const std::string wanted{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (wanted == text) return std::nullopt;
  return "differs from " + file.string() + "\n" + difference(wanted, text) + std::string(hint);
}

}  // namespace crm::testing
