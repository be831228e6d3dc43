#include "metrics/exposition.h"

#include <array>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <zlib.h>

#include "metrics/block.h"
#include "one_answer.h"
#include "programs.h"

namespace crm::metrics {
namespace {

struct Inflated {
  std::string text;
  bool whole = false;         // one gzip member whose checksum and length are right
  std::size_t left_over = 0;  // bytes after it
};

Inflated inflate_gzip(const std::string& bytes) {
  z_stream stream{};
  constexpr int gzip_only = MAX_WBITS + 16;
  EXPECT_EQ(inflateInit2(&stream, gzip_only), Z_OK);
  std::vector<Bytef> in(bytes.begin(), bytes.end());
  stream.next_in = in.data();
  stream.avail_in = static_cast<uInt>(in.size());
  Inflated out;
  std::array<char, 4096> buffer{};
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.text.append(buffer.data(), buffer.size() - stream.avail_out);
  }
  out.whole = status == Z_STREAM_END;
  out.left_over = stream.avail_in;
  inflateEnd(&stream);
  return out;
}

std::string lines(int count, unsigned seed) {
  std::mt19937 random(seed);
  std::string text;
  for (int i = 0; i < count; ++i)
    text += "crm_x{agent=\"" + std::to_string(random()) + "\"} " + std::to_string(i) + "\n";
  return text;
}

TEST(Exposition, PlainIsTheBlocksOneAfterTheOther) {
  Exposition exposition;
  exposition.add(make_block("a 1\n"));
  exposition.add(std::string("b 2\n"));
  exposition.add(make_block("c 3\n"));
  EXPECT_EQ(exposition.plain(), "a 1\nb 2\nc 3\n");
}

TEST(Exposition, GzipIsOneMemberThatInflatesToThePlainText) {
  Exposition exposition;
  exposition.add(make_block(lines(5'000, 1)));
  exposition.add(lines(100, 2));
  exposition.add(make_block("c 3\n"));
  exposition.add(make_block(lines(1, 3)));
  const Inflated inflated = inflate_gzip(exposition.gzip());
  EXPECT_EQ(inflated.text, exposition.plain());
  EXPECT_TRUE(inflated.whole);
  EXPECT_EQ(inflated.left_over, 0U);
}

TEST(Exposition, NothingIsAnEmptyTextAndAValidGzip) {
  const Exposition exposition;
  EXPECT_EQ(exposition.plain(), "");
  const Inflated inflated = inflate_gzip(exposition.gzip());
  EXPECT_EQ(inflated.text, "");
  EXPECT_TRUE(inflated.whole);
}

TEST(Exposition, EmptyPartsChangeNothing) {
  Exposition exposition;
  exposition.add(make_block(""));
  exposition.add(std::string());
  exposition.add(store::BlockPtr());
  exposition.add(make_block("a 1\n"));
  exposition.add(make_block(""));
  EXPECT_EQ(exposition.plain(), "a 1\n");
  EXPECT_EQ(inflate_gzip(exposition.gzip()).text, "a 1\n");
}

TEST(Exposition, ALastLineWithoutAnEndDoesNotRunIntoTheNextBlock) {
  Exposition exposition;
  exposition.add(make_block("a 1"));
  exposition.add(std::string("b 2"));
  exposition.add(make_block("c 3"));
  EXPECT_EQ(exposition.plain(), "a 1\nb 2\nc 3\n");
}

TEST(Exposition, BytesThatDoNotCompressSurvive) {
  std::mt19937 random(7);
  std::string noise(200'000, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  noise += '\n';
  Exposition exposition;
  exposition.add(make_block(noise));
  exposition.add(make_block(noise));
  const Inflated inflated = inflate_gzip(exposition.gzip());
  EXPECT_TRUE(inflated.whole);
  EXPECT_EQ(inflated.text, noise + noise);
}

TEST(Exposition, GzipTakesItAsWhole) {
  Exposition exposition;
  for (unsigned i = 0; i < 10; ++i) exposition.add(make_block(lines(300, i)));
  const testing::TemporaryFolder folder;
  const auto file = folder.write("metrics.gz", exposition.gzip());
  EXPECT_EQ(std::system(("gzip -t " + file.string()).c_str()), 0);

  const auto plain = folder.write("metrics.txt", exposition.plain());
  EXPECT_EQ(std::system(("gzip -dc " + file.string() + " | cmp - " + plain.string()).c_str()), 0);
}

TEST(Exposition, CurlUndoesItsCompression) {
  Exposition exposition;
  for (unsigned i = 0; i < 10; ++i) exposition.add(make_block(lines(300, i)));
  testing::OneAnswer server("Content-Encoding: gzip\r\n", exposition.gzip());
  const auto curl =
      testing::output_of("curl --silent --show-error --max-time 20 --compressed " + server.url() + " 2>&1");
  EXPECT_EQ(curl.status, 0);
  EXPECT_EQ(curl.text, exposition.plain());
}

TEST(Block, IsByteAlignedAndNotFinal) {
  const auto block = make_block(lines(100, 4));
  ASSERT_GE(block->deflated.size(), 4U);
  EXPECT_EQ(block->deflated.substr(block->deflated.size() - 4), std::string("\x00\x00\xff\xff", 4));
  EXPECT_EQ(block->crc, crc_of(block->text));
  EXPECT_LT(block->deflated.size(), block->text.size());
}

}  // namespace
}  // namespace crm::metrics
