// How a snapshot begins and ends; what runs in between is in snapshot.cpp.

#include <algorithm>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <crm/sdk/errors.h>

#include "source/begin_sql.h"
#include "source/interrupted.h"
#include "source/snapshot.h"
#include "source/sql_state.h"

namespace crm::source {
namespace {

using std::chrono::steady_clock;

constexpr const char* team_sql = "SELECT t.agent_id::text FROM team_members t WHERE t.supervisor_id = :supervisor";

}  // namespace

std::unique_ptr<Snapshot> Snapshot::begin(Postgres& postgres, const SnapshotRequest& request) {
  for (int interruptions = 0;;) {
    Pool::Lease lease = postgres.pool_.acquire(request.deadline, request.purpose);
    const bool fresh = lease.fresh();
    try {
      std::unique_ptr<Snapshot> snapshot(new Snapshot(postgres, request, std::move(lease)));
      snapshot->resolve(request.scope);
      return snapshot;
    } catch (const Interrupted&) {
      if (++interruptions == most_interruptions) throw;
    } catch (const SourceUnavailable&) {
      // A pooled connection may have died with its server long ago, and nothing has been read yet: one more try, fresh.
      if (fresh || request.stop.stop_requested()) throw;
      postgres.pool_.discard_idle();
    }
  }
}

Snapshot::Snapshot(Postgres& postgres, const SnapshotRequest& request, Pool::Lease lease)
    : postgres_(postgres),
      deadline_(request.deadline),
      stop_(request.stop),
      note_(request.note),
      lease_(std::move(lease)),
      watch_(postgres.watchdog_.watch(*lease_, request.deadline)),
      writes_(request.writing.has_value()) {
  on_stop_.emplace(stop_, [this] { watch_.expire(); });
  try {
    session_ = std::make_unique<pqxx::nontransaction>(*lease_);
    set_up(request);
  } catch (const Busy&) {
    undo();
    throw;
  } catch (const std::exception&) {
    lease_.discard();
    translate("begin");
  }
}

Snapshot::~Snapshot() {
  on_stop_.reset();
  if (!committed_) undo();  // still watched
  session_.reset();
  if (watch_.end() || !(*lease_).is_open()) lease_.discard();
}

void Snapshot::undo() {
  watch_.settle();
  try {
    session_->exec("ROLLBACK");
  } catch (const std::exception&) {
    lease_.discard();
  }
}

void Snapshot::set_up(const SnapshotRequest& request) {
  const Beginning beginning{postgres_.options_.schema,
                            postgres_.application_name_,
                            std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - steady_clock::now()),
                            postgres_.options_.statement_timeout,
                            postgres_.options_.own_schema,
                            writes_};
  session_->exec(begin_sql(beginning));
  begun_ = true;
  if (request.writing) {
    session_->exec(reset_sql(beginning));
    lock(*request.writing);
  }
  const auto result = session_->exec(writes_ ? "SELECT clock_timestamp(), 0"
                                             : reset_sql(beginning) + "; SELECT now(), pg_backend_pid()");
  direct_ = result[0][1].as<int>() == (*lease_).told_backend();
  as_of_ = request.as_of ? *request.as_of : parse_instant(result[0][0].as<std::string>()).value();
  catalog_ = postgres_.catalog();
  if (!catalog_) {
    postgres_.remember(read_catalog(*session_, postgres_.options_.schema, postgres_.options_.own_schema));
    catalog_ = postgres_.catalog();
  }
  if (!catalog_)
    catalog_ = std::make_shared<const Catalog>(
        read_catalog(*session_, postgres_.options_.schema, postgres_.options_.own_schema));
}

// A utility statement takes no snapshot of the rows: the transaction sees all that was committed before the lock was
// got.
void Snapshot::lock(const Writing& writing) {
  const auto until = std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - steady_clock::now());
  const auto left = std::max<std::int64_t>(until.count(), 1);
  const auto patience = std::clamp<std::int64_t>(writing.lock_timeout.count(), 1, left);
  const std::string_view mode = writing.lock == Writing::Lock::alone ? "EXCLUSIVE" : "ROW SHARE";
  try {
    session_->exec(fmt::format("SET LOCAL lock_timeout = {}; LOCK TABLE {} IN {} MODE; SET LOCAL lock_timeout = {}",
                               patience, writing.lock_table, mode, left));
  } catch (const pqxx::sql_error& error) {
    if (state_of(error) == "55P03") throw Busy(fmt::format("another writer holds {}", writing.lock_table));
    throw;
  }
}

void Snapshot::resolve(const Scope& scope) {
  if (scope.sees_everyone()) return;
  const std::string type = catalog_->agent_id_type();
  if (!is_id(scope.subject, type)) {
    throw Forbidden(fmt::format("'{}' is no agent id of this CRM (expected {})", scope.subject, type));
  }
  std::vector<std::string> agents{scope.subject};
  if (scope.role == Role::supervisor) {
    for (std::string& member : team_of(scope.subject)) agents.push_back(std::move(member));
  }
  agents_ = std::move(agents);
}

std::vector<std::string> Snapshot::team_of(const std::string& supervisor) {
  const Binding binding{{"supervisor", {supervisor, catalog_->id_type("team_members", "supervisor_id")}}};
  std::vector<std::string> team;
  run("team", team_sql, binding, true).each([&](const Row& row) { team.emplace_back(row.text("agent_id")); });
  return team;
}

}  // namespace crm::source
