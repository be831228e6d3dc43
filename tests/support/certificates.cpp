#include "support/certificates.h"

#include <stdexcept>

#include <fmt/format.h>

#include "support/process.h"

namespace crm::testing {
namespace {

void openssl(const std::filesystem::path& folder, const std::string& arguments) {
  const auto made = run({"bash", "-c", fmt::format("cd {} && openssl {}", folder.string(), arguments)});
  if (made.status != 0) throw std::runtime_error("openssl " + arguments + ": " + made.output);
}

}  // namespace

void make_certificates(const TemporaryFolder& folder) {
  openssl(folder.path(),
          "req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj '/CN=test authority'");
  openssl(folder.path(), "req -newkey rsa:2048 -nodes -keyout server.key -out server.csr -subj '/CN=localhost'");
  folder.write("names", "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  openssl(folder.path(),
          "x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile names -out server.pem");
}

}  // namespace crm::testing
