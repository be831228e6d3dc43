#pragma once
// Never two scheduled runs of one collector at once, across reloads too: the run that an old house left behind still
// counts.

#include <memory>
#include <mutex>
#include <set>
#include <string>

namespace crm::app {

// Thread-safe. Turns may outlive it.
class OneAtATime {
 public:
  // Holds a collector's turn until it is destroyed.
  class Turn {
   public:
    ~Turn() {
      const std::lock_guard lock(taken_->mutex);
      taken_->names.erase(name_);
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    friend class OneAtATime;
    struct Taken {
      std::mutex mutex;
      std::set<std::string> names;
    };
    Turn(std::shared_ptr<Taken> taken, std::string name) : taken_(std::move(taken)), name_(std::move(name)) {}

    std::shared_ptr<Taken> taken_;
    std::string name_;
  };

  // The collector's turn, or null while somebody has it.
  std::unique_ptr<Turn> take(const std::string& name) const {
    const std::lock_guard lock(taken_->mutex);
    if (!taken_->names.insert(name).second) return nullptr;
    return std::unique_ptr<Turn>(new Turn(taken_, name));
  }

 private:
  std::shared_ptr<Turn::Taken> taken_ = std::make_shared<Turn::Taken>();
};

}  // namespace crm::app
