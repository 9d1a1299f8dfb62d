#include "sync/backend/http/client_address.h"

#include <gtest/gtest.h>

namespace hailong::sync {
namespace {

TEST(ClientAddress, IsTheLineAndNotTheDevice) {
    EXPECT_EQ(client_address("203.0.113.7"), "203.0.113.7");
    EXPECT_EQ(client_address("::ffff:203.0.113.7"), "203.0.113.7");
    EXPECT_EQ(client_address("2001:db8:1:2:aaaa:bbbb:cccc:dddd"), "2001:db8:1:2::/64");
    EXPECT_EQ(client_address("2001:db8:1:2::1"), client_address("2001:db8:1:2::2"));
    EXPECT_NE(client_address("2001:db8:1:2::1"), client_address("2001:db8:1:3::1"));
    for (const char* none : {"", "localhost", "1.2.3", "1.2.3.4.5", "[::1]", "1.2.3.4:80", "unknown"})
        EXPECT_EQ(client_address(none), "") << none;
}

TEST(ClientAddress, IsWhatTheProxyOnThisMachineSays) {
    EXPECT_EQ(client_address("127.0.0.1", "198.51.100.7, 203.0.113.9"), "203.0.113.9") << "the last: its own word";
    EXPECT_EQ(client_address("::1", " 2001:db8::5 "), "2001:db8::/64");
    EXPECT_EQ(client_address("127.0.0.1", ""), "127.0.0.1");
    EXPECT_EQ(client_address("127.0.0.1", "203.0.113.9, nonsense"), "127.0.0.1");
    EXPECT_EQ(client_address("203.0.113.7", "198.51.100.7"), "203.0.113.7") << "nobody else is believed";
}

TEST(ClientAddress, OfANamedProxyIsTheOneThatItForwards) {
    TrustedProxies proxies;
    ASSERT_TRUE(proxies.add("192.0.2.7"));
    ASSERT_TRUE(proxies.add("2001:db8:1:2::7"));
    EXPECT_EQ(client_address("192.0.2.7", "203.0.113.9", proxies), "203.0.113.9");
    EXPECT_EQ(client_address("::ffff:192.0.2.7", "203.0.113.9", proxies), "203.0.113.9");
    EXPECT_EQ(client_address("2001:db8:1:2::7", "198.51.100.1, 203.0.113.9", proxies), "203.0.113.9");
    EXPECT_EQ(client_address("2001:db8:1:2::8", "203.0.113.9", proxies), "2001:db8:1:2::/64") << "its neighbour is not";
    EXPECT_EQ(client_address("192.0.2.8", "203.0.113.9", proxies), "192.0.2.8");
    EXPECT_EQ(client_address("127.0.0.1", "203.0.113.9", proxies), "203.0.113.9") << "this machine still is";
    EXPECT_EQ(client_address("192.0.2.7", "nonsense", proxies), "192.0.2.7");
}

TEST(TrustedProxies, AreAFewAddresses) {
    TrustedProxies proxies;
    for (const char* none : {"", "localhost", "192.0.2.0/24", "192.0.2", "192.0.2.7:80", "*"})
        EXPECT_FALSE(proxies.add(none)) << none;
    for (std::size_t i = 1; i <= TrustedProxies::kMost; ++i)
        EXPECT_TRUE(proxies.add("192.0.2." + std::to_string(i)));
    EXPECT_TRUE(proxies.add("192.0.2.1")) << "known already";
    EXPECT_FALSE(proxies.add("192.0.2.99"));
    EXPECT_FALSE(proxies.contain("192.0.2.99"));
    EXPECT_EQ(proxies.size(), TrustedProxies::kMost);
}

}  // namespace
}  // namespace hailong::sync
