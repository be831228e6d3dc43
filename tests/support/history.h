#pragma once
#include <string>
namespace crm::testing {
std::string with_history(const std::string& url);
}
