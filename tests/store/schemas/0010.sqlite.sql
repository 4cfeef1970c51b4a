BEGIN TRANSACTION;
CREATE TABLE abstracts (
	story_id INTEGER NOT NULL, 
	digest TEXT NOT NULL, 
	text TEXT NOT NULL, 
	why TEXT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_abstracts PRIMARY KEY (story_id, digest), 
	CONSTRAINT fk_abstracts_story_id_stories FOREIGN KEY(story_id) REFERENCES stories (id)
);
INSERT INTO "abstracts" VALUES(1,'d1','Một tuyến phà mới.','','2026-08-23 05:20:00.000000');
CREATE TABLE alerts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	dedupe_key TEXT NOT NULL, 
	state TEXT NOT NULL, 
	attempts INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	next_try_at DATETIME NOT NULL, 
	lease_until DATETIME, 
	story_id INTEGER, 
	item_id INTEGER, 
	digest_id INTEGER, 
	watch_ids JSON NOT NULL, 
	text TEXT NOT NULL, 
	message_id BIGINT, 
	sent_digest TEXT NOT NULL, 
	revision INTEGER NOT NULL, 
	priority TEXT NOT NULL, 
	why TEXT NOT NULL, 
	settled_at DATETIME, under_id INTEGER, payload JSON, interruptions INTEGER DEFAULT '0' NOT NULL, leased_by TEXT, in_bulk BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT fk_alerts_digest_id_alerts FOREIGN KEY(digest_id) REFERENCES alerts (id) ON DELETE SET NULL, 
	CONSTRAINT fk_alerts_item_id_items FOREIGN KEY(item_id) REFERENCES items (id) ON DELETE SET NULL, 
	CONSTRAINT fk_alerts_story_id_stories FOREIGN KEY(story_id) REFERENCES stories (id), 
	CONSTRAINT uq_alerts_chat_id_thread_id_dedupe_key UNIQUE (chat_id, thread_id, dedupe_key)
);
INSERT INTO "alerts" VALUES(21,101,0,'alert','story:1','sent',0,'2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000',NULL,1,11,NULL,'["putin"]','',77,'abc',0,'normal','','2026-08-23 05:20:00.000000',NULL,NULL,0,NULL,0);
INSERT INTO "alerts" VALUES(22,-1001234567890,7,'alert','story:2','pending',0,'2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000',NULL,2,NULL,NULL,'[]','',NULL,'',0,'high','',NULL,21,NULL,0,NULL,0);
CREATE TABLE bot_pace (
	name TEXT NOT NULL, 
	next_at DATETIME NOT NULL, 
	held_until DATETIME, 
	CONSTRAINT pk_bot_pace PRIMARY KEY (name)
);
INSERT INTO "bot_pace" VALUES('telegram','2026-08-23 05:20:00.000000',NULL);
CREATE TABLE changes (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	chat_id BIGINT, 
	user_id BIGINT, 
	who TEXT NOT NULL, 
	action TEXT NOT NULL, 
	what TEXT NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	undone_at DATETIME, 
	CONSTRAINT pk_changes PRIMARY KEY (id)
);
INSERT INTO "changes" VALUES(1,'2026-08-23 05:20:00.000000',101,NULL,'Ân','edit','putin','','',NULL);
CREATE TABLE chats (
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	kind TEXT NOT NULL, 
	title TEXT NOT NULL, 
	lang TEXT NOT NULL, 
	state TEXT NOT NULL, 
	joined_at DATETIME, 
	paused_until DATETIME, preferences JSON DEFAULT '{}' NOT NULL, gather_from DATETIME, gather_until DATETIME, report_at DATETIME, brought_by BIGINT, 
	CONSTRAINT pk_chats PRIMARY KEY (chat_id, thread_id)
);
INSERT INTO "chats" VALUES(101,0,'private','Ân & bạn','','active',NULL,NULL,'{}',NULL,NULL,NULL,NULL);
INSERT INTO "chats" VALUES(-1001234567890,7,'group','Ban quốc tế','','paused',NULL,NULL,'{}',NULL,NULL,NULL,NULL);
CREATE TABLE daily_counts (
	day DATE NOT NULL, 
	watch_id TEXT NOT NULL, 
	items INTEGER NOT NULL, 
	stories INTEGER NOT NULL, 
	CONSTRAINT pk_daily_counts PRIMARY KEY (day, watch_id)
);
INSERT INTO "daily_counts" VALUES('2026-08-23','putin',3,2);
CREATE TABLE facts (
	name TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_facts PRIMARY KEY (name)
);
INSERT INTO "facts" VALUES('access','invite');
CREATE TABLE fanouts (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	item_id INTEGER NOT NULL, 
	story_id INTEGER NOT NULL, 
	task TEXT NOT NULL, 
	role TEXT NOT NULL, 
	watch_ids JSON NOT NULL, 
	at DATETIME NOT NULL, 
	after_chat BIGINT, 
	after_thread BIGINT, 
	CONSTRAINT fk_fanouts_item_id_items FOREIGN KEY(item_id) REFERENCES items (id) ON DELETE CASCADE, 
	CONSTRAINT fk_fanouts_story_id_stories FOREIGN KEY(story_id) REFERENCES stories (id)
);
INSERT INTO "fanouts" VALUES(1,11,1,'item','new','["putin"]','2026-08-23 05:20:00.000000',NULL,NULL);
CREATE TABLE feed_keys (
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	"key" TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_feed_keys PRIMARY KEY (chat_id, thread_id), 
	CONSTRAINT uq_feed_keys_key UNIQUE ("key")
);
INSERT INTO "feed_keys" VALUES(0,0,'','2026-08-23 05:20:00.000000');
CREATE TABLE feedback (
	id INTEGER NOT NULL, 
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	story_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	evidence JSON NOT NULL, voices JSON DEFAULT '[]' NOT NULL, closed_at DATETIME, 
	CONSTRAINT pk_feedback PRIMARY KEY (id), 
	CONSTRAINT fk_feedback_story_id_stories FOREIGN KEY(story_id) REFERENCES stories (id), 
	CONSTRAINT uq_feedback_chat_id_thread_id_story_id UNIQUE (chat_id, thread_id, story_id)
);
INSERT INTO "feedback" VALUES(1,101,0,1,'2026-08-23 05:20:00.000000','[{"watch": "putin"}]','[]',NULL);
CREATE TABLE feeds (
	id TEXT NOT NULL, 
	next_check_at DATETIME NOT NULL, 
	leased BOOLEAN NOT NULL, 
	etag TEXT NOT NULL, 
	last_modified TEXT NOT NULL, 
	body_sha256 TEXT NOT NULL, 
	moved_to TEXT NOT NULL, 
	moved_from TEXT NOT NULL, 
	full_fetch_at DATETIME, 
	interval DOUBLE, 
	first_success_at DATETIME, 
	last_success_at DATETIME, 
	last_checked_at DATETIME, 
	failures INTEGER NOT NULL, 
	strain DOUBLE NOT NULL, 
	failing_since DATETIME, 
	failure_kind TEXT, 
	last_error TEXT NOT NULL, 
	announced TEXT, known_items TEXT DEFAULT '' NOT NULL, rhythm TEXT DEFAULT '' NOT NULL, whole_read_at DATETIME, leased_by TEXT, 
	CONSTRAINT pk_feeds PRIMARY KEY (id)
);
INSERT INTO "feeds" VALUES('ben-song','2026-08-23 05:20:00.000000',0,'"x"','','','','',NULL,90.5,'2026-08-23 05:20:00.000000',NULL,NULL,0,0.0,NULL,NULL,'',NULL,'','',NULL,NULL);
CREATE TABLE holds (
	chat_id BIGINT NOT NULL, 
	until DATETIME NOT NULL, flooded_until DATETIME, 
	CONSTRAINT pk_holds PRIMARY KEY (chat_id)
);
INSERT INTO "holds" VALUES(101,'2026-08-23 05:20:00.000000',NULL);
CREATE TABLE host_turns (
	host TEXT NOT NULL, 
	worker_id TEXT, 
	held_until DATETIME, 
	free_at DATETIME NOT NULL, 
	CONSTRAINT pk_host_turns PRIMARY KEY (host)
);
INSERT INTO "host_turns" VALUES('ben-song.example',NULL,NULL,'2026-08-23 05:20:00.000000');
CREATE TABLE invites (
	code TEXT NOT NULL, 
	created_at DATETIME NOT NULL, 
	used_at DATETIME, 
	used_chat_id BIGINT, 
	used_thread_id BIGINT, expires_at DATETIME, 
	CONSTRAINT pk_invites PRIMARY KEY (code)
);
INSERT INTO "invites" VALUES('moi-ban','2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000',101,0,NULL);
CREATE TABLE item_versions (
	id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	replaced_at DATETIME NOT NULL, 
	title TEXT NOT NULL, 
	lead TEXT NOT NULL, 
	CONSTRAINT pk_item_versions PRIMARY KEY (id), 
	CONSTRAINT fk_item_versions_item_id_items FOREIGN KEY(item_id) REFERENCES items (id) ON DELETE CASCADE
);
INSERT INTO "item_versions" VALUES(1,11,'2026-08-23 05:20:00.000000','Bến cảng mở tuyến phà','Từ tháng sau.');
CREATE TABLE items (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	"key" TEXT NOT NULL, 
	feed_id TEXT NOT NULL, 
	outlet TEXT NOT NULL, 
	guid TEXT NOT NULL, 
	url TEXT NOT NULL, 
	title TEXT NOT NULL, 
	lead TEXT NOT NULL, 
	body TEXT NOT NULL, 
	image TEXT NOT NULL, 
	published_at DATETIME, 
	published_raw TEXT NOT NULL, 
	seen_at DATETIME NOT NULL, 
	at DATETIME NOT NULL, 
	last_listed_at DATETIME NOT NULL, 
	alertable BOOLEAN NOT NULL, 
	matched_at DATETIME, 
	matched_version TEXT NOT NULL, 
	match_failures INTEGER NOT NULL, 
	parked_at DATETIME, 
	parked_why TEXT NOT NULL, 
	story_id INTEGER, 
	role TEXT, 
	reason TEXT NOT NULL, 
	score DOUBLE NOT NULL, 
	fulltext TEXT NOT NULL, 
	fulltext_at DATETIME, 
	fulltext_read_at DATETIME, 
	fulltext_attempts INTEGER NOT NULL, edited_at DATETIME, gone_at DATETIME, recheck_at DATETIME, rechecks INTEGER DEFAULT '0' NOT NULL, missed_at DATETIME, page_title TEXT DEFAULT '' NOT NULL, gist TEXT DEFAULT '' NOT NULL, in_bulk BOOLEAN DEFAULT 0 NOT NULL, fulltext_by TEXT, recheck_by TEXT, 
	CONSTRAINT fk_items_story_id_stories FOREIGN KEY(story_id) REFERENCES stories (id), 
	CONSTRAINT uq_items_key UNIQUE ("key")
);
INSERT INTO "items" VALUES(11,'bs:1','ben-song','Bến Sông','','','Bến cảng mở thêm một tuyến phà','Tuyến phà chạy từ tháng sau. Ông nói: ''Đông lắm''','','',NULL,'','2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000',0,'2026-08-23 05:20:00.000000','',0,NULL,'',1,'new','',0.0,'auto',NULL,NULL,0,NULL,NULL,NULL,0,NULL,'','',0,NULL,NULL);
INSERT INTO "items" VALUES(12,'bs:2','','','','','Chợ nổi họp lại','','','',NULL,'','2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000',0,NULL,'',0,NULL,'',2,'new','',0.0,'auto',NULL,NULL,0,NULL,NULL,NULL,0,NULL,'','',0,NULL,NULL);
CREATE TABLE login_links (
	token_hash TEXT NOT NULL, 
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	user_id BIGINT, 
	who TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	used_at DATETIME, 
	CONSTRAINT pk_login_links PRIMARY KEY (token_hash)
);
INSERT INTO "login_links" VALUES('',0,0,NULL,'','2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000',NULL);
CREATE TABLE matches (
	item_id INTEGER NOT NULL, 
	watch_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	name TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	score DOUBLE NOT NULL, 
	evidence JSON NOT NULL, 
	"by" TEXT NOT NULL, 
	note TEXT NOT NULL, 
	CONSTRAINT pk_matches PRIMARY KEY (item_id, watch_id), 
	CONSTRAINT fk_matches_item_id_items FOREIGN KEY(item_id) REFERENCES items (id) ON DELETE CASCADE
);
INSERT INTO "matches" VALUES(11,'putin','leader','','name',0.9,'[]','','');
CREATE TABLE monitor_schema (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT monitor_schema_pkc PRIMARY KEY (version_num)
);
INSERT INTO "monitor_schema" VALUES('0010');
CREATE TABLE mutes (
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	story_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_mutes PRIMARY KEY (chat_id, thread_id, story_id), 
	CONSTRAINT fk_mutes_story_id_stories FOREIGN KEY(story_id) REFERENCES stories (id)
);
INSERT INTO "mutes" VALUES(101,0,2,'2026-08-23 05:20:00.000000');
CREATE TABLE news_events (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	xact BIGINT DEFAULT '0' NOT NULL, 
	kind TEXT NOT NULL, 
	story_id INTEGER, 
	alert_id INTEGER, 
	at DATETIME NOT NULL
);
INSERT INTO "news_events" VALUES(0,0,'',NULL,NULL,'2026-08-23 05:20:00.000000');
CREATE TABLE own_marks (
	watch_id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	is_right BOOLEAN NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_own_marks PRIMARY KEY (watch_id, item_id), 
	CONSTRAINT fk_own_marks_watch_id_own_watches FOREIGN KEY(watch_id) REFERENCES own_watches (id) ON DELETE CASCADE, 
	CONSTRAINT fk_own_marks_item_id_items FOREIGN KEY(item_id) REFERENCES items (id) ON DELETE CASCADE
);
INSERT INTO "own_marks" VALUES(1,11,1,'2026-08-23 05:20:00.000000');
CREATE TABLE own_watches (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	yaml TEXT NOT NULL, 
	asked TEXT NOT NULL, 
	kept_at DATETIME, 
	changed_at DATETIME NOT NULL, 
	lost_at DATETIME
);
INSERT INTO "own_watches" VALUES(1,101,0,'events: []','','2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000',NULL);
CREATE TABLE quotes (
	id INTEGER NOT NULL, 
	item_id INTEGER NOT NULL, 
	watch_id TEXT NOT NULL, 
	speaker TEXT NOT NULL, 
	verb TEXT NOT NULL, 
	direct BOOLEAN NOT NULL, 
	field TEXT NOT NULL, 
	start INTEGER NOT NULL, 
	"end" INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	about JSON NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_quotes PRIMARY KEY (id), 
	CONSTRAINT fk_quotes_item_id_items FOREIGN KEY(item_id) REFERENCES items (id) ON DELETE CASCADE, 
	CONSTRAINT uq_quotes_item_id_watch_id_field_start UNIQUE (item_id, watch_id, field, start)
);
INSERT INTO "quotes" VALUES(1,11,'putin','ông Putin','nói',0,'lead',40,48,'Đông lắm','[]','2026-08-23 05:20:00.000000');
CREATE TABLE roles (
	name TEXT NOT NULL, 
	worker_id TEXT, 
	fence BIGINT NOT NULL, 
	taken_at DATETIME NOT NULL, 
	kept_until DATETIME NOT NULL, 
	CONSTRAINT pk_roles PRIMARY KEY (name), 
	CONSTRAINT uq_roles_name_fence UNIQUE (name, fence)
);
INSERT INTO "roles" VALUES('group','w1',3,'2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000');
CREATE TABLE saved_items (
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	item_id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_saved_items PRIMARY KEY (chat_id, thread_id, item_id), 
	CONSTRAINT fk_saved_items_item_id_items FOREIGN KEY(item_id) REFERENCES items (id) ON DELETE CASCADE
);
INSERT INTO "saved_items" VALUES(101,0,11,'2026-08-23 05:20:00.000000');
CREATE TABLE sessions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	token_hash TEXT NOT NULL, 
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	user_id BIGINT, 
	who TEXT NOT NULL, 
	browser TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash)
);
INSERT INTO "sessions" VALUES(0,'',0,0,NULL,'','','2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000');
CREATE TABLE stories (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	title TEXT NOT NULL, 
	opened_at DATETIME NOT NULL
, merged_into INTEGER, split_from INTEGER);
INSERT INTO "stories" VALUES(1,'Bến cảng mở thêm một tuyến phà','2026-08-23 05:20:00.000000',NULL,NULL);
INSERT INTO "stories" VALUES(2,'Chợ nổi họp lại','2026-08-23 05:20:00.000000',NULL,NULL);
CREATE TABLE subscriptions (
	id INTEGER NOT NULL, 
	chat_id BIGINT NOT NULL, 
	thread_id BIGINT NOT NULL, 
	target TEXT NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_subscriptions PRIMARY KEY (id), 
	CONSTRAINT fk_subscriptions_chat_id_thread_id_chats FOREIGN KEY(chat_id, thread_id) REFERENCES chats (chat_id, thread_id) ON DELETE CASCADE, 
	CONSTRAINT uq_subscriptions_chat_id_thread_id_target UNIQUE (chat_id, thread_id, target)
);
INSERT INTO "subscriptions" VALUES(1,101,0,'putin','2026-08-23 05:20:00.000000');
INSERT INTO "subscriptions" VALUES(2,-1001234567890,7,'#nga','2026-08-23 05:20:00.000000');
CREATE TABLE unindexed (
	item_id INTEGER NOT NULL, 
	CONSTRAINT pk_unindexed PRIMARY KEY (item_id), 
	CONSTRAINT fk_unindexed_item_id_items FOREIGN KEY(item_id) REFERENCES items (id) ON DELETE CASCADE
);
INSERT INTO "unindexed" VALUES(12);
CREATE TABLE window_steps (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at DATETIME NOT NULL, 
	what JSON NOT NULL
);
INSERT INTO "window_steps" VALUES(1,'2026-08-23 05:20:00.000000','{"placed": [["11", "1", []]], "merged": null, "parted": null}');
CREATE TABLE workers (
	id TEXT NOT NULL, 
	host TEXT NOT NULL, 
	pid INTEGER NOT NULL, 
	version TEXT NOT NULL, 
	schema TEXT NOT NULL, 
	parts TEXT NOT NULL, 
	page TEXT NOT NULL, 
	trouble TEXT NOT NULL, 
	clock_ahead DOUBLE NOT NULL, 
	started_at DATETIME NOT NULL, 
	beat_at DATETIME NOT NULL, 
	CONSTRAINT pk_workers PRIMARY KEY (id)
);
INSERT INTO "workers" VALUES('w1','ben-song',7,'','0010','poll','','',0.0,'2026-08-23 05:20:00.000000','2026-08-23 05:20:00.000000');
CREATE INDEX ix_feeds_next_check_at ON feeds (next_check_at);
CREATE INDEX ix_feedback_story_id ON feedback (story_id);
CREATE INDEX ix_items_at ON items (at);
CREATE INDEX ix_items_fulltext_at ON items (fulltext_at) WHERE fulltext_at IS NOT NULL;
CREATE INDEX ix_items_last_listed_at ON items (last_listed_at);
CREATE INDEX ix_items_story_id ON items (story_id);
CREATE INDEX ix_mutes_story_id ON mutes (story_id);
CREATE INDEX ix_alerts_digest_id ON alerts (digest_id);
CREATE INDEX ix_alerts_item_id ON alerts (item_id);
CREATE INDEX ix_alerts_lease_until ON alerts (lease_until) WHERE state = 'sending';
CREATE INDEX ix_alerts_message ON alerts (chat_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX ix_alerts_open ON alerts (chat_id, thread_id, id, kind) WHERE state IN ('pending', 'sending');
CREATE INDEX ix_matches_watch_id_item_id ON matches (watch_id, item_id);
CREATE INDEX ix_stories_merged_into ON stories (merged_into);
CREATE INDEX ix_stories_split_from ON stories (split_from);
CREATE INDEX ix_items_recheck_at ON items (recheck_at) WHERE recheck_at IS NOT NULL;
CREATE INDEX ix_items_gone_at ON items (gone_at) WHERE gone_at IS NOT NULL;
CREATE INDEX ix_item_versions_item_id ON item_versions (item_id);
CREATE INDEX ix_quotes_watch_id_at ON quotes (watch_id, at);
CREATE INDEX ix_abstracts_at ON abstracts (at);
CREATE INDEX ix_items_unmatched ON items (in_bulk, at, id) WHERE matched_at IS NULL AND parked_at IS NULL;
CREATE INDEX ix_feeds_failing ON feeds (id) WHERE failures > 0;
CREATE INDEX ix_items_parked_at ON items (parked_at) WHERE parked_at IS NOT NULL;
CREATE INDEX ix_chats_unwelcome ON chats (chat_id, thread_id) WHERE state IN ('barred', 'blocked');
CREATE INDEX ix_alerts_created_at ON alerts (created_at);
CREATE INDEX ix_alerts_troubled ON alerts (state) WHERE state IN ('parked', 'refused', 'uncertain');
CREATE INDEX ix_alerts_under_id ON alerts (under_id) WHERE under_id IS NOT NULL;
CREATE INDEX ix_chats_gather_until ON chats (gather_until) WHERE gather_until IS NOT NULL;
CREATE INDEX ix_chats_report_at ON chats (report_at) WHERE report_at IS NOT NULL;
CREATE INDEX ix_saved_items_item_id ON saved_items (item_id);
CREATE INDEX ix_own_watches_chat ON own_watches (chat_id, thread_id);
CREATE INDEX ix_own_watches_changed_at ON own_watches (changed_at) WHERE kept_at IS NOT NULL;
CREATE INDEX ix_own_marks_item_id ON own_marks (item_id);
CREATE INDEX ix_changes_at ON changes (at);
CREATE INDEX ix_login_links_ends_at ON login_links (ends_at);
CREATE INDEX ix_sessions_chat ON sessions (chat_id, thread_id);
CREATE INDEX ix_sessions_ends_at ON sessions (ends_at);
CREATE INDEX ix_news_events_at ON news_events (at);
CREATE INDEX ix_news_events_order ON news_events (xact, id);
CREATE INDEX ix_host_turns_free_at ON host_turns (free_at);
CREATE INDEX ix_fanouts_item_id ON fanouts (item_id);
CREATE INDEX ix_fanouts_story_id ON fanouts (story_id);
CREATE INDEX ix_fanouts_at ON fanouts (at);
CREATE INDEX ix_items_fulltext_by ON items (fulltext_by) WHERE fulltext_by IS NOT NULL;
CREATE INDEX ix_items_recheck_by ON items (recheck_by) WHERE recheck_by IS NOT NULL;
CREATE INDEX ix_subscriptions_target ON subscriptions (target, chat_id, thread_id);
CREATE INDEX ix_alerts_story_id ON alerts (story_id, chat_id, thread_id);
CREATE INDEX ix_alerts_few ON alerts (chat_id, thread_id, id, kind) WHERE state IN ('pending', 'sending') AND in_bulk = 0;
CREATE INDEX ix_alerts_bulk_news ON alerts (priority, id) WHERE state IN ('pending', 'sending') AND in_bulk = 1 AND kind != 'edit';
CREATE INDEX ix_alerts_bulk_edits ON alerts (id) WHERE state IN ('pending', 'sending') AND in_bulk = 1 AND kind = 'edit';
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('news_events',0);
INSERT INTO "sqlite_sequence" VALUES('own_watches',1);
INSERT INTO "sqlite_sequence" VALUES('sessions',0);
INSERT INTO "sqlite_sequence" VALUES('stories',2);
INSERT INTO "sqlite_sequence" VALUES('window_steps',1);
INSERT INTO "sqlite_sequence" VALUES('items',12);
INSERT INTO "sqlite_sequence" VALUES('alerts',22);
INSERT INTO "sqlite_sequence" VALUES('fanouts',1);
COMMIT;
CREATE VIRTUAL TABLE search_keys USING fts5(keys, content='', detail=none, tokenize='ascii');
