#include <nlohmann/json.hpp>

#include <crm/sdk/json.h>

namespace crm {

JsonPtr share(Json document) {
  return std::make_shared<const Json>(std::move(document));
}

}  // namespace crm
