#include "api/error_answer.h"

#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>

#include "api/caller.h"
#include "api/query.h"
#include "calendar/bad_window.h"
#include "http/error.h"

namespace crm::api {
namespace {

http::Response later(http::Response response) {
  response.headers.emplace_back("Retry-After", "5");
  return response;
}

}  // namespace

http::Response error_answer(const http::Request& request) {
  const auto answer = [&](int status, const char* code, const std::exception& error,
                          const Json& extra = Json::object()) {
    return http::json_error(status, code, error.what(), request.id, extra);
  };
  try {
    throw;
  } catch (const BadParameter& error) {
    return answer(400, "bad_parameter", error, {{"parameter", error.parameter()}});
  } catch (const calendar::BadWindow& error) {
    return answer(400, "bad_parameter", error, {{"parameter", error.parameter()}});
  } catch (const BadCaller& error) {
    return answer(400, "bad_caller", error);
  } catch (const Forbidden& error) {
    return answer(403, "forbidden", error);
  } catch (const ContractError& error) {
    return later(answer(503, "source_contract", error));
  } catch (const SourceUnavailable& error) {
    return later(answer(503, "source_unavailable", error));
  } catch (const DeadlineExceeded& error) {
    return answer(504, "deadline_exceeded", error);
  }
}

}  // namespace crm::api
