#include "source/queue/bullmq.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

namespace crm::source {
namespace {

using std::chrono::milliseconds;

// A delayed job's score is its due time in milliseconds times this, plus a part of its id.
constexpr std::int64_t delayed_shift = 4'096;

std::int64_t unix_ms(Instant instant) {
  return std::chrono::floor<milliseconds>(instant.time_since_epoch()).count();
}

Instant from_ms(std::int64_t ms) {
  return Instant(milliseconds(ms));
}

void add_ended(std::vector<RedisCommand>& commands, const std::string& set, const std::string& metrics, Instant now,
               const std::optional<std::string>& newest) {
  const std::int64_t minute = unix_ms(std::chrono::floor<std::chrono::minutes>(now));
  // Counted before the newest is read: a job that ends in between is not counted rather than counted twice.
  const std::string since = newest ? (newest->empty() ? "-inf" : "(" + *newest) : "+inf";
  commands.push_back({{"ZCARD", set}});
  commands.push_back({{"ZCOUNT", set, std::to_string(minute - 60'000), fmt::format("({}", minute)}});
  commands.push_back({{"ZCOUNT", set, since, "+inf"}});
  commands.push_back({{"ZRANGE", set, "-1", "-1", "WITHSCORES"}});
  commands.push_back({{"HMGET", metrics, "count"}});
}

// Takes replies one by one, in the order of their commands.
class Replies {
 public:
  explicit Replies(std::span<const RedisReply> replies) : replies_(replies) {}

  std::int64_t integer() {
    const auto* number = std::get_if<std::int64_t>(&next().value);
    if (number == nullptr) refuse();
    return *number;
  }
  std::optional<std::string> text() { return text_of(next()); }
  std::vector<std::optional<std::string>> texts() {
    const auto* list = std::get_if<std::vector<RedisReply>>(&next().value);
    if (list == nullptr) refuse();
    std::vector<std::optional<std::string>> texts;
    for (const RedisReply& reply : *list) texts.push_back(text_of(reply));
    return texts;
  }

 private:
  [[noreturn]] static void refuse() { throw SourceUnavailable("Redis answered something else than was asked for"); }

  const RedisReply& next() {
    if (at_ >= replies_.size()) refuse();
    const RedisReply& reply = replies_[at_++];
    if (reply.is_error) throw SourceUnavailable(std::get<std::string>(reply.value));
    return reply;
  }
  static std::optional<std::string> text_of(const RedisReply& reply) {
    if (std::holds_alternative<std::monostate>(reply.value)) return std::nullopt;
    const auto* text = std::get_if<std::string>(&reply.value);
    if (text == nullptr) refuse();
    return *text;
  }

  std::span<const RedisReply> replies_;
  std::size_t at_ = 0;
};

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// A time in milliseconds that is one: far from where instants overflow.
std::optional<std::int64_t> time_in_ms(const std::optional<std::string>& text) {
  constexpr std::int64_t year_9999 = 253'402'300'799'999;
  if (!text) return std::nullopt;
  const auto number = whole_number(*text);
  return number && *number >= 0 && *number <= year_9999 ? number : std::nullopt;
}

Ended read_ended(Replies& replies) {
  Ended ended;
  ended.kept = replies.integer();
  ended.last_minute = replies.integer();
  ended.since_newest = replies.integer();
  const auto newest = replies.texts();  // member, score
  if (newest.size() == 2) ended.newest = newest[1].value_or("");
  const auto counted = replies.texts();
  if (!counted.empty() && counted[0]) ended.counted = whole_number(*counted[0]);
  return ended;
}

// Up to 4.x a marker "0:<ts>" stands among the ids, to wake a worker up.
bool is_marker(const std::optional<std::string>& id) {
  return id && id->starts_with("0:");
}

// One of the lists wait and paused, by its length, its first, last but one, and last element. The last is taken next;
// LIFO jobs are put there too, and then the first has waited longest.
std::int64_t read_waiting(Replies& replies, std::vector<std::string>& candidates) {
  const std::int64_t length = replies.integer();
  const auto first = replies.text();
  const auto last_but_one = replies.text();
  const auto last = replies.text();
  const bool marked = is_marker(last);
  const std::int64_t markers = marked + (length > 1 && is_marker(first)) + (length > 2 && is_marker(last_but_one));
  const auto& next = marked ? last_but_one : last;
  if (next && !is_marker(next)) candidates.push_back(*next);
  if (first && first != next && !is_marker(first)) candidates.push_back(*first);
  return std::max<std::int64_t>(length - markers, 0);
}

// The delay that a job was added with, in its options: the field of its own is 0 once it is over.
std::int64_t delay_of(const std::string& options) {
  const auto parsed = nlohmann::json::parse(options, nullptr, false);
  if (!parsed.is_object()) return 0;
  const auto delay = parsed.find("delay");
  if (delay == parsed.end() || !delay->is_number()) return 0;
  const double ms = delay->get<double>();
  constexpr double century = 3.2e12;
  return ms > 0 && ms < century ? static_cast<std::int64_t>(ms) : 0;
}

}  // namespace

std::vector<RedisCommand> sample_commands(const BullQueue& queue, Instant now, const NewestEnded& before) {
  std::vector<RedisCommand> commands;
  for (const char* list : {"wait", "paused"}) {
    commands.push_back({{"LLEN", queue.key(list)}});
    for (const char* index : {"0", "-2", "-1"}) commands.push_back({{"LINDEX", queue.key(list), index}});
  }
  commands.push_back({{"LLEN", queue.key("active")}});
  commands.push_back({{"LINDEX", queue.key("active"), "0"}});
  commands.push_back({{"ZCARD", queue.key("prioritized")}});
  commands.push_back({{"ZRANGE", queue.key("prioritized"), "0", "0"}});
  commands.push_back({{"ZCARD", queue.key("delayed")}});
  const std::int64_t due = unix_ms(now) * delayed_shift + delayed_shift - 1;
  commands.push_back({{"ZCOUNT", queue.key("delayed"), "-inf", std::to_string(due)}});
  commands.push_back({{"ZRANGE", queue.key("delayed"), "0", "0", "WITHSCORES"}});
  commands.push_back({{"ZCARD", queue.key("waiting-children")}});
  add_ended(commands, queue.key("completed"), queue.key("metrics:completed"), now, before.completed);
  add_ended(commands, queue.key("failed"), queue.key("metrics:failed"), now, before.failed);
  commands.push_back({{"HMGET", queue.key("meta"), "paused"}});
  return commands;
}

BullSample read_sample(std::span<const RedisReply> all, Instant now) {
  Replies replies(all);
  BullSample sample;
  sample.waiting = read_waiting(replies, sample.candidates);
  sample.waiting += read_waiting(replies, sample.candidates);
  sample.active = replies.integer();
  // A worker of 4.x takes the marker like a job, and drops it in its next step.
  if (is_marker(replies.text())) --sample.active;
  sample.prioritized = replies.integer();
  for (const auto& id : replies.texts()) sample.candidates.push_back(id.value_or(""));
  sample.delayed = replies.integer();
  sample.due = replies.integer();
  if (const auto next = replies.texts(); next.size() == 2) {  // member, score
    double score = 0;
    const std::string text = next[1].value_or("");
    std::from_chars(text.data(), text.data() + text.size(), score);
    const auto since = from_ms(static_cast<std::int64_t>(std::clamp(score, 0.0, 1e18)) / delayed_shift);
    if (sample.due > 0 && since <= now) sample.due_since = since;
  }
  sample.waiting_children = replies.integer();
  sample.completed = read_ended(replies);
  sample.failed = read_ended(replies);
  const auto paused = replies.texts();
  sample.paused = !paused.empty() && paused[0].has_value();
  return sample;
}

RedisCommand job_command(const BullQueue& queue, const std::string& id) {
  return {{"HMGET", queue.key(id), "timestamp", "processedOn", "opts"}};
}

std::optional<Instant> waiting_since(const RedisReply& job) {
  Replies replies({&job, 1});
  const auto fields = replies.texts();
  if (fields.size() != 3) return std::nullopt;
  const auto added = time_in_ms(fields[0]);
  if (!added) return std::nullopt;
  const auto attempted = time_in_ms(fields[1]).value_or(0);
  return from_ms(std::max(*added + delay_of(fields[2].value_or("")), attempted));
}

}  // namespace crm::source
