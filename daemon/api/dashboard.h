#pragma once
// The documented endpoints: GET /api/dashboard/{section} and /api/dashboard/custom/{section}, and GET /api/dashboard,
// which lists the sections.

#include <functional>
#include <memory>

#include <crm/sdk/scope.h>

#include "api/sections.h"
#include "http/router.h"

namespace crm::api {

// Says who asks; throws BadCaller.
using Authenticate = std::function<Scope(const http::Request&)>;

// The house of this moment: a reload puts another in its place, a request keeps the one that it began with.
using CurrentSections = std::function<std::shared_ptr<const Sections>()>;

http::Router dashboard_routes(const CurrentSections& current, const Authenticate& authenticate);

}  // namespace crm::api
