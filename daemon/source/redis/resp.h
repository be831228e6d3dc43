#pragma once
// Redis's protocol (RESP 2), as bytes. Poco's Redis client is not used: it knows no TLS, its timeout starts anew with
// every byte, it takes an empty list for nil, and it believes every length that it is told.

#include <functional>
#include <span>
#include <stdexcept>
#include <string>

#include <crm/sdk/sources.h>

namespace crm::source {

std::string encode(std::span<const RedisCommand> pipeline);

// What came is no RESP, or more than is taken.
class BadReply final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ReplyReader {
 public:
  // Appends at least one byte; what it throws goes through read().
  using More = std::function<void(std::string& buffer)>;

  explicit ReplyReader(More more) : more_(std::move(more)) {}

  // The next reply. Errors of Redis are replies too (is_error).
  RedisReply read() { return read(0); }

 private:
  RedisReply read(int depth);
  RedisReply read_list(std::string_view length, int depth);
  RedisReply read_bulk(std::string_view length);
  std::string line();
  std::string bytes(std::size_t count);

  More more_;
  std::string buffer_;
  std::size_t at_ = 0;
  std::size_t taken_ = 0;
  std::size_t elements_ = 0;
};

}  // namespace crm::source
