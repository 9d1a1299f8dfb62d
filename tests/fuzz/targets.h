// What is fuzzed: one function for each parser that faces the outside. Each takes any bytes, and ends the program when
// the parser breaks its promise: not only a crash is a finding. The same functions replay the corpus in every test run.
#pragma once

#include <string_view>

namespace hailong::fuzz {

// sync/protocol and survey: what travels.
void batch(std::string_view input);       // the body of a batch, unpacked
void compressed(std::string_view input);  // as it is sent: first byte i, g or z says how it is packed
void record(std::string_view input);      // one record
void reply(std::string_view input);       // a receipt or a problem
void enrolment(std::string_view input);   // a request, its answer, a code as people write it
void bundle(std::string_view input);      // an offline bundle, and the answer to it

// survey: documents and stored text.
void questionnaire(std::string_view input);
void center(std::string_view input);
void tally(std::string_view input);
void small(std::string_view input);  // dates, periods, ids, hashes, base64, shares, translations, a status

// Configuration files.
void sync_config(std::string_view input);
void kiosk_config(std::string_view input);

// What people hold before the scanner.
void ticket(std::string_view input);

// What stands behind the parsers.
void http(std::string_view input);    // the backend's routes: request line, header lines, an empty line, body
void ingest(std::string_view input);  // lines as the records of a batch, on their way into the store
void answer(std::string_view input);  // the sync program's reading of an answer: "batch" or "inbox", status, body

struct Target {
    std::string_view name;
    void (*run)(std::string_view input);
};
inline constexpr Target kTargets[] = {{"batch", batch},
                                      {"compressed", compressed},
                                      {"record", record},
                                      {"reply", reply},
                                      {"enrolment", enrolment},
                                      {"bundle", bundle},
                                      {"questionnaire", questionnaire},
                                      {"center", center},
                                      {"tally", tally},
                                      {"small", small},
                                      {"sync_config", sync_config},
                                      {"kiosk_config", kiosk_config},
                                      {"ticket", ticket},
                                      {"http", http},
                                      {"ingest", ingest},
                                      {"answer", answer}};

}  // namespace hailong::fuzz
