#pragma once
// What one run of a collector reads from: a snapshot of the database, facts over it, and what else is configured.

#include <functional>
#include <memory>
#include <string_view>

#include <crm/sdk/collector.h>

#include "rollup/counters.h"
#include "rollup/fact_registry.h"
#include "rollup/history.h"
#include "rollup/infrastructure.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Told what a run meets, for the metrics.
struct RunObserver {
  std::function<void(std::string_view reason)> row_skipped;
  std::function<void(std::string_view view, std::string_view column, std::int64_t rows)> unknown_word;
};

// Used by the thread of the run only; everything given must outlive it. `counters` is null in a person's run. Without
// `infrastructure` there is no queue and no session. Without `history`, or where it cannot be read, facts are counted
// from the raw rows, and counters in memory.
class RunSources final : public Sources {
 public:
  RunSources(source::Snapshot& snapshot, const FactRegistry& facts, const Description& description,
             const Period& period, Log& log, RunObserver observer, Counters* counters = nullptr,
             const Infrastructure* infrastructure = nullptr, History* history = nullptr);

  FactTable facts(const FactQuery& query) override;
  FactTable counters(const std::string& fact, const std::vector<Axis>& by) override;
  Rows query(const Statement& statement, const Args& args) override;
  std::optional<Contacts> contacts(const Window& window) override;
  bool has_view(std::string_view view) override;
  std::vector<QueueState> queues() override;
  std::vector<Session> sessions() override;
  std::vector<RedisReply> redis(std::span<const RedisCommand> pipeline) override;
  HttpResponse http(const HttpRequest& request) override;
  void unknown_word(std::string_view view, std::string_view column, std::int64_t rows) override;
  Instant now() const override { return snapshot_.as_of(); }
  Log& log() override { return log_; }

 private:
  const FactDefinition& declared(const std::string& fact) const;
  FactTable read(const FactDefinition& fact, const FactQuery& query);
  Rows watched(Rows rows) const;
  Rows own(const Statement& statement, const source::Binding& binding) const;

  source::Snapshot& snapshot_;
  const FactRegistry& facts_;
  const Description& description_;
  const Period period_;
  Log& log_;
  const RunObserver observer_;
  Counters* const counters_;
  const Infrastructure* const infrastructure_;
  History* const history_;
};

}  // namespace crm::rollup
