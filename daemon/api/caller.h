#pragma once
// Who is asking.

#include <stdexcept>

#include <crm/sdk/scope.h>

#include "http/message.h"

namespace crm::api {

// The headers that say who asks are missing or wrong: 400.
class BadCaller : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `auth: none`: whoever reaches the loopback is believed. X-CRM-Role is owner (the default), admin, supervisor or
// agent; X-CRM-Subject is the agent id that a supervisor or an agent must give. No other mode reads these headers.
Scope caller_without_auth(const http::Request& request);

}  // namespace crm::api
