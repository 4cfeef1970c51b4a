CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);
CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);
CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);
CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;
    RETURN job_ids;
END;
$$;
CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;
    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;
    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;
    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;
    RETURN _job_id;
END;
$$;
CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    priority integer DEFAULT 0 NOT NULL,
    lock text,
    queueing_lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);
CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;
 RETURN found_jobs;
END;
$$;
CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;
CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;
CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;
CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;
CREATE TABLE public.abstracts (
    story_id bigint NOT NULL,
    digest text NOT NULL,
    text text NOT NULL,
    why text NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.alerts (
    id bigint NOT NULL,
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    kind text NOT NULL,
    dedupe_key text NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_try_at timestamp with time zone NOT NULL,
    lease_until timestamp with time zone,
    story_id bigint,
    item_id bigint,
    digest_id bigint,
    watch_ids jsonb NOT NULL,
    text text NOT NULL,
    message_id bigint,
    sent_digest text NOT NULL,
    revision integer NOT NULL,
    priority text NOT NULL,
    why text NOT NULL,
    settled_at timestamp with time zone,
    under_id bigint,
    payload jsonb,
    interruptions integer DEFAULT 0 NOT NULL,
    leased_by text,
    in_bulk boolean DEFAULT false NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.02');
CREATE SEQUENCE public.alerts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.alerts_id_seq OWNED BY public.alerts.id;
CREATE TABLE public.bot_pace (
    name text NOT NULL,
    next_at timestamp with time zone NOT NULL,
    held_until timestamp with time zone
);
CREATE TABLE public.changes (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    chat_id bigint,
    user_id bigint,
    who text NOT NULL,
    action text NOT NULL,
    what text NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    undone_at timestamp with time zone
);
CREATE SEQUENCE public.changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.changes_id_seq OWNED BY public.changes.id;
CREATE TABLE public.chats (
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    lang text NOT NULL,
    state text NOT NULL,
    joined_at timestamp with time zone,
    paused_until timestamp with time zone,
    preferences jsonb DEFAULT '{}'::jsonb NOT NULL,
    gather_from timestamp with time zone,
    gather_until timestamp with time zone,
    report_at timestamp with time zone,
    brought_by bigint
);
CREATE TABLE public.daily_counts (
    day date NOT NULL,
    watch_id text NOT NULL,
    items integer NOT NULL,
    stories integer NOT NULL
);
CREATE TABLE public.facts (
    name text NOT NULL,
    value text NOT NULL
);
CREATE TABLE public.fanouts (
    id bigint NOT NULL,
    item_id bigint NOT NULL,
    story_id bigint NOT NULL,
    task text NOT NULL,
    role text NOT NULL,
    watch_ids jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    after_chat bigint,
    after_thread bigint
);
CREATE SEQUENCE public.fanouts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.fanouts_id_seq OWNED BY public.fanouts.id;
CREATE TABLE public.feed_keys (
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    key text NOT NULL,
    made_at timestamp with time zone NOT NULL
);
CREATE TABLE public.feedback (
    id bigint NOT NULL,
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    story_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    evidence jsonb NOT NULL,
    voices jsonb DEFAULT '[]'::jsonb NOT NULL,
    closed_at timestamp with time zone
);
CREATE SEQUENCE public.feedback_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.feedback_id_seq OWNED BY public.feedback.id;
CREATE TABLE public.feeds (
    id text NOT NULL,
    next_check_at timestamp with time zone NOT NULL,
    leased boolean NOT NULL,
    etag text NOT NULL,
    last_modified text NOT NULL,
    body_sha256 text NOT NULL,
    moved_to text NOT NULL,
    moved_from text NOT NULL,
    full_fetch_at timestamp with time zone,
    "interval" double precision,
    first_success_at timestamp with time zone,
    last_success_at timestamp with time zone,
    last_checked_at timestamp with time zone,
    failures integer NOT NULL,
    strain double precision NOT NULL,
    failing_since timestamp with time zone,
    failure_kind text,
    last_error text NOT NULL,
    announced text,
    known_items text DEFAULT ''::text NOT NULL,
    rhythm text DEFAULT ''::text NOT NULL,
    whole_read_at timestamp with time zone,
    leased_by text
);
CREATE TABLE public.holds (
    chat_id bigint NOT NULL,
    until timestamp with time zone NOT NULL,
    flooded_until timestamp with time zone
);
CREATE TABLE public.host_turns (
    host text NOT NULL,
    worker_id text,
    held_until timestamp with time zone,
    free_at timestamp with time zone NOT NULL
);
CREATE TABLE public.invites (
    code text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    used_chat_id bigint,
    used_thread_id bigint,
    expires_at timestamp with time zone
);
CREATE TABLE public.item_versions (
    id bigint NOT NULL,
    item_id bigint NOT NULL,
    replaced_at timestamp with time zone NOT NULL,
    title text NOT NULL,
    lead text NOT NULL
);
CREATE SEQUENCE public.item_versions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.item_versions_id_seq OWNED BY public.item_versions.id;
CREATE TABLE public.items (
    id bigint NOT NULL,
    key text NOT NULL,
    feed_id text NOT NULL,
    outlet text NOT NULL,
    guid text NOT NULL,
    url text NOT NULL,
    title text NOT NULL,
    lead text NOT NULL,
    body text NOT NULL,
    image text NOT NULL,
    published_at timestamp with time zone,
    published_raw text NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    at timestamp with time zone NOT NULL,
    last_listed_at timestamp with time zone NOT NULL,
    alertable boolean NOT NULL,
    matched_at timestamp with time zone,
    matched_version text NOT NULL,
    match_failures integer NOT NULL,
    parked_at timestamp with time zone,
    parked_why text NOT NULL,
    story_id bigint,
    role text,
    reason text NOT NULL,
    score double precision NOT NULL,
    fulltext text NOT NULL,
    fulltext_at timestamp with time zone,
    fulltext_read_at timestamp with time zone,
    fulltext_attempts integer NOT NULL,
    edited_at timestamp with time zone,
    gone_at timestamp with time zone,
    recheck_at timestamp with time zone,
    rechecks integer DEFAULT 0 NOT NULL,
    missed_at timestamp with time zone,
    page_title text DEFAULT ''::text NOT NULL,
    gist text DEFAULT ''::text NOT NULL,
    in_bulk boolean DEFAULT false NOT NULL,
    fulltext_by text,
    recheck_by text
)
WITH (autovacuum_vacuum_scale_factor='0.02');
CREATE SEQUENCE public.items_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.items_id_seq OWNED BY public.items.id;
CREATE TABLE public.login_links (
    token_hash text NOT NULL,
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    user_id bigint,
    who text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);
CREATE TABLE public.matches (
    item_id bigint NOT NULL,
    watch_id text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    rule text NOT NULL,
    score double precision NOT NULL,
    evidence jsonb NOT NULL,
    by text NOT NULL,
    note text NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.02');
CREATE TABLE public.monitor_schema (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.mutes (
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    story_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.news_events (
    id bigint NOT NULL,
    xact bigint DEFAULT '0'::bigint NOT NULL,
    kind text NOT NULL,
    story_id bigint,
    alert_id bigint,
    at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.02');
CREATE SEQUENCE public.news_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.news_events_id_seq OWNED BY public.news_events.id;
CREATE TABLE public.own_marks (
    watch_id bigint NOT NULL,
    item_id bigint NOT NULL,
    is_right boolean NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.own_watches (
    id bigint NOT NULL,
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    yaml text NOT NULL,
    asked text NOT NULL,
    kept_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL,
    lost_at timestamp with time zone
);
CREATE SEQUENCE public.own_watches_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.own_watches_id_seq OWNED BY public.own_watches.id;
CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);
CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;
CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;
CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);
CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;
CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.quotes (
    id bigint NOT NULL,
    item_id bigint NOT NULL,
    watch_id text NOT NULL,
    speaker text NOT NULL,
    verb text NOT NULL,
    direct boolean NOT NULL,
    field text NOT NULL,
    start integer NOT NULL,
    "end" integer NOT NULL,
    text text NOT NULL,
    about jsonb NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.quotes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.quotes_id_seq OWNED BY public.quotes.id;
CREATE TABLE public.roles (
    name text NOT NULL,
    worker_id text,
    fence bigint NOT NULL,
    taken_at timestamp with time zone NOT NULL,
    kept_until timestamp with time zone NOT NULL
);
CREATE TABLE public.saved_items (
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    item_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);
CREATE TABLE public.search_keys (
    item_id bigint NOT NULL,
    keys tsvector NOT NULL
);
CREATE TABLE public.sessions (
    id bigint NOT NULL,
    token_hash text NOT NULL,
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    user_id bigint,
    who text NOT NULL,
    browser text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.sessions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sessions_id_seq OWNED BY public.sessions.id;
CREATE TABLE public.stories (
    id bigint NOT NULL,
    title text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    merged_into bigint,
    split_from bigint
);
CREATE SEQUENCE public.stories_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.stories_id_seq OWNED BY public.stories.id;
CREATE TABLE public.subscriptions (
    id bigint NOT NULL,
    chat_id bigint NOT NULL,
    thread_id bigint NOT NULL,
    target text NOT NULL,
    since timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.subscriptions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.subscriptions_id_seq OWNED BY public.subscriptions.id;
CREATE TABLE public.unindexed (
    item_id bigint NOT NULL
);
CREATE TABLE public.window_steps (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    what jsonb NOT NULL
);
CREATE SEQUENCE public.window_steps_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.window_steps_id_seq OWNED BY public.window_steps.id;
CREATE TABLE public.workers (
    id text NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    version text NOT NULL,
    schema text NOT NULL,
    parts text NOT NULL,
    page text NOT NULL,
    trouble text NOT NULL,
    clock_ahead double precision NOT NULL,
    started_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone NOT NULL
);
ALTER TABLE ONLY public.alerts ALTER COLUMN id SET DEFAULT nextval('public.alerts_id_seq'::regclass);
ALTER TABLE ONLY public.changes ALTER COLUMN id SET DEFAULT nextval('public.changes_id_seq'::regclass);
ALTER TABLE ONLY public.fanouts ALTER COLUMN id SET DEFAULT nextval('public.fanouts_id_seq'::regclass);
ALTER TABLE ONLY public.feedback ALTER COLUMN id SET DEFAULT nextval('public.feedback_id_seq'::regclass);
ALTER TABLE ONLY public.item_versions ALTER COLUMN id SET DEFAULT nextval('public.item_versions_id_seq'::regclass);
ALTER TABLE ONLY public.items ALTER COLUMN id SET DEFAULT nextval('public.items_id_seq'::regclass);
ALTER TABLE ONLY public.news_events ALTER COLUMN id SET DEFAULT nextval('public.news_events_id_seq'::regclass);
ALTER TABLE ONLY public.own_watches ALTER COLUMN id SET DEFAULT nextval('public.own_watches_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);
ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);
ALTER TABLE ONLY public.quotes ALTER COLUMN id SET DEFAULT nextval('public.quotes_id_seq'::regclass);
ALTER TABLE ONLY public.sessions ALTER COLUMN id SET DEFAULT nextval('public.sessions_id_seq'::regclass);
ALTER TABLE ONLY public.stories ALTER COLUMN id SET DEFAULT nextval('public.stories_id_seq'::regclass);
ALTER TABLE ONLY public.subscriptions ALTER COLUMN id SET DEFAULT nextval('public.subscriptions_id_seq'::regclass);
ALTER TABLE ONLY public.window_steps ALTER COLUMN id SET DEFAULT nextval('public.window_steps_id_seq'::regclass);
INSERT INTO public.abstracts VALUES (1, 'd1', 'Một tuyến phà mới.', '', '2026-08-23 05:20:00+00');
INSERT INTO public.alerts VALUES (21, 101, 0, 'alert', 'story:1', 'sent', 0, '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', NULL, 1, 11, NULL, '["putin"]', '', 77, 'abc', 0, 'normal', '', '2026-08-23 05:20:00+00', NULL, NULL, 0, NULL, false);
INSERT INTO public.alerts VALUES (22, -1001234567890, 7, 'alert', 'story:2', 'pending', 0, '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', NULL, 2, NULL, NULL, '[]', '', NULL, '', 0, 'high', '', NULL, 21, NULL, 0, NULL, false);
INSERT INTO public.bot_pace VALUES ('telegram', '2026-08-23 05:20:00+00', NULL);
INSERT INTO public.changes VALUES (1, '2026-08-23 05:20:00+00', 101, NULL, 'Ân', 'edit', 'putin', '', '', NULL);
INSERT INTO public.chats VALUES (101, 0, 'private', 'Ân & bạn', '', 'active', NULL, NULL, '{}', NULL, NULL, NULL, NULL);
INSERT INTO public.chats VALUES (-1001234567890, 7, 'group', 'Ban quốc tế', '', 'paused', NULL, NULL, '{}', NULL, NULL, NULL, NULL);
INSERT INTO public.daily_counts VALUES ('2026-08-23', 'putin', 3, 2);
INSERT INTO public.facts VALUES ('access', 'invite');
INSERT INTO public.fanouts VALUES (1, 11, 1, 'item', 'new', '["putin"]', '2026-08-23 05:20:00+00', NULL, NULL);
INSERT INTO public.feed_keys VALUES (0, 0, '', '2026-08-23 05:20:00+00');
INSERT INTO public.feedback VALUES (1, 101, 0, 1, '2026-08-23 05:20:00+00', '[{"watch": "putin"}]', '[]', NULL);
INSERT INTO public.feeds VALUES ('ben-song', '2026-08-23 05:20:00+00', false, '"x"', '', '', '', '', NULL, 90.5, '2026-08-23 05:20:00+00', NULL, NULL, 0, 0, NULL, NULL, '', NULL, '', '', NULL, NULL);
INSERT INTO public.holds VALUES (101, '2026-08-23 05:20:00+00', NULL);
INSERT INTO public.host_turns VALUES ('ben-song.example', NULL, NULL, '2026-08-23 05:20:00+00');
INSERT INTO public.invites VALUES ('moi-ban', '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', 101, 0, NULL);
INSERT INTO public.item_versions VALUES (1, 11, '2026-08-23 05:20:00+00', 'Bến cảng mở tuyến phà', 'Từ tháng sau.');
INSERT INTO public.items VALUES (11, 'bs:1', 'ben-song', 'Bến Sông', '', '', 'Bến cảng mở thêm một tuyến phà', 'Tuyến phà chạy từ tháng sau. Ông nói: ''Đông lắm''', '', '', NULL, '', '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', false, '2026-08-23 05:20:00+00', '', 0, NULL, '', 1, 'new', '', 0, 'auto', NULL, NULL, 0, NULL, NULL, NULL, 0, NULL, '', '', false, NULL, NULL);
INSERT INTO public.items VALUES (12, 'bs:2', '', '', '', '', 'Chợ nổi họp lại', '', '', '', NULL, '', '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', false, NULL, '', 0, NULL, '', 2, 'new', '', 0, 'auto', NULL, NULL, 0, NULL, NULL, NULL, 0, NULL, '', '', false, NULL, NULL);
INSERT INTO public.login_links VALUES ('', 0, 0, NULL, '', '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', NULL);
INSERT INTO public.matches VALUES (11, 'putin', 'leader', '', 'name', 0.9, '[]', '', '');
INSERT INTO public.monitor_schema VALUES ('0010');
INSERT INTO public.mutes VALUES (101, 0, 2, '2026-08-23 05:20:00+00');
INSERT INTO public.news_events VALUES (1, 0, '', NULL, NULL, '2026-08-23 05:20:00+00');
INSERT INTO public.own_marks VALUES (1, 11, true, '2026-08-23 05:20:00+00');
INSERT INTO public.own_watches VALUES (1, 101, 0, 'events: []', '', '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', NULL);
INSERT INTO public.quotes VALUES (1, 11, 'putin', 'ông Putin', 'nói', false, 'lead', 40, 48, 'Đông lắm', '[]', '2026-08-23 05:20:00+00');
INSERT INTO public.roles VALUES ('group', 'w1', 3, '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00');
INSERT INTO public.saved_items VALUES (101, 0, 11, '2026-08-23 05:20:00+00');
INSERT INTO public.sessions VALUES (1, '', 0, 0, NULL, '', '', '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00');
INSERT INTO public.stories VALUES (1, 'Bến cảng mở thêm một tuyến phà', '2026-08-23 05:20:00+00', NULL, NULL);
INSERT INTO public.stories VALUES (2, 'Chợ nổi họp lại', '2026-08-23 05:20:00+00', NULL, NULL);
INSERT INTO public.subscriptions VALUES (1, 101, 0, 'putin', '2026-08-23 05:20:00+00');
INSERT INTO public.subscriptions VALUES (2, -1001234567890, 7, '#nga', '2026-08-23 05:20:00+00');
INSERT INTO public.unindexed VALUES (12);
INSERT INTO public.window_steps VALUES (1, '2026-08-23 05:20:00+00', '{"merged": null, "parted": null, "placed": [["11", "1", []]]}');
INSERT INTO public.workers VALUES ('w1', 'ben-song', 7, '', '0010', 'poll', '', '', 0, '2026-08-23 05:20:00+00', '2026-08-23 05:20:00+00');
SELECT pg_catalog.setval('public.alerts_id_seq', 22, true);
SELECT pg_catalog.setval('public.changes_id_seq', 1, true);
SELECT pg_catalog.setval('public.fanouts_id_seq', 1, true);
SELECT pg_catalog.setval('public.feedback_id_seq', 1, true);
SELECT pg_catalog.setval('public.item_versions_id_seq', 1, true);
SELECT pg_catalog.setval('public.items_id_seq', 12, true);
SELECT pg_catalog.setval('public.news_events_id_seq', 1, true);
SELECT pg_catalog.setval('public.own_watches_id_seq', 1, true);
SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);
SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, false);
SELECT pg_catalog.setval('public.quotes_id_seq', 1, true);
SELECT pg_catalog.setval('public.sessions_id_seq', 1, true);
SELECT pg_catalog.setval('public.stories_id_seq', 2, true);
SELECT pg_catalog.setval('public.subscriptions_id_seq', 2, true);
SELECT pg_catalog.setval('public.window_steps_id_seq', 1, true);
ALTER TABLE ONLY public.monitor_schema
    ADD CONSTRAINT monitor_schema_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.abstracts
    ADD CONSTRAINT pk_abstracts PRIMARY KEY (story_id, digest);
ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT pk_alerts PRIMARY KEY (id);
ALTER TABLE ONLY public.bot_pace
    ADD CONSTRAINT pk_bot_pace PRIMARY KEY (name);
ALTER TABLE ONLY public.changes
    ADD CONSTRAINT pk_changes PRIMARY KEY (id);
ALTER TABLE ONLY public.chats
    ADD CONSTRAINT pk_chats PRIMARY KEY (chat_id, thread_id);
ALTER TABLE ONLY public.daily_counts
    ADD CONSTRAINT pk_daily_counts PRIMARY KEY (day, watch_id);
ALTER TABLE ONLY public.facts
    ADD CONSTRAINT pk_facts PRIMARY KEY (name);
ALTER TABLE ONLY public.fanouts
    ADD CONSTRAINT pk_fanouts PRIMARY KEY (id);
ALTER TABLE ONLY public.feed_keys
    ADD CONSTRAINT pk_feed_keys PRIMARY KEY (chat_id, thread_id);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT pk_feedback PRIMARY KEY (id);
ALTER TABLE ONLY public.feeds
    ADD CONSTRAINT pk_feeds PRIMARY KEY (id);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT pk_holds PRIMARY KEY (chat_id);
ALTER TABLE ONLY public.host_turns
    ADD CONSTRAINT pk_host_turns PRIMARY KEY (host);
ALTER TABLE ONLY public.invites
    ADD CONSTRAINT pk_invites PRIMARY KEY (code);
ALTER TABLE ONLY public.item_versions
    ADD CONSTRAINT pk_item_versions PRIMARY KEY (id);
ALTER TABLE ONLY public.items
    ADD CONSTRAINT pk_items PRIMARY KEY (id);
ALTER TABLE ONLY public.login_links
    ADD CONSTRAINT pk_login_links PRIMARY KEY (token_hash);
ALTER TABLE ONLY public.matches
    ADD CONSTRAINT pk_matches PRIMARY KEY (item_id, watch_id);
ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT pk_mutes PRIMARY KEY (chat_id, thread_id, story_id);
ALTER TABLE ONLY public.news_events
    ADD CONSTRAINT pk_news_events PRIMARY KEY (id);
ALTER TABLE ONLY public.own_marks
    ADD CONSTRAINT pk_own_marks PRIMARY KEY (watch_id, item_id);
ALTER TABLE ONLY public.own_watches
    ADD CONSTRAINT pk_own_watches PRIMARY KEY (id);
ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT pk_quotes PRIMARY KEY (id);
ALTER TABLE ONLY public.roles
    ADD CONSTRAINT pk_roles PRIMARY KEY (name);
ALTER TABLE ONLY public.saved_items
    ADD CONSTRAINT pk_saved_items PRIMARY KEY (chat_id, thread_id, item_id);
ALTER TABLE ONLY public.search_keys
    ADD CONSTRAINT pk_search_keys PRIMARY KEY (item_id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (id);
ALTER TABLE ONLY public.stories
    ADD CONSTRAINT pk_stories PRIMARY KEY (id);
ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT pk_subscriptions PRIMARY KEY (id);
ALTER TABLE ONLY public.unindexed
    ADD CONSTRAINT pk_unindexed PRIMARY KEY (item_id);
ALTER TABLE ONLY public.window_steps
    ADD CONSTRAINT pk_window_steps PRIMARY KEY (id);
ALTER TABLE ONLY public.workers
    ADD CONSTRAINT pk_workers PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);
ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT uq_alerts_chat_id_thread_id_dedupe_key UNIQUE (chat_id, thread_id, dedupe_key);
ALTER TABLE ONLY public.feed_keys
    ADD CONSTRAINT uq_feed_keys_key UNIQUE (key);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT uq_feedback_chat_id_thread_id_story_id UNIQUE (chat_id, thread_id, story_id);
ALTER TABLE ONLY public.items
    ADD CONSTRAINT uq_items_key UNIQUE (key);
ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT uq_quotes_item_id_watch_id_field_start UNIQUE (item_id, watch_id, field, start);
ALTER TABLE ONLY public.roles
    ADD CONSTRAINT uq_roles_name_fence UNIQUE (name, fence);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT uq_sessions_token_hash UNIQUE (token_hash);
ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT uq_subscriptions_chat_id_thread_id_target UNIQUE (chat_id, thread_id, target);
CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));
CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);
CREATE INDEX ix_abstracts_at ON public.abstracts USING btree (at);
CREATE INDEX ix_alerts_bulk_edits ON public.alerts USING btree (id) WHERE ((state = ANY (ARRAY['pending'::text, 'sending'::text])) AND in_bulk AND (kind = 'edit'::text));
CREATE INDEX ix_alerts_bulk_news ON public.alerts USING btree (priority, id) WHERE ((state = ANY (ARRAY['pending'::text, 'sending'::text])) AND in_bulk AND (kind <> 'edit'::text));
CREATE INDEX ix_alerts_created_at ON public.alerts USING btree (created_at);
CREATE INDEX ix_alerts_digest_id ON public.alerts USING btree (digest_id);
CREATE INDEX ix_alerts_few ON public.alerts USING btree (chat_id, thread_id, id, kind) WHERE ((state = ANY (ARRAY['pending'::text, 'sending'::text])) AND (NOT in_bulk));
CREATE INDEX ix_alerts_item_id ON public.alerts USING btree (item_id);
CREATE INDEX ix_alerts_lease_until ON public.alerts USING btree (lease_until) WHERE (state = 'sending'::text);
CREATE INDEX ix_alerts_message ON public.alerts USING btree (chat_id, message_id) WHERE (message_id IS NOT NULL);
CREATE INDEX ix_alerts_open ON public.alerts USING btree (chat_id, thread_id, id, kind) WHERE (state = ANY (ARRAY['pending'::text, 'sending'::text]));
CREATE INDEX ix_alerts_story_id ON public.alerts USING btree (story_id, chat_id, thread_id);
CREATE INDEX ix_alerts_troubled ON public.alerts USING btree (state) WHERE (state = ANY (ARRAY['parked'::text, 'refused'::text, 'uncertain'::text]));
CREATE INDEX ix_alerts_under_id ON public.alerts USING btree (under_id) WHERE (under_id IS NOT NULL);
CREATE INDEX ix_changes_at ON public.changes USING btree (at);
CREATE INDEX ix_chats_gather_until ON public.chats USING btree (gather_until) WHERE (gather_until IS NOT NULL);
CREATE INDEX ix_chats_report_at ON public.chats USING btree (report_at) WHERE (report_at IS NOT NULL);
CREATE INDEX ix_chats_unwelcome ON public.chats USING btree (chat_id, thread_id) WHERE (state = ANY (ARRAY['barred'::text, 'blocked'::text]));
CREATE INDEX ix_fanouts_at ON public.fanouts USING btree (at);
CREATE INDEX ix_fanouts_item_id ON public.fanouts USING btree (item_id);
CREATE INDEX ix_fanouts_story_id ON public.fanouts USING btree (story_id);
CREATE INDEX ix_feedback_story_id ON public.feedback USING btree (story_id);
CREATE INDEX ix_feeds_failing ON public.feeds USING btree (id) WHERE (failures > 0);
CREATE INDEX ix_feeds_next_check_at ON public.feeds USING btree (next_check_at);
CREATE INDEX ix_host_turns_free_at ON public.host_turns USING btree (free_at);
CREATE INDEX ix_item_versions_item_id ON public.item_versions USING btree (item_id);
CREATE INDEX ix_items_at ON public.items USING btree (at);
CREATE INDEX ix_items_fulltext_at ON public.items USING btree (fulltext_at) WHERE (fulltext_at IS NOT NULL);
CREATE INDEX ix_items_fulltext_by ON public.items USING btree (fulltext_by) WHERE (fulltext_by IS NOT NULL);
CREATE INDEX ix_items_gone_at ON public.items USING btree (gone_at) WHERE (gone_at IS NOT NULL);
CREATE INDEX ix_items_last_listed_at ON public.items USING btree (last_listed_at);
CREATE INDEX ix_items_parked_at ON public.items USING btree (parked_at) WHERE (parked_at IS NOT NULL);
CREATE INDEX ix_items_recheck_at ON public.items USING btree (recheck_at) WHERE (recheck_at IS NOT NULL);
CREATE INDEX ix_items_recheck_by ON public.items USING btree (recheck_by) WHERE (recheck_by IS NOT NULL);
CREATE INDEX ix_items_story_id ON public.items USING btree (story_id);
CREATE INDEX ix_items_unmatched ON public.items USING btree (in_bulk, at, id) WHERE ((matched_at IS NULL) AND (parked_at IS NULL));
CREATE INDEX ix_login_links_ends_at ON public.login_links USING btree (ends_at);
CREATE INDEX ix_matches_watch_id_item_id ON public.matches USING btree (watch_id, item_id);
CREATE INDEX ix_mutes_story_id ON public.mutes USING btree (story_id);
CREATE INDEX ix_news_events_at ON public.news_events USING btree (at);
CREATE INDEX ix_news_events_order ON public.news_events USING btree (xact, id);
CREATE INDEX ix_own_marks_item_id ON public.own_marks USING btree (item_id);
CREATE INDEX ix_own_watches_changed_at ON public.own_watches USING btree (changed_at) WHERE (kept_at IS NOT NULL);
CREATE INDEX ix_own_watches_chat ON public.own_watches USING btree (chat_id, thread_id);
CREATE INDEX ix_quotes_watch_id_at ON public.quotes USING btree (watch_id, at);
CREATE INDEX ix_saved_items_item_id ON public.saved_items USING btree (item_id);
CREATE INDEX ix_search_keys_keys ON public.search_keys USING gin (keys);
CREATE INDEX ix_sessions_chat ON public.sessions USING btree (chat_id, thread_id);
CREATE INDEX ix_sessions_ends_at ON public.sessions USING btree (ends_at);
CREATE INDEX ix_stories_merged_into ON public.stories USING btree (merged_into);
CREATE INDEX ix_stories_split_from ON public.stories USING btree (split_from);
CREATE INDEX ix_subscriptions_target ON public.subscriptions USING btree (target, chat_id, thread_id);
CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);
CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));
CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);
CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);
CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);
CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();
CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();
CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();
CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();
CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();
CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();
CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();
ALTER TABLE ONLY public.abstracts
    ADD CONSTRAINT fk_abstracts_story_id_stories FOREIGN KEY (story_id) REFERENCES public.stories(id);
ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT fk_alerts_digest_id_alerts FOREIGN KEY (digest_id) REFERENCES public.alerts(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT fk_alerts_item_id_items FOREIGN KEY (item_id) REFERENCES public.items(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.alerts
    ADD CONSTRAINT fk_alerts_story_id_stories FOREIGN KEY (story_id) REFERENCES public.stories(id);
ALTER TABLE ONLY public.fanouts
    ADD CONSTRAINT fk_fanouts_item_id_items FOREIGN KEY (item_id) REFERENCES public.items(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.fanouts
    ADD CONSTRAINT fk_fanouts_story_id_stories FOREIGN KEY (story_id) REFERENCES public.stories(id);
ALTER TABLE ONLY public.feedback
    ADD CONSTRAINT fk_feedback_story_id_stories FOREIGN KEY (story_id) REFERENCES public.stories(id);
ALTER TABLE ONLY public.item_versions
    ADD CONSTRAINT fk_item_versions_item_id_items FOREIGN KEY (item_id) REFERENCES public.items(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.items
    ADD CONSTRAINT fk_items_story_id_stories FOREIGN KEY (story_id) REFERENCES public.stories(id);
ALTER TABLE ONLY public.matches
    ADD CONSTRAINT fk_matches_item_id_items FOREIGN KEY (item_id) REFERENCES public.items(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.mutes
    ADD CONSTRAINT fk_mutes_story_id_stories FOREIGN KEY (story_id) REFERENCES public.stories(id);
ALTER TABLE ONLY public.own_marks
    ADD CONSTRAINT fk_own_marks_item_id_items FOREIGN KEY (item_id) REFERENCES public.items(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.own_marks
    ADD CONSTRAINT fk_own_marks_watch_id_own_watches FOREIGN KEY (watch_id) REFERENCES public.own_watches(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.quotes
    ADD CONSTRAINT fk_quotes_item_id_items FOREIGN KEY (item_id) REFERENCES public.items(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.saved_items
    ADD CONSTRAINT fk_saved_items_item_id_items FOREIGN KEY (item_id) REFERENCES public.items(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.search_keys
    ADD CONSTRAINT fk_search_keys_item_id_items FOREIGN KEY (item_id) REFERENCES public.items(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT fk_subscriptions_chat_id_thread_id_chats FOREIGN KEY (chat_id, thread_id) REFERENCES public.chats(chat_id, thread_id) ON DELETE CASCADE;
ALTER TABLE ONLY public.unindexed
    ADD CONSTRAINT fk_unindexed_item_id_items FOREIGN KEY (item_id) REFERENCES public.items(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;
ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);
