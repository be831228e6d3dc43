#pragma once
// BullMQ's keys, read: the commands of a sample of one queue, and what their replies mean. Tried on 4.18, 5.81 and 6.7.
// No command's cost grows with the queue, none writes, and each names its keys first, so that `~bull:*` is all a user
// needs; README.md of config/ has the whole ACL.

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <crm/sdk/instant.h>
#include <crm/sdk/sources.h>

namespace crm::source {

// "bull", "messages" → "bull:messages:". On Redis Cluster the prefix has the braces.
struct BullQueue {
  std::string prefix;
  std::string name;

  std::string key(std::string_view part) const { return prefix + ":" + name + ":" + std::string(part); }
};

// Jobs that ended one way, completed or failed.
struct Ended {
  std::int64_t kept = 0;                     // still in the set: BullMQ trims it as it is told to
  std::int64_t last_minute = 0;              // of those kept
  std::int64_t since_newest = 0;             // of those kept, ended after the newest one of the sample before
  std::string newest = {};                   // score of the newest one; empty: none is kept
  std::optional<std::int64_t> counted = {};  // by workers that keep metrics
};

struct BullSample {
  std::int64_t waiting = 0;  // in wait and paused
  std::int64_t prioritized = 0;
  std::int64_t delayed = 0;
  std::int64_t due = 0;  // of the delayed ones
  std::int64_t waiting_children = 0;
  std::int64_t active = 0;
  Ended completed;
  Ended failed;
  bool paused = false;
  std::optional<Instant> due_since = {};  // of the longest due one
  std::vector<std::string> candidates;    // ids of jobs of which one waits longest
};

// Scores of the sample before, for Ended::since_newest; nothing at the first.
struct NewestEnded {
  std::optional<std::string> completed = {};
  std::optional<std::string> failed = {};
};

std::vector<RedisCommand> sample_commands(const BullQueue& queue, Instant now, const NewestEnded& before);

// The replies to those commands. SourceUnavailable with Redis's words if one is an error.
BullSample read_sample(std::span<const RedisReply> replies, Instant now);

RedisCommand job_command(const BullQueue& queue, const std::string& id);

// Since when the job has been waiting, from the reply to that command: since it was added, its delay was over, or its
// last attempt began. Nothing for a job that is gone.
std::optional<Instant> waiting_since(const RedisReply& job);

}  // namespace crm::source
