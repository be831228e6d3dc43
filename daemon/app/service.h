#pragma once
// The running daemon: the house of this moment, its scheduler, and the two listeners. Reloads and stops in order.

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "app/admin.h"
#include "app/history_loop.h"
#include "app/house.h"
#include "app/isolated.h"
#include "http/listener.h"
#include "schedule/scheduler.h"

namespace crm::app {

// reload() and stop() are called by one thread; everything else happens on threads of the listeners and the scheduler.
class Service {
 public:
  // Starts everything. Throws config::Invalid, or std::runtime_error when an address cannot be bound.
  Service(Ground ground, config::Loaded loaded);
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // A good configuration takes the place of the old one when the runs that are under way have ended; of a bad one
  // nothing is taken. False, with the reasons logged, when the old one stays.
  bool reload(const std::function<config::Loaded()>& load);

  // Not ready, no new requests, waits for what has begun. False if something would not end in time.
  bool stop();

  Addresses addresses() const;
  std::shared_ptr<const House> house() const;

 private:
  AdminState state() const;
  std::shared_ptr<http::Listener> listen(const config::Endpoint& endpoint, int threads, http::Handler handler) const;
  std::shared_ptr<http::Listener> listen_admin(const config::Config& values) const;
  std::shared_ptr<http::Listener> listen_api(const config::Config& values) const;
  void move_into(const House& old, const std::shared_ptr<const House>& next, std::shared_ptr<http::Listener> admin,
                 std::shared_ptr<http::Listener> api);
  void start_scheduler(const std::shared_ptr<const House>& house);
  void announce(const House& house) const;
  void note_first_run(const std::string& collector);

  const Ground ground_;
  const std::shared_ptr<const Isolated> isolated_ = std::make_shared<Isolated>();

  mutable std::mutex mutex_;
  std::shared_ptr<const House> house_;
  std::set<std::string> awaited_;  // collectors that have not finished a run yet
  bool stopping_ = false;
  Addresses addresses_;

  std::unique_ptr<schedule::Scheduler> scheduler_;
  std::unique_ptr<HistoryLoop> history_;  // null where nothing is stored
  std::shared_ptr<http::Listener> admin_;
  std::shared_ptr<http::Listener> api_;
};

}  // namespace crm::app
