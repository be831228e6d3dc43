#pragma once
// The admin listener's routes: /metrics, /-/healthy, /-/ready, and the landing page. None of them asks a backend
// anything.

#include <functional>
#include <memory>

#include "app/house.h"
#include "app/landing_page.h"
#include "http/router.h"

namespace crm::app {

// What the routes need to know of the service at the moment of a request.
struct AdminState {
  std::shared_ptr<const House> house;
  Addresses addresses;
  bool ready = false;
  std::string why_not = {};  // one line, when not ready
  int admin_in_flight = 0;
  int api_in_flight = 0;
};

http::Router admin_routes(const std::function<AdminState()>& state);

}  // namespace crm::app
