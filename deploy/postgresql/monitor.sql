-- Run once, when the volume is new: the program owns its database and nothing else. The superuser keeps no password, so that it
-- is reached by the socket in the container alone: docker compose exec postgres psql -U postgres news
\set ON_ERROR_STOP on
\set password `cat /run/secrets/postgres_password`
CREATE ROLE monitor LOGIN PASSWORD :'password';
CREATE DATABASE news OWNER monitor;
REVOKE ALL ON DATABASE news FROM PUBLIC;
ALTER ROLE postgres PASSWORD NULL;
