#pragma once

#include "support/temporary_folder.h"

namespace crm::testing {

// Into the folder: ca.pem, an authority of one's own, and server.pem with server.key, which it has signed for 127.0.0.1
// and localhost.
void make_certificates(const TemporaryFolder& folder);

}  // namespace crm::testing
