#include "http/request_reader.h"

#include <gtest/gtest.h>

#include "http/refused.h"

namespace crm::http {
namespace {

using Stage = RequestReader::Stage;

const Limits defaults;

std::string chunked(const std::string& chunks) {
  return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks;
}

std::string sized(const std::string& body) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// The body of the one request in `bytes`; -1 for an incomplete one, else the status of the refusal.
std::string body_of(const std::string& bytes, const Limits& limits = defaults) {
  RequestReader reader(limits);
  reader.feed(bytes);
  try {
    const auto incoming = reader.next();
    return incoming ? incoming->request.body : "incomplete";
  } catch (const Refused& refused) {
    return std::to_string(refused.status());
  }
}

TEST(RequestReader, PipelinedRequestsComeOutOneByOneWithTheirBodies) {
  RequestReader reader(defaults);
  reader.feed(sized("one") + chunked("3\r\ntwo\r\n0\r\n\r\n") + "GET /three HTTP/1.1\r\nHost: a\r\n\r\nGET /fo");
  EXPECT_EQ(reader.next()->request.body, "one");
  EXPECT_EQ(reader.next()->request.body, "two");
  EXPECT_EQ(reader.next()->request.path, "/three");
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.stage(), Stage::head);
}

TEST(RequestReader, GivesTheSameRequestWhereverTheBytesAreCut) {
  const std::string bytes = chunked("4;ext=\"1\"\r\nwiki\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    RequestReader reader(defaults);
    reader.feed(bytes.substr(0, cut));
    auto incoming = reader.next();
    ASSERT_EQ(incoming.has_value(), cut == bytes.size()) << cut;
    reader.feed(bytes.substr(cut));
    if (!incoming) incoming = reader.next();
    ASSERT_TRUE(incoming) << cut;
    EXPECT_EQ(incoming->request.body, "wiki0123456789") << cut;
    EXPECT_EQ(reader.stage(), Stage::between) << cut;
  }
}

TEST(RequestReader, ABodyThatLooksLikeARequestIsABody) {
  const std::string inner = "GET /admin HTTP/1.1\r\nHost: a\r\n\r\n";
  RequestReader reader(defaults);
  reader.feed(sized(inner));
  EXPECT_EQ(reader.next()->request.body, inner);
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.stage(), Stage::between);
}

TEST(RequestReader, BrokenChunksAre400) {
  for (const char* broken :
       {"x\r\n", "\r\n", "+3\r\nabc\r\n", "0x3\r\nabc\r\n", "3\nabc\r\n", "3\r\nabcd\r\n", "3\r\nabc\n",
        "3 \r\nabc\r\n", "3\rabc", "-1\r\n", "1111111111111111\r\n", "3;\x01\r\n", "0\r\nA: b\n\r\n", "0\r\n\r\r"}) {
    EXPECT_EQ(body_of(chunked(broken)), "400") << broken;
  }
}

TEST(RequestReader, ChunksBeyondTheLimitAre413EvenBeforeTheirBytesCome) {
  Limits limits;
  limits.max_body = 10;
  EXPECT_EQ(body_of(chunked("a\r\n0123456789\r\n0\r\n\r\n"), limits), "0123456789");
  EXPECT_EQ(body_of(chunked("b\r\n"), limits), "413");
  EXPECT_EQ(body_of(chunked("6\r\n012345\r\n5\r\n"), limits), "413");
  EXPECT_EQ(body_of(chunked("fffffffffffffff\r\n"), limits), "413");
}

TEST(RequestReader, ExtensionsAndTrailersAreBounded) {
  Limits limits;
  limits.max_header_bytes = 200;
  EXPECT_EQ(body_of(chunked("1;" + std::string(300, 'e') + "\r\n"), limits), "431");
  std::string trailers = "0\r\n";
  for (int i = 0; i < 100; ++i) trailers += "A: b\r\n";
  EXPECT_EQ(body_of(chunked(trailers), limits), "431");
}

TEST(RequestReader, OneEmptyLineBeforeARequestIsForgiven) {
  RequestReader reader(defaults);
  reader.feed("\r");
  EXPECT_FALSE(reader.next());
  reader.feed("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(reader.next());
  reader.feed("\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THROW(reader.next(), Refused);
}

TEST(RequestReader, AsksForTheBodyOnceIfTheClientWaits) {
  RequestReader reader(defaults);
  reader.feed("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.stage(), Stage::body);
  EXPECT_TRUE(reader.take_continue());
  EXPECT_FALSE(reader.take_continue());
  reader.feed("h");
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.take_continue());
  reader.feed("i");
  EXPECT_EQ(reader.next()->request.body, "hi");
}

TEST(RequestReader, RequestIdsAreTheClientsWhereUsable) {
  const auto id_for = [](const std::string& header) {
    RequestReader reader(defaults);
    reader.feed("GET / HTTP/1.1\r\nHost: a\r\n" + header + "\r\n");
    return reader.next()->request.id;
  };
  EXPECT_EQ(id_for("X-Request-Id: Trace.1_2-3\r\n"), "Trace.1_2-3");
  EXPECT_EQ(id_for("X-Request-Id: " + std::string(64, 'a') + "\r\n"), std::string(64, 'a'));
  for (const std::string& header :
       {std::string(), std::string("X-Request-Id:\r\n"), std::string("X-Request-Id: a b\r\n"),
        std::string("X-Request-Id: <b>\r\n"), "X-Request-Id: " + std::string(65, 'a') + "\r\n",
        std::string("X-Request-Id: a\r\nX-Request-Id: b\r\n")}) {
    const std::string id = id_for(header);
    EXPECT_EQ(id.size(), 16U) << header;
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos) << header;
  }
  EXPECT_NE(id_for(""), id_for(""));
}

}  // namespace
}  // namespace crm::http
