// Replies of Redis read as BullMQ means them: what a real BullMQ does is in tests/integration/queue_test.cpp.
#include "source/queue/bullmq.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

namespace crm::source {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const BullQueue queue{"{wa}", "out"};

Instant ms(std::int64_t since_epoch) {
  return Instant(milliseconds(since_epoch));
}
RedisReply texts(const std::vector<std::optional<std::string>>& texts) {
  std::vector<RedisReply> list;
  for (const auto& text : texts) list.push_back(text ? RedisReply{*text} : RedisReply{});
  return {list};
}

// Lists wait and paused as length and ends (first, last but one, last); everything else empty.
struct List {
  std::int64_t length = 0;
  std::optional<std::string> first, last_but_one, last;
};
BullSample sample_of(const List& wait, const List& paused = {}) {
  std::vector<RedisReply> replies;
  for (const List& list : {wait, paused}) {
    replies.push_back({list.length});
    for (const auto& id : {list.first, list.last_but_one, list.last}) {
      replies.push_back(id ? RedisReply{*id} : RedisReply{});
    }
  }
  const RedisReply zero{std::int64_t{0}};
  const RedisReply none = texts({});
  const RedisReply no_field = texts({std::nullopt});
  replies.insert(replies.end(), {zero, RedisReply{}, zero, none, zero, zero, none, zero});
  for (int i = 0; i < 2; ++i) replies.insert(replies.end(), {zero, zero, zero, none, no_field});
  replies.push_back(no_field);
  return read_sample(replies, ms(0));
}

TEST(BullMqSample, HasAsManyRepliesAsCommands) {
  const auto commands = sample_commands(queue, ms(1'773'144'080'000), {});
  std::vector<RedisReply> replies(commands.size(), RedisReply{"ERR x", true});
  EXPECT_THAT([&] { read_sample(replies, ms(0)); }, ThrowsMessage<SourceUnavailable>(HasSubstr("ERR x")));
  EXPECT_EQ(commands.size(), 27U);
  for (const RedisCommand& command : commands) EXPECT_EQ(command.words.at(1).rfind("{wa}:out:", 0), 0U);
}

TEST(BullMqSample, AsksForTheLastFullMinuteForWhatIsNewerAndForWhatIsDue) {
  const auto commands = sample_commands(queue, ms(1'773'144'080'123), {"1773144079000", ""});
  std::vector<std::vector<std::string>> counts;
  for (const RedisCommand& command : commands) {
    if (command.words[0] == "ZCOUNT") counts.emplace_back(command.words.begin() + 1, command.words.end());
  }
  EXPECT_THAT(counts,
              ElementsAre(ElementsAre("{wa}:out:delayed", "-inf", std::to_string(1'773'144'080'124 * 4'096 - 1)),
                          ElementsAre("{wa}:out:completed", "1773144000000", "(1773144060000"),
                          ElementsAre("{wa}:out:completed", "(1773144079000", "+inf"),
                          ElementsAre("{wa}:out:failed", "1773144000000", "(1773144060000"),
                          ElementsAre("{wa}:out:failed", "-inf", "+inf")));
}

TEST(BullMqSample, LeavesMarkersOut) {
  EXPECT_EQ(sample_of({1, "0:0", std::nullopt, "0:0"}).waiting, 0);
  EXPECT_THAT(sample_of({1, "0:0", std::nullopt, "0:0"}).candidates, ElementsAre());
  EXPECT_EQ(sample_of({2, "7", "7", "0:5"}).waiting, 1);
  EXPECT_THAT(sample_of({2, "7", "7", "0:5"}).candidates, ElementsAre("7"));
  EXPECT_EQ(sample_of({2, "0:5", "0:5", "7"}).waiting, 1);
  EXPECT_THAT(sample_of({2, "0:5", "0:5", "7"}).candidates, ElementsAre("7"));
  EXPECT_EQ(sample_of({5, "9", "8", "0:5"}).waiting, 4);
  EXPECT_THAT(sample_of({5, "9", "8", "0:5"}).candidates, ElementsAre("8", "9"));
  EXPECT_EQ(sample_of({5, "9", "0:5", "8"}).waiting, 4);
  EXPECT_THAT(sample_of({5, "9", "0:5", "8"}).candidates, ElementsAre("8", "9"));
}

TEST(BullMqSample, TakesBothListsTogether) {
  const BullSample sample = sample_of({2, "2", "2", "1"}, {1, "3", std::nullopt, "3"});
  EXPECT_EQ(sample.waiting, 3);
  EXPECT_THAT(sample.candidates, ElementsAre("1", "2", "3"));
}

TEST(BullMqSample, OfNonsenseIsUnavailable) {
  EXPECT_THROW(read_sample({}, ms(0)), SourceUnavailable);
  const std::vector<RedisReply> replies(27, RedisReply{"text"});
  EXPECT_THROW(read_sample(replies, ms(0)), SourceUnavailable);
}

std::optional<Instant> since(const std::optional<std::string>& timestamp, const std::optional<std::string>& processed,
                             const std::optional<std::string>& options) {
  return waiting_since(texts({timestamp, processed, options}));
}

TEST(BullMqJob, WaitsSinceItWasAdded) {
  EXPECT_EQ(since("1773144000000", std::nullopt, "{}"), ms(1'773'144'000'000));
}

TEST(BullMqJob, WaitsSinceItsDelayWasOver) {
  EXPECT_EQ(since("1773144000000", std::nullopt, R"({"delay":60000,"attempts":3})"), ms(1'773'144'060'000));
}

TEST(BullMqJob, WaitsSinceItsLastAttempt) {
  EXPECT_EQ(since("1773144000000", "1773144090000", R"({"delay":60000})"), ms(1'773'144'090'000));
}

TEST(BullMqJob, ThatIsGoneOrHasNoTimeWaitsNot) {
  EXPECT_EQ(since(std::nullopt, std::nullopt, std::nullopt), std::nullopt);
  for (const char* odd : {"", "x", "-1", "1e3", "99999999999999999999", "9223372036854775807"}) {
    EXPECT_EQ(since(odd, std::nullopt, "{}"), std::nullopt) << odd;
  }
}

TEST(BullMqJob, OddOptionsAreNoDelay) {
  for (const char* odd :
       {"", "{", "[]", "7", R"({"delay":"x"})", R"({"delay":-5})", R"({"delay":1e300})", R"({"delay":null})"}) {
    EXPECT_EQ(since("1773144000000", std::nullopt, odd), ms(1'773'144'000'000)) << odd;
  }
}

}  // namespace
}  // namespace crm::source
