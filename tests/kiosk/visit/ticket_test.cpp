#include "kiosk/visit/ticket.h"

#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "tests/support/sample.h"

namespace hailong::kiosk {
namespace {

const survey::Center& center() {
    static const survey::Center loaded = [] {
        survey::Center made = tests::sample_center();
        made.tickets = {{"TP", {"TP"}, {}}, {"TP1", {"TP"}, {"p-001"}}, {"dd", {"DD"}, {}}, {"Q-7.A", {"KT"}, {}}};
        return made;
    }();
    return loaded;
}

Ticket parsed(std::string_view scanned) {
    return parse_ticket(scanned, center());
}

TEST(DossierCode, IsKnownInBothForms) {
    for (const char* code : {"H15.50.05.13-261008-0975",   // as seen on a receipt, four groups
                             "000.00.19.H26-261008-0001",  // QCVN 102:2016
                             "00.19.H26-261008-0001", "19.H26-261008-0001", "H26-261008-0001",
                             "G01.899.204-261008-000123456789",  // TT 03/2025 Art 13.3, the longest number
                             "A01.1.2.3.4.5-240229-1234"}) {
        EXPECT_TRUE(is_dossier_code(code)) << code;
        EXPECT_EQ(parsed(code).code, code);
        EXPECT_TRUE(parsed(code).recognised);
        EXPECT_FALSE(parsed(code).daily) << "given out once";
        EXPECT_TRUE(parsed(code).counter.empty()) << "it names an agency, no counter";
    }
}

TEST(DossierCode, IsNothingThatOnlyLooksLikeOne) {
    for (const char* text : {"",
                             "-",
                             "--",
                             "H15-261008",
                             "H15-261008-",
                             "H15-261008-975",
                             "H15-261008-0123456789012",
                             "Z15-261008-0975",  // no agency begins so
                             "H1-261008-0975",
                             "H155-261008-0975",
                             "h15-261008-0975",
                             "H15.-261008-0975",
                             "H15.0001-261008-0975",
                             "A01.1.2.3.4.5.6-240229-1234",
                             "0000.00.19.H26-261008-0001",
                             "000.00.19.20.H26-261008-0001",
                             "000.H26-261008-0001",  // a unit's groups are missing
                             "H15-261308-0975",
                             "H15-260229-0975",
                             "H15-26108-0975",
                             "H15-261008-09A5",
                             "H15-261008-0975-1"}) {
        EXPECT_FALSE(is_dossier_code(text)) << text;
    }
}

TEST(Ticket, IsReadInAnySpellingOfTheSameCode) {
    const std::string code = "H15.50.05.13-261008-0975";
    for (const std::string& scanned :
         {code, " " + code + "\r\n", std::string("h15.50.05.13-261008-0975"), "Mã hồ sơ: " + code + ".",
          "https://dichvucong.example.vn/tra-cuu/" + code, "https://dichvucong.example.vn/tra-cuu?ma=" + code + "&x=1",
          std::string("https://dichvucong.example.vn/?q=H15%2E50.05.13%2d261008%2D0975#top"), "HS|" + code + "|2026"}) {
        EXPECT_EQ(parsed(scanned).code, code) << scanned;
    }
}

TEST(Ticket, LearnsTheProcedureFromItsNationalCodeBesideTheDossier) {
    const Ticket ticket = parsed("https://x.vn/hs?tthc=1.001193.000.00.00.H15&ma=H15.50-261008-0975");
    EXPECT_EQ(ticket.procedure, survey::ProcedureId{"p-001"});
    EXPECT_EQ(ticket.field, center().procedure({"p-001"})->field);
    EXPECT_EQ(ticket.counter, survey::CounterId{"TP"});
    EXPECT_FALSE(parsed("1.001193").recognised) << "a procedure's code is on a poster, not on a ticket";
    EXPECT_TRUE(parsed("9.999999 H15.50-261008-0975").procedure.empty());
}

TEST(Ticket, OfAQueueNamesItsCounter) {
    for (const char* scanned : {"TP-012", "TP.012", "TP012", "tp012", "  TP-012\n", "https://q.vn/t/TP-012"}) {
        const Ticket ticket = parsed(scanned);
        EXPECT_EQ(ticket.code, "TP-012") << scanned;
        EXPECT_EQ(ticket.counter, survey::CounterId{"TP"}) << scanned;
        EXPECT_TRUE(ticket.recognised && ticket.daily) << scanned;
        EXPECT_TRUE(ticket.procedure.empty());
    }
    EXPECT_EQ(parsed("DD5").counter, survey::CounterId{"DD"}) << "the case of the rule does not matter";
    EXPECT_EQ(parsed("Q-7.A-33").counter, survey::CounterId{"KT"});
}

TEST(Ticket, GoesByTheLongestPrefix) {
    const Ticket ticket = parsed("TP12");
    EXPECT_EQ(ticket.code, "TP1-2");
    EXPECT_EQ(ticket.procedure, survey::ProcedureId{"p-001"});
    EXPECT_EQ(ticket.field, center().procedure({"p-001"})->field);
    EXPECT_TRUE(parsed("TP-12").procedure.empty()) << "the separator stands behind the prefix";
    EXPECT_NE(parsed("TP-12").code, ticket.code) << "two queues, two tickets";
}

TEST(Ticket, PrefersTheDossierToAQueueNumber) {
    EXPECT_EQ(parsed("TP-012 H15.50-261008-0975").code, "H15.50-261008-0975");
}

TEST(Ticket, ThatIsNotKnownIsForgotten) {
    for (const std::string& scanned :
         {std::string(), std::string("TP"), std::string("TP-"), std::string("TP--1"), std::string("TP-1234567890123"),
          std::string("XX-1"), std::string("079090001234|012345678|Nguyễn Văn A|01011990|Nam|Hà Nội|01012021"),
          std::string("%"), std::string("%4"), std::string("\0\xff", 2)}) {
        EXPECT_EQ(parsed(scanned), Ticket{}) << scanned;
    }
}

TEST(Ticket, LongerThanAnyCodeIsNotLookedAt) {
    const std::string code = "H15.50-261008-0975";
    EXPECT_TRUE(parsed(code + std::string(kTicketBytesMax - code.size(), ' ')).recognised);
    EXPECT_FALSE(parsed(code + std::string(kTicketBytesMax - code.size() + 1, ' ')).recognised);
}

TEST(TicketKey, TellsTheSameQueueNumberOfTwoDaysApart) {
    const survey::Date monday = std::chrono::year{2026} / 11 / 23;
    const survey::Date tuesday = std::chrono::year{2026} / 11 / 24;
    EXPECT_NE(ticket_key(parsed("TP-012"), monday), ticket_key(parsed("TP-012"), tuesday));
    EXPECT_EQ(ticket_key(parsed("TP-012"), monday), ticket_key(parsed("tp012"), monday));
    const Ticket dossier = parsed("H15.50-261008-0975");
    EXPECT_EQ(ticket_key(dossier, monday), ticket_key(dossier, tuesday));
    EXPECT_EQ(ticket_key({}, monday), "");
}

RC_GTEST_PROP(Ticket, KeepsItsWordForAnyBytes, ()) {
    const auto piece = rc::gen::oneOf(
        rc::gen::element<std::string>("H15.50-261008-0975", "TP", "-", ".", "012", "1.001193", "%2D", "/", " "),
        rc::gen::arbitrary<std::string>());
    std::string scanned;
    for (const std::string& one : *rc::gen::container<std::vector<std::string>>(piece))
        scanned += one;
    const Ticket ticket = parse_ticket(scanned, center());
    RC_ASSERT(ticket.recognised == !ticket.code.empty());
    if (!ticket.recognised) RC_ASSERT(ticket == Ticket{});
    RC_ASSERT(ticket.counter.empty() || center().counter(ticket.counter) != nullptr);
    RC_ASSERT(ticket.procedure.empty() == ticket.field.empty());
    // What was read reads as itself.
    if (ticket.recognised) RC_ASSERT(parse_ticket(ticket.code, center()).code == ticket.code);
}

}  // namespace
}  // namespace hailong::kiosk
