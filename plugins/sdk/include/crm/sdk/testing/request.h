#pragma once
// A request for tests: the owner asks about today, now, unless the test says otherwise.

#include <map>
#include <string>
#include <utility>

#include <crm/sdk/collector.h>
#include <crm/sdk/testing/fake_calendar.h>

namespace crm::testing {

// Owns what a Request refers to: keep it while the request is used, and set everything before request() is called.
//
//   RequestBuilder asked(at("2026-11-23T12:00:00Z"));
//   asked.scope({Role::agent, "a1"}).last_days(7).param("limit", "10");
//   const Report report = collector.collect(asked.request(), sources);
class RequestBuilder {
 public:
  explicit RequestBuilder(Instant now) : now_(now), period_(utc_calendar().last_days(now, 1)) {}

  RequestBuilder& scope(Scope scope) {
    scope_ = std::move(scope);
    return *this;
  }
  RequestBuilder& last_days(int days) { return period(calendar_->last_days(now_, days)); }
  RequestBuilder& last_hours(int count) { return period(calendar_->last_hours(now_, count)); }
  RequestBuilder& period(Period period) {
    default_window_ = false;
    period_ = period;
    return *this;
  }
  RequestBuilder& param(std::string name, std::string value) {
    values_.insert_or_assign(std::move(name), std::move(value));
    params_ = Params(values_);
    return *this;
  }
  // Another calendar than UTC; asks about its today. It must outlive the builder.
  RequestBuilder& calendar(const Calendar& calendar) {
    calendar_ = &calendar;
    last_days(1);
    default_window_ = true;
    return *this;
  }
  RequestBuilder& deadline(Deadline deadline) {
    deadline_ = deadline;
    return *this;
  }
  RequestBuilder& stop(std::stop_token stop) {
    stop_ = std::move(stop);
    return *this;
  }

  RequestBuilder& page(std::int64_t limit, std::vector<std::string> after = {}) {
    page_ = {limit, std::move(after)};
    return *this;
  }
  // As a person asks: no samples wanted.
  RequestBuilder& document_only() {
    wants_samples_ = false;
    return *this;
  }

  Request request() const& {
    return {.window = period_.window,
            .previous = period_.previous,
            .scope = scope_,
            .as_of = now_,
            .params = params_,
            .calendar = *calendar_,
            .deadline = deadline_,
            .stop = stop_,
            .page = page_,
            .wants_samples = wants_samples_,
            .default_window = default_window_};
  }
  Request request() const&& = delete;  // would refer to parameters that are gone

 private:
  Instant now_;
  const Calendar* calendar_ = &utc_calendar();
  Period period_;
  Scope scope_ = Scope::everyone();
  std::map<std::string, std::string, std::less<>> values_;
  Params params_;
  Deadline deadline_ = Deadline::clock::now() + std::chrono::minutes{1};
  std::stop_token stop_;
  Page page_;
  bool wants_samples_ = true;
  bool default_window_ = true;
};

}  // namespace crm::testing
