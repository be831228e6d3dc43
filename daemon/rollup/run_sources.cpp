#include "rollup/run_sources.h"

#include <algorithm>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "infrastructure_sql.h"
#include "rollup/fact_query.h"
#include "source/sql_text.h"

namespace crm::rollup {
namespace {

source::Bound instant(Instant value) {
  return {to_iso(value), "timestamptz"};
}

}  // namespace

RunSources::RunSources(source::Snapshot& snapshot, const FactRegistry& facts, const Description& description,
                       const Period& period, Log& log, RunObserver observer, Counters* counters,
                       const Infrastructure* infrastructure, History* history)
    : snapshot_(snapshot),
      facts_(facts),
      description_(description),
      period_(period),
      log_(log),
      observer_(std::move(observer)),
      counters_(counters),
      infrastructure_(infrastructure),
      history_(history != nullptr && history->readable() ? history : nullptr) {
  if (history_ == nullptr) return;
  std::vector<const FactDefinition*> expected;
  for (const std::string& name : description.facts_read) {
    const auto fact = facts.all().find(name);
    if (fact != facts.all().end()) expected.push_back(&fact->second);
  }
  history_->expect(std::move(expected));
}

const FactDefinition& RunSources::declared(const std::string& fact) const {
  const auto& names = description_.facts_read;
  if (std::find(names.begin(), names.end(), fact) == names.end()) {
    throw UsageError(
        fmt::format("fact '{}' is not listed in facts_read of the description of {}", fact, description_.name));
  }
  return facts_.get(fact);
}

FactTable RunSources::read(const FactDefinition& fact, const FactQuery& query) {
  const FactDefinition asked = as_asked(fact, query);
  source::Binding binding = bind_query(query);
  if (query.whole_company) binding["agents"] = source::bind_agents(std::nullopt, snapshot_.catalog());
  const Rows rows = watched(snapshot_.run("fact/" + fact.name, aggregate_sql(asked, query), binding, false));
  return to_table(asked, query, rows);
}

FactTable RunSources::facts(const FactQuery& query) {
  FactQuery clipped = query;
  const FactDefinition& fact = declared(query.fact);
  // Rows dated after now are outside every window. What began this instant is true now.
  const Instant end = snapshot_.as_of() + Instant::duration(fact.of_now ? 1 : 0);
  clipped.window.to = std::min(query.window.to, end);
  // At the very instant at which a day begins, its window is empty and has no hour.
  const bool by_bucket = std::find(query.by.begin(), query.by.end(), Axis::bucket) != query.by.end();
  if (by_bucket && query.buckets.empty() && query.window.from >= query.window.to) clipped.buckets = {query.window.from};
  if (history_ == nullptr) return read(fact, clipped);
  return history_->facts(fact, clipped, [&](const FactQuery& part) { return read(fact, part); });
}

FactTable RunSources::counters(const std::string& fact, const std::vector<Axis>& by) {
  if (counters_ == nullptr) {
    throw UsageError(fmt::format("counters of fact '{}' are for scheduled runs (Request::wants_samples)", fact));
  }
  const FactDefinition& definition = declared(fact);
  if (const auto absent = snapshot_.catalog().absent_view(source::reads_of(definition.sql))) {
    return FactTable::of_absent_view(*absent);
  }
  if (history_ != nullptr) return history_->counters(definition, by);
  return counters_->count(fact, by, snapshot_.as_of(), [&](const FactQuery& query) { return read(definition, query); });
}

Rows RunSources::query(const Statement& statement, const Args& args) {
  const auto& declared = description_.statements;
  const bool known = std::any_of(declared.begin(), declared.end(), [&](const Statement& own) {
    return own.name == statement.name && own.text == statement.text && own.unscoped == statement.unscoped;
  });
  if (!known) {
    throw UsageError(fmt::format("statement {} is not listed in statements of the description of {}", statement.name,
                                 description_.name));
  }
  source::Binding binding{{"from", instant(period_.window.from)},
                          {"to", instant(period_.window.to)},
                          {"previous_from", instant(period_.previous.from)},
                          {"previous_to", instant(period_.previous.to)}};
  for (const Arg& arg : args) {
    if (arg.name == "agents" || arg.name == "as_of") {
      throw UsageError(fmt::format("statement {}: :{} is bound by the host only", statement.name, arg.name));
    }
    binding[arg.name] = source::bind(arg.value, snapshot_.catalog());
  }
  return watched(snapshot_.run(statement.name, statement.text, binding, statement.unscoped));
}

std::optional<Contacts> RunSources::contacts(const Window& window) {
  if (history_ == nullptr) return std::nullopt;
  return history_->contacts({window.from, std::min(window.to, snapshot_.as_of())});
}

Rows RunSources::watched(Rows rows) const {
  if (observer_.row_skipped) rows.on_skip(observer_.row_skipped);
  return rows;
}

bool RunSources::has_view(std::string_view view) {
  // Gateways stand for the view.
  if (view == "whatsapp_sessions" && infrastructure_ != nullptr && infrastructure_->gateways) return true;
  return snapshot_.catalog().has_view(view);
}

// A statement of the house's, about what belongs to no agent.
Rows RunSources::own(const Statement& statement, const source::Binding& binding) const {
  return watched(snapshot_.run(statement.name, statement.text, binding, true));
}

std::vector<QueueState> RunSources::queues() {
  if (infrastructure_ == nullptr) throw SourceUnavailable("no WhatsApp queue is configured");
  if (infrastructure_->queues) return infrastructure_->queues->read(snapshot_.deadline(), snapshot_.stop());
  return infrastructure_->table_queue->look(
      snapshot_.as_of(), infrastructure_->table_max_age,
      [this](const Statement& statement, const source::Binding& binding) { return own(statement, binding); });
}

std::vector<Session> RunSources::sessions() {
  if (infrastructure_ == nullptr) throw SourceUnavailable("no WhatsApp session source is configured");
  if (infrastructure_->gateways) {
    return read_sessions(infrastructure_->gateways->read(snapshot_.deadline(), snapshot_.stop()),
                         infrastructure_->sessions, *infrastructure_->seen_sessions,
                         [this](std::int64_t sessions) { unknown_word("gateways", "status", sessions); });
  }
  return read_sessions(own(sql::sessions, {}), infrastructure_->sessions,
                       [this](std::int64_t rows) { unknown_word("whatsapp_sessions", "status", rows); });
}

std::vector<RedisReply> RunSources::redis(std::span<const RedisCommand> pipeline) {
  if (infrastructure_ == nullptr || !infrastructure_->redis) throw SourceUnavailable("no Redis is configured");
  return infrastructure_->redis->ask(pipeline, snapshot_.deadline(), snapshot_.stop());
}

HttpResponse RunSources::http(const HttpRequest& request) {
  throw SourceUnavailable(fmt::format("requests to {} are not allowed by the configuration", request.url));
}

void RunSources::unknown_word(std::string_view view, std::string_view column, std::int64_t rows) {
  if (observer_.unknown_word && rows > 0) observer_.unknown_word(view, column, rows);
}

}  // namespace crm::rollup
