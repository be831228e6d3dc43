#pragma once
// The house as the API sees it: answers for people, and the last answer when the source cannot be asked.

#include <memory>

#include "api/sections.h"
#include "app/house.h"
#include "app/isolated.h"

namespace crm::app {

class HouseSections final : public api::Sections {
 public:
  HouseSections(std::shared_ptr<const House> house, std::shared_ptr<const Isolated> isolated)
      : house_(std::move(house)), isolated_(std::move(isolated)) {}

  // An answer older than this is no answer: "today" would be yesterday.
  static constexpr std::chrono::minutes max_stale{60};

  std::vector<std::shared_ptr<const Description>> all() const override;
  std::shared_ptr<const Description> find(const std::string& name) const override;
  api::Answer answer(const api::Question& question) const override;
  calendar::WindowRules window_rules(const Description& description) const override;
  const Calendar& calendar() const override { return *house_->zone; }
  std::chrono::milliseconds timeout() const override { return house_->values().api.timeout; }

 private:
  std::shared_ptr<const House> house_;
  std::shared_ptr<const Isolated> isolated_;
};

}  // namespace crm::app
