#pragma once
// The words for a session's state, written once: in the document and in Prometheus.

#include <array>
#include <utility>

#include <crm/sdk/sources.h>

namespace whatsapp {

inline constexpr std::array<std::pair<crm::Session::State, const char*>, 3> session_states{
    {{crm::Session::State::connected, "connected"},
     {crm::Session::State::disconnected, "disconnected"},
     {crm::Session::State::reconnecting, "reconnecting"}}};

inline const char* to_string(crm::Session::State state) {
  for (const auto& [known, word] : session_states) {
    if (known == state) return word;
  }
  return "disconnected";
}

}  // namespace whatsapp
