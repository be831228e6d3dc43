#pragma once
// What one run of a collector reads from: a snapshot of the database, facts over it, and what else is configured.

#include <functional>
#include <memory>
#include <string_view>

#include <crm/sdk/collector.h>

#include "rollup/fact_registry.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Told what a run meets, for the metrics.
struct RunObserver {
  std::function<void(std::string_view reason)> row_skipped;
  std::function<void(std::string_view view, std::string_view column, std::int64_t rows)> unknown_word;
};

// Used by the thread of the run only; everything given must outlive it.
class RunSources final : public Sources {
 public:
  RunSources(source::Snapshot& snapshot, const FactRegistry& facts, const Description& description,
             const Period& period, Log& log, RunObserver observer);

  FactTable facts(const FactQuery& query) override;
  Rows query(const Statement& statement, const Args& args) override;
  bool has_view(std::string_view view) override;
  std::vector<QueueState> queues() override;
  std::vector<Session> sessions() override;
  std::vector<RedisReply> redis(std::span<const RedisCommand> pipeline) override;
  HttpResponse http(const HttpRequest& request) override;
  void unknown_word(std::string_view view, std::string_view column, std::int64_t rows) override;
  Instant now() const override { return snapshot_.as_of(); }
  Log& log() override { return log_; }

 private:
  Rows watched(Rows rows) const;

  source::Snapshot& snapshot_;
  const FactRegistry& facts_;
  const Description& description_;
  const Period period_;
  Log& log_;
  const RunObserver observer_;
};

}  // namespace crm::rollup
