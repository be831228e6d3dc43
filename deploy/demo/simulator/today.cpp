#include "today.h"

#include <algorithm>

#include "delivery.h"

namespace crm::simulator {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using enum Speaker;

// An agent who gets nothing through; every second time, two messages of one instant.
TodaysScene failures() {
  Scene scene{{{customer, seconds{0}}}};
  Duration after = seconds{30};
  for (const std::string_view reason : failure_reasons()) {
    scene.lines.push_back({agent, after, reason});
    if (scene.lines.size() % 2 == 1) after += seconds{5};
  }
  return {scene, after};
}

// The target for the first response is five minutes. These pass it one after the other, from now on.
void add_nearly_overdue(std::vector<TodaysScene>& scenes) {
  for (Duration left = seconds{2}; left <= seconds{20}; left += seconds{2}) {
    scenes.push_back({{{{customer, seconds{0}}}}, minutes{5} - left, true, Duration{0}});
  }
}

}  // namespace

std::vector<TodaysScene> scenes_of_today() {
  std::vector<TodaysScene> scenes{
      {{{{customer, seconds{0}}, {agent, seconds{40}}}}, minutes{1}},                // answered in time
      {{{{customer, seconds{0}}, {agent, minutes{7}}}}, minutes{8}},                 // answered late
      {{{{customer, seconds{0}}}}, minutes{6}},                                      // overdue
      {{{{customer, seconds{0}}}}, minutes{6}, false},                               // overdue, and nobody's
      {{{{customer, seconds{0}}}, {}, minutes{9}}, minutes{10}},                     // closed unanswered
      {{{{agent, seconds{0}}}}, minutes{1}},                                         // the customer never wrote
      {{{{customer, seconds{0}}, {bot, seconds{2}}}}, minutes{6}},                   // the bot handles it
      {{{{customer, seconds{0}}, {bot, seconds{2}}}, {}, minutes{2}}, minutes{3}},   // the bot resolved it
      {{{{customer, seconds{0}}, {bot, minutes{8}}}, {}, minutes{9}}, minutes{10}},  // the bot did, but too late
      {{{{customer, seconds{0}}, {bot, seconds{2}}, {agent, minutes{1}}}, seconds{20}, {}}, minutes{2}},  // handed over
      {{{{customer, seconds{0}}, {bot, seconds{2}}}, seconds{20}, {}}, minutes{7}},  // handed over, and overdue
      failures(),
  };
  add_nearly_overdue(scenes);
  return scenes;
}

Instant opening_of(Random& random, const TodaysScene& scene, Instant day_start, Instant now) {
  return std::max(day_start, now - scene.length - random.between(Duration{0}, scene.spread));
}

}  // namespace crm::simulator
