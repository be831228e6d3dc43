#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include "metrics/utf8.h"

namespace crm::metrics {

// A prometheus-cpp family whose series are found by label values alone: finding one again costs a look into a map, not
// a map of labels to be built and hashed. Thread-safe, but a series may only be removed when nobody uses it any more.
// `Extra` are the arguments of the metric's constructor (the buckets of a histogram).
template <typename Metric, std::size_t labels, typename... Extra>
class Labelled {
 public:
  using Names = std::array<const char*, labels>;
  using Values = std::array<std::string_view, labels>;

  Labelled(prometheus::Family<Metric>& family, Names names, Extra... extra)
      : family_(family), names_(names), extra_(std::move(extra)...) {}

  Metric& operator()(const Values& values) {
    const std::scoped_lock lock(mutex_);
    if (const auto found = series_.find(values); found != series_.end()) return *found->second;
    std::array<std::string, labels> key;
    prometheus::Labels all;
    for (std::size_t i = 0; i < labels; ++i) {
      key[i] = is_utf8(values[i]) ? values[i] : "invalid";  // one bad byte would cost the whole scrape
      all[names_[i]] = key[i];
    }
    if (const auto found = series_.find(key); found != series_.end()) return *found->second;
    Metric& metric = std::apply([&](const Extra&... extra) -> Metric& { return family_.Add(all, extra...); }, extra_);
    series_.emplace(std::move(key), &metric);
    return metric;
  }

  // Removes the series whose first label has this value.
  void remove(std::string_view first) {
    const std::scoped_lock lock(mutex_);
    for (auto series = series_.begin(); series != series_.end();) {
      if (series->first[0] != first) {
        ++series;
        continue;
      }
      family_.Remove(series->second);
      series = series_.erase(series);
    }
  }

 private:
  struct Less {
    using is_transparent = void;
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
        return std::string_view(x) < std::string_view(y);
      });
    }
  };

  prometheus::Family<Metric>& family_;
  const Names names_;
  const std::tuple<Extra...> extra_;
  std::mutex mutex_;
  std::map<std::array<std::string, labels>, Metric*, Less> series_;
};

}  // namespace crm::metrics
