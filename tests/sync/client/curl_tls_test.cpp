// Whom the transport trusts: a backend whose certificate an authority of ours signed, and nobody else.
#include <csignal>
#include <cstdio>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include "survey/base/check.h"
#include "survey/base/host.h"
#include "sync/client/curl_transport.h"
#include "tests/kiosk/journal/sample.h"

namespace hailong::sync {
namespace {

using survey::check;
using survey::milliseconds;
using testing::HasSubstr;

template <auto kFree>
struct Freed {
    template <class Handle>
    void operator()(Handle* handle) const {
        kFree(handle);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<&X509_free>>;

/// Signed by itself, for one name or address ("DNS:localhost", "IP:127.0.0.1"), until so many seconds from now.
Certificate make_certificate(EVP_PKEY* key, const char* subject, long valid_s) {
    Certificate certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_s);
    X509_set_pubkey(certificate.get(), key);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    // No two alike: authorities are looked up by name.
    const std::string unique = "test " + survey::random_hex(8);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(unique.c_str()), -1, -1,
                               0);
    X509_set_issuer_name(certificate.get(), name);
    for (const auto& [nid, value] : {std::pair{NID_subject_alt_name, subject}, {NID_basic_constraints, "CA:TRUE"}}) {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
        check(extension != nullptr, "a certificate takes an extension");
        X509_add_ext(certificate.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }
    check(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "a certificate is signed");
    return certificate;
}

/// Answers one TLS connection with 200, whatever is asked, and keeps what it heard.
class TlsServer {
  public:
    struct Options {
        long valid_s = 86'400;    // how long its certificate still is
        int highest_version = 0;  // of TLS that it speaks; 0: the newest
        bool is_mute = false;     // accepts the connection and never says a word
    };
    explicit TlsServer(const char* subject) : TlsServer(subject, Options{}) {}
    TlsServer(const char* subject, Options options)
        : certificate_(make_certificate(key_.get(), subject, options.valid_s)), options_(options) {
        std::signal(SIGPIPE, SIG_IGN);  // as the program does: a client that refuses hangs up
        listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        check(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "a port is free");
        check(listen(listener_, 1) == 0, "a socket listens");
        socklen_t length = sizeof address;
        getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    TlsServer(const TlsServer&) = delete;
    TlsServer& operator=(const TlsServer&) = delete;
    ~TlsServer() {
        finish();
        close(listener_);
    }
    /// Waits until the connection is over. What was heard through the encryption is whole then.
    std::string heard() {
        finish();
        return heard_;
    }
    /// The name under which a folder of authorities holds this certificate.
    [[nodiscard]] std::string hash_name() const {
        char name[16];
        std::snprintf(name, sizeof name, "%08lx.0", X509_subject_name_hash(certificate_.get()));
        return name;
    }
    [[nodiscard]] std::string url() const { return "https://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::string pem() const {
        const std::unique_ptr<BIO, Freed<&BIO_free_all>> out(BIO_new(BIO_s_mem()));
        PEM_write_bio_X509(out.get(), certificate_.get());
        char* bytes = nullptr;
        const long size = BIO_get_mem_data(out.get(), &bytes);
        return {bytes, static_cast<std::size_t>(size)};
    }

  private:
    void finish() {
        shutdown(listener_, SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
    }
    void serve() {
        const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (connection < 0) return;
        if (options_.is_mute) {
            char nothing[4'096];
            while (recv(connection, nothing, sizeof nothing, 0) > 0) {
            }
        } else {
            const std::unique_ptr<SSL_CTX, Freed<&SSL_CTX_free>> context(SSL_CTX_new(TLS_server_method()));
            SSL_CTX_use_certificate(context.get(), certificate_.get());
            SSL_CTX_use_PrivateKey(context.get(), key_.get());
            if (options_.highest_version != 0) {
                SSL_CTX_set_security_level(context.get(), 0);  // or OpenSSL itself speaks no old version
                SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
                SSL_CTX_set_max_proto_version(context.get(), options_.highest_version);
            }
            const std::unique_ptr<SSL, Freed<&SSL_free>> tls(SSL_new(context.get()));
            SSL_set_fd(tls.get(), connection);
            char request[4'096];
            const int got = SSL_accept(tls.get()) == 1 ? SSL_read(tls.get(), request, sizeof request) : 0;
            if (got > 0) {
                heard_.assign(request, static_cast<std::size_t>(got));
                const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
                SSL_write(tls.get(), answer.data(), static_cast<int>(answer.size()));
                SSL_shutdown(tls.get());
            }
        }
        close(connection);
    }

    Key key_{EVP_EC_gen("P-256")};
    Certificate certificate_;
    Options options_;
    std::string heard_;
    int listener_ = -1;
    int port_ = 0;
    std::thread thread_;
};

/// A batch on its way to `server`; the terminal trusts the authority in `ca_file`, or the system's when it is empty.
Expected<HttpReply, TransportError> ask(const TlsServer& server, const std::filesystem::path& ca_file,
                                        const std::filesystem::path& system_ca_folder = {}) {
    const CurlLibrary library;
    CurlTransport transport(
        {server.url(), ca_file, milliseconds{5'000}, milliseconds{20'000}, kReplyBytesMax, -1, system_ca_folder});
    return transport.send({"POST", "/", {"Authorization: Bearer secret-token"}, "what citizens said"});
}

class CurlTls : public testing::Test {
  protected:
    std::filesystem::path write_ca(const TlsServer& server) {
        const auto file = folder_ / "ca.pem";
        check(survey::write_file(file, server.pem()).has_value(), "a certificate is written");
        return file;
    }
    test::TemporaryFolder folder_;
};

TEST_F(CurlTls, TrustsTheAuthorityItWasGiven) {
    TlsServer server("IP:127.0.0.1");
    const auto reply = ask(server, write_ca(server));
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->body, "ok");
    EXPECT_THAT(server.heard(), HasSubstr("Bearer secret-token"));
}

TEST_F(CurlTls, DoesNotTrustAnUnknownAuthority) {
    TlsServer server("IP:127.0.0.1");
    const auto reply = ask(server, {});
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("certificate"));
    EXPECT_THAT(reply.error().what, HasSubstr("this machine's clock"));
    EXPECT_EQ(server.heard(), "") << "not a byte before it is verified";
}

TEST_F(CurlTls, DoesNotTrustAnotherAuthority) {
    const TlsServer other("IP:127.0.0.1");
    TlsServer server("IP:127.0.0.1");
    EXPECT_FALSE(ask(server, write_ca(other)));
    EXPECT_EQ(server.heard(), "");
}

TEST_F(CurlTls, TrustsTheSystemsAuthoritiesOnlyWhenItWasGivenNone) {
    const TlsServer other("IP:127.0.0.1");
    const auto folder = folder_ / "system";
    std::filesystem::create_directory(folder);
    {
        TlsServer server("IP:127.0.0.1");
        ASSERT_TRUE(survey::write_file(folder / server.hash_name(), server.pem()));
        EXPECT_TRUE(ask(server, {}, folder)) << "the system's authorities sign for it";
    }
    TlsServer server("IP:127.0.0.1");
    ASSERT_TRUE(survey::write_file(folder / server.hash_name(), server.pem()));
    EXPECT_FALSE(ask(server, write_ca(other), folder));
    EXPECT_EQ(server.heard(), "");
}

TEST_F(CurlTls, DoesNotTrustACertificateForAnotherName) {
    TlsServer server("DNS:hailong.example");
    const auto reply = ask(server, write_ca(server));
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("certificate"));
    EXPECT_EQ(server.heard(), "");
}

TEST_F(CurlTls, DoesNotTrustACertificateThatHasExpired) {
    TlsServer server("IP:127.0.0.1", {-3'600, 0, false});
    const auto reply = ask(server, write_ca(server));
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("expired"));
    EXPECT_EQ(server.heard(), "");
}

TEST_F(CurlTls, SpeaksNoVersionBefore12) {
    {
        TlsServer server("IP:127.0.0.1", {86'400, TLS1_2_VERSION, false});
        EXPECT_TRUE(ask(server, write_ca(server)));
    }
    for (const int version : {TLS1_VERSION, TLS1_1_VERSION}) {
        TlsServer server("IP:127.0.0.1", {86'400, version, false});
        EXPECT_FALSE(ask(server, write_ca(server))) << version;
        EXPECT_EQ(server.heard(), "");
    }
}

TEST_F(CurlTls, GivesUpOnAServerThatNeverBeginsToEncrypt) {
    const TlsServer server("IP:127.0.0.1", {86'400, 0, true});
    const CurlLibrary library;
    CurlTransport transport({server.url(), write_ca(server), milliseconds{100}, milliseconds{600'000}});
    const auto reply = transport.send({"GET", "/", {}, ""});
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("SSL connection timeout"))
        << "long before the whole request's time is over";
}

TEST_F(CurlTls, SaysWhenTheAuthorityCannotBeRead) {
    const TlsServer server("IP:127.0.0.1");
    const auto reply = ask(server, folder_ / "missing.pem");
    ASSERT_FALSE(reply);
    EXPECT_THAT(reply.error().what, HasSubstr("ca_file"));
}

}  // namespace
}  // namespace hailong::sync
