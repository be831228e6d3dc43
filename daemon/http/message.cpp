#include "http/message.h"

#include <stdexcept>

namespace crm::http {

const std::string& Request::capture(std::string_view name) const {
  for (const auto& [captured, value] : captures) {
    if (captured == name) return value;
  }
  throw std::logic_error("the route has no parameter {" + std::string(name) + "}");
}

Response text_response(int status, std::string content_type, std::string body) {
  Response response;
  response.status = status;
  response.content_type = std::move(content_type);
  response.body = std::make_shared<const std::string>(std::move(body));
  return response;
}

}  // namespace crm::http
