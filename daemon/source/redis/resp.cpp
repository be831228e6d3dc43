#include "source/redis/resp.h"

#include <charconv>

#include <fmt/format.h>

namespace crm::source {
namespace {

// Of all replies of one pipeline: nobody needs more, and a peer that is no Redis may claim anything.
constexpr std::size_t most_bytes = std::size_t{64} << 20U;
constexpr std::size_t most_elements = 1'000'000;
constexpr std::size_t longest_line = std::size_t{64} << 10U;
constexpr int deepest = 8;

std::int64_t parse_integer(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
    throw BadReply("the answer is not Redis's protocol (a number was expected)");
  }
  return number;
}

}  // namespace

std::string encode(std::span<const RedisCommand> pipeline) {
  std::string bytes;
  for (const RedisCommand& command : pipeline) {
    fmt::format_to(std::back_inserter(bytes), "*{}\r\n", command.words.size());
    for (const std::string& word : command.words) {
      fmt::format_to(std::back_inserter(bytes), "${}\r\n", word.size());
      bytes += word;
      bytes += "\r\n";
    }
  }
  return bytes;
}

RedisReply ReplyReader::read(int depth) {
  if (depth > deepest || ++elements_ > most_elements) throw BadReply("the answer has too many parts");
  const std::string head = line();
  const std::string_view rest = std::string_view(head).substr(head.empty() ? 0 : 1);
  switch (head.empty() ? '\0' : head.front()) {
    case '+':
      return {std::string(rest)};
    case '-':
      return {std::string(rest), true};
    case ':':
      return {parse_integer(rest)};
    case '$':
      return read_bulk(rest);
    case '*':
      return read_list(rest, depth);
    default:
      throw BadReply("the answer is not Redis's protocol");
  }
}

RedisReply ReplyReader::read_list(std::string_view length, int depth) {
  const std::int64_t count = parse_integer(length);
  if (count == -1) return {};
  if (count < 0) throw BadReply("the answer is not Redis's protocol (a negative length)");
  std::vector<RedisReply> list;
  for (std::int64_t i = 0; i < count; ++i) list.push_back(read(depth + 1));
  return {std::move(list)};
}

RedisReply ReplyReader::read_bulk(std::string_view length) {
  const std::int64_t count = parse_integer(length);
  if (count == -1) return {};
  if (count < 0) throw BadReply("the answer is not Redis's protocol (a negative length)");
  if (static_cast<std::uint64_t>(count) > most_bytes) {
    throw BadReply(fmt::format("the answer has a text of {} bytes", count));
  }
  std::string text = bytes(static_cast<std::size_t>(count) + 2);
  if (!text.ends_with("\r\n")) throw BadReply("the answer is not Redis's protocol (a text without its end)");
  text.resize(static_cast<std::size_t>(count));
  return {std::move(text)};
}

std::string ReplyReader::line() {
  std::size_t end = buffer_.find("\r\n", at_);
  while (end == std::string::npos) {
    if (buffer_.size() - at_ > longest_line) throw BadReply("the answer is not Redis's protocol (an endless line)");
    const std::size_t before = buffer_.size();
    more_(buffer_);
    end = buffer_.find("\r\n", before > at_ ? before - 1 : at_);
  }
  std::string text = buffer_.substr(at_, end - at_);
  bytes(text.size() + 2);
  return text;
}

std::string ReplyReader::bytes(std::size_t count) {
  taken_ += count;
  if (taken_ > most_bytes) throw BadReply(fmt::format("the answer is longer than {} bytes", most_bytes));
  while (buffer_.size() - at_ < count) more_(buffer_);
  std::string text = buffer_.substr(at_, count);
  at_ += count;
  if (at_ > longest_line) {  // what was read goes, now and then
    buffer_.erase(0, at_);
    at_ = 0;
  }
  return text;
}

}  // namespace crm::source
