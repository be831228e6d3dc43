#include "source/queue/ended_count.h"

#include <algorithm>
#include <cmath>

namespace crm::source {

using std::chrono::minutes;

void EndedCount::add(Instant at, const Ended& sample, const std::optional<std::string>& newest_asked) {
  if (!points_.empty() && at < points_.back().at) {
    if (points_.back().at - at < minutes(1)) return;
    points_.clear();  // the clock was set back
  }
  if (newest_) {
    const std::int64_t kept_more = sample.kept - kept_;
    std::int64_t ended = std::max<std::int64_t>(kept_more, 0);
    if (newest_asked == newest_) ended = std::max(ended, sample.since_newest);
    if (sample.counted) ended = std::max(ended, *sample.counted - counted_.value_or(0));
    total_ += ended;
    trimmed_ += ended - std::min(kept_more, ended);
  }
  kept_ = sample.kept;
  kept_of_minute_ = sample.last_minute;
  counted_ = sample.counted;
  newest_ = sample.newest;
  points_.push_back({at, total_, trimmed_});
  while (points_.size() > 2 && points_[1].at <= at - minutes(3)) points_.pop_front();
}

void EndedCount::begin_again() {
  newest_.reset();
  counted_.reset();
  points_.clear();
}

// Between two samples jobs are taken to have ended evenly.
double EndedCount::total_at(Instant instant) const {
  const auto after = std::find_if(points_.begin(), points_.end(), [&](const Point& p) { return p.at >= instant; });
  if (after == points_.end()) return static_cast<double>(points_.back().total);
  if (after == points_.begin() || after->at == instant) return static_cast<double>(after->total);
  const Point& before = *(after - 1);
  const double share =
      static_cast<double>((instant - before.at).count()) / static_cast<double>((after->at - before.at).count());
  return static_cast<double>(before.total) + share * static_cast<double>(after->total - before.total);
}

std::int64_t EndedCount::last_minute() const {
  if (points_.empty()) return 0;
  const Instant end = std::chrono::floor<minutes>(points_.back().at);
  const Instant start = end - minutes(1);
  const auto first = std::find_if(points_.begin(), points_.end(), [&](const Point& p) { return p.at > start; });
  const bool seen_whole = first != points_.begin();
  const bool trimmed = seen_whole && points_.back().trimmed > (first - 1)->trimmed;
  if (!trimmed) return kept_of_minute_;  // exact
  return std::max(kept_of_minute_, static_cast<std::int64_t>(std::llround(total_at(end) - total_at(start))));
}

}  // namespace crm::source
