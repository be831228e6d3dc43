#include "rollup/touched.h"

#include <algorithm>

#include "rollup/grain.h"
#include "rollup/text_array.h"
#include "step_sql.h"

namespace crm::rollup {
namespace {

constexpr std::string_view deleted = "_deleted";

// What went counts where what came would.
std::string_view without_deleted(std::string_view entity) {
  if (entity.ends_with(deleted)) entity.remove_suffix(deleted.size());
  return entity;
}

// Of things with these ids something has changed at these instants; one for each.
struct Noted {
  std::vector<std::string> ids;
  std::vector<Instant> ats;

  void add(const Change& change) {
    if (!change.id || !change.at) return;
    ids.push_back(*change.id);
    ats.push_back(*change.at);
  }
};

// Of a change whose id is a conversation's, or a message's that has none.
std::string_view id_of(const Change& change) {
  return change.id ? std::string_view(*change.id) : std::string_view();
}

class Finder {
 public:
  explicit Finder(source::Snapshot& snapshot) : snapshot_(snapshot) {}

  void note(Touch touch, Instant at, std::string_view part = {}) { touched_.note(touch, at, part); }

  void take(const Change& change) {
    const std::string_view entity = without_deleted(change.entity);
    if ((entity == "message" || entity == "message_changed") && change.at) take_message(change);
    // Of one that is not what it was nobody knows who spoke.
    if ((change.entity == "message_changed" || change.entity == "message_deleted") && change.id)
      unsaid_.insert(*change.id);
    if (entity == "conversation") {
      if (change.at) note(Touch::conversation, *change.at, id_of(change));
      if (change.id) conversations_.insert(*change.id);
      moved_.add(change);
    }
    if (entity == "delivery" && change.at) note(Touch::delivery, *change.at, id_of(change));
    if (entity == "outcome" && change.at) note(Touch::outcome, *change.at, id_of(change));
    if (entity == "rating" && change.at) note(Touch::rating, *change.at, id_of(change));
    if (entity == "resolution") {
      if (change.at) note(Touch::resolution, *change.at, id_of(change));
      if (change.id) resolved_.insert(*change.id);
    }
    if (entity == "recipient" && change.id) recipients_.insert(*change.id);
    if (entity == "contact") {
      lost_.add(change);
      if (change.id) contacts_.insert(*change.id);
    }
    if (entity == "intent" && change.at) note(Touch::intent, *change.at, id_of(change));
    if (entity == "lead") take_of_contact(Touch::lead, change);
    if (entity == "ticket") take_of_contact(Touch::ticket, change);
    if (entity == "presence" && change.at) take_presence(*change.at);
  }

  Touched find() {
    find_replies();
    find_first_responses();
    find_of_conversations();
    find_outcomes();
    find_recipients();
    find_talks();
    find_contacts();
    find_campaigns();
    return std::move(touched_);
  }

 private:
  void take_message(const Change& change) {
    note(Touch::message, *change.at, id_of(change));
    // It may have been a reply, whose turn is gone with it.
    note(Touch::reply, *change.at, id_of(change));
    note(Touch::first_response, *change.at, id_of(change));
    messages_.add(change);
  }

  // Whether a campaign won them is another question.
  void take_of_contact(Touch touch, const Change& change) {
    if (change.at) note(touch, *change.at);
    won_.add(change);
  }

  // From then on an agent's spans tell something else, until nobody knows when. Minutes are stored of the time before a
  // daemon was away, too; hours as far back as anything, and none is shorter than a quarter of one.
  void take_presence(Instant from) {
    constexpr std::chrono::days furthest{5 * 365};
    const Instant now = snapshot_.as_of();
    from = std::max<Instant>(from, now - furthest);
    constexpr std::chrono::days by_minute{40};
    const Instant young = std::max<Instant>(from, now - by_minute);
    for (Instant at = from; at < young; at += std::chrono::minutes(15)) note(Touch::presence, at);
    for (Instant at = young; at < now; at += minutes_length) note(Touch::presence, at);
    if (from <= now) note(Touch::presence, now);
  }

  // What is no id (any more) finds nothing.
  source::Bound ids(const std::set<std::string>& given, std::string_view view, std::string_view column) const {
    const std::string type = snapshot_.catalog().id_type(view, column);
    std::vector<std::string> fit;
    std::copy_if(given.begin(), given.end(), std::back_inserter(fit),
                 [&](const std::string& id) { return source::is_id(id, type); });
    return text_array(fit, type + "[]");
  }

