#pragma once
// One run's view of the database: a single repeatable-read, read-only transaction, so that all its statements see the
// same rows. Bounded by its deadline and stoppable. Used by one thread. A writing one is the same over the daemon's own
// schema: repeatable-read, begun by a lock, undone unless committed.

#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include <pqxx/nontransaction>

#include <crm/sdk/rows.h>

#include "source/compiled.h"
#include "source/postgres.h"

namespace crm::source {

class Snapshot {
 public:
  static std::unique_ptr<Snapshot> begin(Postgres& postgres, const SnapshotRequest& request);
  ~Snapshot();
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  // The instant that all numbers of the run are counted at.
  Instant as_of() const { return as_of_; }
  bool scoped() const { return agents_.has_value(); }  // it sees only some agents' rows
  const Catalog& catalog() const { return *catalog_; }
  Deadline deadline() const { return deadline_; }
  const std::stop_token& stop() const { return stop_; }
  std::shared_ptr<const Catalog> shared_catalog() const { return catalog_; }  // outlives the snapshot

  // Runs one statement. Bound for it are :as_of, :agents, the settings, and `binding`. A statement without :agents is
  // refused (UsageError) unless `unscoped`. A view that the CRM lacks: Rows::absent(). A view that lacks a column,
  // or whose rows are hidden by row-level security: ContractError.
  Rows run(const std::string& name, const std::string& sql, const Binding& binding, bool unscoped);

  // As run(), unscoped, for a statement of the daemon's own tables, of which one plan serves whatever is bound: it is
  // prepared once for a connection, where no pooler shares that.
  Rows run_own(const std::string& name, const std::string& sql, const Binding& binding);

  // As run(), for a statement that may also write: UsageError unless the snapshot is a writing one. Nothing is scoped.
  // Outrun: another writer was first.
  Rows write(const std::string& name, const std::string& sql, const Binding& binding);

  // Keeps what a writing snapshot wrote, which ends it. A commit whose answer was lost throws SourceUnavailable: it may
  // have been kept.
  void commit();

  // Asks PostgreSQL about itself (its catalogs, a plan), past contract and scope: for `check`. Bounded and read-only as
  // all statements are; after a throw the snapshot is of no more use.
  Rows inspect(const std::string& name, const Compiled& statement);
  Transport transport() const;

 private:
  Snapshot(Postgres& postgres, const SnapshotRequest& request, Pool::Lease lease);
  void set_up(const SnapshotRequest& request);
  void undo();
  void lock(const Writing& writing);
  Rows checked_run(const std::string& name, const Scanned& text, const Binding& binding, bool prepared = false);
  void resolve(const Scope& scope);
  std::vector<std::string> team_of(const std::string& supervisor);
  void refuse_unfit(const std::string& name, const Scanned& text, bool unscoped) const;
  pqxx::result execute(const std::string& name, const Compiled& compiled, bool prepared);
  [[noreturn]] void translate(const std::string& name, bool prepared = false);

  Postgres& postgres_;
  const Deadline deadline_;
  const std::stop_token stop_;
  const StatementNote note_;
  Pool::Lease lease_;
  Watchdog::Watch watch_;
  std::optional<std::stop_callback<std::function<void()>>> on_stop_;
  std::unique_ptr<pqxx::nontransaction> session_;  // BEGIN and ROLLBACK are ours
  const bool writes_;
  bool committed_ = false;
  bool begun_ = false;   // from here on our own limits are in force
  bool direct_ = false;  // no pooler is between: what is prepared stays prepared
  std::shared_ptr<const Catalog> catalog_;
  Instant as_of_{};
  std::optional<std::vector<std::string>> agents_;  // nothing: everyone
};

}  // namespace crm::source
