#include "rollup/conversation_metrics.h"

#include <algorithm>
#include <array>

#include "conversation_metrics_sql.h"
#include "rollup/fact_version.h"
#include "rollup/text_array.h"
#include "source/sql_text.h"

namespace crm::rollup {
namespace {

constexpr std::size_t most_derived_at_once = 5'000;
constexpr std::size_t most_underived = 1'000;  // a batch; a step takes as many as its time allows

source::Bound maybe(const Row& row, std::string_view column, std::string type) {
  if (row.is_null(column)) return {std::nullopt, std::move(type)};
  return {std::string(row.text(column)), std::move(type)};
}

}  // namespace

std::set<std::string> conversations_of(const std::vector<Change>& changes) {
  constexpr std::array<std::string_view, 9> entities{
      "message", "message_changed", "message_deleted", "conversation", "conversation_deleted",
      "outcome", "resolution",      "rating",          "later"};
  std::set<std::string> ids;
  for (const Change& change : changes) {
    if (change.id && std::find(entities.begin(), entities.end(), change.entity) != entities.end())
      ids.insert(*change.id);
  }
  return ids;
}

std::string ConversationMetrics::id_type() const {
  return snapshot_.catalog().id_type("conversations", "conversation_id");
}

// A CRM may lack a view, or hide its rows; and the table may have been made before the views told the type of ids.
bool ConversationMetrics::possible() {
  if (possible_) return *possible_;
  const auto reads = source::reads_of(sql::derive_conversations.text);
  const auto& catalog = snapshot_.catalog();
  possible_ = !catalog.absent_view(reads) && catalog.faults(reads).empty() && catalog.hidden(reads).empty();
  if (!*possible_) return false;
  const Rows rows = snapshot_.run(sql::conversation_ids_fit.name, sql::conversation_ids_fit.text, {}, true);
  possible_ = !rows.empty() && !rows[0].is_null("fit") && rows[0].boolean("fit");
  return *possible_;
}

void ConversationMetrics::derive(const std::set<std::string>& ids) {
  if (ids.empty() || !possible()) return;
  std::vector<std::string> fit;
  const auto derive_these = [&] {
    if (fit.empty()) return;
    // PostgreSQL's instants are whole microseconds.
    const Instant to = snapshot_.as_of() + Duration(1);
    snapshot_.write(sql::derive_conversations.name, sql::derive_conversations.text,
                    {{"ids", text_array(fit, id_type() + "[]")}, {"to", {to_iso(to), "timestamptz"}}});
    fit.clear();
  };
  for (const std::string& id : ids) {
    if (!source::is_id(id, id_type())) continue;
    fit.push_back(id);
    if (fit.size() == most_derived_at_once) derive_these();
  }
  derive_these();
}

void ConversationMetrics::derive_since(Instant since) {
  if (!possible()) return;
  std::set<std::string> ids;
  snapshot_
      .run(sql::recent_conversations.name, sql::recent_conversations.text, {{"since", {to_iso(since), "timestamptz"}}},
           true)
      .each([&](const Row& row) { ids.emplace(row.text("id")); });
  derive(ids);
}

std::string ConversationMetrics::version() const {
  FactDefinition definition;
  definition.sql = sql::derive_conversations.text;
  definition.settings = {"sla.count_bot_replies", "rollup.horizon"};
  return version_of(definition, settings_);
}

void ConversationMetrics::begin_again() {
  snapshot_.write(sql::derive_again.name, sql::derive_again.text, {{"version", {version(), "text"}}});
}

void ConversationMetrics::note_progress(const source::Bound& before, const source::Bound& before_id) {
  snapshot_.write(sql::derive_before.name, sql::derive_before.text, {{"before", before}, {"before_id", before_id}});
}

Rows ConversationMetrics::state() {
  const auto ask = [&] { return snapshot_.run(sql::underived_state.name, sql::underived_state.text, {}, true); };
  Rows state = ask();
  if (state.empty() || state[0].text("version") == version()) return state;
  begin_again();
  return ask();
}

std::optional<Instant> ConversationMetrics::underived_before() {
  const Rows now = state();
  if (now.empty() || now[0].is_null("before")) return std::nullopt;
  return parse_instant(now[0].text("before")).value_or(Instant::max());  // infinity
}

bool ConversationMetrics::derive_more() {
  const Rows state = this->state();
  if (state.empty() || state[0].is_null("before")) return false;
  const source::Bound nothing{std::nullopt, "timestamptz"};
  const source::Bound no_id{std::nullopt, "text"};
  if (!possible()) {
    notes_.emplace_back(
        "conversation_metrics is not filled: the views of conversations or messages cannot be read, or their ids are "
        "of another type than the table's (ALTER TABLE … ALTER COLUMN conversation_id TYPE …)");
    note_progress(nothing, no_id);
    return false;
  }
  const source::Bound before = maybe(state[0], "before", "timestamptz");
  const source::Bound down_to = maybe(state[0], "down_to", "timestamptz");
  const Rows rows = snapshot_.run(sql::underived_conversations.name, sql::underived_conversations.text,
                                  {{"before", before},
                                   {"before_id", maybe(state[0], "before_id", id_type())},
                                   {"down_to", down_to},
                                   {"most", {std::to_string(most_underived), "bigint"}}},
                                  true);
  std::set<std::string> ids;
  rows.each([&](const Row& row) { ids.emplace(row.text("id")); });
  derive(ids);
  const bool last = rows.size() < most_underived;
  const source::Bound reached = last ? nothing : maybe(rows[rows.size() - 1], "at", "timestamptz");
  snapshot_.write(sql::forget_conversations.name, sql::forget_conversations.text,
                  {{"before", before}, {"down_to", last ? down_to : reached}});
  note_progress(reached, last ? no_id : maybe(rows[rows.size() - 1], "id", "text"));
  return !last;
}

}  // namespace crm::rollup
