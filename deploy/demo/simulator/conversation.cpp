#include "conversation.h"

#include <algorithm>
#include <array>

namespace crm::simulator {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Spread<8> response{{4, 20, 45, 90, 170, 320, 800, 3'000}};
constexpr Spread<5> night_response{{120, 1'800, 12'000, 36'000, 50'000}};
constexpr Spread<6> customer_pause{{8, 30, 90, 400, 2'500, 40'000}};
constexpr Spread<5> to_resolution{{20, 300, 2'400, 20'000, 160'000}};
constexpr Spread<4> bot_outage{{200, 330, 900, 4'000}};
constexpr Spread<4> to_reopening{{600, 20'000, 90'000, 300'000}};
constexpr Spread<6> ticket_work{{900, 7'200, 40'000, 120'000, 350'000, 900'000}};

constexpr std::array<std::string_view, 6> questions{"Hello, where is my order?",  "Do you have this in blue?",
                                                    "I would like to return it.", "Can I change the address?",
                                                    "Thanks \xF0\x9F\x91\x8D",    "It still does not work."};
constexpr std::array<std::string_view, 4> answers{"Let me look that up for you.", "It has left our warehouse today.",
                                                  "Could you send me the number?", "Done. Anything else?"};
constexpr std::array<std::string_view, 3> bot_answers{"Hi, I am the shop's bot. How can I help?",
                                                      "Please choose: 1 orders, 2 returns, 3 a human",
                                                      "Here is what I found."};
constexpr std::array<std::string_view, 12> intents{"order_status",   "order_status",  "order_status", "return",
                                                   "return",         "opening_hours", "price",        "complaint",
                                                   "change_address", "talk_to_human", "greeting",     "cancel"};
constexpr std::array<std::string_view, 10> priorities{"low",    "low",    "low",  "medium", "medium",
                                                      "medium", "medium", "high", "high",   "urgent"};

}  // namespace

Conversation::Conversation(Random& random, Instant now, const Setting& setting)
    : random_(random),
      now_(now),
      setting_(setting),
      id_(setting.id ? *setting.id : make_uuid(random, setting.opened)),
      clock_(setting.opened) {}

bool Conversation::say(Speaker speaker, Instant at) {
  if (ended_ || at > now_) {
    ended_ = true;
    return false;
  }
  const bool inbound = speaker == Speaker::customer;
  Line line{make_uuid(random_, at), speaker, at, {}, {}};
  line.delivery = inbound ? draw_inbound(random_, at, now_) : draw_outbound(random_, at, now_);
  line.content = inbound                     ? random_.pick(questions)
                 : speaker == Speaker::agent ? random_.pick(answers)
                 : speaker == Speaker::bot   ? random_.pick(bot_answers)
                                             : std::string_view{"The conversation was assigned."};
  lines_.push_back(line);
  clock_ = at;
  return true;
}

bool Conversation::customer_turn(Duration after) {
  if (!say(Speaker::customer, clock_ + after)) return false;
  for (auto more = random_.below(6) - 3; more > 0; --more) {
    if (!say(Speaker::customer, clock_ + random_.between(seconds{1}, seconds{50}))) return false;
  }
  return true;
}

// Answers the customer's turn, mostly; false if nobody does.
bool Conversation::agent_turn() {
  if (!setting_.agent || random_.permille(70)) return false;
  Duration wait =
      setting_.office_hours || random_.permille(300) ? response.draw(random_) : night_response.draw(random_);
  wait = wait * setting_.slowness / 100;
  if (random_.permille(6)) wait = Duration{0};  // written at the same instant
  if (random_.permille(20) && !say(Speaker::system, clock_ + wait / 2)) return false;
  if (!say(Speaker::agent, clock_ + wait)) return false;
  return !random_.permille(250) || say(Speaker::agent, clock_ + random_.between(seconds{2}, seconds{60}));
}

// The bot answers within seconds, if it is up. True if a human takes over.
bool Conversation::bot_dialogue() {
  const auto rounds = random_.between(1, 4);
  for (std::int64_t i = 0; i < rounds; ++i) {
    const bool down = i == 0 && random_.permille(30);
    const Duration wait = down ? bot_outage.draw(random_) : random_.between(milliseconds{300}, seconds{3});
    if (!say(Speaker::bot, clock_ + wait)) return false;
    if (i + 1 < rounds && !customer_turn(random_.between(seconds{5}, seconds{90}))) return false;
  }
  if (!random_.permille(400)) return false;
  if (!customer_turn(random_.between(seconds{3}, seconds{60}))) return false;
  const Instant handed_over = clock_ + random_.between(milliseconds{200}, seconds{15});
  if (handed_over > now_) {
    ended_ = true;
    return false;
  }
  escalated_ = handed_over;
  clock_ = handed_over;
  if (setting_.new_agent) setting_.agent = setting_.new_agent;
  return true;
}

void Conversation::human_turns() {
  const auto turns = random_.between(1, 3) + (random_.permille(250) ? random_.between(1, 6) : 0);
  for (std::int64_t i = 0; i < turns; ++i) {
    if (!agent_turn()) return;
    if (i + 1 < turns && !customer_turn(customer_pause.draw(random_))) return;
    setting_.office_hours = true;  // whoever answered is at work
  }
}

void Conversation::tell(Opening opening) {
  if (opening == Opening::agent) {
    say(Speaker::agent, setting_.opened);
    if (random_.permille(600) && customer_turn(customer_pause.draw(random_))) human_turns();
  } else {
    customer_turn(Duration{0});
    if (opening != Opening::bot || bot_dialogue()) human_turns();
  }
  settle();
}

void Conversation::follow(const Scene& scene) {
  for (const Scene::Line& line : scene.lines) {
    if (!say(line.speaker, setting_.opened + line.after)) break;
    if (!line.failure.empty()) lines_.back().delivery = failed_delivery(clock_, now_, line.failure);
  }
  const auto if_past = [&](std::optional<Duration> after) {
    const bool past = after && setting_.opened + *after <= now_;
    return past ? std::optional{setting_.opened + *after} : std::nullopt;
  };
  escalated_ = if_past(scene.escalated);
  resolved_ = if_past(scene.resolved);
}

// Most conversations are resolved; some are opened again, which erases that.
void Conversation::settle() {
  const bool abandoned = !lines_.empty() && lines_.back().speaker == Speaker::customer;
  if (ended_ || random_.permille(abandoned ? 350 : 120)) {
    // What nobody resolved is closed by housekeeping: a few of them too late to be counted, and a few never.
    const auto luck = random_.below(1000);
    const Instant swept = clock_ + days{luck < 30 ? 36 : 4} + to_resolution.draw(random_);
    if (swept <= now_ && luck >= 15) resolved_ = swept;
    return;
  }
  const Instant at = clock_ + to_resolution.draw(random_);
  if (at > now_) return;
  resolved_ = at;
  if (random_.permille(45)) reopen();
}

void Conversation::reopen() {
  const Instant at = *resolved_ + to_reopening.draw(random_);
  if (at > now_) return;
  resolved_.reset();
  clock_ = at;
  say(Speaker::customer, at);
  if (!agent_turn()) return;
  const Instant again = clock_ + to_resolution.draw(random_);
  if (again <= now_ && random_.permille(850)) resolved_ = again;
}

bool Conversation::spoken_by(Speaker speaker) const {
  return std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) { return line.speaker == speaker; });
}

// As a CRM counts that does not tell bots from humans.
std::optional<std::int64_t> Conversation::first_answer_seconds() const {
  std::optional<Instant> asked;
  for (const Line& line : lines_) {
    if (line.speaker == Speaker::customer) {
      if (!asked) asked = line.at;
    } else if (asked) {
      return std::chrono::floor<seconds>(line.at - *asked).count();
    }
  }
  return std::nullopt;
}

void Conversation::write_messages(RowWriter& out) {
  for (const Line& line : lines_) {
    const bool inbound = line.speaker == Speaker::customer;
    out.row(Table::messages).id(line.id).id(id_).null().text(inbound ? "inbound" : "outbound");
    switch (line.speaker) {
      case Speaker::customer:
        out.text("customer").null();
        break;
      case Speaker::agent:
        out.text("agent").id(setting_.agent);
        break;
      case Speaker::bot:
        out.text("bot").null();
        break;
      case Speaker::system:
        out.text("system").null();
        break;
    }
    const Delivery& d = line.delivery;
    if (inbound) {
      out.null();
    } else {
      out.text(setting_.recipient);
    }
    out.text(line.content).text(d.status).time(line.at).time(d.sent).time(d.delivered).time(d.read).time(d.failed);
    if (d.reason.empty()) {
      out.null();
    } else {
      out.text(d.reason);
    }
    out.end();
  }
}

void Conversation::write_intents(RowWriter& out) {
  for (const Line& line : lines_) {
    if (line.speaker != Speaker::customer || !random_.permille(600)) continue;
    const auto verdict = random_.below(10);
    const auto succeeded = verdict == 0 ? std::nullopt : std::optional{verdict < 8};
    out.row(Table::conversation_intents).id(make_uuid(random_, line.at)).id(id_).text(random_.pick(intents));
    out.flag(succeeded).time(line.at).end();
    if (escalated_ && line.at >= *escalated_) return;
  }
}

void Conversation::write_ticket(RowWriter& out) {
  const Instant created = std::min(now_, setting_.opened + random_.between(Duration{0}, clock_ - setting_.opened));
  std::optional<Instant> resolved = created + ticket_work.draw(random_);
  if (*resolved > now_ || random_.permille(20)) resolved.reset();
  out.row(Table::tickets).id(make_uuid(random_, created));
  out.id(random_.permille(50) ? std::nullopt : setting_.contact);
  out.id(random_.permille(100) ? std::nullopt : std::optional{id_});
  out.id(random_.permille(80) ? std::nullopt : setting_.agent);
  out.text(random_.pick(answers));
  out.text(random_.permille(8) ? std::string_view{"normal"} : random_.pick(priorities));  // "normal" is unknown
  out.time(created).time(resolved).end();
}

std::int64_t Conversation::write(RowWriter& out) {
  using Number = std::optional<std::int64_t>;
  const Number taken = resolved_ ? Number{std::chrono::floor<seconds>(*resolved_ - setting_.opened).count()} : Number{};
  out.row(Table::conversations).id(id_).id(setting_.contact).id(setting_.agent);
  out.text(resolved_ ? (random_.permille(150) ? "closed" : "resolved") : (random_.permille(200) ? "pending" : "open"));
  out.time(setting_.opened).time(escalated_).time(resolved_).number(taken).number(first_answer_seconds());
  out.number(resolved_ && random_.permille(300) ? Number{5 - random_.below(5) * random_.below(5) / 4} : Number{});
  out.end();
  write_messages(out);
  if (spoken_by(Speaker::bot)) write_intents(out);
  if (random_.permille(80)) write_ticket(out);
  return static_cast<std::int64_t>(lines_.size());
}

}  // namespace crm::simulator
