#include "app/check/findings.h"

#include <algorithm>
#include <ostream>
#include <sstream>
#include <utility>

#include <fmt/format.h>

namespace crm::app {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t verdict_width = 8;
constexpr std::size_t thing_width = 20;
constexpr std::size_t thing_at = 2 + verdict_width + 1;
constexpr std::size_t what_at = thing_at + thing_width + 1;

// Characters on the screen, not bytes.
std::size_t shown_width(std::string_view text) {
  std::size_t characters = 0;
  for (const char c : text) characters += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return characters;
}

// Names and words of a database may hold anything; a terminal obeys some of it.
std::string printable(std::string_view text) {
  std::string safe(text);
  for (char& c : safe) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7F) c = '?';
  }
  return safe;
}

std::string one_line(std::string_view text) {
  std::string line = printable(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

// Breaks at blanks so that lines which begin at `indent` end before the edge. A word that is too long stands alone.
std::vector<std::string> wrapped(std::string_view text, std::size_t indent) {
  std::vector<std::string> lines{""};
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string_view word = text.substr(at, end - at);
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (indent + shown_width(line) + 1 + shown_width(word) <= width) {
      line += fmt::format(" {}", word);
    } else {
      lines.emplace_back(word);
    }
    at = end + 1;
  }
  return lines;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string counted(int number, std::string_view noun) {
  return fmt::format("{} {}{}", number == 0 ? "no" : std::to_string(number), noun, number == 1 ? "" : "s");
}

}  // namespace

Step say(std::string text) {
  return {Step::Kind::prose, std::move(text)};
}

Step type(std::string text) {
  return {Step::Kind::code, std::move(text)};
}

void Findings::heading(std::string text) {
  heading_ = std::move(text);
}

void Findings::ok(std::string_view thing, std::string_view what, const Advice& advice) {
  print({"ok", "32"}, thing, what, advice);
}

void Findings::warning(std::string_view thing, std::string_view what, const Advice& advice) {
  ++warnings_;
  print({"warning", "33"}, thing, what, advice);
}

void Findings::error(std::string_view thing, std::string_view what, const Advice& advice) {
  ++errors_;
  print({"ERROR", "31"}, thing, what, advice);
}

int Findings::finish() {
  out_ << fmt::format("\n{}, {}\n", counted(errors_, "error"), counted(warnings_, "warning"));
  return errors_ == 0 ? 0 : 1;
}

std::string Findings::coloured(std::string_view text, std::string_view colour) const {
  return colours_ ? fmt::format("\033[{}m{}\033[0m", colour, text) : std::string(text);
}

void Findings::print(const Verdict& verdict, std::string_view thing, std::string_view what, const Advice& advice) {
  if (!heading_.empty()) {
    out_ << (std::exchange(begun_, true) ? "\n" : "") << coloured(std::exchange(heading_, {}), "1") << '\n';
  }
  const std::string word =
      coloured(verdict.word, verdict.colour) + std::string(verdict_width - verdict.word.size(), ' ');
  const auto lines = wrapped(one_line(what), what_at);
  out_ << fmt::format("  {} {:<{}} {}\n", word, one_line(thing), thing_width, lines.front());
  for (std::size_t i = 1; i < lines.size(); ++i) out_ << fmt::format("{:{}}{}\n", "", what_at, lines[i]);
  for (const Step& step : advice) {
    if (step.kind == Step::Kind::code) {
      for (const std::string& line : lines_of(printable(step.text)))
        out_ << fmt::format("{:{}}{}\n", "", thing_at + 4, line);
    } else {
      for (const std::string& line : wrapped(one_line(step.text), thing_at + 2)) {
        out_ << fmt::format("{:{}}{}\n", "", thing_at + 2, line);
      }
    }
  }
  out_.flush();
}

}  // namespace crm::app
