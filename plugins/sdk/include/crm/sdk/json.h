#pragma once
// The JSON type of the SDK, forward declared: headers stay cheap, sources include <nlohmann/json.hpp>.
// Ordered, so that a document reads in the order in which it is documented.

#include <memory>

#include <nlohmann/json_fwd.hpp>

namespace crm {

using Json = nlohmann::ordered_json;

// An immutable document that can be held without its full type.
using JsonPtr = std::shared_ptr<const Json>;

JsonPtr share(Json document);

}  // namespace crm
