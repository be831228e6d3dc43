#include "metrics/accept_encoding.h"

#include <gtest/gtest.h>

namespace crm::metrics {
namespace {

TEST(AcceptsGzip, ByNameInAnyCaseAndPlace) {
  for (const char* header : {"gzip", "GZip", "x-gzip", "deflate, gzip", " gzip ;q=1", "br;q=1.0, gzip;q=0.8, *;q=0.1",
                             "gzip;q=0.001", "gzip; Q=0.5", "gzip,", ",,gzip", "identity;q=0.5, gzip;q=0.5"}) {
    EXPECT_TRUE(accepts_gzip(header)) << header;
  }
}

TEST(AcceptsGzip, ByStarUnlessGzipIsRefusedByName) {
  EXPECT_TRUE(accepts_gzip("*"));
  EXPECT_TRUE(accepts_gzip("identity;q=0, *;q=0.5"));
  EXPECT_TRUE(accepts_gzip("*;q=0, gzip"));
  EXPECT_FALSE(accepts_gzip("*, gzip;q=0"));
  EXPECT_FALSE(accepts_gzip("*;q=0"));
}

TEST(AcceptsGzip, NotWithoutBeingAskedOrWithWeightZero) {
  for (const char* header : {"", " ", ",", "identity", "deflate, br", "gzip;q=0", "gzip;q=0.000", "gzip;q=0.0",
                             "gzipped", "notgzip", "gzip-x", "identity;q=1, gzip;q=0.5"}) {
    EXPECT_FALSE(accepts_gzip(header)) << header;
  }
}

TEST(AcceptsGzip, AMalformedWeightIsZero) {
  for (const char* header : {"gzip;q=", "gzip;q=x", "gzip;q=2", "gzip;q=-1", "gzip;q=1.5", "gzip;q=0.1234",
                             "gzip;q=nan", "gzip;q=1e0", "gzip;q=.5", "gzip;q=0,5x;q", "gzip;q"}) {
    EXPECT_FALSE(accepts_gzip(header)) << header;
  }
}

}  // namespace
}  // namespace crm::metrics
