#include "delivery.h"

#include <array>

namespace crm::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Spread<5> to_delivered{{1, 2, 4, 12, 90}};
constexpr Spread<4> to_late_delivered{{600, 7'200, 40'000, 260'000}};
constexpr Spread<7> to_read{{2, 10, 40, 180, 900, 7'200, 90'000}};

constexpr std::array<std::string_view, 10> failures{
    "131026: Message undeliverable",
    "131026: Message undeliverable",
    "131047: Re-engagement message, more than 24 hours have passed",
    "131047: Re-engagement message, more than 24 hours have passed",
    "(#131049) This message was not delivered to maintain healthy ecosystem engagement",
    "131050",
    "130472: User's number is part of an experiment",
    "470: Message failed to send because more than 24 hours have passed",
    "connection reset by gateway",
    "invalid number +4915199999999\tcarrier said: no such user",
};

void keep_until(std::optional<Instant>& event, Instant now) {
  if (event && *event > now) event.reset();
}

std::string_view word(const Delivery& d) {
  if (d.failed) return "failed";
  if (d.read) return "read";
  if (d.delivered) return "delivered";
  return d.sent ? "sent" : "pending";
}

// What happened, before anybody loses or mixes up an event.
Delivery draw_course(Random& random, Instant created) {
  Delivery d;
  if (random.permille(5)) return d;  // still in the queue
  d.sent = created + random.between(milliseconds{150}, seconds{3});
  const auto kind = random.below(1000);
  if (kind < 25) {
    d.failed = *d.sent + to_delivered.draw(random);
    d.reason = draw_failure(random);
    if (random.permille(200)) d.sent.reset();  // never left the gateway
    return d;
  }
  if (kind < 45) return d;  // the phone is off
  d.delivered = *d.sent + (kind < 80 ? to_late_delivered.draw(random) : to_delivered.draw(random));
  if (random.permille(720)) d.read = *d.delivered + to_read.draw(random);
  return d;
}

// The ways in which records of it go wrong.
void damage(Random& random, Delivery& d) {
  const auto kind = random.below(1000);
  if (kind < 25) {  // only the word was kept
    d.sent.reset();
    d.delivered.reset();
    d.read.reset();
    if (random.permille(500)) d.failed.reset();
  } else if (kind < 35 && d.delivered) {  // a late "sent" overwrote the word
    d.status = "sent";
  } else if (kind < 45 && d.read) {  // read, but no delivery was reported
    d.delivered.reset();
  } else if (kind < 50 && d.delivered && d.sent) {  // delivered before it was sent
    d.delivered = *d.sent - milliseconds{120};
  } else if (kind < 52 && d.delivered) {  // one device failed, another got it
    d.failed = *d.delivered;
    d.reason = draw_failure(random);
    d.status = random.permille(500) ? "failed" : d.status;
  } else if (kind < 54 && d.sent) {
    d.status = "queued";  // a word that nobody knows
  }
}

}  // namespace

std::span<const std::string_view> failure_reasons() {
  return failures;
}

std::string_view draw_failure(Random& random) {
  return random.pick(failures);
}

Delivery draw_outbound(Random& random, Instant created, Instant now) {
  Delivery d = draw_course(random, created);
  keep_until(d.sent, now);
  keep_until(d.delivered, now);
  keep_until(d.read, now);
  keep_until(d.failed, now);
  if (!d.failed) d.reason = {};
  d.status = word(d);
  damage(random, d);
  return d;
}

Delivery failed_delivery(Instant created, Instant now, std::string_view reason) {
  Delivery d;
  d.sent = created + milliseconds{400};
  d.failed = created + seconds{2};
  keep_until(d.sent, now);
  keep_until(d.failed, now);
  if (d.failed) d.reason = reason;
  d.status = word(d);
  return d;
}

Delivery draw_inbound(Random& random, Instant created, Instant now) {
  Delivery d;
  d.status = random.permille(700) ? "delivered" : "read";
  if (random.permille(100)) d.delivered = created;
  if (d.status == "read" && random.permille(500)) {
    d.read = created + random.between(seconds{1}, seconds{300});
    keep_until(d.read, now);
  }
  return d;
}

}  // namespace crm::simulator
