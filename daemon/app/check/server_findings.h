#pragma once
// What is to be said of a server, the way to it, and the role that the daemon has there.

#include "app/check/findings.h"
#include "source/server.h"

namespace crm::app {

void say_server(Findings& findings, const source::Server& server, const std::string& place);
void say_transport(Findings& findings, const source::Transport& transport);
void say_role(Findings& findings, const source::Server& server);
void say_clock(Findings& findings, const source::Server& server);
void say_encoding(Findings& findings, const source::Server& server);

}  // namespace crm::app
