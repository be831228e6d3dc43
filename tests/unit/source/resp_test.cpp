#include "source/redis/resp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::source {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

struct End {};

// A reader of these bytes, which come in pieces of this size.
ReplyReader reader(const std::string& bytes, std::size_t piece) {
  return ReplyReader([bytes, piece, at = std::size_t{0}](std::string& buffer) mutable {
    if (at >= bytes.size()) throw End{};
    buffer += bytes.substr(at, piece);
    at += piece;
  });
}

RedisReply read(const std::string& bytes, std::size_t piece = 1'000'000) {
  return reader(bytes, piece).read();
}

std::string text(const RedisReply& reply) {
  return std::get<std::string>(reply.value);
}

TEST(Encode, SaysEveryLengthAndKeepsEveryByte) {
  const std::string odd("\r\n\0", 3);
  const std::vector<RedisCommand> commands{{{"GET", "a b"}}, {{"SET", "", odd}}};
  EXPECT_EQ(encode(commands), "*2\r\n$3\r\nGET\r\n$3\r\na b\r\n*3\r\n$3\r\nSET\r\n$0\r\n\r\n$3\r\n" + odd + "\r\n");
}

TEST(ReplyReader, ReadsEveryKindHoweverItComes) {
  const std::string bytes =
      "+OK\r\n-ERR no\r\n:-7\r\n$5\r\na\r\nbc\r\n$-1\r\n$0\r\n\r\n*-1\r\n*0\r\n*2\r\n:1\r\n*1\r\n$1\r\nx\r\n";
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 1000U}) {
    ReplyReader replies = reader(bytes, piece);
    EXPECT_EQ(text(replies.read()), "OK");
    const RedisReply error = replies.read();
    EXPECT_TRUE(error.is_error);
    EXPECT_EQ(text(error), "ERR no");
    EXPECT_EQ(std::get<std::int64_t>(replies.read().value), -7);
    EXPECT_EQ(text(replies.read()), "a\r\nbc");
    EXPECT_TRUE(std::holds_alternative<std::monostate>(replies.read().value));
    EXPECT_EQ(text(replies.read()), "");
    EXPECT_TRUE(std::holds_alternative<std::monostate>(replies.read().value));
    EXPECT_TRUE(std::get<std::vector<RedisReply>>(replies.read().value).empty());
    const RedisReply nested = replies.read();
    const auto& list = std::get<std::vector<RedisReply>>(nested.value);
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(text(std::get<std::vector<RedisReply>>(list[1].value).at(0)), "x");
    EXPECT_THROW(replies.read(), End) << "nothing is left";
  }
}

TEST(ReplyReader, RefusesWhatIsNoReply) {
  for (const char* bytes : {"HTTP/1.1 400\r\n", "\r\n", ":\r\n", ":1x\r\n", ":99999999999999999999\r\n", "$x\r\n",
                            "$-2\r\n", "*-2\r\n", "$1\r\nabc\r\n", "!\r\n", "%1\r\n"}) {
    EXPECT_THAT([&] { read(bytes); }, ThrowsMessage<BadReply>(HasSubstr("the answer is not Redis's protocol")))
        << bytes;
  }
}

TEST(ReplyReader, BelievesNoLengthThatItHasNotSeen) {
  EXPECT_THROW(read("$9223372036854775807\r\n"), BadReply);
  EXPECT_THROW(read("$67108865\r\n"), BadReply);
  EXPECT_THROW(read("*9223372036854775807\r\n"), End) << "waits for the first of them, and takes no memory before";
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "*1\r\n";
  EXPECT_THROW(read(deep), BadReply);
  std::string many = "*2000000\r\n";
  for (int i = 0; i < 2'000'000; ++i) many += ":1\r\n";
  EXPECT_THROW(read(many), BadReply);
  EXPECT_THROW(read("+" + std::string(1'000'000, 'x'), 16'384), BadReply);
}

}  // namespace
}  // namespace crm::source
