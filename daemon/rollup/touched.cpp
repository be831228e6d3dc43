#include "rollup/touched.h"

#include <algorithm>

#include "rollup/grain.h"
#include "rollup/text_array.h"
#include "step_sql.h"

namespace crm::rollup {
namespace {

// Messages that were changed in what makes them, of conversations; one entry of `conversations` for each of `ats`.
struct ChangedMessages {
  std::vector<std::string> conversations;
  std::vector<Instant> ats;
};

class Finder {
 public:
  explicit Finder(source::Snapshot& snapshot) : snapshot_(snapshot) {}

  void note(Touch touch, Instant at) { touched_[touch].insert(minutes_start(at)); }

  void take(const Change& change) {
    const bool message = change.entity == "message" || change.entity == "message_deleted";
    const bool conversation = change.entity == "conversation" || change.entity == "conversation_deleted";
    if (message && change.at) take_message(change);
    if (conversation) {
      if (change.at) note(Touch::conversation, *change.at);
      if (change.id) conversations_.insert(*change.id);
    }
    if (change.entity == "delivery" && change.at) note(Touch::delivery, *change.at);
    if (change.entity == "outcome" && change.at) note(Touch::outcome, *change.at);
    if (change.entity == "resolution") {
      if (change.at) note(Touch::resolution, *change.at);
      if (change.id) resolved_.insert(*change.id);
    }
    if (change.entity == "recipient" && change.id) recipients_.insert(*change.id);
  }

  Touched find() {
    find_replies();
    find_first_responses();
    find_of_conversations();
    find_outcomes();
    find_recipients();
    return std::move(touched_);
  }

 private:
  void take_message(const Change& change) {
    note(Touch::message, *change.at);
    // It may have been a reply, whose turn is gone with it.
    note(Touch::reply, *change.at);
    note(Touch::first_response, *change.at);
    if (!change.id) return;
    messages_.conversations.push_back(*change.id);
    messages_.ats.push_back(*change.at);
  }

  // What is no id (any more) finds nothing.
  source::Bound ids(const std::set<std::string>& given, std::string_view view, std::string_view column) const {
    const std::string type = snapshot_.catalog().id_type(view, column);
    std::vector<std::string> fit;
    std::copy_if(given.begin(), given.end(), std::back_inserter(fit),
                 [&](const std::string& id) { return source::is_id(id, type); });
    return text_array(fit, type + "[]");
  }

  source::Binding changed_messages() const {
    const std::string type = snapshot_.catalog().id_type("conversations", "conversation_id");
    std::vector<std::string> fit;
    std::vector<Instant> ats;
    for (std::size_t i = 0; i < messages_.ats.size(); ++i) {
      if (!source::is_id(messages_.conversations[i], type)) continue;
      fit.push_back(messages_.conversations[i]);
      ats.push_back(messages_.ats[i]);
    }
    return {{"ids", text_array(fit, type + "[]")}, {"ats", source::bind_instants(ats)}};
  }

  void note_rows(Touch touch, const Rows& rows) {
    rows.each([&](const Row& row) { note(touch, row.instant("at")); });
  }

  void note_named(const Rows& rows) {
    rows.each([&](const Row& row) {
      const auto name = std::find(touch_names.begin(), touch_names.end(), row.text("touch"));
      note(static_cast<Touch>(name - touch_names.begin()), row.instant("at"));
    });
  }

  Rows ask(const Statement& statement, const source::Binding& binding) {
    return snapshot_.run(statement.name, statement.text, binding, true);
  }

  void find_replies() {
    if (!messages_.ats.empty()) note_rows(Touch::reply, ask(sql::touched_replies, changed_messages()));
  }

  void find_first_responses() {
    if (!messages_.ats.empty()) note_named(ask(sql::touched_first_responses, changed_messages()));
  }

  void find_of_conversations() {
    if (conversations_.empty()) return;
    note_named(ask(sql::touched_conversations, {{"ids", ids(conversations_, "conversations", "conversation_id")}}));
  }

  void find_outcomes() {
    if (resolved_.empty()) return;
    note_rows(Touch::outcome,
              ask(sql::touched_outcomes, {{"ids", ids(resolved_, "conversations", "conversation_id")}}));
  }

  void find_recipients() {
    if (recipients_.empty()) return;
    note_rows(Touch::recipient, ask(sql::touched_recipients, {{"ids", ids(recipients_, "messages", "message_id")}}));
  }

  source::Snapshot& snapshot_;
  Touched touched_;
  ChangedMessages messages_;
  std::set<std::string> conversations_;
  std::set<std::string> resolved_;
  std::set<std::string> recipients_;
};

}  // namespace

Touched touched_by(source::Snapshot& snapshot, const std::vector<Change>& changes) {
  Finder finder(snapshot);
  for (const Change& change : changes) finder.take(change);
  return finder.find();
}

bool is_pruning(const Change& change, Instant horizon) {
  const bool deletion = change.entity == "message_deleted" || change.entity == "conversation_deleted";
  return deletion && change.at && *change.at < horizon;
}

}  // namespace crm::rollup
