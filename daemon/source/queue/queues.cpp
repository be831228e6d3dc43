#include "source/queue/queues.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

namespace crm::source {
namespace {

Instant wall_clock() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

QueueState state_of(const std::string& queue, const BullSample& sample) {
  QueueState state{.queue = queue};
  state.jobs = {{"waiting", sample.waiting},   {"prioritized", sample.prioritized},
                {"delayed", sample.delayed},   {"waiting_children", sample.waiting_children},
                {"active", sample.active},     {"completed", sample.completed.kept},
                {"failed", sample.failed.kept}};
  state.depth = sample.waiting + sample.prioritized + sample.due;
  state.paused = sample.paused;
  return state;
}

}  // namespace

struct Queues::Sampled {
  BullQueue queue;
  BullSample sample;
  QueueState state;
  bool has_age = true;
};

Queues::Queues(std::shared_ptr<Redis> redis, QueueOptions options, std::shared_ptr<QueueMemory> memory,
               QueueObserver observer)
    : redis_(std::move(redis)),
      options_(std::move(options)),
      memory_(std::move(memory)),
      observer_(std::move(observer)),
      shared_("the sample of the WhatsApp queue", options_.max_age) {}

std::vector<QueueState> Queues::read(Deadline deadline, const std::stop_token& stop) {
  return *shared_.read(deadline, stop, [&] { return sample(deadline, stop); });
}

std::vector<QueueState> Queues::sample(Deadline deadline, const std::stop_token& stop) {
  std::vector<Sampled> queues = ask(deadline, stop);
  States states;
  for (Sampled& sampled : queues) states.push_back(std::move(sampled.state));
  return states;
}

std::vector<Queues::Sampled> Queues::ask(Deadline deadline, const std::stop_token& stop) {
  std::vector<Sampled> asked;
  for (const auto& name : options_.names) asked.push_back({{options_.prefix, name}, {}, {}, true});
  for (const auto& name : options_.dead_letter) asked.push_back({{options_.prefix, name}, {}, {}, false});
  const Instant now = options_.clock ? options_.clock() : wall_clock();
  std::vector<RedisCommand> pipeline;
  std::vector<NewestEnded> newest;
  for (const Sampled& one : asked) {
    newest.push_back(memory_->newest(redis_->place(), one.queue));
    for (RedisCommand& command : sample_commands(one.queue, now, newest.back())) pipeline.push_back(std::move(command));
  }
  const auto replies = redis_->ask(pipeline, deadline, stop);
  const std::size_t commands = asked.empty() ? 0 : pipeline.size() / asked.size();
  std::vector<Sampled> readable;
  std::string refusal;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Sampled& one = asked[i];
    try {
      one.sample = read_sample(std::span(replies).subspan(i * commands, commands), now);
    } catch (const SourceUnavailable& unavailable) {
      refusal = fmt::format("queue {}: {}", one.queue.name, unavailable.what());
      tell(one.queue.name, unavailable.what());
      continue;
    }
    tell(one.queue.name, {});
    one.state = state_of(one.queue.name, one.sample);
    const auto ends = memory_->add(redis_->place(), one.queue, now, one.sample, newest[i]);
    one.state.completed_total = ends.completed_total;
    one.state.completed_last_minute = ends.completed_last_minute;
    one.state.failed_total = ends.failed_total;
    one.state.failed_last_minute = ends.failed_last_minute;
    readable.push_back(std::move(one));
  }
  if (readable.empty() && !asked.empty()) throw SourceUnavailable(refusal);
  add_ages(readable, now, deadline, stop);
  return readable;
}

// The jobs that may be the oldest, of all queues in one round trip.
void Queues::add_ages(std::vector<Sampled>& queues, Instant now, Deadline deadline, const std::stop_token& stop) {
  std::vector<RedisCommand> pipeline;
  std::vector<Sampled*> owners;
  for (Sampled& one : queues) {
    if (!one.has_age) continue;
    if (one.sample.due_since) one.state.oldest_waiting = now - *one.sample.due_since;
    for (const std::string& id : one.sample.candidates) {
      pipeline.push_back(job_command(one.queue, id));
      owners.push_back(&one);
    }
  }
  if (pipeline.empty()) return;
  const auto replies = redis_->ask(pipeline, deadline, stop);
  for (std::size_t i = 0; i < replies.size(); ++i) {
    if (replies[i].is_error) continue;  // a key that is no job's
    const auto since = waiting_since(replies[i]);
    if (!since) continue;  // it was taken in between
    std::optional<Duration>& oldest = owners[i]->state.oldest_waiting;
    oldest = std::max(oldest.value_or(Duration(0)), now - *since);
  }
}

void Queues::tell(const std::string& queue, const std::string& why) {
  if (std::exchange(unreadable_[queue], why) == why) return;
  if (observer_.readable) observer_.readable(queue, why);
}

}  // namespace crm::source
