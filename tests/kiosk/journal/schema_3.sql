-- A journal as the program wrote it at schema 3: pruned, repaired, numbered anew, with sealed texts, tickets, a document.
PRAGMA application_id = 1212959281;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE identity (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    kiosk TEXT NOT NULL
) STRICT;
INSERT INTO identity VALUES(1,'bm-tp');
CREATE TABLE records (
    seq   INTEGER PRIMARY KEY,
    id    BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    hash  BLOB NOT NULL CHECK (length(hash) = 32),
    bytes TEXT NOT NULL
, sum BLOB CHECK (sum IS NULL OR length(sum) = 8)) STRICT;
INSERT INTO records VALUES(1014,X'01a1a553c2f8733f93ddc7c16bc3c387',X'f2bc8654f74a46cff5ceb30d5d501f796afc2c4e48d7fcd495987219b902bfac','{"answers":[{"item":"overall","values":["4"]},{"item":"o_all","values":["5"]}],"boot":"fill-2026-11-04","complete":true,"context":{"began":"walk_up","center":"binh-minh","counter":"TP","officer":"tp-02"},"finished":{"monotonic_ms":24696367,"offset_min":420,"utc_ms":1793775096367},"flags":[],"format":1,"id":"01a1a553-c2f8-733f-93dd-c7c16bc3c387","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":2},"seq":1014,"started":{"monotonic_ms":24692472,"offset_min":420,"utc_ms":1793775092472}}',X'f627d4f297048c31');
INSERT INTO records VALUES(1015,X'01a1bf5dd70676098e5ec54d6e88c818',X'e3ec0a685d57e00aaf7824595e471b904a2a56a6f64d71e984f3d282a62a7611','{"answers":[{"item":"overall","values":["4"]},{"item":"o_all","values":["5"]}],"boot":"fill-2026-11-09","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"TP","field":"ho-tich","officer":"tp-03","procedure":"p-013"},"finished":{"monotonic_ms":29567403,"offset_min":420,"utc_ms":1794211967403},"flags":[],"format":1,"id":"01a1bf5d-d706-7609-8e5e-c54d6e88c818","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":2},"seq":1015,"started":{"monotonic_ms":29560582,"offset_min":420,"utc_ms":1794211960582}}',X'38df84a046e631ef');
INSERT INTO records VALUES(1016,X'01a1ceda308b7b7caaa6bace88b80305',X'cbe8e5db16638c2556a9d0bdf1605886719463577a55d03e54f8fab30e87d01a','{"answers":[{"item":"overall","values":["4"]},{"item":"o_all","values":["4"]}],"boot":"fill-2026-11-12","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"TP","field":"chung-thuc","officer":"tp-01","procedure":"p-023"},"finished":{"monotonic_ms":30175310,"offset_min":420,"utc_ms":1794471775310},"flags":[],"format":1,"id":"01a1ceda-308b-7b7c-aaa6-bace88b80305","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":2},"seq":1016,"started":{"monotonic_ms":30168203,"offset_min":420,"utc_ms":1794471768203}}',X'0a0127d0453c531a');
INSERT INTO records VALUES(1017,X'01a1ec7121707755b7afdb498e523419',X'da97e7742adbddaaa92fad6f43855ac7e866c9954ea2cf460a53a75ffbb9a911','{"answers":[{"item":"overall","values":["5"]},{"item":"o_all","values":["4"]}],"boot":"fill-2026-11-18","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"TP","field":"ho-tich","officer":"tp-02","procedure":"p-006"},"finished":{"monotonic_ms":8207032,"offset_min":420,"utc_ms":1794968207032},"flags":[],"format":1,"id":"01a1ec71-2170-7755-b7af-db498e523419","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":2},"seq":1017,"started":{"monotonic_ms":8199536,"offset_min":420,"utc_ms":1794968199536}}',X'a22c884d77082826');
INSERT INTO records VALUES(1018,X'01a1fb9d3b65793bb4d11813c70fe030',X'7cecf2bf11f6714476596ea27a9e146a3a75b450aea180e65d89545f4d21ca2a','{"answers":[{"item":"overall","values":["4"]},{"item":"o_all","values":["4"]}],"boot":"fill-2026-11-21","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"TP","field":"nuoi-con-nuoi","officer":"tp-03","procedure":"p-018"},"finished":{"monotonic_ms":3608339,"offset_min":420,"utc_ms":1795222754711},"flags":[],"format":1,"id":"01a1fb9d-3b65-793b-b4d1-1813c70fe030","kiosk":"bm-tp","language":"en","questionnaire":{"id":"WARD5","version":2},"seq":1018,"started":{"monotonic_ms":3601633,"offset_min":420,"utc_ms":1795222748005}}',X'4ec8b34edaf317cb');
INSERT INTO records VALUES(1019,X'01a215d6c2e8752396d83429fb648968',X'751d9bbb2f9fe2da26e280af068cdb9a2d7ed613127216b0668ae7cc2ea408e0','{"answers":[{"item":"overall","values":["5"]},{"item":"o_all","values":["4"]}],"boot":"fill-2026-11-26","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"TP","field":"ho-tich","officer":"tp-03","procedure":"p-012"},"finished":{"monotonic_ms":11534831,"offset_min":420,"utc_ms":1795662734831},"flags":[],"format":1,"id":"01a215d6-c2e8-7523-96d8-3429fb648968","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":2},"seq":1019,"started":{"monotonic_ms":11525864,"offset_min":420,"utc_ms":1795662725864}}',X'50cdb7276c04d864');
INSERT INTO records VALUES(1020,X'01a200c54ce071008000000000000000',X'384877e399edeeea9923d6d66dc7f31456694f768626f49b12d7b3d7dd95d8be','{"answers":[{"item":"overall","values":["5"]},{"item":"o_all","values":["5"]}],"boot":"5f0c1c4e-8a52-4c0e-9a3e-2b1f7f3f0a11","complete":true,"context":{"began":"walk_up","center":"binh-minh","counter":"DD","officer":"dd-01"},"finished":{"monotonic_ms":74250,"offset_min":420,"utc_ms":1795309269250},"flags":[],"format":1,"id":"01a200c5-4ce0-7100-8000-000000000000","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":1},"seq":1020,"started":{"monotonic_ms":65000,"offset_min":420,"utc_ms":1795309260000}}',X'61187d84535ea14c');
INSERT INTO records VALUES(1021,X'01a200c6374072008000000000000000',X'd7f38aa2c46ee14a461736985faa649569f51436a573d34c35de69788479c941','{"answers":[{"item":"overall","values":["4"]},{"item":"o_all","values":["5"]},{"item":"comment","words":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"},{"item":"phone","words":"a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa"}],"boot":"5f0c1c4e-8a52-4c0e-9a3e-2b1f7f3f0a11","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"TP","officer":"tp-01"},"finished":{"monotonic_ms":134250,"offset_min":420,"utc_ms":1795309329250},"flags":[],"format":1,"id":"01a200c6-3740-7200-8000-000000000000","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":1},"seq":1021,"started":{"monotonic_ms":125000,"offset_min":420,"utc_ms":1795309320000}}',X'44714b8ece80f7fd');
INSERT INTO records VALUES(1022,X'01a200c721a073008000000000000000',X'16551cd32eed8eb1e23f361bd71d04ce11eb5a81c8460c5a32cdcf28b36cedc7','{"answers":[{"item":"overall","values":["5"]},{"item":"o_all","values":["5"]}],"boot":"5f0c1c4e-8a52-4c0e-9a3e-2b1f7f3f0a11","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"DD","officer":"dd-01"},"finished":{"monotonic_ms":194250,"offset_min":420,"utc_ms":1795309389250},"flags":["ticket_again"],"format":1,"id":"01a200c7-21a0-7300-8000-000000000000","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":1},"seq":1022,"started":{"monotonic_ms":185000,"offset_min":420,"utc_ms":1795309380000}}',X'c648578a4988e117');
INSERT INTO records VALUES(1023,X'01a200c80c0074008000000000000000',X'1d83887b59ddf16b3aa5369a5476d28b66d0afa14f0ba5b802a25ebc6c23d7b8','{"answers":[{"item":"overall","values":["4"]},{"item":"o_all","values":["5"]},{"item":"comment","words":"594e519ae499312b29433b7dd8a97ff068defcba9755b6d5d00e84c524d67b06"}],"boot":"5f0c1c4e-8a52-4c0e-9a3e-2b1f7f3f0a11","complete":true,"context":{"began":"scanned","center":"binh-minh","counter":"TP","officer":"tp-01"},"finished":{"monotonic_ms":254250,"offset_min":420,"utc_ms":1795309449250},"flags":[],"format":1,"id":"01a200c8-0c00-7400-8000-000000000000","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":1},"seq":1023,"started":{"monotonic_ms":245000,"offset_min":420,"utc_ms":1795309440000}}',X'7bc1b86526949c4d');
INSERT INTO records VALUES(1024,X'01a200cc9fe079008000000000000000',X'c0f1036612654be1daa41f9445b226a484b2935fab03c89a274bd680f2931d4f','{"answers":[{"item":"overall","values":["5"]},{"item":"o_all","values":["5"]}],"boot":"boot-1","complete":true,"context":{"began":"walk_up","center":"binh-minh","counter":"DD","officer":"dd-01"},"finished":{"monotonic_ms":554250,"offset_min":420,"utc_ms":1795309749250},"flags":[],"format":1,"id":"01a200cc-9fe0-7900-8000-000000000000","kiosk":"bm-tp","language":"vi","questionnaire":{"id":"WARD5","version":1},"seq":1024,"started":{"monotonic_ms":545000,"offset_min":420,"utc_ms":1795309740000}}',X'e056b14abc356602');
CREATE TABLE day_tallies (
    day           TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version       INTEGER NOT NULL,
    flagged       INTEGER NOT NULL CHECK (flagged IN (0, 1)),
    subject_kind  TEXT NOT NULL,
    subject_id    TEXT NOT NULL,
    tally         TEXT NOT NULL,
    PRIMARY KEY (day, questionnaire, version, flagged, subject_kind, subject_id)
) STRICT, WITHOUT ROWID;
INSERT INTO day_tallies VALUES('2026-10-22','WARD5',1,0,'counter','TP','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-10-22','WARD5',1,0,'visit','','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-10-27','WARD5',1,0,'counter','TP','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-10-27','WARD5',1,0,'visit','','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-10-31','WARD5',1,0,'began','scanned','{"items":{"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-10-31','WARD5',1,0,'counter','TP','{"items":{"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-10-31','WARD5',1,0,'field','chung-thuc','{"items":{"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-10-31','WARD5',1,0,'visit','','{"items":{"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-04','WARD5',2,0,'counter','TP','{"items":{"o_all":{"5":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-04','WARD5',2,0,'visit','','{"items":{"o_all":{"5":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-09','WARD5',2,0,'began','scanned','{"items":{"o_all":{"5":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-09','WARD5',2,0,'counter','TP','{"items":{"o_all":{"5":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-09','WARD5',2,0,'field','ho-tich','{"items":{"o_all":{"5":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-09','WARD5',2,0,'visit','','{"items":{"o_all":{"5":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-12','WARD5',2,0,'began','scanned','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-12','WARD5',2,0,'counter','TP','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-12','WARD5',2,0,'field','chung-thuc','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-12','WARD5',2,0,'visit','','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-18','WARD5',2,0,'began','scanned','{"items":{"o_all":{"4":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-18','WARD5',2,0,'counter','TP','{"items":{"o_all":{"4":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-18','WARD5',2,0,'field','ho-tich','{"items":{"o_all":{"4":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-18','WARD5',2,0,'visit','','{"items":{"o_all":{"4":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-21','WARD5',2,0,'began','scanned','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-21','WARD5',2,0,'counter','TP','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-21','WARD5',2,0,'field','nuoi-con-nuoi','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-21','WARD5',2,0,'visit','','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-22','WARD5',1,0,'began','scanned','{"items":{"o_all":{"5":2},"overall":{"4":2}},"responses":2}');
INSERT INTO day_tallies VALUES('2026-11-22','WARD5',1,0,'counter','DD','{"items":{"o_all":{"5":2},"overall":{"5":2}},"responses":2}');
INSERT INTO day_tallies VALUES('2026-11-22','WARD5',1,0,'counter','TP','{"items":{"o_all":{"5":2},"overall":{"4":2}},"responses":2}');
INSERT INTO day_tallies VALUES('2026-11-22','WARD5',1,0,'visit','','{"items":{"o_all":{"5":4},"overall":{"4":2,"5":2}},"responses":4}');
INSERT INTO day_tallies VALUES('2026-11-22','WARD5',1,1,'began','scanned','{"items":{"o_all":{"5":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-22','WARD5',1,1,'counter','DD','{"items":{"o_all":{"5":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-22','WARD5',1,1,'visit','','{"items":{"o_all":{"5":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-26','WARD5',2,0,'began','scanned','{"items":{"o_all":{"4":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-26','WARD5',2,0,'counter','TP','{"items":{"o_all":{"4":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-26','WARD5',2,0,'field','ho-tich','{"items":{"o_all":{"4":1},"overall":{"5":1}},"responses":1}');
INSERT INTO day_tallies VALUES('2026-11-26','WARD5',2,0,'visit','','{"items":{"o_all":{"4":1},"overall":{"5":1}},"responses":1}');
CREATE TABLE sync_state (
    one              INTEGER PRIMARY KEY CHECK (one = 1),
    delivered_seq    INTEGER NOT NULL,
    last_attempt_ms  INTEGER NOT NULL,
    last_success_ms  INTEGER,
    last_error       TEXT NOT NULL,
    server_offset_ms INTEGER
, set_aside INTEGER NOT NULL DEFAULT 0, words_key BLOB CHECK (words_key IS NULL OR length(words_key) = 40)) STRICT;
INSERT INTO sync_state VALUES(1,3,1795330000001,1795330000001,'',-7,2,X'0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20ae216c2ef5247a37');
CREATE TABLE inbox_documents (
    name        TEXT PRIMARY KEY,
    body        TEXT NOT NULL,
    received_ms INTEGER NOT NULL
) STRICT;
INSERT INTO inbox_documents VALUES('center','{}',1795330000002);
CREATE TABLE inbox_state (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    version TEXT NOT NULL
) STRICT;
INSERT INTO inbox_state VALUES(1,'v7');
CREATE TABLE base (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    seq  INTEGER NOT NULL CHECK (seq >= 0),
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
INSERT INTO base VALUES(1,3,X'726eccf6005506fd50c944213aac4bf5c70a7c57636237c0c1c48c59a2fa454b');
CREATE TABLE skips (
    first_seq INTEGER PRIMARY KEY,
    last_seq  INTEGER NOT NULL CHECK (last_seq >= first_seq),
    reason    TEXT NOT NULL CHECK (reason IN ('damaged', 'renumbered', 'unknown'))
) STRICT;
INSERT INTO skips VALUES(4,13,'renumbered');
INSERT INTO skips VALUES(14,1013,'unknown');
CREATE TABLE boxes (
    seq  INTEGER NOT NULL,
    item TEXT NOT NULL,
    box  BLOB NOT NULL CHECK (length(box) <= 16384),
    PRIMARY KEY (seq, item)
) STRICT;
INSERT INTO boxes VALUES(1021,'comment',X'6300ff');
INSERT INTO boxes VALUES(1021,'phone',X'70');
INSERT INTO boxes VALUES(1023,'comment',X'64');
CREATE TABLE gone_responses (
    day           TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version       INTEGER NOT NULL,
    flagged       INTEGER NOT NULL CHECK (flagged IN (0, 1)),
    responses     INTEGER NOT NULL,
    PRIMARY KEY (day, questionnaire, version, flagged)
) STRICT, WITHOUT ROWID;
INSERT INTO gone_responses VALUES('2026-10-22','WARD5',1,0,1);
INSERT INTO gone_responses VALUES('2026-10-27','WARD5',1,0,1);
INSERT INTO gone_responses VALUES('2026-10-31','WARD5',1,0,1);
CREATE TABLE events (
    number  INTEGER PRIMARY KEY,
    time_ms INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    detail  TEXT NOT NULL
) STRICT;
INSERT INTO events VALUES(1,1795330000000,'healed','set aside as journal.db.damaged-2026-11-22T13-46-40; kept 10 records after number 3, numbered anew 0; skipped: 14 to 1013 unknown');
CREATE TABLE month_tallies (
    month         TEXT NOT NULL,
    questionnaire TEXT NOT NULL,
    version       INTEGER NOT NULL,
    flagged       INTEGER NOT NULL CHECK (flagged IN (0, 1)),
    subject_kind  TEXT NOT NULL,
    subject_id    TEXT NOT NULL,
    tally         TEXT NOT NULL,
    PRIMARY KEY (month, questionnaire, version, flagged, subject_kind, subject_id)
) STRICT, WITHOUT ROWID;
INSERT INTO month_tallies VALUES('2026-10','WARD5',1,0,'began','scanned','{"items":{"overall":{"5":1}},"responses":1}');
INSERT INTO month_tallies VALUES('2026-10','WARD5',1,0,'counter','TP','{"items":{"o_all":{"4":2},"overall":{"4":2,"5":1}},"responses":3}');
INSERT INTO month_tallies VALUES('2026-10','WARD5',1,0,'field','chung-thuc','{"items":{"overall":{"5":1}},"responses":1}');
INSERT INTO month_tallies VALUES('2026-10','WARD5',1,0,'officer','tp-01','{"items":{"o_all":{"4":2}},"responses":2}');
INSERT INTO month_tallies VALUES('2026-10','WARD5',1,0,'visit','','{"items":{"o_all":{"4":2},"overall":{"4":2,"5":1}},"responses":3}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,0,'began','scanned','{"items":{"o_all":{"5":2},"overall":{"4":2}},"responses":2}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,0,'counter','DD','{"items":{"o_all":{"5":2},"overall":{"5":2}},"responses":2}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,0,'counter','TP','{"items":{"o_all":{"5":2},"overall":{"4":2}},"responses":2}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,0,'officer','dd-01','{"items":{"o_all":{"5":2}},"responses":2}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,0,'officer','tp-01','{"items":{"o_all":{"5":2}},"responses":2}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,0,'visit','','{"items":{"o_all":{"5":4},"overall":{"4":2,"5":2}},"responses":4}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,1,'began','scanned','{"items":{"o_all":{"5":1},"overall":{"5":1}},"responses":1}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,1,'counter','DD','{"items":{"o_all":{"5":1},"overall":{"5":1}},"responses":1}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,1,'officer','dd-01','{"items":{"o_all":{"5":1}},"responses":1}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',1,1,'visit','','{"items":{"o_all":{"5":1},"overall":{"5":1}},"responses":1}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',2,0,'began','scanned','{"items":{"o_all":{"4":4,"5":1},"overall":{"4":3,"5":2}},"responses":5}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',2,0,'counter','TP','{"items":{"o_all":{"4":4,"5":2},"overall":{"4":4,"5":2}},"responses":6}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',2,0,'field','chung-thuc','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',2,0,'field','ho-tich','{"items":{"o_all":{"4":2,"5":1},"overall":{"4":1,"5":2}},"responses":3}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',2,0,'field','nuoi-con-nuoi','{"items":{"o_all":{"4":1},"overall":{"4":1}},"responses":1}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',2,0,'officer','tp-01','{"items":{"o_all":{"4":1}},"responses":1}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',2,0,'officer','tp-02','{"items":{"o_all":{"4":1,"5":1}},"responses":2}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',2,0,'officer','tp-03','{"items":{"o_all":{"4":2,"5":1}},"responses":3}');
INSERT INTO month_tallies VALUES('2026-11','WARD5',2,0,'visit','','{"items":{"o_all":{"4":4,"5":2},"overall":{"4":4,"5":2}},"responses":6}');
CREATE TABLE ticket_key (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    key BLOB NOT NULL CHECK (length(key) = 40)
) STRICT;
INSERT INTO ticket_key VALUES(1,X'1fe14a85b74e31fb196cc068e7926e70368bc95ea17fae70a0e81980256ebc050932b96b7bd49b4e');
CREATE TABLE tickets (
    hash  BLOB PRIMARY KEY CHECK (length(hash) = 32),
    month TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO tickets VALUES(X'aef2529af875880666e04d9f8ae77fd14b234caa9736d2904c6496023acc79ad','2026-11');
INSERT INTO tickets VALUES(X'f02fb31249299154dac2332c2473773cfe95e52f54e83928e0e29cb5637c35a6','2026-11');
INSERT INTO tickets VALUES(X'f32805876d8cd5670cbf1dbff89d8e295689b8a92b6d8d4006932049c387afc4','2026-11');
CREATE TRIGGER records_never_change BEFORE UPDATE ON records
BEGIN SELECT RAISE(ABORT, 'records never change'); END;
CREATE TRIGGER skips_never_change BEFORE UPDATE ON skips
BEGIN SELECT RAISE(ABORT, 'skips never change'); END;
CREATE TRIGGER skips_never_go BEFORE DELETE ON skips
BEGIN SELECT RAISE(ABORT, 'skips are never deleted'); END;
CREATE TRIGGER records_follow_each_other BEFORE INSERT ON records
WHEN NEW.seq <> 1 + max(ifnull((SELECT max(seq) FROM records), 0), ifnull((SELECT max(last_seq) FROM skips), 0),
                        ifnull((SELECT seq FROM base), 0))
     OR EXISTS (SELECT 1 FROM records WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a record takes the next number and an id of its own'); END;
CREATE TRIGGER records_never_go BEFORE DELETE ON records
WHEN OLD.seq > ifnull((SELECT delivered_seq FROM sync_state), 0)
     AND NOT EXISTS (SELECT 1 FROM skips WHERE reason = 'renumbered' AND OLD.seq BETWEEN first_seq AND last_seq)
BEGIN SELECT RAISE(ABORT, 'a record goes only once it is delivered or stands under another number'); END;
COMMIT;
PRAGMA user_version = 3;
