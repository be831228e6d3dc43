#include "app/sections.h"

#include <algorithm>

#include <crm/sdk/errors.h>

#include "app/reporter.h"

namespace crm::app {
namespace {

// A description that keeps its collector, and so its plugin's code, alive.
std::shared_ptr<const Description> described(const std::shared_ptr<const plugin::LoadedCollector>& collector) {
  return {collector, &collector->description()};
}

// Equal keys, equal questions. A collector that always answers for now has one question, whatever window was asked for.
store::Key key_of(const api::Question& question, const Description& description) {
  std::string window;
  if (!description.always_now) {
    for (const auto& part : {question.window.date_range, question.window.start_date, question.window.end_date}) {
      window += part.value_or("") + "|";
    }
    if (window == "|||") window.clear();
  }
  return {question.section, question.scope.key(), window + question.params_key};
}

store::ResultPtr to_result(const std::string& section, Taken& taken) {
  auto result = std::make_shared<store::Result>();
  result->collector = section;
  result->as_of = taken.as_of;
  result->taken = taken.at;
  result->document = std::make_shared<const std::string>(std::move(taken.outcome.document));
  result->partial = !taken.outcome.report->partial.empty();
  result->exact = taken.exact;
  result->rebuilding = taken.rebuilding;
  result->next = std::move(taken.outcome.report->next);
  result->window_end = taken.window_end;
  return result;
}

api::Answer answer_of(const store::Result& result) {
  api::Answer answer{result.document, result.as_of, result.partial, std::nullopt};
  answer.exact = result.exact;
  answer.rebuilding = result.rebuilding;
  if (!result.next.empty()) answer.next = api::Cursor{result.window_end, result.next};
  return answer;
}

bool answer_may_be_old(plugin::Fault fault) {
  return fault == plugin::Fault::unavailable || fault == plugin::Fault::timeout;
}

}  // namespace

std::vector<std::shared_ptr<const Description>> HouseSections::all() const {
  std::vector<std::shared_ptr<const Description>> all;
  for (const auto& collector : house_->plugins.collectors) all.push_back(described(collector));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a->name < b->name; });
  return all;
}

std::shared_ptr<const Description> HouseSections::find(const std::string& name) const {
  const auto collector = house_->collector(name);
  return collector ? described(collector) : nullptr;
}

calendar::WindowRules HouseSections::window_rules(const Description& description) const {
  return app::window_rules(*house_, description);
}

api::Answer HouseSections::answer(const api::Question& question) const {
  const auto collector = house_->collector(question.section);
  const store::Key key = key_of(question, collector->description());
  Ask ask{collector, question.scope, question.window, question.params, question.deadline};
  ask.page = question.page;
  ask.window_end = question.window_end;
  Taken taken = isolated_->take(house_, std::move(ask));
  if (taken.outcome.fault == plugin::Fault::none) {
    const auto result = to_result(question.section, taken);
    house_->ground.results->put(key, result);
    return answer_of(*result);
  }
  if (answer_may_be_old(taken.outcome.fault)) {
    const auto last = house_->ground.results->get(key);
    const auto age =
        last ? store::age(*last, std::chrono::steady_clock::now()) : std::chrono::steady_clock::duration::max();
    if (age <= max_stale) {
      api::Answer answer = answer_of(*last);
      answer.stale = {std::chrono::duration_cast<std::chrono::seconds>(age), taken.outcome.what};
      return answer;
    }
  }
  std::rethrow_exception(taken.outcome.error);
}

}  // namespace crm::app
