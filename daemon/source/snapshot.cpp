#include "source/snapshot.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <crm/sdk/errors.h>

#include "source/interrupted.h"
#include "source/sql_state.h"

namespace crm::source {
namespace {

using std::chrono::steady_clock;

std::string unanswered(const std::string& place) {
  return fmt::format(
      "PostgreSQL at {} began no transaction before the deadline: it, or the pooler before it, is paused, out of "
      "connections or gone",
      place);
}

// PgBouncer's word for a server on which it could not SET what the client began with (client_encoding, …).
constexpr std::string_view not_set = "invalid server parameter";

std::string interrupted() {
  return fmt::format(
      "PostgreSQL cancelled the beginning of a transaction {} times: a statement_timeout of the daemon's role, or one "
      "that another client of the pooler left behind, is too short",
      most_interruptions);
}

std::string advice(std::string_view sqlstate, const std::string& schema) {
  if (sqlstate == "42501") return fmt::format(": GRANT SELECT on the views of {} to the daemon's role", schema);
  // The catalog shows relations that the role may not even name.
  if (sqlstate == "42P01")
    return fmt::format(": it was dropped, or the daemon's role needs GRANT USAGE ON SCHEMA {}", schema);
  return {};
}

Rows to_rows(const pqxx::result& result) {
  std::vector<std::string> columns;
  for (pqxx::row::size_type i = 0; i < result.columns(); ++i) columns.emplace_back(result.column_name(i));
  std::vector<Rows::Cells> cells;
  cells.reserve(static_cast<std::size_t>(result.size()));
  for (const auto& row : result) {
    Rows::Cells texts;
    texts.reserve(columns.size());
    for (const auto& field : row) {
      texts.push_back(field.is_null() ? std::nullopt
                                      : std::optional<std::string>(std::string(field.c_str(), field.size())));
    }
    cells.push_back(std::move(texts));
  }
  return {std::move(columns), std::move(cells)};
}

}  // namespace

void Snapshot::refuse_unfit(const std::string& name, const Scanned& text, bool unscoped) const {
  if (!text.queries) {
    // COMMIT, for one, would end the snapshot.
    throw UsageError(fmt::format("statement {} must begin with SELECT or WITH", name));
  }
  if (!unscoped && !text.scoped) {
    throw UsageError(
        fmt::format("statement {} does not use :agents: filter by it, or declare the statement Unscoped", name));
  }
  if (catalog_->empty()) {
    // One view may be missing, its numbers are zero then; all of them are no CRM without anything, but a mistake.
    postgres_.forget_catalog();
    throw ContractError(
        fmt::format("schema {} has no view of the source contract: create the views, or set database.schema",
                    postgres_.options_.schema));
  }
}

Rows Snapshot::run(const std::string& name, const std::string& sql, const Binding& binding, bool unscoped) {
  const auto text = postgres_.texts_.of(sql);
  refuse_unfit(name, *text, unscoped);
  return checked_run(name, *text, binding);
}

Rows Snapshot::run_own(const std::string& name, const std::string& sql, const Binding& binding) {
  const auto text = postgres_.texts_.of(sql);
  refuse_unfit(name, *text, true);
  return checked_run(name, *text, binding, direct_);
}

Rows Snapshot::write(const std::string& name, const std::string& sql, const Binding& binding) {
  if (!writes_) throw UsageError(fmt::format("statement {} writes in a snapshot that only reads", name));
  return checked_run(name, *postgres_.texts_.of(sql), binding);
}

void Snapshot::commit() {
  if (!writes_) throw UsageError("a snapshot that only reads has nothing to commit");
  committed_ = true;
  watch_.settle();
  try {
    session_->exec("COMMIT");
  } catch (const pqxx::pqxx_exception&) {
    lease_.discard();
    translate("commit");
  }
}

Rows Snapshot::checked_run(const std::string& name, const Scanned& text, const Binding& binding, bool prepared) {
  if (stop_.stop_requested()) throw SourceUnavailable(fmt::format("statement {} was stopped", name));
  if (steady_clock::now() >= deadline_) {
    throw DeadlineExceeded(fmt::format("statement {} was not begun: the run's deadline had passed", name));
  }
  const Reads& reads = text.reads;
  if (const auto absent = catalog_->absent_view(reads)) return Rows::of_absent_view(*absent);
  if (const auto faults = catalog_->faults(reads); !faults.empty()) {
    postgres_.forget_catalog();
    throw ContractError(fmt::format("{} (read by statement {})", fmt::join(faults, "; "), name));
  }
  if (const auto hidden = catalog_->hidden(reads); !hidden.empty()) {
    postgres_.forget_catalog();
    throw ContractError(fmt::format("{} (read by statement {}); `crm-metricsd check` prints what to do",
                                    fmt::join(hidden, "; "), name));
  }
  Binding all = postgres_.settings_binding_;
  all["as_of"] = {to_iso(as_of_), "timestamptz"};
  all["agents"] = bind_agents(agents_, *catalog_);
  for (const auto& [parameter, bound] : binding) all[parameter] = bound;
  const Compiled compiled = compile(name, text.pieces, all);
  if (note_) note_(name, compiled);
  const auto began = steady_clock::now();
  Rows rows = to_rows(execute(name, compiled, prepared));
  if (postgres_.observer_.query_finished) {
    postgres_.observer_.query_finished(name, steady_clock::now() - began, rows.size());
  }
  return rows;
}

Rows Snapshot::inspect(const std::string& name, const Compiled& statement) {
  return to_rows(execute(name, statement, false));
}

Transport Snapshot::transport() const {
  return (*lease_).transport();
}

pqxx::result Snapshot::execute(const std::string& name, const Compiled& compiled, bool prepared) {
  std::vector<const char*> values;
  values.reserve(compiled.values.size());
  for (const auto& value : compiled.values) values.push_back(value ? value->c_str() : nullptr);
  try {
    const std::string sql = "/* " + name + " */ " + compiled.sql;
    const auto parameters = pqxx::prepare::make_dynamic_params(values);
    const std::string* const statement = prepared ? (*lease_).prepared(sql) : nullptr;
    return statement != nullptr ? session_->exec_prepared(*statement, parameters)
                                : session_->exec_params(sql, parameters);
  } catch (const pqxx::pqxx_exception&) {
    translate(name, prepared);
  }
}

// Turns the exception in flight into the SDK's words.
void Snapshot::translate(const std::string& name, bool prepared) {
  const bool timed_out = watch_.fired() || steady_clock::now() >= deadline_;
  try {
    throw;
  } catch (const pqxx::sql_error& error) {
    const std::string state = state_of(error);
    if (stop_.stop_requested()) throw SourceUnavailable(fmt::format("statement {} was stopped", name));
    if (timed_out && !begun_) throw Unanswered(unanswered(postgres_.place_));
    if (is_timeout(state) && !begun_) throw Interrupted(interrupted());
    if (timed_out || is_timeout(state)) {
      lease_.discard();
      throw DeadlineExceeded(fmt::format("statement {} was cancelled: it ran into its deadline", name));
    }
    if (!(*lease_).is_open() || is_shutdown(state)) {
      lease_.discard();
      throw SourceUnavailable(fmt::format("PostgreSQL went away during {}: {}", name, first_line(error.what())));
    }
    if (prepared && is_stale_preparation(state)) {
      lease_.discard();
      postgres_.pool_.discard_idle();
      throw SourceUnavailable(fmt::format("statement {} has to be prepared anew: {}", name, first_line(error.what())));
    }
    if (is_contract_fault(state)) {
      postgres_.forget_catalog();
      throw ContractError(
          fmt::format("statement {}: {}{}", name, first_line(error.what()), advice(state, postgres_.options_.schema)));
    }
    throw std::runtime_error(fmt::format("statement {}: {} (SQLSTATE {})", name, first_line(error.what()), state));
  } catch (const pqxx::transaction_rollback&) {
    throw Outrun(fmt::format("statement {}: another writer was first", name));
  } catch (const pqxx::failure& failure) {
    lease_.discard();
    if (stop_.stop_requested()) throw SourceUnavailable(fmt::format("statement {} was stopped", name));
    if (timed_out && !begun_) throw Unanswered(unanswered(postgres_.place_));
    if (timed_out)
      throw DeadlineExceeded(fmt::format("statement {} ran into its deadline; its connection was closed", name));
    const std::string words = first_line((*lease_).last_words());
    if (words == not_set && !begun_) throw Interrupted(interrupted());
    throw SourceUnavailable(
        fmt::format("PostgreSQL went away during {}: {}", name, words.empty() ? first_line(failure.what()) : words));
  }
}

}  // namespace crm::source
