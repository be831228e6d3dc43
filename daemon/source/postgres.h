#pragma once
// The CRM's database: a pool, its catalog, its watchdog. Opens snapshots; every other room reads through those.

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include <crm/sdk/errors.h>
#include <crm/sdk/scope.h>
#include <crm/sdk/settings.h>

#include "source/catalog.h"
#include "source/compiled.h"
#include "source/pool.h"
#include "source/scanned.h"
#include "source/watchdog.h"

namespace crm::source {

struct PostgresOptions {
  std::string url;
  std::string schema = "crm_source";
  std::string own_schema = "crm_metrics";  // what the daemon stores; it need not be there
  std::string application_name = "crm-metricsd";
  std::size_t pool = 4;
  std::chrono::milliseconds connect_timeout{3'000};
  std::chrono::milliseconds statement_timeout{10'000};
  std::chrono::milliseconds acquire_timeout{2'000};
  std::chrono::milliseconds catalog_refresh{60'000};
  std::chrono::milliseconds cancel_grace{1'000};
};

// Told what happens; called from the threads of the runs. Any may be empty.
struct PostgresObserver {
  std::function<void(const std::string& statement, std::chrono::nanoseconds duration, std::size_t rows)> query_finished;
  std::function<void(bool up, const std::string& why)> availability;  // only when it changes, and once at first
};

class Snapshot;

// The deadline passed before a transaction had begun: the server, not a statement, is slow.
class Unanswered final : public DeadlineExceeded {
 public:
  using DeadlineExceeded::DeadlineExceeded;
};

// Another writer holds the lock that a writing snapshot begins with, and did not let go in time.
class Busy final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Another writer was first: nothing of this transaction is kept.
class Outrun final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A transaction that writes the daemon's own schema. It sees what was committed before it got the lock on that table.
// `alone`: one at a time. `beside`: with others that say so, but never with one that is alone.
struct Writing {
  enum class Lock { alone, beside };
  std::string lock_table;
  std::chrono::milliseconds lock_timeout{500};
  Lock lock = Lock::alone;
};

// Told each statement of a snapshot with its values, before it runs.
using StatementNote = std::function<void(const std::string& name, const Compiled& statement)>;

struct SnapshotRequest {
  Scope scope;
  Deadline deadline;
  std::stop_token stop = {};
  std::optional<Instant> as_of = {};  // the database's clock if not given
  Pool::For purpose = Pool::For::people;
  StatementNote note = {};
  std::optional<Writing> writing = {};  // nothing: read-only
};

// Thread-safe. Must outlive its snapshots.
class Postgres {
 public:
  // std::invalid_argument for a malformed URL. Connects only when first asked.
  Postgres(PostgresOptions options, Settings settings, PostgresObserver observer = {});

  // One repeatable-read transaction, read-only unless the request says else. SourceUnavailable, DeadlineExceeded,
  // Forbidden; a writing one also Busy.
  std::unique_ptr<Snapshot> open(const SnapshotRequest& request);

  // A connection beside the pool, for probes: nobody else uses it, and nothing watches it. SourceUnavailable.
  std::unique_ptr<Connection> connect_apart() const;
  Watchdog& watchdog() { return watchdog_; }
  const Settings& settings() const { return settings_; }

  Pool::Usage usage() const { return pool_.usage(); }
  const std::string& place() const { return place_; }

 private:
  friend class Snapshot;

  std::shared_ptr<const Catalog> catalog() const;
  void remember(Catalog catalog);
  void forget_catalog();
  void available(bool up, const std::string& why);

  const PostgresOptions options_;
  const Settings settings_;
  const Binding settings_binding_;
  const PostgresObserver observer_;
  const std::string place_;
  const std::string application_name_;
  Watchdog watchdog_;
  Pool pool_;
  ScannedTexts texts_;

  mutable std::mutex mutex_;
  std::shared_ptr<const Catalog> catalog_;
  std::chrono::steady_clock::time_point catalog_read_{};
  std::optional<bool> up_;
};

}  // namespace crm::source
