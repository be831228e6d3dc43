// What Prometheus is shown. Known label values are always there, at 0: a counter that appears at 1 has no increase.

#include <algorithm>
#include <map>

#include "failure_codes.h"
#include "families.h"
#include "report.h"
#include "session_states.h"

namespace whatsapp {
namespace {

using crm::Sample;

double number(std::int64_t value) {
  return static_cast<double>(value);
}

double seconds(crm::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

class Samples {
 public:
  void add(const char* family, std::vector<std::string> labels, double value) {
    samples_.push_back({.family = family, .labels = std::move(labels), .value = value});
  }

  void add_fates(const char* family, const std::vector<std::string>& labels, const Fates& fates) {
    const auto event = [&](const char* word, std::int64_t value) {
      std::vector<std::string> all = labels;
      all.emplace_back(word);
      add(family, std::move(all), number(value));
    };
    event("sent", fates.sent);
    event("delivered", fates.delivered);
    event("read", fates.read);
    event("failed", fates.failed);
  }

  void add_failures(const std::map<std::string, std::int64_t>& failures) {
    std::map<const FailureCode*, std::int64_t> by_code;
    for (const auto& [key, count] : failures) by_code[&failure_code(key)] += count;
    for (const FailureCode& code : failure_codes()) {
      add(family::failures, {std::string(code.code), std::string(to_string(code.fault))}, number(by_code[&code]));
    }
  }

  void add_undelivered(const Undelivered& undelivered) {
    add(family::undelivered, {}, number(undelivered.messages));
    add(family::undelivered_seconds, {}, seconds(undelivered.age));
  }

  // A session that is down has alerts of its own.
  void add_undelivered_of(const crm::Session& session, const std::map<std::string, Undelivered>& by_session) {
    if (session.state != crm::Session::State::connected) return;
    const auto found = by_session.find(session.id);
    const Undelivered undelivered = found == by_session.end() ? Undelivered{} : found->second;
    add(family::session_undelivered, {session.label}, number(undelivered.messages));
    add(family::session_undelivered_seconds, {session.label}, seconds(undelivered.age));
  }

  void add_sessions(const std::vector<crm::Session>& sessions, const Deliveries& deliveries, std::size_t most) {
    std::map<crm::Session::State, std::int64_t> by_state;
    std::map<std::string, const crm::Session*> by_label;  // in this order, so that the same ones are shown every time
    for (const crm::Session& session : sessions) {
      ++by_state[session.state];
      by_label.emplace(session.label, &session);
    }
    for (const auto& [state, word] : session_states) add(family::sessions, {word}, number(by_state[state]));
    for (const auto& [label, session] : by_label) {
      if (most-- == 0) break;
      samples_.push_back({.family = family::session_state, .labels = {label}, .state = to_string(session->state)});
      if (session->last_seen) {
        add(family::session_last_seen, {label}, seconds(session->last_seen->time_since_epoch()));
      }
      if (deliveries.by_session) add_undelivered_of(*session, *deliveries.by_session);
    }
  }

  void add_queue(const crm::QueueState& queue) {
    for (const char* state : crm::queue_states) {
      const auto jobs = queue.jobs.find(state);
      add(family::queue_jobs, {queue.queue, state}, jobs == queue.jobs.end() ? 0 : number(jobs->second));
    }
    if (queue.oldest_waiting) add(family::queue_oldest, {queue.queue}, seconds(*queue.oldest_waiting));
    add(family::queue_completed, {queue.queue}, number(queue.completed_total));
    add(family::queue_failed, {queue.queue}, number(queue.failed_total));
    add(family::queue_paused, {queue.queue}, queue.paused ? 1 : 0);
  }

  std::vector<Sample> take() { return std::move(samples_); }

 private:
  std::vector<Sample> samples_;
};

}  // namespace

std::vector<Sample> to_samples(const Performance& performance, const Counters& counters, const Deliveries& deliveries,
                               std::size_t max_sessions) {
  Samples samples;
  if (counters.inbound) samples.add(family::messages, {"inbound", "received"}, number(*counters.inbound));
  if (counters.outbound) samples.add_fates(family::messages, {"outbound"}, *counters.outbound);
  if (counters.broadcasts) {
    samples.add(family::campaign_messages, {"created"}, number(counters.broadcasts->recipients));
    samples.add_fates(family::campaign_messages, {}, counters.broadcasts->messages);
  }
  if (counters.failures) samples.add_failures(*counters.failures);
  if (deliveries.all) samples.add_undelivered(*deliveries.all);
  if (performance.sessions && performance.has_sessions) {
    samples.add_sessions(*performance.sessions, deliveries, max_sessions);
  }
  if (performance.queues) {
    for (const crm::QueueState& queue : *performance.queues) samples.add_queue(queue);
  }
  return samples.take();
}

}  // namespace whatsapp