  // As parameters, ids of that column.
  struct Pairs {
    source::Bound ids;
    source::Bound ats;
  };
  Pairs pairs(const Noted& noted, std::string_view view, std::string_view column) const {
    const std::string type = snapshot_.catalog().id_type(view, column);
    std::vector<std::string> fit;
    std::vector<Instant> ats;
    for (std::size_t i = 0; i < noted.ats.size(); ++i) {
      if (!source::is_id(noted.ids[i], type)) continue;
      fit.push_back(noted.ids[i]);
      ats.push_back(noted.ats[i]);
    }
    return {text_array(fit, type + "[]"), source::bind_instants(ats)};
  }

  source::Binding of_conversations(const Noted& noted) const {
    const Pairs pairs = this->pairs(noted, "conversations", "conversation_id");
    return {{"ids", pairs.ids}, {"ats", pairs.ats}};
  }

  void note_rows(Touch touch, const Rows& rows) {
    rows.each([&](const Row& row) { note(touch, row.instant("at"), row.text_or("part", "")); });
  }

  void note_named(const Rows& rows) {
    rows.each([&](const Row& row) {
      const auto name = std::find(touch_names.begin(), touch_names.end(), row.text("touch"));
      note(static_cast<Touch>(name - touch_names.begin()), row.instant("at"), row.text_or("part", ""));
    });
  }

  Rows ask(const Statement& statement, const source::Binding& binding) {
    return snapshot_.run(statement.name, statement.text, binding, true);
  }

  void find_replies() {
    if (!messages_.ats.empty()) note_rows(Touch::reply, ask(sql::touched_replies, of_conversations(messages_)));
  }

  void find_first_responses() {
    if (!messages_.ats.empty()) note_named(ask(sql::touched_first_responses, of_conversations(messages_)));
  }

  void find_talks() {
    if (messages_.ats.empty()) return;
    source::Binding binding = of_conversations(messages_);
    binding["unsaid"] = ids(unsaid_, "conversations", "conversation_id");
    note_rows(Touch::talk, ask(sql::touched_talks, binding));
  }

  void find_of_conversations() {
    if (conversations_.empty()) return;
    const source::Binding binding{{"ids", ids(conversations_, "conversations", "conversation_id")}};
    note_named(ask(sql::touched_conversations, binding));
    note_rows(Touch::agent_intent, ask(sql::touched_intents, binding));
  }

  void find_contacts() {
    if (moved_.ats.empty() && lost_.ats.empty()) return;
    source::Binding binding = of_conversations(moved_);
    const Pairs lost = pairs(lost_, "conversations", "contact_id");
    binding["contacts"] = lost.ids;
    binding["contact_ats"] = lost.ats;
    note_rows(Touch::contact, ask(sql::touched_contacts, binding));
  }

  void find_campaigns() {
    if (messages_.ats.empty() && conversations_.empty() && contacts_.empty() && won_.ats.empty()) return;
    source::Binding binding = of_conversations(messages_);
    binding["unsaid"] = ids(unsaid_, "conversations", "conversation_id");
    const Pairs won = pairs(won_, "conversations", "contact_id");
    binding["won"] = won.ids;
    binding["won_ats"] = won.ats;
    binding["conversations"] = ids(conversations_, "conversations", "conversation_id");
    binding["contacts"] = ids(contacts_, "conversations", "contact_id");
    note_rows(Touch::campaign, ask(sql::touched_campaigns, binding));
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
  Noted messages_;                       // by their conversation: changed in what makes them
  std::set<std::string> unsaid_;         // conversations in which one of those is not what it was
  Noted moved_;                          // conversations, by when they were created
  Noted lost_;                           // contacts, by when a conversation was created that is not theirs any more
  std::set<std::string> conversations_;  // that came, went or changed hands
  std::set<std::string> resolved_;
  std::set<std::string> recipients_;
  std::set<std::string> contacts_;  // who lost a conversation
  Noted won_;                       // contacts, by when they became leads or had a ticket resolved
};

}  // namespace

void Touched::note(Touch touch, Instant at, std::string_view part) {
  TouchedMinute& minute = minutes_[touch][minutes_start(at)];
  if (part.empty()) {
    minute.elsewhere = true;
    return;
  }
  auto known = parts_.find(part);
  if (known == parts_.end()) known = parts_.emplace(part).first;
  minute.parts.push_back(&*known);
}

Touched touched_by(source::Snapshot& snapshot, const std::vector<Change>& changes) {
  Finder finder(snapshot);
  for (const Change& change : changes) finder.take(change);
  return finder.find();
}

bool is_pruning(const Change& change, Instant horizon) {
  return change.entity.ends_with(deleted) && change.at && *change.at < horizon;
}

}  // namespace crm::rollup
